"""Who may plan, see and change a wave. Used by services and templates, so no button lies."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.pulse.models import Wave, WaveState


def can_plan(actor: Actor) -> bool:
    return actor.can(Permission.SURVEY_PLAN)


def reads(actor: Actor) -> bool:
    """Whoever may know what was answered before its outcome is published."""
    return can_plan(actor) or actor.can(Permission.SURVEY_READ)


def can_see(actor: Actor, wave: Wave) -> bool:
    """Planners see every wave; who reads surveys sees those that are worked out."""
    if can_plan(actor):
        return True
    return actor.can(Permission.SURVEY_READ) and wave.state == WaveState.CLOSED


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for `can_see`."""
    if can_plan(actor):
        return true()
    return Wave.state == WaveState.CLOSED.value if actor.can(Permission.SURVEY_READ) else false()


def can_edit(actor: Actor, wave: Wave) -> bool:
    """What a wave means is settled at its launch."""
    return can_plan(actor) and wave.state == WaveState.DRAFT
