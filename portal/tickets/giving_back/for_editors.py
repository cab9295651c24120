"""What the desk puts on the editors' list: solved tickets by topic of which nobody has said what they leave behind."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, case, distinct, func, or_, select

from portal.core.actor import Actor
from portal.core.desk import ME, WEEKS_AGO, DeskAct, DeskRow, DeskRows, Given, first, rows
from portal.core.permissions import Permission
from portal.kb.models import Category
from portal.people.audiences import holds
from portal.tickets.giving_back.debt import RESOLVED
from portal.tickets.models import QueueMember, Source, Ticket

KINDS = {"debt": _l("Tickets to learn from")}


def ask(given: Given) -> list[Select[Any]]:
    """Ask for topics with tickets resolved in four weeks that say nothing, in the queues somebody works.

    Everybody of them ended at the desk: that is how their tickets came about.
    """
    if not (given.can(Permission.TICKET_WORK) or given.can(Permission.TICKET_MANAGE)):
        return []
    people = func.count(distinct(Ticket.requester_id))
    title = case((holds(Category.access_key, given.keys), Category.title), else_="")
    query = rows(
        "debt",
        func.coalesce(Category.id, 0),
        people=people,
        met=people,
        lost=people,
        title=func.max(title),
        n=func.count(Ticket.id),
    )
    query = query.outerjoin_from(Ticket, Category, Category.id == Ticket.category_id)
    query = query.where(
        or_(*(Ticket.status == one for one in RESOLVED)), Ticket.knowledge.is_(None), Ticket.resolved_at > WEEKS_AGO
    )
    query = query.where(Ticket.source != Source.IMPORT.value)
    if not given.can(Permission.TICKET_MANAGE):
        worked = select(QueueMember.queue_id).where(QueueMember.person_id == ME)
        query = query.where(Ticket.queue_id.in_(worked))
    return [first(query.group_by(Category.id), people.desc())]


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say which tickets are to be spoken of."""
    url = url_for("giving_back.owed")
    title = ngettext(
        "Say what %(num)s solved ticket about “%(topic)s” leaves behind",
        "Say what %(num)s solved tickets about “%(topic)s” leave behind",
        row.n,
        topic=row.title or _("another topic"),
    )
    return DeskRow(
        icon="inbox",
        title=title,
        url=url,
        why=_("resolved in the last four weeks; nobody has said whether an article answers them or is to be written"),
        act=DeskAct(label=_("Say it"), url=url),
    )


ROWS = DeskRows(kinds=KINDS, ask=ask, draw=draw, order=50)
