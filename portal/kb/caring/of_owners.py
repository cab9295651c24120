"""Rows about articles nobody looks after: of whoever left, and of nobody at all."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Integer, Select, func, literal_column, select

from portal.core.actor import Actor
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows, Given, first, rows
from portal.core.i18n import day
from portal.kb.caring import met
from portal.kb.models import Article, DeskMet
from portal.kb.shelving import inventory
from portal.people.models import Person

KINDS = {"owner": _l("Nobody looks after them")}
_NOBODY = literal_column("0", Integer)


def ask(given: Given) -> list[Select[Any]]:
    """Ask for who left, and for nobody (0), with how many articles, and how many people met the most met of them.

    Articles are counted up to `MOST`: what is to be handed over in hundreds needs no exact number.
    """
    owners = select(Article.owner_id).where(Article.owner_id.is_not(None)).distinct().subquery()
    n = _n(given, Article.owner_id == Person.id)
    left = rows("owner", Person.id, people=DeskMet.n_people, who=Person.name, at=Person.deactivated_at, n=n)
    left = left.join_from(owners, Person, Person.id == owners.c.owner_id)
    left = left.outerjoin(DeskMet, met.is_of("owner", Person.id)).where(Person.is_active.is_(False), n > 0)
    n = _n(given, Article.owner_id.is_(None))
    people = select(DeskMet.n_people).where(met.is_of("owner", _NOBODY)).scalar_subquery()
    return [first(left, met.PEOPLE.desc(), Person.id), first(rows("owner", _NOBODY, people=people, n=n).where(n > 0))]


def _n(given: Given, of: ColumnElement[bool]) -> Any:
    found: Select[Any] = select(literal_column("1")).select_from(Article).where(of, met.is_up(Article, given))
    some = found.limit(MOST + 1).correlate(Person).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say whose articles want somebody."""
    if not row.id:
        url = url_for("shelf.articles", owner=inventory.NOBODY)
        return DeskRow(
            icon="user",
            title=_("Find somebody for more than %(n)s articles", n=MOST)
            if row.n > MOST
            else ngettext("Find somebody for %(num)s article", "Find somebody for %(num)s articles", row.n),
            url=url,
            why=_("nobody looks after them: their readers’ words reach every editor, and nobody in particular"),
            act=DeskAct(label=_("See them"), url=url),
        )
    url = url_for("shelf.hand_over", person_id=row.id)
    title = (
        _("Hand over more than %(n)s articles of %(name)s", n=MOST, name=row.who)
        if row.n > MOST
        else ngettext(
            "Hand over %(num)s article of %(name)s", "Hand over %(num)s articles of %(name)s", row.n, name=row.who
        )
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
