"""The pages of questions and tips, as people meet them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.community.models import Question
from portal.core.database import db
from tests.factories import kb
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")


def asked(**kw: Any) -> dict[str, Any]:
    topic = kb.category("Printing", slug="printing")
    return {"title": "Why is half of the label missing?", "body": "Since **today**.", "category_id": topic.id, **kw}


def test_a_question_goes_its_way_from_asking_to_accepting(ana: Visitor, ben: Visitor) -> None:
    response = ana.submit("/questions/new", "/questions/new", **asked(tags="labels printer"))
    assert response.status_code == 303
    where = response.headers["Location"]
    assert where.startswith("/questions/1-why-is-half-of-the-label-missing")
    page = ben.page(where)
    assert page.heading == "Why is half of the label missing?"
    assert "No answer yet" in page.text
    response = ben.submit(where, "/questions/1/answers", body="1. Push the roll to the left stop.")
    assert response.headers["Location"] == f"{where}#answer-1"
    page = ana.page(where)
    assert "Push the roll to the left stop." in page.text
    assert ana.post("/questions/1/answers/1/accept", {"on": "yes"}).status_code == 303
    page = ben.page(where)
    assert "This solved it for Ana" in page.text
    assert db.session.execute(select(Question.state)).scalar_one() == "solved"
