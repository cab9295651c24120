"""Goals and interventions as others may show them."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.adoption import interventions as verbs
from portal.adoption import policies, presenting, wording
from portal.adoption.models import Goal, Intervention
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing


def goals(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the goals this actor may see; one query."""
    if not ids or not policies.can_read(actor):
        return {}
    rows = db.session.execute(select(Goal).where(Goal.id.in_(ids))).scalars()
    return {
        told.goal.id: Thing(
            ref=told.goal.ref,
            title=told.goal.title,
            url=url_for("goals.show", goal_id=told.goal.id),
            summary=told.finding,
            meta={"words": [told.label], "status": told.status.value},
        )
        for told in map(presenting.goal, rows)
    }


def interventions(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the interventions this actor may see; two queries."""
    if not ids:
        return {}
    query = select(Intervention).where(Intervention.id.in_(ids), policies.seen(actor))
    rows = db.session.execute(query.options(selectinload(Intervention.starts))).scalars()
    return {
        row.id: Thing(
            ref=row.ref,
            title=row.title,
            url=url_for("interventions.show", intervention_id=row.id),
            summary=presenting.intervention(row).finding,
            meta={"words": [str(wording.STATES[verbs.state_of(row)][0])]},
        )
        for row in rows
    }
