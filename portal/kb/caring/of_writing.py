"""Rows about what is to be written: searches without an answer, drafts somebody began, titles that stand twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, defer, joinedload

from analytics.content import Work
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import MOST, DeskAct, DeskRow, DeskRows, numbers
from portal.core.i18n import ago
from portal.core.permissions import Permission
from portal.kb import policies
from portal.kb.caring import insight, met
from portal.kb.models import Article, DeskMet, Draft, SearchFinding, State, Status, Twins
from portal.people.audiences import visible

KINDS = {
    "gap": _l("Searches without an answer"),
    "slip": _l("Misspelt words"),
    "draft": _l("Drafts to finish"),
    "twins": _l("Duplicates"),
}
JOINING = 2
"""Effort of making two texts one: an hour. What lacks is written in a quarter, the words of the search at hand."""
FIRST = State.WRITING.value, State.CHANGES_REQUESTED.value, State.APPROVED.value


def find(actor: Actor) -> list[Work]:
    """Return what is to be written; five queries."""
    return [*_gaps(), *_drafts(actor), *_twins(actor)]


def _gaps() -> Iterator[Work]:
    missed = insight.missed()
    counted = _counted([row.id for row in missed])
    for row in missed:
        known = counted.get(f"gap:{row.id}")
        # Of a gap everybody who searched is known: they found nothing.
        n, lost = row.n_people, min(known.n_lost, row.n_people) if known else 0
        kind = "slip" if known and known.slip_of else "gap"
        yield Work(item=f"{kind}:{row.id}", people=n, met=n, lost=lost)


def _counted(ids: Collection[int]) -> dict[str, DeskMet]:
    query = select(DeskMet).where(DeskMet.subject.in_([f"gap:{one}" for one in ids]))
    return {row.subject: row for row in db.session.execute(query).scalars()}


def _drafts(actor: Actor) -> Iterator[Work]:
    """What this actor writes, and what others began of a ticket, an answer or a search, for an editor to finish."""
    query = select(Draft.id, Draft.sources, Draft.queries, Draft.saved_by_id, Draft.created_by_id, *met.COUNTED)
    query = query.join(Draft.article).outerjoin(DeskMet, met.is_of(met.ref("article", Draft.article_id)))
    query = query.where(Draft.is_open.is_(True), Draft.state.in_(FIRST), visible(Article.access_key, actor))
    rows = db.session.execute(query.order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(MOST)).all()
    asked = _asked() if rows else {}
    for row in rows:
        is_own = actor.person_id in (row.saved_by_id, row.created_by_id)
        given = [source for source in row.sources if not source.startswith("article:")]
        if not (is_own or given or row.queries):
            continue
        n_asked = max((asked.get(words.casefold(), 0) for words in row.queries), default=0)
        yield met.work(f"draft:{row.id}", row, least=max(1, len(given), n_asked), effort=JOINING)


def _asked() -> dict[str, int]:
    """Return how many people searched for each of the failed searches."""
    query = select(SearchFinding.words, SearchFinding.n_people).where(SearchFinding.article_id.is_(None))
    return {one.casefold(): n for words, n in db.session.execute(query) for one in words}


def _twins(actor: Actor) -> Iterator[Work]:
    if not actor.can(Permission.ARTICLE_PUBLISH):
        return
    one, other, first, second = aliased(Article), aliased(Article), aliased(DeskMet), aliased(DeskMet)
    query = select(Twins.id, first.n_people, first.n_met, first.n_lost, second.n_people.label("n_others"))
    query = query.join(one, one.id == Twins.one_id).join(other, other.id == Twins.other_id)
    query = query.outerjoin(first, first.subject == met.ref("article", one.id))
    query = query.outerjoin(second, second.subject == met.ref("article", other.id))
    query = query.where(*_are_up(one, other, actor))
    for row in db.session.execute(query.order_by(func.coalesce(first.n_people, 0).desc(), Twins.id).limit(MOST)):
        yield met.work(f"twins:{row.id}", row, effort=JOINING)


def _are_up(one: Any, other: Any, actor: Actor) -> list[Any]:
    up = Status.PUBLISHED.value
    seen = [visible(one.access_key, actor), visible(other.access_key, actor)]
    return [one.status == up, other.status == up, *seen]


def draw(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return the rows of what is to be written; a query a kind, and one for what was counted of gaps."""
    found: dict[str, DeskRow] = {}
    missed = [*numbers(keys, "gap"), *numbers(keys, "slip")]
    if missed:
        query = select(SearchFinding).where(SearchFinding.id.in_(missed), SearchFinding.article_id.is_(None))
        counted = _counted(missed)
        for gap in db.session.execute(query).scalars():
            known = counted.get(f"gap:{gap.id}")
            slip = known.slip_of if known else ""
            found[f"{'slip' if slip else 'gap'}:{gap.id}"] = _slip(actor, gap, slip) if slip else _gap(gap)
    return {**found, **_drawn_drafts(actor, numbers(keys, "draft")), **_drawn_twins(actor, numbers(keys, "twins"))}


