"""What files keep about people: who brought which, and the files themselves for a person's copy."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core.database import db
from portal.core.personal import Erase, PersonColumn, PersonPlace, Subject
from portal.files import shelf
from portal.files.models import Attachment


def _files(subject: Subject) -> Iterator[tuple[str, bytes]]:
    query = select(Attachment).where(Attachment.uploaded_by_id == subject.person_id).order_by(Attachment.id)
    for row in db.session.execute(query).scalars():
        path = shelf.path_of(row.stored_name)
        if path.is_file():
            yield f"{row.id}-{row.download_name}", path.read_bytes()


PERSONAL = (
    PersonColumn(
        column="attachment.uploaded_by_id",
        label=_l("Files and pictures"),
        on_erase=Erase.FORGET,
        withheld=("stored_name",),
    ),
    PersonPlace(name="files", label=_l("Files and pictures"), files=_files),
)
