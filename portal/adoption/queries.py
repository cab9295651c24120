"""Lists of goals and interventions, and what can be chosen for them."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.adoption import policies
from portal.adoption.models import Goal, Intervention, Start
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Permission
from portal.measures import people as groups
from portal.people.models import Department


def goals(actor: Actor) -> list[Goal]:
    """Return all goals: those that are followed by their day, then those given up."""
    actor.require(Permission.INSIGHT_READ)
    query = select(Goal).options(joinedload(Goal.owner)).order_by(Goal.dropped_at.is_not(None), Goal.due_on, Goal.id)
    return list(db.session.execute(query).scalars())


def interventions(actor: Actor) -> list[Intervention]:
    """Return the interventions this actor may see, the latest first."""
    query = select(Intervention).where(policies.seen(actor)).order_by(Intervention.id.desc())
    query = query.options(
        joinedload(Intervention.owner), selectinload(Intervention.starts).joinedload(Start.department)
    )
    return list(db.session.execute(query).scalars())


def offered_groups() -> list[tuple[str, str]]:
    """Return the groups that may be shown, as a form names them and as people do."""
    shown = groups.shown_groups()
    words = {"department": _("Department"), "site": _("Site")}
    return [
        (f"{kind}:{number}", f"{words[kind]}: {name}")
        for kind in ("department", "site")
        for number, name in groups.names(kind).items()
        if number in shown[kind]
    ]


def group_name(goal: Goal) -> str:
    """Return whose figure a goal is about."""
    if not goal.of.kind:
        return _("Everybody")
    return groups.names(goal.of.kind).get(goal.of.id, "")


def departments() -> list[Department]:
    """Return every department, by name."""
    return list(db.session.execute(select(Department).order_by(Department.name)).scalars())
