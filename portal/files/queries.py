"""Reading attachments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cache

from flask import url_for
from sqlalchemy import Select, bindparam, select

from portal.core import registry
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.files.models import Attachment


def on(refs: Collection[Ref]) -> dict[Ref, list[Attachment]]:
    """Return the files that hang on these things, oldest first, in one query; the caller may see the things."""
    found: dict[Ref, list[Attachment]] = defaultdict(list)
    for attachment in db.session.execute(_on(), {"subjects": [str(ref) for ref in refs]}).scalars():
        found[Ref.parse(attachment.subject)].append(attachment)
    return dict(found)


@cache
def _on() -> Select[Attachment]:
    return (
        select(Attachment).where(Attachment.subject.in_(bindparam("subjects", expanding=True))).order_by(Attachment.id)
    )


def address_of(attachment: Attachment) -> str:
    return url_for("files.download", attachment_id=attachment.id, name=attachment.download_name)


def resolver(ref: Ref) -> Callable[[str], str | None]:
    """Return what `markup.render(files=…)` wants: addresses of the files that hang on this very thing.

    A text cannot name a file of another thing, since its address would tell the file's name.
    """
    addresses = {f"file:{attachment.id}": address_of(attachment) for attachment in on([ref]).get(ref, ())}
    return addresses.get


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the files this actor may see: those on things they may see."""
    rows = db.session.execute(select(Attachment).where(Attachment.id.in_(ids))).scalars().all()
    seen = registry.load_things(actor, {Ref.parse(row.subject) for row in rows})
    return {
        row.id: Thing(ref=row.ref, title=row.download_name, url=address_of(row), summary=row.alt)
        for row in rows
        if Ref.parse(row.subject) in seen
    }
