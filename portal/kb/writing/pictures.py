"""Pictures of a text being written. They hang on the draft, so nobody sees them before it is published."""

from __future__ import annotations

from typing import IO, BinaryIO

from flask_babel import gettext as _

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.files import queries as files
from portal.files import services
from portal.files.models import Attachment
from portal.kb.models import Draft
from portal.kb.reading import hanging
from portal.kb.writing import drafts


def add(
    actor: Actor, draft: Draft, stream: BinaryIO | IO[bytes], filename: str, *, alt: str, is_decoration: bool
) -> Attachment:
    """Keep a picture for this draft; an approval of a moment ago was given without it, so it is void.

    Refuses (Invalid, field `picture` or `alt`) what is no picture, what we do not take, and one without words for
    those who cannot see it, unless it is said to be decoration.
    """
    alt = words_for(alt, is_decoration=is_decoration)
    return receive(actor, draft, stream, filename, alt=alt)


def words_for(alt: str, *, is_decoration: bool) -> str:
    """Return the words that stand for a picture, none for decoration; refuses none where there must be some."""
    alt = " ".join(alt.split())
    if not alt and not is_decoration:
        raise Invalid(_("Say in a few words what the picture shows, for those who cannot see it."), field="alt")
    return "" if is_decoration else alt


def receive(actor: Actor, draft: Draft, stream: BinaryIO | IO[bytes], filename: str, *, alt: str = "") -> Attachment:
    """Keep a picture as `add` does, also one that nobody has said yet what it shows (see `describe`)."""
    if not filename:
        raise Invalid(_("Choose a picture first."), field="picture")
    try:
        stored = services.store(actor, stream, filename, on=draft.ref, alt=alt)
    except Invalid as refusal:
        raise Invalid(refusal.message, field="picture") from None
    if not stored.is_picture:
        raise Invalid(_("This is no picture. PNG, JPEG, WebP and GIF are fine."), field="picture")
    # What was decided while the file was stored counts; the row is held until this is.
    decided = ["state", "approved_at", "approved_by_id", "is_checked", "publish_at", "written_by"]
    db.session.refresh(draft, decided, with_for_update=True)
    drafts.touch(actor, draft)
    db.session.flush()
    return stored


def kept(draft: Draft, picture_id: int) -> Attachment | None:
    """Return a picture that hangs on this draft already."""
    return next((one for one in files.on([draft.ref]).get(draft.ref, []) if one.id == picture_id), None)


def put_in(actor: Actor, draft: Draft, picture: Attachment, *, alt: str, is_decoration: bool) -> Draft:
    """Say what a kept picture shows, and put it at the end of the text.

    Refuses one without words, unless it is said to be decoration (Invalid, `alt`).
    """
    picture.alt = words_for(alt, is_decoration=is_decoration)
    body = f"{draft.body.rstrip()}\n\n{source(picture)}\n".lstrip("\n")
    return drafts.save(actor, draft, {"body": body}, lock=draft.lock)


def of(actor: Actor, draft: Draft) -> list[Attachment]:
    """Return the pictures this writer may use in a draft, its own and its article's, oldest first."""
    return [row for row in hanging.beside(actor, draft) if row.is_picture]


def source(picture: Attachment) -> str:
    """Return what stands in the text for a picture.

    >>> source(Attachment(id=12, alt="A [green] light"))
    '![A (green) light](file:12)'
    """
    alt = picture.alt.replace("[", "(").replace("]", ")").replace("\\", "/")
    return f"![{alt}](file:{picture.id})"
