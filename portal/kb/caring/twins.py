"""Articles that stand twice: nearly the same title, whatever the order of its words. Looked for at night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from analytics.content import near_duplicates
from portal.core.database import db, looking
from portal.kb.models import Article, Status, Twins

MOST = 200
"""Pairs that are kept; the most alike come first."""


def look(payload: Mapping[str, Any]) -> None:
    """Look for them anew. Safe to run at any time: a pair that is found again keeps its number."""
    with looking():
        found = _found()
        db.session.rollback()
    _store(found)


def _found() -> dict[tuple[int, int], float]:
    """Return the pairs; a text and its translation are none, nor are texts in different languages."""
    query = select(Article.id, Article.title, Article.language).where(Article.status == Status.PUBLISHED.value)
    titles: dict[str, dict[str, str]] = {}
    for number, title, language in db.session.execute(query):
        titles.setdefault(language, {})[str(number)] = title
    pairs = [pair for of_language in titles.values() for pair in near_duplicates(of_language)]
    pairs.sort(key=lambda pair: -pair.likeness)
    return {
        (min(a, b), max(a, b)): pair.likeness for pair in pairs[:MOST] for a, b in [(int(pair.one), int(pair.other))]
    }


def _store(found: Mapping[tuple[int, int], float]) -> None:
    """Bring the rows in step."""
    rows = {(row.one_id, row.other_id): row for row in db.session.execute(select(Twins)).scalars()}
    for (one, other), likeness in found.items():
        row = rows.pop((one, other), None) or Twins(one_id=one, other_id=other)
        row.likeness = likeness
        db.session.add(row)
    for row in rows.values():
        db.session.delete(row)
    db.session.flush()
