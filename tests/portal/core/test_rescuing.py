"""Words that stand before a file that was too large are not lost (portal.core.rescuing)."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from portal.core import rescuing

BOUNDARY = "xyz"


def part(name: str, words: str, filename: str = "") -> bytes:
    file = f'; filename="{filename}"\r\nContent-Type: image/png' if filename else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{words}\r\n'.encode()


def typed(
    app: Flask, body: bytes, content_type: str = f"multipart/form-data; boundary={BOUNDARY}"
) -> list[tuple[str, str]]:
    with app.test_request_context(method="POST", input_stream=io.BytesIO(body), content_type=content_type) as context:
        context.request.environ["CONTENT_LENGTH"] = str(len(body))
        return rescuing.typed()


def test_texts_before_the_first_file_come_back_in_their_order(app: Flask) -> None:
    body = part("subject", "Zoë’s screen") + part("body", "Line 1\r\nLine 2") + part("files", "x" * 5000, "a.png")
    body += part("after", "lost") + f"--{BOUNDARY}--".encode()
    assert typed(app, body) == [("subject", "Zoë’s screen"), ("body", "Line 1\r\nLine 2")]


def test_a_form_without_a_file_comes_back_whole(app: Flask) -> None:
    assert typed(app, part("a", "1") + part("b", "") + f"--{BOUNDARY}--\r\n".encode()) == [("a", "1"), ("b", "")]


@pytest.mark.parametrize(
    "body", [b"", b"--xyz", b"\x00\xff" * 400, b"--xyz\r\nno header\r\n\r\nwords", part("a", "1")[:-2]]
)
def test_what_no_browser_writes_gives_nothing_and_breaks_nothing(app: Flask, body: bytes) -> None:
    assert typed(app, body) in ([], [("a", "1")])


def test_other_kinds_of_bodies_are_left_alone(app: Flask) -> None:
    assert typed(app, b"subject=words", "application/x-www-form-urlencoded") == []
    assert typed(app, part("a", "1"), "multipart/form-data") == []