def _gap(row: SearchFinding) -> DeskRow:
    return DeskRow(
        icon="search",
        title=_("Answer “%(words)s”", words=row.words[0]),
        url=url_for("search.results", q=row.words[0]),
        why=_("%(n)s people searched for it in the last four weeks and found nothing", n=row.n_people),
        acts=(
            DeskAct(
                label=_("Write the answer"),
                url=url_for("editing.new", title=row.words[0][:1].upper() + row.words[0][1:], query=row.words),
            ),
            DeskAct(label=_("Search for it"), url=url_for("search.results", q=row.words[0])),
        ),
    )


def _slip(actor: Actor, row: SearchFinding, known: str) -> DeskRow:
    teach = DeskAct(label=_("Teach the search"), url=url_for("words.index"))
    return DeskRow(
        icon="search",
        title=_("Teach the search that “%(words)s” means “%(known)s”", words=row.words[0], known=known),
        url=url_for("search.results", q=row.words[0]),
        why=_("%(n)s people typed it in the last four weeks and found nothing", n=row.n_people),
        acts=(*((teach,) if actor.can(Permission.WORDS_MANAGE) else ()), *_gap(row).acts),
    )


def _drawn_drafts(actor: Actor, ids: list[int]) -> dict[str, DeskRow]:
    if not ids:
        return {}
    loads = (joinedload(Draft.article).joinedload(Article.category), joinedload(Draft.saved_by), defer(Draft.body))
    query = select(Draft).where(Draft.id.in_(ids)).options(*loads)
    rows = db.session.execute(query).scalars()
    return {f"draft:{row.id}": _draft(actor, row) for row in rows if policies.can_see_draft(actor, row)}


def _draft(actor: Actor, draft: Draft) -> DeskRow:
    is_own = actor.person_id in (draft.created_by_id, draft.saved_by_id)
    url, title, at = url_for("editing.edit", draft_id=draft.id), draft.title or _("Untitled"), ago(draft.saved_at)
    kinds = {source.partition(":")[0] for source in draft.sources}
    who = draft.saved_by.first_name if draft.saved_by else _("Somebody")
    begun = _("%(who)s began it, %(when)s", who=who, when=at)
    if "ticket" in kinds:
        begun = _("%(who)s began it from a solved ticket, %(when)s", who=who, when=at)
    elif kinds & {"answer", "question"}:
        begun = _("%(who)s began it from an accepted answer, %(when)s", who=who, when=at)
    elif draft.queries:
        begun = _("%(who)s began it because people searched in vain, %(when)s", who=who, when=at)
    words = {"title": title}
    return DeskRow(
        icon="pencil",
        title=_("Go on with “%(title)s”", **words) if is_own else _("Finish and publish “%(title)s”", **words),
        url=url,
        why=_("you changed it %(when)s", when=at) if is_own else begun,
        acts=(DeskAct(label=_("Open the draft"), url=url),),
    )


def _drawn_twins(actor: Actor, ids: list[int]) -> dict[str, DeskRow]:
    if not ids:
        return {}
    one, other = aliased(Article), aliased(Article)
    query = select(Twins.id, one.title, one.slug, other.title.label("also"), other.slug.label("also_slug"))
    query = query.join(one, one.id == Twins.one_id).join(other, other.id == Twins.other_id)
    query = query.where(Twins.id.in_(ids), *_are_up(one, other, actor))
    return {f"twins:{row.id}": _pair(row) for row in db.session.execute(query)}


def _pair(row: Any) -> DeskRow:
    return DeskRow(
        icon="copy",
        title=_("Make “%(one)s” and “%(other)s” one", one=row.title, other=row.also),
        url=url_for("kb.article", slug=row.slug),
        why=_("two articles have nearly the same title, and readers land on either"),
        acts=(
            DeskAct(label=_("Merge them"), url=url_for("arranging.index", slug=row.slug, into=row.also_slug)),
            DeskAct(label=_("Read the other"), url=url_for("kb.article", slug=row.also_slug)),
        ),
    )


ROWS = DeskRows(kinds=KINDS, find=find, draw=draw, order=30)
