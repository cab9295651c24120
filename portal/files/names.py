"""Names of files as people gave them, made fit to save anywhere. They never touch our own disk."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_FORBIDDEN = re.compile(r'[<>:"|?*%\\/]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)


def extension(name: str) -> str:
    """Return what stands behind the last full stop, in lower case, empty when there is none."""
    _, dot, last = _base(name).rpartition(".")
    return last.lower() if dot and last.isalnum() else ""


def download_name(name: str, ending: str) -> str:
    """Return a name to save the file as: one line, no path, no hidden characters, with our own ending."""
    stem = _base(name)
    given = extension(name)
    if given:
        stem = stem[: -len(given) - 1]
    stem = _FORBIDDEN.sub("-", stem).strip(" .-")[: LONGEST - len(ending) - 1].strip(" .-")
    if not stem:
        stem = "file"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{ending}"


def _base(name: str) -> str:
    """Return the last part of a path of any system, without control, invisible and direction-changing characters."""
    visible = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", name)
        if char.isspace() or not unicodedata.category(char).startswith("C")
    )
    return " ".join(re.split(r"[\\/]", visible)[-1].split())
