"""Rows about what is to be written: searches without an answer, drafts somebody began, titles that stand twice."""

from __future__ import annotations

import json
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, String, case, cast, func, or_
from sqlalchemy.orm import aliased

from portal.core.actor import Actor
from portal.core.desk import ASIDE, ME, MONTHS_AGO, DeskAct, DeskRow, DeskRows, Found, Given, first, rows
from portal.core.i18n import ago
from portal.core.paths import path
from portal.core.permissions import Permission
from portal.kb.caring import hiding, insight, met
from portal.kb.caring.of_people import first_name
from portal.kb.models import Article, DeskMet, Draft, SearchFinding, State, Twins
from portal.people.audiences import holds
from portal.people.models import Person

KINDS = {
    "gap": _l("Searches without an answer"),
    "slip": _l("Misspelt words"),
    "draft": _l("Drafts to finish"),
    "twins": _l("Duplicates"),
}
JOINING = 2
"""Effort of making two texts one, or finishing one: an hour. What lacks is begun in a quarter of one."""
WRITTEN = (State.WRITING.value, State.CHANGES_REQUESTED.value, State.APPROVED.value)
NONE = "[]"


def ask(given: Given) -> list[Select[Any]]:
    """Ask for what is to be written."""
    found = [_gaps(), _answering(), _drafts(given)]
    return [*found, _twins(given)] if given.can(Permission.ARTICLE_PUBLISH) else found


def _gaps() -> Select[Any]:
    """Of a gap everybody who searched is known: they found nothing."""
    slip, people = func.coalesce(DeskMet.slip_of, ""), SearchFinding.n_people
    query = rows(
        case((slip != "", "slip"), else_="gap"),
        SearchFinding.id,
        people=people,
        met=people,
        lost=case((DeskMet.n_lost > people, people), else_=DeskMet.n_lost),
        slug=slip,
        note=cast(SearchFinding.words, String),
    )
    query = query.outerjoin_from(SearchFinding, DeskMet, met.is_of("gap", SearchFinding.id))
    return first(query.where(SearchFinding.article_id.is_(None)), people.desc(), SearchFinding.id)


def _answering() -> Select[Any]:
    """What drafts of the last months answer, or are to answer: no gap any more, before anybody can read it."""
    query = rows(ASIDE, Draft.id, note=cast(Draft.queries, String))
    return first(query.where(insight.is_answering(MONTHS_AGO)), Draft.saved_at.desc())


def _drafts(given: Given) -> Select[Any]:
    """What this actor writes, and what others began of a ticket, an answer or a search, for an editor to finish."""
    is_own = func.coalesce(or_(Draft.saved_by_id == ME, Draft.created_by_id == ME), False)
    has_reason = or_(cast(Draft.sources, String) != NONE, cast(Draft.queries, String) != NONE)
    query = rows(
        "draft",
        Draft.id,
        **met.at_least(1),
        effort=JOINING,
        title=Draft.title,
        slug=case((cast(Draft.queries, String) != NONE, "search"), else_=""),
        who=Person.name,
        at=Draft.saved_at,
        note=cast(Draft.sources, String),
        n=hiding.is_moved(),
        m=case((is_own, 1), else_=0),
    )
    query = query.join_from(Draft, Article, Article.id == Draft.article_id)
    query = query.outerjoin(Person, Person.id == Draft.saved_by_id)
    query = query.outerjoin(DeskMet, met.is_of("draft", Draft.id))
    query = query.where(Draft.is_open.is_(True), or_(*(Draft.state == one for one in WRITTEN)), or_(is_own, has_reason))
    return first(query.where(holds(Article.access_key, given.keys)), Draft.saved_at.desc(), Draft.id)


def _twins(given: Given) -> Select[Any]:
    one, other = aliased(Article), aliased(Article)
    query = rows(
        "twins", Twins.id, **met.WEIGHT, effort=JOINING,
        title=one.title, slug=one.slug, who=other.title, note=other.slug,
    )  # fmt: skip
    query = query.join_from(Twins, one, one.id == Twins.one_id).join(other, other.id == Twins.other_id)
    query = query.outerjoin(DeskMet, met.is_of("article", one.id))
    return first(query.where(met.is_up(one, given), met.is_up(other, given)), met.PEOPLE.desc(), Twins.id)


