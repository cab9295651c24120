"""Rows about published texts: those after which many still end at the desk, overdue checks, broken links, unread ones.

An article stands on the list once, under what weighs most, with everything that presses among its terms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from analytics.content import Work
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows
from portal.core.i18n import day
from portal.kb import policies
from portal.kb.caring import met
from portal.kb.models import Article, ArticleLink, DeskMet, LinkState, Risk, Status
from portal.kb.shelving import inventory, ownership
from portal.ledger.queries import MIN_PEOPLE
from portal.people.audiences import visible
from portal.talk.models import Solution

KINDS = {
    "weak": _l("Weak articles"),
    "check": _l("Overdue checks"),
    "link": _l("Broken links"),
    "unread": _l("Never read"),
}
REWRITING = 2
"""Effort: an hour. A check, a link or the archive take a quarter of one."""


def find(actor: Actor) -> list[Work]:
    """Return what is to be done about texts; two queries."""
    whole = met.whole()
    query = _facts().where(visible(Article.access_key, actor)).order_by(met.people().desc(), Article.id).limit(MOST)
    return [one for row in db.session.execute(query) if (one := _work(row, whole.share)) is not None]


def _facts() -> Any:
    """Return the statement of published articles with something wrong, and what is known of each."""
    broken, doubted = _broken(), _doubted()
    late = inventory.is_overdue(inventory.today())
    query = select(
        *(Article.id, Article.risk, Article.review_by, late.label("is_late"), *met.COUNTED, DeskMet.is_unread),
        *(broken.c.n.label("n_broken"), doubted.c.n.label("n_doubted")),
    )
    query = query.outerjoin(DeskMet, met.is_of(met.ref("article", Article.id)))
    query = query.outerjoin(broken, broken.c.article_id == Article.id)
    query = query.outerjoin(doubted, doubted.c.subject == met.ref("article", Article.id))
    wrong = or_(late, broken.c.n.is_not(None), DeskMet.n_lost >= MIN_PEOPLE, DeskMet.is_unread.is_(True))
    return query.where(Article.status == Status.PUBLISHED.value, wrong)


def _broken() -> Any:
    query = select(ArticleLink.article_id, func.count().label("n"))
    query = query.where(ArticleLink.state == LinkState.BROKEN.value)
    return query.group_by(ArticleLink.article_id).subquery()


def _doubted() -> Any:
    """Readers who said in words that it did not help, and whom nobody has answered."""
    query = select(Solution.subject, func.count().label("n"))
    query = query.where(Solution.is_solved.is_(False), Solution.replied_at.is_(None), Solution.comment != "")
    return query.group_by(Solution.subject).subquery()


def _kind(row: Any, share: float) -> str:
    if met.is_weak(row.n_met or 0, row.n_lost or 0, share):
        return "weak"
    if row.is_late:
        return "check"
    if row.n_broken:
        return "link"
    return "unread" if row.is_unread else ""


def _is_harmful(row: Any) -> bool:
    return bool(row.is_late) and row.risk == Risk.HIGH.value


def _work(row: Any, share: float) -> Work | None:
    kind = _kind(row, share)
    if not kind:
        return None
    return met.work(
        f"{kind}:{row.id}",
        row,
        effort=REWRITING if kind == "weak" else 1,
        overdue=bool(row.is_late),
        flagged=bool(row.n_broken or row.n_doubted) or _is_harmful(row),
    )


def draw(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return the rows of these articles; two queries."""
    kinds = {int(number): kind for kind, _colon, number in (key.partition(":") for key in keys)}
    facts = {row.id: row for row in db.session.execute(_facts().where(Article.id.in_(kinds)))} if kinds else {}
    query = select(Article).where(Article.id.in_(facts), visible(Article.access_key, actor))
    query = query.options(joinedload(Article.owner), joinedload(Article.category), *ownership.LIGHT)
    articles = db.session.execute(query).scalars() if facts else ()
    return {f"{kinds[one.id]}:{one.id}": _row(actor, one, kinds[one.id], facts[one.id]) for one in articles}


def _row(actor: Actor, article: Article, kind: str, facts: Any) -> DeskRow:
    titles = {
        "weak": _("Improve “%(title)s”", title=article.title),
        "check": _("Check “%(title)s”", title=article.title),
        "link": _("Mend the links of “%(title)s”", title=article.title),
        "unread": _("Keep or archive “%(title)s”", title=article.title),
    }
    icons = {"weak": "pencil", "check": "clock", "link": "link", "unread": "eye"}
    return DeskRow(
        icon=icons[kind],
        title=titles[kind],
        url=url_for("shelf.article", slug=article.slug),
        why=", ".join(_why(article, kind, facts)),
        overdue=_("check overdue") if facts.is_late else "",
        flagged=_flagged(facts),
        is_urgent=_is_harmful(facts),
        acts=tuple(_acts(actor, article, kind)),
    )


def _why(article: Article, kind: str, facts: Any) -> Iterator[str]:
    if kind == "weak":
        yield _("%(lost)s of %(met)s who read it ended at the desk or said that it did not help",
                lost=facts.n_lost, met=facts.n_met)  # fmt: skip
    if facts.is_late:
        yield _("due since %(day)s", day=day(article.review_by))
    if _is_harmful(facts):
        yield _("a mistake does much harm here")
    if facts.n_broken:
        yield ngettext("%(num)s link leads nowhere", "%(num)s links lead nowhere", facts.n_broken)
    if kind == "unread":
        yield _("nobody has read it in half a year")
    if article.owner is not None:
        yield _("%(name)s looks after it", name=article.owner.first_name)


def _flagged(facts: Any) -> str:
    if facts.n_doubted:
        return _("a reader waits")
    if facts.n_broken:
        return _("broken link")
    return _("much harm") if _is_harmful(facts) else ""


def _acts(actor: Actor, article: Article, kind: str) -> Iterator[DeskAct]:
    edit = DeskAct(label=_("Edit"), url=url_for("editing.of", slug=article.slug), field=("from", "desk"))
    if kind in ("weak", "link"):
        yield edit
    if kind == "unread":
        yield DeskAct(label=_("Archive"), url=url_for("arranging.index", slug=article.slug))
    if policies.can_verify(actor, article):
        yield DeskAct(label=_("It is right"), url=url_for("kb.verify", slug=article.slug), field=("back", "desk"))
    if kind == "check":
        yield edit
    yield DeskAct(label=_("Read it"), url=url_for("kb.article", slug=article.slug))


ROWS = DeskRows(kinds=KINDS, find=find, draw=draw, order=40)
