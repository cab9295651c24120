"""Taking files in, giving them out, sweeping up."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Collection
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from analytics.events import Name
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.files import kinds, names, policies, shelf
from portal.files.models import Attachment
from portal.ledger import services as ledger

if TYPE_CHECKING:
    from portal.files.pictures import Picture

CHUNK = 1 << 16
PER_HOUR = 60
KEPT_UNNAMED = dt.timedelta(days=1)


def store(actor: Actor, stream: BinaryIO | IO[bytes], filename: str, *, on: Ref, alt: str = "") -> Attachment:
    """Check a file, keep it and hang it on a thing; records `file.stored`.

    Refuses (Invalid, field `file`) what is empty, too large, of a kind we do not take, or not what its name says;
    NotFound when the actor does not see the thing.
    """
    actor.require(Permission.FILE_ADD)
    if not policies.can_add(actor, on):
        raise NotFound("")
    if actor.person_id is not None:
        limits.spend("file", str(actor.person_id), limit=PER_HOUR, seconds=3600)
    return keep(actor, stream, filename, on=on, alt=alt)


def keep(actor: Actor, stream: BinaryIO | IO[bytes], filename: str, *, on: Ref, alt: str = "") -> Attachment:
    """Check and keep a file like `store`, for a caller that has made sure of the actor and the thing: an import."""
    with shelf.incoming() as received:
        _receive(stream, received)
        kind = kinds.kind_of(filename, cast(BinaryIO, received))
        if kind is None:
            raise Invalid(_refused_kind(filename), field="file")
        picture = _draw(cast(BinaryIO, received), kind) if kind.picture else None
        content = picture.content if picture else received.read()
    attachment = Attachment(
        subject=str(on),
        stored_name=shelf.put(content, kind.ending),
        download_name=names.download_name(filename, kind.ending),
        media_type=kind.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        alt=" ".join(alt.split())[:300],
        uploaded_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(attachment)
    db.session.flush()
    ledger.record(
        Name.FILE_STORED,
        actor=actor,
        subject=attachment.ref,
        media_type=attachment.media_type,
        bytes=attachment.size,
        on=str(on),
    )
    return attachment


def redraw(stream: BinaryIO | IO[bytes], filename: str, *, most: tuple[int, int]) -> tuple[Picture, kinds.Kind]:
    """Return a picture drawn anew and not larger than `most`, for whoever keeps it elsewhere.

    Refuses what `store` refuses, and what is no picture (Invalid, field `file`).
    """
    with shelf.incoming() as received:
        _receive(stream, received)
        kind = kinds.kind_of(filename, cast(BinaryIO, received))
        if kind is None or not kind.picture:
            raise Invalid(_("A picture, please: PNG, WebP or JPEG."), field="file")
        return _draw(cast(BinaryIO, received), kind, most=most), kind


def _receive(stream: BinaryIO | IO[bytes], received: IO[bytes]) -> None:
    limit = current_app.config["DITY"].upload_limit
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise Invalid(_("This file is too large: at most %(n)s MB.", n=limit // 1_000_000), field="file")
        received.write(chunk)
    if not size:
        raise Invalid(_("This file is empty."), field="file")
    received.seek(0)


def _draw(received: BinaryIO, kind: kinds.Kind, *, most: tuple[int, int] | None = None) -> Picture:
    from portal.files import pictures  # loads Pillow, which only pictures need

    try:
        return pictures.draw(received, kind, most=most)
    except pictures.TooManyPixels:
        n = pictures.MOST_PIXELS // 1_000_000
        raise Invalid(_("This picture is too large: at most %(n)s million pixels.", n=n), field="file") from None
    except pictures.NotDrawn:
        raise Invalid(_("This picture is damaged and cannot be opened."), field="file") from None


def _refused_kind(filename: str) -> str:
    if names.extension(filename) in kinds.KINDS:
        return _("The content of this file is not what its name says.")
    return _("We do not take files of this kind. These are fine: %(kinds)s.", kinds=", ".join(sorted(kinds.KINDS)))


def move(source: Ref, target: Ref) -> None:
    """Hang every file of one thing on another, which from then on decides who may see it."""
    db.session.execute(update(Attachment).where(Attachment.subject == str(source)).values(subject=str(target)))


def copy(source: Ref, target: Ref, *, only: Collection[int]) -> dict[int, int]:
    """Hang copies of the named files of one thing on another; returns the new numbers by the old ones."""
    query = select(Attachment).where(Attachment.subject == str(source), Attachment.id.in_(only))
    made: dict[int, Attachment] = {}
    for one in db.session.execute(query.order_by(Attachment.id)).scalars():
        kept = {column.key for column in Attachment.__table__.columns} - {"id", "subject", "stored_name"}
        lies = shelf.path_of(one.stored_name)
        name = shelf.put(lies.read_bytes(), lies.suffix[1:])
        made[one.id] = Attachment(subject=str(target), stored_name=name, **{key: getattr(one, key) for key in kept})
    db.session.add_all(made.values())
    db.session.flush()
    return {old: new.id for old, new in made.items()}


def fetch(actor: Actor, attachment_id: int, *, name: str) -> tuple[Attachment, Path]:
    """Return a file and where it lies; NotFound unless the actor sees what it hangs on and the name is its own."""
    attachment = db.session.get(Attachment, attachment_id)
    if attachment is None or attachment.download_name != name or not policies.can_see(actor, attachment):
        raise NotFound("")
    return attachment, shelf.path_of(attachment.stored_name)


def sweep() -> int:
    """Delete files that no row names, a day after they came; a transaction that was undone leaves such."""
    named = set(db.session.execute(select(Attachment.stored_name)).scalars())
    # The age of a file is told by the disk, not by the portal's clock.
    latest = time.time() - KEPT_UNNAMED.total_seconds()
    swept = 0
    for name, path in shelf.all_names():
        if name not in named and path.stat().st_mtime < latest:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def missing(latest: int = 200) -> list[str]:
    """Name those of the latest attachments whose file is gone."""
    query = select(Attachment.stored_name).order_by(Attachment.id.desc()).limit(latest)
    return [name for name in db.session.execute(query).scalars() if not shelf.path_of(name).is_file()]
