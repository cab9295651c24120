"""Goals and interventions, put in through the services, and a house in which something can be counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from analytics.effects.judging import Direction
from portal.adoption import goals, interventions, planning
from portal.adoption.goals import About
from portal.adoption.models import Goal, Intervention, Sort
from portal.core import clock
from portal.core.actor import Actor
from portal.measures.reports import Slice
from portal.people.models import Department

DAY = dt.timedelta(days=1)


def goal(actor: Actor, **changes: Any) -> Goal:
    """Set a goal: seven of ten look here first, in half a year."""
    return goals.set_goal(actor, about_goal(actor, **changes))


def about_goal(actor: Actor, **changes: Any) -> About:
    given: dict[str, Any] = {
        "title": "Seven of ten look here first",
        "why": "",
        "measure": "self_service_first",
        "of": Slice(),
        "target": 0.7,
        "due_on": clock.today() + 180 * DAY,
        "owner_id": actor.person_id,
    }
    return About(**{**given, **changes})


def about(actor: Actor, **changes: Any) -> interventions.About:
    """What an intervention says: a campaign that is to bring more needs here."""
    given: dict[str, Any] = {
        "title": "Ask the portal first",
        "sort": Sort.CAMPAIGN,
        "what": "Ten minutes in the morning meeting.",
        "flaw": "",
        "wave_id": None,
        "measure": "needs_rate",
        "direction": Direction.UP,
        "expected": 20.0,
        "stop_on": clock.today() + 120 * DAY,
        "cost": 400.0,
        "owner_id": actor.person_id,
    }
    return interventions.About(**{**given, **changes})


def intervention(actor: Actor, starts: Mapping[Department, int], **changes: Any) -> Intervention:
    """Register an intervention; `starts` are days from now."""
    days = {unit.id: clock.today() + after * DAY for unit, after in starts.items()}
    return interventions.register(actor, about(actor, **changes), planning.chosen(days))
