"""The pages people answer on: what they say, what they take, and that they know nobody."""

from __future__ import annotations

from typing import Any

from portal.pulse.models import Sheet
from tests.factories import pulse
from tests.pages import Page
from tests.people import Visitor

NULL_ORIGIN = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}


def send(visitor: Visitor, code: str, **fields: str) -> Any:
    return visitor.open("/survey/answers", method="POST", data={"code": code, **fields}, headers=NULL_ORIGIN)


def questions(visitor: Visitor, code: str, **fields: str) -> Page:
    response = visitor.open("/survey", method="POST", data={"code": code, **fields}, headers=NULL_ORIGIN)
    assert response.status_code == 200
    return Page(response.text)


def test_a_code_opens_the_questions_and_an_answer_is_kept(db: Any, stranger: Visitor) -> None:
    _, (ana, *_) = pulse.open_wave(6)
    page = questions(stranger, ana.code)
    assert "I reach a usable answer in a few steps." in page.text
    response = send(stranger, ana.code, EA1="4", EA2="na", comment="Shorter pages")
    assert response.status_code == 200
    assert "Your link is used up now" in response.text
    assert db.session.query(Sheet.answers, Sheet.comment).one() == ({"EA1": 4, "EA2": None}, "Shorter pages")
