"""Where all goals and interventions stand, worked out at night: read first, written at the end; nobody waits."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from portal.adoption import effects, tracking
from portal.adoption.models import Goal, Intervention
from portal.core.database import db, looking
from portal.measures import fold


def renew() -> int:
    """Work out anew where everything stands that can still change; returns how many. The caller commits.

    Nothing may be waiting to be committed: it reads first, in transactions of its own.
    """
    as_of = fold.as_of()
    if as_of is None:
        return 0
    db.session.rollback()
    with looking():
        goals = {goal.id: tracking.worked_out(goal, as_of) for goal in _goals()}
        made = {one.id: effects.worked_out(one, as_of) for one in _interventions()}
        db.session.rollback()
    for number, kept in goals.items():
        db.session.execute(update(Goal).where(Goal.id == number).values(kept=kept))
    for number, kept in made.items():
        db.session.execute(update(Intervention).where(Intervention.id == number).values(kept=kept))
        told = Intervention.published_at.is_not(None)
        db.session.execute(update(Intervention).where(Intervention.id == number, told).values(frozen=kept))
    return len(goals) + len(made)


def _goals() -> list[Goal]:
    """Return the goals that are not given up; those whose day is over stay as they ended, once that is counted."""
    found = db.session.execute(select(Goal).where(Goal.dropped_at.is_(None)).order_by(Goal.id)).scalars()
    return [goal for goal in found if not _is_settled(goal)]


def _is_settled(goal: Goal) -> bool:
    stood = tracking.read(goal)
    return stood is not None and stood.as_of >= goal.due_on + tracking.LATE


def _interventions() -> list[Intervention]:
    """Return the interventions whose effect is not frozen: not told yet, or told before its days were counted."""
    query = select(Intervention).options(selectinload(Intervention.starts)).order_by(Intervention.id)
    rows = db.session.execute(query).scalars()
    return [row for row in rows if row.published_at is None or not row.frozen]
