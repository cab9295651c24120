"""Who may see and manage goals and interventions. Used by services and templates, so no button lies."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from portal.adoption.models import Goal, Intervention
from portal.core.actor import Actor
from portal.core.permissions import Permission


def can_read(actor: Actor) -> bool:
    """Whoever may see figures sees what is steered by them."""
    return actor.can(Permission.INSIGHT_READ)


def can_set_goals(actor: Actor) -> bool:
    return actor.can(Permission.GOAL_MANAGE)


def can_change_goal(actor: Actor, goal: Goal) -> bool:
    """One that was given up stays as it was."""
    return can_set_goals(actor) and goal.dropped_at is None


def can_register(actor: Actor) -> bool:
    return actor.can(Permission.INTERVENTION_MANAGE)


def can_see(actor: Actor, intervention: Intervention) -> bool:
    """What came of one is for everybody once it is published."""
    return can_read(actor) or (actor.is_signed_in and intervention.published_at is not None)


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for `can_see`."""
    if can_read(actor):
        return true()
    return Intervention.published_at.is_not(None) if actor.is_signed_in else false()


def can_change(actor: Actor, intervention: Intervention) -> bool:
    """What was stopped or published stays as it was."""
    return can_register(actor) and intervention.stopped_at is None and intervention.published_at is None


def can_publish(actor: Actor, intervention: Intervention) -> bool:
    return can_register(actor) and intervention.published_at is None
