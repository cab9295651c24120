"""Rows about articles nobody looks after: of whoever left, and of nobody at all."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, func, or_

from portal.core.actor import Actor
from portal.core.desk import DeskAct, DeskRow, DeskRows, Given, first, rows
from portal.core.i18n import day
from portal.kb.caring import met
from portal.kb.models import Article, DeskMet, Status
from portal.kb.shelving import inventory
from portal.people.audiences import holds
from portal.people.models import Person

KINDS = {"owner": _l("Nobody looks after them")}


def ask(given: Given) -> list[Select[Any]]:
    """Ask for who left or nobody (0), with how many articles, and how many people met the most met of them."""
    most = func.max(met.PEOPLE)
    query = rows(
        "owner",
        func.coalesce(Article.owner_id, 0),
        people=most,
        who=func.max(Person.name),
        at=func.max(Person.deactivated_at),
        n=func.count(),
    )
    query = query.outerjoin_from(Article, Person, Person.id == Article.owner_id)
    query = query.outerjoin(DeskMet, met.is_of("article", Article.id))
    query = query.where(Article.status == Status.PUBLISHED.value, holds(Article.access_key, given.keys))
    query = query.where(or_(Article.owner_id.is_(None), Person.is_active.is_(False)))
    return [first(query.group_by(Article.owner_id), most.desc())]


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say whose articles want somebody."""
    if not row.id:
        url = url_for("shelf.articles", owner=inventory.NOBODY)
        return DeskRow(
            icon="user",
            title=ngettext("Find somebody for %(num)s article", "Find somebody for %(num)s articles", row.n),
            url=url,
            why=_("nobody looks after them: their readers’ words reach every editor, and nobody in particular"),
            act=DeskAct(label=_("See them"), url=url),
        )
    url = url_for("shelf.hand_over", person_id=row.id)
    title = ngettext(
        "Hand over %(num)s article of %(name)s", "Hand over %(num)s articles of %(name)s", row.n, name=row.who
    )
    why = _("left %(when)s", when=day(row.at)) if row.at else _("has left")
    return DeskRow(
        icon="hand-over",
        title=title,
        url=url,
        why=_("%(why)s; the number is of the article most people read", why=why),
        act=DeskAct(label=_("Hand over"), url=url),
    )


ROWS = DeskRows(kinds=KINDS, ask=ask, draw=draw, order=60)
