"""S13: name and content must agree."""

from __future__ import annotations

import io

import pytest

from portal.files.kinds import kind_of
from tests.factories import files

HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", files.picture("PNG"), "image/png"),
        ("A.JPG", files.picture("JPEG"), "image/jpeg"),
        ("a.jpeg", files.picture("JPEG"), "image/jpeg"),
        ("a.webp", files.picture("WEBP"), "image/webp"),
        ("a.gif", files.picture("GIF", mode="P"), "image/png"),
        ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.txt", "Grüße\r\n\tan uns".encode(), "text/plain"),
        ("a.csv", "a;b\nGrüße;1".encode("cp1252"), "text/csv"),
        ("a.docx", files.office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "a.xlsx",
            files.office("xl", "xl/printerSettings/printerSettings1.bin"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("a.pptx", files.office("ppt"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_files_we_take(name: str, content: bytes, media_type: str) -> None:
    kind = kind_of(name, io.BytesIO(content))
    assert kind
    assert kind.media_type == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.png", HTML),
        ("page.pdf", HTML),
        ("page.txt", HTML),
        ("page.csv", b"\xef\xbb\xbf \n" + HTML),
        ("drawing.svg", SVG),
        ("drawing.png", SVG),
        ("drawing.txt", b"<?xml version='1.0'?>" + SVG),
        ("page.html", HTML),
        ("program.exe", b"MZ\x90"),
        ("program.txt", b"MZ\x90\x00"),
        ("picture.jpg", files.picture("PNG")),
        ("picture.png.html", files.picture("PNG")),
        ("no-ending", files.picture("PNG")),
        ("text.txt", "a".encode("utf-16")),
        ("sheet.xlsx", files.office("word")),
        ("macro.docx", files.office("word", "word/vbaProject.bin")),
        ("active.docx", files.office("word", "word/activeX/activeX1.xml")),
        ("inside.docx", files.office("word", "word/run.exe")),
        ("broken.docx", b"PK\x03\x04 not a zip"),
        ("empty.docx", b""),
        ("late.pdf", b"GIF89a %PDF-1.7"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_files_we_do_not_take(name: str, content: bytes) -> None:
    assert kind_of(name, io.BytesIO(content)) is None
