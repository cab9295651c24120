"""What people read this week, in one's own department and everywhere.

Counting people over a week of the ledger is the one costly thing on the home page, so each process counts at most
once an hour for each department. Only ids and counts are kept: titles are looked up for every reader anew, so that
nothing shows to somebody who may not see it, not even for the rest of the hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.ledger import queries as ledger
from portal.people.models import Department

WEEK = dt.timedelta(days=7)
COUNTED = 12
"""More than are shown, because some of them are not for every reader."""
SHOWN = 5
ENOUGH = 3
"""With fewer answers than this the department's own list is left for everybody's."""


@dataclass(frozen=True)
class Counts:
    """Who reads what in one department, or everywhere when the department has no name."""

    department: str
    rows: tuple[tuple[Ref, int], ...]


@dataclass(frozen=True)
class Popular:
    """What one reader is shown: answers with how many people read them; `department` is empty for everywhere."""

    department: str
    rows: list[tuple[Thing, int]]


def counts(actor: Actor) -> tuple[Counts, Counts]:
    """Return the counts of the actor's department and of everybody; no query while the hour lasts."""
    own = _counted(actor.department_id) if actor.department_id is not None else Counts("", ())
    return own, _counted(None)


def _counted(department_id: int | None) -> Counts:
    kept: dict[tuple[int | None, int], Counts] = current_app.extensions.setdefault("dity-popular", {})
    hour = int(clock.now().timestamp()) // 3600
    if (found := kept.get((department_id, hour))) is not None:
        return found
    for old in [key for key in kept if key[1] != hour]:
        kept.pop(old, None)
    found = kept[department_id, hour] = _count(department_id)
    return found


def _count(department_id: int | None) -> Counts:
    department = db.session.get(Department, department_id) if department_id is not None else None
    rows = ledger.people_by_subject(
        Name.ARTICLE_VIEWED,
        since=clock.now() - WEEK,
        kind="article",
        department_ids=(department_id,) if department_id is not None else (),
        limit=COUNTED,
    )
    return Counts(department.name if department else "", tuple(rows))


def choose(own: Counts, everybody: Counts, things: Mapping[Ref, Thing]) -> Popular:
    """Return the department's list where it is long enough, else everybody's; only things this reader may see."""
    mine = [(things[ref], n) for ref, n in own.rows if ref in things]
    if len(mine) >= ENOUGH:
        return Popular(own.department, mine[:SHOWN])
    all_rows = [(things[ref], n) for ref, n in everybody.rows if ref in things]
    return Popular("", all_rows[:SHOWN])
