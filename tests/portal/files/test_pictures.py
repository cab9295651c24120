"""S13: pictures are drawn anew; only their pixels survive."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from portal.files.kinds import KINDS
from portal.files.pictures import NotDrawn, TooManyPixels, draw
from tests.factories import files


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def declared_png(width: int, height: int) -> bytes:
    """Write a PNG that only says how large it is."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def test_place_and_camera_are_left_out() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    made = draw(io.BytesIO(files.picture("JPEG", exif=exif, comment=b"<script>alert(1)</script>")), KINDS["jpg"])
    assert b"SecretCamera" not in made.content
    assert b"<script>" not in made.content
    assert not opened(made.content).getexif()


def test_words_inside_a_png_are_left_out() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    made = draw(io.BytesIO(files.picture("PNG", pnginfo=info)), KINDS["png"])
    assert b"<script>" not in made.content


@pytest.mark.parametrize(("ending", "mode"), [("GIF", "P"), ("PNG", "RGB"), ("JPEG", "RGB"), ("WEBP", "RGB")])
def test_what_hangs_behind_a_picture_is_left_out(ending: str, mode: str) -> None:
    polyglot = files.picture(ending, mode=mode) + b"*/=1;alert(1);//<html><script>alert(1)</script>PK\x03\x04"
    made = draw(io.BytesIO(polyglot), KINDS[ending.lower()])
    assert b"alert" not in made.content


def test_a_picture_stands_upright_afterwards() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    made = draw(io.BytesIO(files.picture("JPEG", (8, 6), exif=exif)), KINDS["jpg"])
    assert (made.width, made.height) == (6, 8)


def test_transparency_stays() -> None:
    made = draw(io.BytesIO(files.picture("PNG", mode="RGBA", color=(0, 0, 0, 0))), KINDS["png"])
    assert opened(made.content).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16", "P", "RGB", "RGBA"])
def test_every_way_of_storing_pixels_is_drawn(mode: str) -> None:
    made = draw(io.BytesIO(files.picture("PNG", mode=mode)), KINDS["png"])
    assert (made.width, made.height) == (8, 6)


def test_of_a_film_the_first_picture_stays() -> None:
    frames = [Image.new("P", (4, 4), n) for n in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    made = opened(draw(io.BytesIO(out.getvalue()), KINDS["gif"]).content)
    assert made.format == "PNG"
    assert getattr(made, "n_frames", 1) == 1


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (6_000, 5_000), (1, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_the_size_it_declares(width: int, height: int) -> None:
    with pytest.raises((TooManyPixels, NotDrawn)):
        draw(io.BytesIO(declared_png(width, height)), KINDS["png"])


@pytest.mark.parametrize("ending", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_damaged_picture_is_refused(ending: str) -> None:
    whole = files.picture(ending, (64, 64), mode="P" if ending == "GIF" else "RGB")
    for content in (whole[: len(whole) // 2], whole[:20]):
        with pytest.raises(NotDrawn):
            draw(io.BytesIO(content), KINDS[ending.lower()])


def test_a_picture_of_another_format_is_refused() -> None:
    with pytest.raises(NotDrawn):
        draw(io.BytesIO(files.picture("JPEG")), KINDS["png"])
