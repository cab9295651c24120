"""Pictures that hang on a question, an answer or a tip. Whoever sees the text sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import delete

from portal.community.policies import Post
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.refs import Ref
from portal.files import queries as files
from portal.files import services
from portal.files.models import Attachment

MOST = 6


@dataclass(frozen=True)
class Upload:
    """A picture as it arrives, and what it shows in words."""

    stream: BinaryIO | IO[bytes]
    name: str
    alt: str = ""


def add(actor: Actor, post: Post, uploads: Sequence[Upload]) -> list[Attachment]:
    """Keep pictures for a post that is stored; refuses what is no picture, and too many (Invalid, `pictures`)."""
    if not uploads:
        return []
    there = files.on([post.ref]).get(post.ref, [])
    if len(there) + len(uploads) > MOST:
        raise Invalid(_("%(n)s pictures are enough.", n=MOST), field="pictures")
    made = []
    for upload in uploads:
        try:
            stored = services.store(actor, upload.stream, upload.name, on=post.ref, alt=upload.alt)
        except Invalid as refusal:
            raise Invalid(refusal.message, field="pictures") from None
        if not stored.is_picture:
            raise Invalid(_("This is no picture. PNG, JPEG, WebP and GIF are fine."), field="pictures")
        made.append(stored)
    return made


def drop(post: Post, ids: Collection[int]) -> int:
    """Take pictures off a post, only its own; the files are swept up later. Returns how many."""
    mine = (Attachment.subject == str(post.ref)) & Attachment.id.in_(list(ids))
    return int(db.session.execute(delete(Attachment).where(mine)).rowcount) if ids else 0  # type: ignore[attr-defined]


def below(posts: Iterable[Post]) -> dict[Ref, list[Attachment]]:
    """Return the pictures that stand below each text, those it shows itself left out; one query."""
    said = {post.ref: post.html for post in posts}
    return {
        ref: shown
        for ref, hung in of(said).items()
        if (shown := [one for one in hung if f"/files/{one.id}/" not in said[ref]])
    }


def of(refs: Collection[Ref]) -> dict[Ref, list[Attachment]]:
    """Return every picture that hangs on each of these; one query."""
    return {ref: [one for one in hung if one.is_picture] for ref, hung in files.on(list(refs)).items()}
