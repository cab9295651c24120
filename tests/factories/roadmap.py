"""Rows of the roadmap, and days of figures it rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, insert

from portal.core import markup
from portal.core.database import db
from portal.measures.models import DailyMeasure
from portal.people.models import Person
from portal.roadmap.models import Evidence, EvidenceReading, Idea, Item
from tests.factories import kb


def idea(title: str = "Scan straight into the folder", by: Person | None = None, **kw: Any) -> Idea:
    """Add an idea; its access key is its topic's unless told otherwise."""
    topic = kw.pop("category", None) or kb.category()
    body = kw.pop("body", "I mail the scan to myself, then drag it.")
    row = Idea(
        **{
            "title": title,
            "body": body,
            "html": markup.render(body).html,
            "excerpt": body,
            "category": topic,
            "access_key": topic.access_key or "signed-in",
            "person_id": by.id if by is not None else None,
            **kw,
        }
    )
    return _kept(row)


def item(title: str = "Teach the search our own words", **kw: Any) -> Item:
    return _kept(Item(title=title, **kw))


def evidence(of: Item, **kw: Any) -> Evidence:
    """Add a question: more than ten in a hundred searches find nothing."""
    asked = {"measure": "zero_result_rate", "comparison": ">", "threshold": 0.1, "minimum_n": 50, "days": 28}
    return _kept(Evidence(item_id=of.id, **{**asked, **kw}))


def reading(of: Evidence, on: dt.date, **kw: Any) -> EvidenceReading:
    told = {"value": 0.2, "low": 0.15, "high": 0.26, "n": 280, "holds": True, "n_people": 100, "n_tickets": 40}
    return _kept(EvidenceReading(evidence_id=of.id, on=on, **{**told, **kw}))


def searches(since: dt.date, until: dt.date, *, found_nothing: int, of: int = 10, where: str = "") -> None:
    """Let so many of a day's searches find nothing, on each day."""
    days = [since + dt.timedelta(days=n) for n in range((until - since).days)]
    told = {"search.searches": of, "search.zero": found_nothing}
    rows = [
        {"day": day, "measure": measure, "slice": where, "value": float(value)}
        for day in days
        for measure, value in told.items()
    ]
    there = delete(DailyMeasure).where(DailyMeasure.day.in_(days), DailyMeasure.slice == where)
    db.session.execute(there.where(DailyMeasure.measure.in_(told)))
    db.session.execute(insert(DailyMeasure), rows)


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
