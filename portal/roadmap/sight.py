"""What of the figures items rest on a reader may read.

Of a topic somebody may not read there is nothing. What a survey said is held back until everybody may know it, or until
its reader is one who reads surveys anyway: that the item rests on it is told, and what it said is not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from portal.core.actor import ANONYMOUS, Actor
from portal.core.database import db
from portal.kb.models import Category
from portal.measures import catalogue
from portal.measures.catalogue import Told
from portal.roadmap.evidence import Known
from portal.roadmap.models import Evidence

TOPIC = "category:"


class Sight:
    """The eyes of one reader on pieces of evidence, live and as they were kept; a query for topics, one for surveys."""

    def __init__(self, actor: Actor, slices: Iterable[str]) -> None:
        self._actor = actor
        self._topics = {of for of in slices if of.startswith(TOPIC)}
        self._told: dict[Callable[[Actor], Told], Told] = {}

    def is_there(self, of: str) -> bool:
        """Whether this reader may know of figures of this slice at all."""
        return not of.startswith(TOPIC) or of in self._seen

    def is_told(self, measure: str, on: dt.date) -> bool:
        """Whether this reader may know what a measure said up to a day."""
        known = catalogue.find(measure)
        told_to = known.told_to if known is not None else None
        if told_to is None:
            return True
        if told_to not in self._told:
            self._told[told_to] = told_to(self._actor)
        return self._told[told_to](on)

    def is_copy_told(self, copy: Mapping[str, Any]) -> bool:
        """Whether this reader may know what a kept copy says."""
        return copy["on"] is None or self.is_told(copy["measure"], dt.date.fromisoformat(copy["on"]))

    @cached_property
    def _seen(self) -> frozenset[str]:
        numbers = {int(of.removeprefix(TOPIC)) for of in self._topics}
        rows = db.session.execute(select(Category.id, Category.access_key).where(Category.id.in_(numbers)))
        return frozenset(f"{TOPIC}{number}" for number, key in rows if self._actor.sees(key))


def told(actor: Actor, known: Mapping[int, Sequence[Known]]) -> dict[int, list[Known]]:
    """Return of what items rest on that which this actor may read, without readings that are held back."""
    sight = Sight(actor, (each.row.slice for rows in known.values() for each in rows))
    return {
        item_id: [_told(sight, each) for each in rows if sight.is_there(each.row.slice)]
        for item_id, rows in known.items()
    }


def _told(sight: Sight, known: Known) -> Known:
    if known.reading is None or sight.is_told(known.row.measure, known.reading.on):
        return known
    return replace(known, reading=None, is_held_back=True)


def is_public(rows: Iterable[Evidence], on: dt.date) -> bool:
    """Whether everybody may know what the figures of all these said up to a day."""
    everybody = Sight(ANONYMOUS, ())
    return all(everybody.is_told(row.measure, on) for row in rows)
