"""Setting goals, changing them with a reason that stays visible, giving them up. Services flush; who calls commits."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.adoption import policies, revisions, tracking
from portal.adoption.models import Goal
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.ledger import services as ledger
from portal.measures import catalogue
from portal.measures import people as groups
from portal.measures.catalogue import Unit
from portal.measures.reports import Slice
from portal.people.models import Person

TITLE, WORDS = 160, 2000
NEAREST = dt.timedelta(days=14)
FARTHEST = dt.timedelta(days=5 * 366)
MOST = 1_000_000.0


@dataclass(frozen=True, kw_only=True)
class About:
    """What a goal says."""

    title: str
    why: str
    measure: str
    of: Slice
    target: float
    due_on: dt.date
    owner_id: int | None


def get(actor: Actor, goal_id: int) -> Goal:
    """Return a goal; refuses who may see no figures (Forbidden), and what is not there (NotFound)."""
    actor.require(Permission.INSIGHT_READ)
    query = select(Goal).where(Goal.id == goal_id).options(joinedload(Goal.owner))
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(_("There is no such goal."))
    return found


def set_goal(actor: Actor, about: About) -> Goal:
    """Set a goal. Records `goal.set`; refuses what cannot be one (Invalid)."""
    actor.require(Permission.GOAL_MANAGE)
    _check(about)
    if about.due_on < clock.today() + NEAREST:
        raise Invalid(_("A goal lies two weeks ahead at least, so that something can be done about it."), "due_on")
    goal = Goal(set_on=clock.today(), created_by_id=actor.person_id, kept={}, **_columns(about))
    db.session.add(goal)
    db.session.flush()
    tracking.renew(goal)
    ledger.record(Name.GOAL_SET, actor=actor, subject=goal.ref, measure=goal.measure, due_on=goal.due_on.isoformat())
    return goal


def change(actor: Actor, goal: Goal, about: About, *, reason: str, version: int) -> bool:
    """Change a goal; False where nothing is different.

    Records `goal.changed`. Refuses without a reason (Invalid), what was given up (Forbidden), and to write over what
    somebody else changed meanwhile (Conflict).
    """
    if not policies.can_change_goal(actor, goal):
        raise Forbidden(_("This goal cannot be changed by you, or not any more."))
    if version != goal.version:
        raise Conflict(_("Somebody changed this goal meanwhile. Look at it again before you change it."))
    _check(about)
    if about.due_on != goal.due_on and about.due_on <= clock.today():
        raise Invalid(_("Choose a day that lies ahead."), "due_on")
    changed = revisions.differences(about_of(goal), about)
    if not changed:
        return False
    why = revisions.reason_of(reason)
    for name, value in _columns(about).items():
        setattr(goal, name, value)
    goal.version += 1
    revisions.note(actor, goal.ref, changed, reason=why)
    tracking.renew(goal)
    ledger.record(Name.GOAL_CHANGED, actor=actor, subject=goal.ref, fields=sorted(changed), reason=why)
    return True


def drop(actor: Actor, goal: Goal, *, reason: str) -> None:
    """Give a goal up; it stays to be read, with the reason. Records `goal.dropped`."""
    if not policies.can_change_goal(actor, goal):
        raise Forbidden(_("This goal cannot be changed by you, or not any more."))
    why = revisions.reason_of(reason)
    goal.dropped_at = clock.now()
    goal.version += 1
    revisions.note(actor, goal.ref, {revisions.STATE: ("", "dropped")}, reason=why)
    ledger.record(Name.GOAL_DROPPED, actor=actor, subject=goal.ref, reason=why)


def about_of(goal: Goal) -> About:
    """Return what a goal says now."""
    return About(
        title=goal.title,
        why=goal.why,
        measure=goal.measure,
        of=goal.of,
        target=goal.target,
        due_on=goal.due_on,
        owner_id=goal.owner_id,
    )


def _columns(about: About) -> dict[str, object]:
    return {
        "title": about.title.strip(),
        "why": about.why.strip(),
        "measure": about.measure,
        "department_id": about.of.id if about.of.kind == "department" else None,
        "site_id": about.of.id if about.of.kind == "site" else None,
        "target": about.target,
        "due_on": about.due_on,
        "owner_id": about.owner_id,
    }


def _check(about: About) -> None:
    if not about.title.strip():
        raise Invalid(_("Say in a sentence what is to be reached."), "title")
    if len(about.title) > TITLE or len(about.why) > WORDS:
        raise Invalid(_("Please keep it shorter."), "title" if len(about.title) > TITLE else "why")
    try:
        measure = catalogue.get(about.measure)
    except KeyError:
        raise Invalid(_("Choose a figure from the list."), "measure") from None
    if measure.better not in ("up", "down"):
        raise Invalid(_("Of this figure neither more nor less is better by itself, so it cannot be a goal."), "measure")
    check_group(measure.kinds, about.of)
    if about.of.kind and measure.is_for_few:
        raise Invalid(
            _("What a department answered is read by those who lead it; a goal by whoever sees figures."), "of"
        )
    if not math.isfinite(about.target) or not 0 <= about.target <= MOST:
        raise Invalid(_("A number from 0 on, please."), "target")
    if measure.unit is Unit.SHARE and about.target > 1:
        raise Invalid(_("A share lies between 0 and 100 per cent."), "target")
    if about.due_on > clock.today() + FARTHEST:
        raise Invalid(_("Choose a day within the next five years."), "due_on")
    if about.owner_id is None or db.session.get(Person, about.owner_id) is None:
        raise Invalid(_("Somebody has to answer for it."), "owner_id")


def check_group(kinds: tuple[str, ...], of: Slice) -> None:
    """Refuse (Invalid) a group of which the figure cannot be read, or of too few people to be shown."""
    if not of.kind:
        return
    if of.kind not in kinds:
        raise Invalid(_("This figure is not counted for a part of the people."), "of")
    if of.id not in groups.shown_groups().get(of.kind, frozenset()):
        raise Invalid(_("Of a group so small nothing is shown, so that nobody can be recognised."), "of")
