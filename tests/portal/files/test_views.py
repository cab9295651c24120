"""Giving files out."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.actor import Actor
from portal.files import queries, services, shelf
from portal.files.models import Attachment
from tests.factories import files, kb, people


@pytest.fixture
def hang(app: Flask, db: Any) -> Callable[..., Attachment]:
    """Hang a file on a new article that names it; `access_key` says who may see it."""

    def make(content: bytes, name: str, access_key: str = "signed-in") -> Attachment:
        article = kb.article(access_key=access_key)
        actor: Actor = people.actor("Robin Example")
        keys = frozenset({*actor.keys, access_key})
        with app.test_request_context():
            made = services.store(replace(actor, keys=keys), io.BytesIO(content), name, on=article.ref)
        article.body = f"[Read on](file:{made.id})"
        db.session.commit()
        return made

    return make


def address(app: Flask, attachment: Attachment) -> str:
    with app.test_request_context():
        return queries.address_of(attachment)


def fetch(who: Any, path: str, **kw: Any) -> TestResponse:
    """Get a file to its end, so that it is closed again."""
    response: TestResponse = who.get(path, buffered=True, **kw)
    return response


def test_a_picture_is_shown_in_the_page(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    made = hang(files.picture("JPEG"), "Menu ü.jpeg")
    response = fetch(ana, address(app, made))
    assert response.status_code == 200
    assert response.mimetype == "image/jpeg"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.data == shelf.path_of(made.stored_name).read_bytes()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7", "plan.pdf"), (b"a,b", "list.csv"), (b"words", "words.txt"), (files.office(), "letter.docx")],
)
def test_everything_else_is_saved(
    app: Flask, ana: Any, hang: Callable[..., Attachment], content: bytes, name: str
) -> None:
    response = fetch(ana, address(app, hang(content, name)))
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_names_travel_as_rfc_6266_says(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    response = fetch(ana, address(app, hang(b"%PDF-1.7", 'Übersicht "neu"\r\nX: y.pdf')))
    disposition = response.headers["Content-Disposition"]
    assert "filename*=UTF-8''%C3%9Cbersicht%20-neu-%20X-%20y.pdf" in disposition
    assert "X" not in response.headers


def test_a_browser_neither_runs_nor_guesses_nor_frames(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    headers = fetch(ana, address(app, hang(b"%PDF-1.7", "a.pdf"))).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"


def test_a_file_known_already_is_not_sent_again(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    path = address(app, hang(b"%PDF-1.7", "a.pdf"))
    etag = fetch(ana, path).headers["ETag"]
    assert fetch(ana, path, headers={"If-None-Match": etag}).status_code == 304


def test_a_file_is_as_hidden_as_its_thing(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    path = address(app, hang(b"%PDF-1.7", "a.pdf", access_key="a999"))
    hidden, missing = fetch(ana, path), fetch(ana, "/files/999/a.pdf")
    assert hidden.status_code == missing.status_code == 404
    assert len(hidden.text.replace(path, "")) == len(missing.text.replace("/files/999/a.pdf", ""))


def test_a_known_file_asked_for_again_is_hidden_too(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    made = hang(b"%PDF-1.7", "a.pdf", access_key="a999")
    answer = fetch(ana, address(app, made), headers={"If-None-Match": f'"{made.sha256}"'})
    assert answer.status_code == 404


def test_a_stranger_sees_no_file(app: Flask, stranger: Any, hang: Callable[..., Attachment]) -> None:
    path = address(app, hang(b"%PDF-1.7", "a.pdf"))
    assert fetch(stranger, path).status_code in (302, 401, 404)


def test_only_the_name_of_the_file_itself_opens_it(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    made = hang(b"%PDF-1.7", "a.pdf")
    for name in ("b.pdf", "A.pdf", "a.pdf%00", "..%2fa.pdf", "a.html"):
        assert fetch(ana, f"/files/{made.id}/{name}").status_code in (400, 404)


def test_a_file_missing_on_the_disk_is_not_there(app: Flask, ana: Any, hang: Callable[..., Attachment]) -> None:
    made = hang(b"%PDF-1.7", "a.pdf")
    shelf.path_of(made.stored_name).unlink()
    assert fetch(ana, address(app, made)).status_code == 404
