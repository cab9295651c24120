"""What the desk puts on the editors' list: solved tickets by topic of which nobody has said what they leave behind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import distinct, func, select

from analytics.content import Work
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows
from portal.kb.caring.insight import LATELY
from portal.kb.models import Category
from portal.tickets import policies
from portal.tickets.giving_back import debt
from portal.tickets.models import Ticket

KINDS = {"debt": _l("Tickets to learn from")}


def _facts(actor: Actor) -> Any:
    """Return the statement of topics with tickets resolved in four weeks that say nothing, and of how many people."""
    query = select(
        func.coalesce(Category.id, 0).label("id"),
        func.max(Category.title).label("title"),
        func.max(Category.access_key).label("access_key"),
        func.count(Ticket.id).label("n"),
        func.count(distinct(Ticket.requester_id)).label("n_people"),
    )
    query = query.select_from(Ticket).outerjoin(Category, Category.id == Ticket.category_id)
    query = query.where(debt.is_open(actor), Ticket.resolved_at > clock.now() - LATELY)
    return query.group_by(Category.id).order_by(func.count(Ticket.id).desc()).limit(MOST)


def find(actor: Actor) -> list[Work]:
    """Return topics the actor's queues have learnt nothing of lately; one query. Who works no queue has none."""
    if not policies.is_agent(actor):
        return []
    rows = db.session.execute(_facts(actor))
    # Everybody of them ended at the desk: that is how their tickets came about.
    return [Work(item=f"debt:{row.id}", people=row.n_people, met=row.n_people, lost=row.n_people) for row in rows]


def draw(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return these rows; one query."""
    if not policies.is_agent(actor):
        return {}
    found = {f"debt:{row.id}": row for row in db.session.execute(_facts(actor))}
    return {key: _row(actor, found[key]) for key in keys if key in found}


def _row(actor: Actor, row: Any) -> DeskRow:
    topic = row.title if row.id and actor.sees(row.access_key) else _("another topic")
    url = url_for("giving_back.owed")
    title = ngettext(
        "Say what %(num)s solved ticket about “%(topic)s” leaves behind",
        "Say what %(num)s solved tickets about “%(topic)s” leave behind",
        row.n,
        topic=topic,
    )
    return DeskRow(
        icon="inbox",
        title=title,
        url=url,
        why=_("resolved in the last four weeks; nobody has said whether an article answers them or is to be written"),
        acts=(DeskAct(label=_("Say it"), url=url),),
    )


ROWS = DeskRows(kinds=KINDS, find=find, draw=draw, order=50)
