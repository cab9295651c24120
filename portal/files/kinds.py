"""Which files we take: the ending says what it should be, the first bytes what it is; both must agree."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from portal.files import names

MOST_MEMBERS = 5_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")
_PRINTED = bytes({*range(32, 256), *b"\t\n\f\r"} - {127})
_PROGRAMS = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".ps1", ".bat")


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called and how its content proves it."""

    ending: str
    media_type: str
    is_one: Callable[[BinaryIO], bool]
    picture: str = ""
    """Pillow's name of the format when we draw it anew."""


def _begins(*magics: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: file.read(16).startswith(magics)


def _is_webp(file: BinaryIO) -> bool:
    head = file.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"


def _is_text(file: BinaryIO) -> bool:
    """Text has no control characters, in UTF-8 or an older one-byte encoding, and does not begin like a page."""
    content = file.read()
    beginning = content.removeprefix(b"\xef\xbb\xbf")[:1024].lstrip().lower()
    return not content.translate(None, _PRINTED) and not beginning.startswith(_MARKUP)


def _is_office(folder: str) -> Callable[[BinaryIO], bool]:
    def is_one(file: BinaryIO) -> bool:
        """An office file is a zip whose parts are those of its kind, none of them a program."""
        if file.read(4) != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                members = [member.filename for member in archive.infolist()]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        has_parts = "[Content_Types].xml" in members and any(name.startswith(f"{folder}/") for name in members)
        has_programs = any(name.lower().endswith(_PROGRAMS) or "/activex" in name.lower() for name in members)
        return has_parts and not has_programs and len(members) <= MOST_MEMBERS

    return is_one


KINDS: dict[str, Kind] = {
    "png": Kind("png", "image/png", _begins(b"\x89PNG\r\n\x1a\n"), "PNG"),
    "jpg": Kind("jpg", "image/jpeg", _begins(b"\xff\xd8\xff"), "JPEG"),
    "webp": Kind("webp", "image/webp", _is_webp, "WEBP"),
    "gif": Kind("png", "image/png", _begins(b"GIF87a", b"GIF89a"), "GIF"),
    "pdf": Kind("pdf", "application/pdf", _begins(b"%PDF-")),
    "txt": Kind("txt", "text/plain", _is_text),
    "csv": Kind("csv", "text/csv", _is_text),
    "docx": Kind("docx", f"{_OFFICE}.wordprocessingml.document", _is_office("word")),
    "xlsx": Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _is_office("xl")),
    "pptx": Kind("pptx", f"{_OFFICE}.presentationml.presentation", _is_office("ppt")),
}
"""By ending. A GIF becomes a PNG of its first picture."""
KINDS["jpeg"] = KINDS["jpg"]


def kind_of(name: str, content: BinaryIO) -> Kind | None:
    """Return what the file is, nothing when we do not take such files or the content is something else."""
    kind = KINDS.get(names.extension(name))
    if kind is None:
        return None
    content.seek(0)
    is_one = kind.is_one(content)
    content.seek(0)
    return kind if is_one else None
