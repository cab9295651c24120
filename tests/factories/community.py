"""Rows of the community."""

from __future__ import annotations

from typing import Any

from portal.community.models import Answer, Question, Tip
from portal.core import markup
from portal.core.database import db
from tests.factories import kb


def question(title: str = "Why is half of the label missing?", **kw: Any) -> Question:
    """Add a question; its access key is its topic's unless told otherwise."""
    row = Question(**(_written(title, "Since this morning, printer 3.", kw) | kw))
    return _kept(row)


def tip(title: str = "See a week at a glance", **kw: Any) -> Tip:
    row = Tip(**(_written(title, "Turn the phone sideways.", kw) | kw))
    return _kept(row)


def answer(to: Question, body: str = "Push the roll to the left stop.", **kw: Any) -> Answer:
    """Add an answer that is counted."""
    row = _kept(Answer(question=to, body=body, html=markup.render(body).html, excerpt=body, **kw))
    to.n_answers += 1
    to.state = "answered"
    db.session.flush()
    return row


def _written(title: str, body: str, given: dict[str, Any]) -> dict[str, Any]:
    topic = given.pop("category", None) or kb.category()
    text = given.pop("body", body)
    return {
        "title": title,
        "body": text,
        "html": markup.render(text).html,
        "excerpt": text,
        "category": topic,
        "access_key": topic.access_key or "signed-in",
    }


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
