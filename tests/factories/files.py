"""Contents of files, made here: small pictures, office files, and such as lie about what they are."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image


def picture(ending: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **kw: Any) -> bytes:
    """Draw a plain picture; `exif`, `pnginfo` and the like go to Pillow."""
    out = io.BytesIO()
    Image.new(mode, size, kw.pop("color", None) or ("red" if mode in ("RGB", "P") else 0)).save(out, ending, **kw)
    return out.getvalue()


def office(folder: str = "word", *more: str) -> bytes:
    """Pack the least that counts as an office file, with more members of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()
