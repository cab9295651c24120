"""Pictures drawn anew: only the pixels survive, no place of shooting, no comment, no second file behind the first."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

from portal.files.kinds import Kind

MOST_PIXELS = 24_000_000
LONGEST_SIDE = 12_000
_SAVED = {"image/png": {"format": "PNG", "optimize": False}, "image/webp": {"format": "WEBP", "quality": 88}}
_SAVED["image/jpeg"] = {"format": "JPEG", "quality": 88}


class NotDrawn(Exception):
    """The picture is damaged."""


class TooManyPixels(Exception):
    """The picture is larger than we draw."""


@dataclass(frozen=True)
class Picture:
    """A picture of ours."""

    content: bytes
    width: int
    height: int


def draw(content: BinaryIO, kind: Kind, *, most: tuple[int, int] | None = None) -> Picture:
    """Return the first picture of the file, upright, without anything but its pixels; not larger than `most`.

    The size is looked at before a pixel is read, so a bomb costs nothing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(content, formats=[kind.picture]) as found:
                if found.width * found.height > MOST_PIXELS or max(found.size) > LONGEST_SIDE:
                    raise TooManyPixels
                upright = ImageOps.exif_transpose(found)
                pixels = _plain(upright, has_alpha=kind.media_type != "image/jpeg")
                if most:
                    pixels.thumbnail(most)
        out = io.BytesIO()
        pixels.save(out, **_SAVED[kind.media_type])  # type: ignore[arg-type]
    except Image.DecompressionBombError as bomb:
        raise TooManyPixels from bomb
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError) as trouble:
        raise NotDrawn from trouble  # Pillow tells damage in all these ways
    return Picture(out.getvalue(), *pixels.size)


def _plain(picture: Image.Image, *, has_alpha: bool) -> Image.Image:
    """Copy the pixels into an empty picture, so that nothing else comes along."""
    is_transparent = has_alpha and (picture.has_transparency_data or "A" in picture.getbands())
    mode = "RGBA" if is_transparent else "L" if picture.mode in ("1", "L") else "RGB"
    converted = picture.convert(mode)
    empty = Image.new(mode, converted.size)
    empty.paste(converted)
    return empty
