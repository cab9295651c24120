"""Rows about published texts: those after which many still end at the desk, overdue checks, broken links, unread ones.

An article stands on the list once, under what weighs most, with everything that presses among its terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, and_, case, func, literal_column, or_, select, union_all

from portal.core.actor import Actor
from portal.core.database import unindexed
from portal.core.desk import TODAY, DeskAct, DeskRow, DeskRows, Given, first, rows, word
from portal.core.i18n import day
from portal.core.paths import path
from portal.core.permissions import Permission
from portal.kb.caring import met
from portal.kb.caring.of_people import first_name
from portal.kb.models import PRESSING, Article, ArticleLink, DeskMet, LinkState, Risk, Status
from portal.people.models import Person
from portal.talk import queries as talk
from portal.talk.models import Solution

KINDS = {
    "weak": _l("Weak articles"),
    "check": _l("Overdue checks"),
    "link": _l("Broken links"),
    "unread": _l("Never read"),
}
ICONS = {"weak": "pencil", "check": "clock", "link": "link", "unread": "eye"}
REWRITING = 2
"""Effort: an hour. A check, a link or the archive take a quarter of one."""


def ask(given: Given) -> list[Select[Any]]:
    """Ask for published articles with something wrong."""
    broken, doubted = _broken(), _doubted()
    is_late = and_(Article.review_by.is_not(None), Article.review_by < TODAY)
    is_weak, is_harmful = met.is_weak(), and_(is_late, Article.risk == Risk.HIGH.value)
    is_broken, is_unread = broken.c.n.is_not(None), DeskMet.is_unread.is_(True)
    query = rows(
        case((is_weak, word("weak")), (is_late, word("check")), (is_broken, word("link")), else_=word("unread")),
        Article.id,
        **met.WEIGHT,
        is_late=is_late,
        is_flagged=or_(is_broken, doubted.c.n.is_not(None), is_harmful),
        effort=case((is_weak, literal_column(str(REWRITING))), else_=literal_column("1")),
        title=Article.title,
        slug=Article.slug,
        who=Person.name,
        on=Article.review_by,
        note=Article.risk,
        n=broken.c.n,
        m=doubted.c.n,
    )
    query = query.outerjoin_from(Article, Person, Person.id == Article.owner_id)
    query = query.outerjoin(DeskMet, met.is_of("article", Article.id))
    query = query.outerjoin(broken, broken.c.article_id == Article.id)
    query = query.outerjoin(doubted, doubted.c.subject == met.ref("article", Article.id))
    query = query.where(Article.id.in_(_pressing()), met.is_up(Article, given))
    return [first(query.where(or_(is_late, is_broken, is_weak, is_unread)), met.PEOPLE.desc(), Article.review_by)]


def _pressing() -> Any:
    """Whatever may be on the list: looked up by number, however many articles there are."""
    return union_all(
        select(Article.id).where(Article.status == Status.PUBLISHED.value, Article.review_by < TODAY),
        select(ArticleLink.article_id).where(ArticleLink.state == LinkState.BROKEN.value),
        select(met.number_of("article", DeskMet.subject)).where(PRESSING),
    )


def _broken() -> Any:
    query = select(ArticleLink.article_id, func.count().label("n"))
    query = query.where(ArticleLink.state == LinkState.BROKEN.value)
    return query.group_by(ArticleLink.article_id).subquery()


def _doubted() -> Any:
    """Readers who said in words that it did not help, and whom nobody has answered."""
    subject = unindexed(Solution.subject)
    query = select(subject.label("subject"), func.count().label("n"))
    query = query.where(Solution.is_solved.is_(False), talk.is_open(), talk.wants_a_person())
    return query.group_by(subject).subquery()


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say what is to be done about an article."""
    return DeskRow(
        icon=ICONS[row.kind],
        title=_title(row),
        url=path("shelf.article", slug=row.slug),
        why=", ".join(_why(row)),
        overdue=_("check overdue") if row.is_late else "",
        flagged=_flagged(row),
        is_urgent=_is_harmful(row),
        act=_act(actor, row),
        more=partial(_more, actor, row),
    )


def _title(row: Any) -> str:
    if row.kind == "weak":
        return _("Improve “%(title)s”", title=row.title)
    if row.kind == "check":
        return _("Check “%(title)s”", title=row.title)
    if row.kind == "link":
        return _("Mend the links of “%(title)s”", title=row.title)
    return _("Keep or archive “%(title)s”", title=row.title)


def _is_harmful(row: Any) -> bool:
    return bool(row.is_late) and row.note == Risk.HIGH.value


def _why(row: Any) -> Iterator[str]:
    if row.kind == "weak":
        yield _("%(lost)s of %(met)s who read it ended at the desk or said that it did not help",
                lost=row.lost, met=row.met)  # fmt: skip
    if row.is_late:
        yield _("due since %(day)s", day=day(row.on))
    if _is_harmful(row):
        yield _("a mistake does much harm here")
    if row.n:
        yield ngettext("%(num)s link leads nowhere", "%(num)s links lead nowhere", row.n)
    if row.kind == "unread":
        yield _("nobody has read it in half a year")
    if row.who:
        yield _("%(name)s looks after it", name=first_name(row.who))


def _flagged(row: Any) -> str:
    if row.m:
        return _("a reader waits")
    if row.n:
        return _("broken link")
    return _("much harm") if _is_harmful(row) else ""


def _act(actor: Actor, row: Any) -> DeskAct:
    if row.kind == "unread":
        return DeskAct(label=_("Archive"), url=path("arranging.index", slug=row.slug))
    return _right(row) if row.kind == "check" and _can_verify(actor) else _edit(row)


def _more(actor: Actor, row: Any) -> list[DeskAct]:
    found = [DeskAct(label=_("Read it"), url=path("kb.article", slug=row.slug))]
    if row.kind == "check" and _can_verify(actor):
        return [_edit(row), *found]
    return [_right(row), *found] if _can_verify(actor) else found


def _edit(row: Any) -> DeskAct:
    return DeskAct(label=_("Edit"), url=path("editing.of", slug=row.slug), field=("from", "desk"))


def _right(row: Any) -> DeskAct:
    return DeskAct(label=_("It is right"), url=path("kb.verify", slug=row.slug), field=("back", "desk"))


def _can_verify(actor: Actor) -> bool:
    return actor.can(Permission.ARTICLE_VERIFY) and not actor.is_acting_for


ROWS = DeskRows(kinds=KINDS, ask=ask, draw=draw, order=40)