def keep(actor: Actor, found: Found) -> Found:
    """Leave out searches that a draft answers, and drafts the actor may not see."""
    answered = {words.casefold() for row in found if row.kind == ASIDE for words in _words(row)}
    if answered:
        found = [row for row in found if row.kind != ASIDE and not _is_answered(row, answered)]
    return hiding.keep(actor, found)


def _is_answered(row: Any, answered: set[str]) -> bool:
    return row.kind in ("gap", "slip") and not answered.isdisjoint(words.casefold() for words in _words(row))


def _words(row: Any) -> list[str]:
    found: list[str] = json.loads(row.note)
    return found


def draw(actor: Actor, row: Any) -> DeskRow:
    """Say what is to be written."""
    if row.kind == "slip":
        return _slip(actor, row)
    return {"gap": _gap, "draft": _draft, "twins": _pair}[row.kind](row)


def _gap(row: Any) -> DeskRow:
    words = _words(row)
    return DeskRow(
        icon="search",
        title=_("Answer “%(words)s”", words=words[0]),
        url=url_for("search.results", q=words[0]),
        why=_("%(n)s people searched for it in the last four weeks and found nothing", n=row.people),
        act=_write(words),
        more=lambda: [_search(words)],
    )


def _write(words: list[str]) -> DeskAct:
    title = words[0][:1].upper() + words[0][1:]
    return DeskAct(label=_("Write the answer"), url=url_for("editing.new", title=title, query=words))


def _search(words: list[str]) -> DeskAct:
    return DeskAct(label=_("Search for it"), url=url_for("search.results", q=words[0]))


def _slip(actor: Actor, row: Any) -> DeskRow:
    words = _words(row)
    teach = DeskAct(label=_("Teach the search"), url=url_for("words.index"))
    can_teach = actor.can(Permission.WORDS_MANAGE)
    return DeskRow(
        icon="search",
        title=_("Teach the search that “%(words)s” means “%(known)s”", words=words[0], known=row.slug),
        url=url_for("search.results", q=words[0]),
        why=_("%(n)s people typed it in the last four weeks and found nothing", n=row.people),
        act=teach if can_teach else _search(words),
        more=lambda: [_write(words), _search(words)],
    )


def _draft(row: Any) -> DeskRow:
    url, title, at = path("editing.edit", draft_id=row.id), row.title or _("Untitled"), ago(row.at)
    kinds = {source.partition(":")[0] for source in json.loads(row.note)}
    who = first_name(row.who)
    begun = _("%(who)s began it, %(when)s", who=who, when=at)
    if "ticket" in kinds:
        begun = _("%(who)s began it from a solved ticket, %(when)s", who=who, when=at)
    elif kinds & {"answer", "question"}:
        begun = _("%(who)s began it from an accepted answer, %(when)s", who=who, when=at)
    elif row.slug:
        begun = _("%(who)s began it because people searched in vain, %(when)s", who=who, when=at)
    return DeskRow(
        icon="pencil",
        title=_("Go on with “%(title)s”", title=title) if row.m else _("Finish and publish “%(title)s”", title=title),
        url=url,
        why=_("you changed it %(when)s", when=at) if row.m else begun,
        act=DeskAct(label=_("Open the draft"), url=url),
    )


def _pair(row: Any) -> DeskRow:
    return DeskRow(
        icon="copy",
        title=_("Make “%(one)s” and “%(other)s” one", one=row.title, other=row.who),
        url=path("kb.article", slug=row.slug),
        why=_("two articles have nearly the same title, and readers land on either"),
        act=DeskAct(label=_("Merge them"), url=url_for("arranging.index", slug=row.slug, into=row.note)),
        more=lambda: [DeskAct(label=_("Read the other"), url=path("kb.article", slug=row.note))],
    )


ROWS = DeskRows(kinds=KINDS, ask=ask, draw=draw, keep=keep, order=30)
