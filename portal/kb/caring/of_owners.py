"""Rows about articles nobody looks after: of whoever left, and of nobody at all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, or_, select

from analytics.content import Work
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows
from portal.core.i18n import day
from portal.kb.caring import met
from portal.kb.models import Article, DeskMet, Status
from portal.kb.shelving import inventory
from portal.people.audiences import visible
from portal.people.models import Person

KINDS = {"owner": _l("Nobody looks after them")}


def _facts(actor: Actor) -> Any:
    """Return the statement of who left or nobody (0), with how many articles, and how many people met the most met."""
    query = select(
        Article.owner_id.label("id"),
        func.count().label("n"),
        func.max(met.people()).label("n_people"),
        func.max(Person.name).label("name"),
        func.max(Person.deactivated_at).label("left_at"),
    )
    query = query.outerjoin(Person, Person.id == Article.owner_id)
    query = query.outerjoin(DeskMet, met.is_of(met.ref("article", Article.id)))
    query = query.where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    query = query.where(or_(Article.owner_id.is_(None), Person.is_active.is_(False)))
    return query.group_by(Article.owner_id).order_by(func.max(met.people()).desc()).limit(MOST)


def find(actor: Actor) -> list[Work]:
    """Return who left articles behind; one query."""
    return [
        Work(item=f"owner:{row.id or 0}", people=row.n_people, met=0, lost=0)
        for row in db.session.execute(_facts(actor))
    ]


def draw(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return these rows; one query."""
    found = {f"owner:{row.id or 0}": row for row in db.session.execute(_facts(actor))}
    return {key: _row(found[key]) for key in keys if key in found}


def _row(row: Any) -> DeskRow:
    if not row.id:
        url = url_for("shelf.articles", owner=inventory.NOBODY)
        return DeskRow(
            icon="user",
            title=ngettext("Find somebody for %(num)s article", "Find somebody for %(num)s articles", row.n),
            url=url,
            why=_("nobody looks after them: their readers’ words reach every editor, and nobody in particular"),
            acts=(DeskAct(label=_("See them"), url=url),),
        )
    url = url_for("shelf.hand_over", person_id=row.id)
    title = ngettext(
        "Hand over %(num)s article of %(name)s", "Hand over %(num)s articles of %(name)s", row.n, name=row.name
    )
    why = _("left %(when)s", when=day(row.left_at)) if row.left_at else _("has left")
    return DeskRow(
        icon="hand-over",
        title=title,
        url=url,
        why=_("%(why)s; the number is of the article most people read", why=why),
        acts=(DeskAct(label=_("Hand over"), url=url),),
    )


ROWS = DeskRows(kinds=KINDS, find=find, draw=draw, order=60)
