"""Which questions the search keeps under another one: they were asked before, and the very same people read both."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from portal.community.models import Question
from portal.core.database import db
from portal.core.refs import Ref

_Original = aliased(Question)


def is_folded() -> ColumnElement[bool]:
    """Return the SQL for "found under its original", which stands and is for the very same people."""
    there = and_(
        _Original.id == Question.duplicate_of_id,
        _Original.removed_at.is_(None),
        _Original.access_key == Question.access_key,
    )
    return select(_Original.id).where(there).correlate(Question).exists()


def titles(ids: Collection[int]) -> dict[int, list[str]]:
    """Return how else these questions were asked: the titles of those found under them."""
    query = select(Question.duplicate_of_id, Question.title).where(
        Question.duplicate_of_id.in_(ids), Question.removed_at.is_(None), is_folded()
    )
    found: dict[int, list[str]] = {}
    for of, title in db.session.execute(query.order_by(Question.id)):
        found.setdefault(of or 0, []).append(title)
    return found


def around(ids: Collection[int]) -> set[Ref]:
    """Return these questions with those they point to and those that point to them; one query."""
    one = Question.id.in_(ids) | Question.duplicate_of_id.in_(ids)
    pairs = db.session.execute(select(Question.id, Question.duplicate_of_id).where(one))
    return {Ref("question", i) for pair in pairs for i in pair if i is not None} | {Ref("question", i) for i in ids}
