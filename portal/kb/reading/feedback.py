"""What readers said of articles and were answered, under the titles of what it is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Row, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.kb import policies
from portal.kb.models import Article, Status
from portal.kb.reading import queries
from portal.kb.reading.queries import HEAVY
from portal.ledger.queries import MIN_PEOPLE
from portal.people.audiences import visible
from portal.talk import queries as talk
from portal.talk.models import Solution

FEEDBACK_PAGE = 30
REASONS_SHOWN = 10
"""Of how many articles the desk shows which reasons were chosen."""


def feedback_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return feedback this actor may answer, under the title of its article; three queries."""
    subjects = dict(db.session.execute(select(Solution.id, Solution.subject).where(Solution.id.in_(ids))).all())
    about = {i: Ref.parse(subject) for i, subject in subjects.items() if subject.startswith("article:")}
    query = _visible(actor).where(Article.id.in_({ref.id for ref in about.values()}))
    articles = {row.ref: row for row in db.session.execute(query).scalars()}
    return {
        i: Thing(
            ref=Ref("feedback", i),
            title=articles[ref].title,
            url=url_for("kb.feedback", _anchor=f"feedback-{i}"),
        )
        for i, ref in about.items()
        if ref in articles and policies.can_answer_feedback(actor, articles[ref])
    }


def _visible(actor: Actor):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Select of several loads
    return (
        select(Article)
        .where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
        .options(joinedload(Article.category), joinedload(Article.verified_by), *HEAVY)
    )


def reply_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return answers this actor was given, under the title of the article; three queries."""
    query = select(Solution).where(Solution.id.in_(ids), Solution.person_id == actor.person_id)
    rows = list(db.session.execute(query.where(Solution.replied_at.is_not(None))).scalars())
    about = {row.id: Ref.parse(row.subject) for row in rows}
    articles = queries.things(actor, {ref.id for ref in about.values() if ref.kind == "article"})
    return {
        row.id: reply_thing(row, articles[about[row.id].id])
        for row in rows
        if about[row.id].kind == "article" and about[row.id].id in articles
    }


def reply_thing(said: Solution, article: Thing) -> Thing:
    """Return the answer to what somebody said, leading to where its words stand.

    The article's page shows what was said of the version that is up; what was said before stands among one's own.
    """
    is_up = said.version == article.meta["version"]
    url = f"{article.url}#solved" if is_up else url_for("home.mine", _anchor=f"said-{said.id}")
    return Thing(ref=Ref("reply", said.id), title=article.title, url=url)


def _titles(actor: Actor, ids: Collection[int]) -> dict[int, Row[int, str, str, int]]:
    is_open = (Article.status == Status.PUBLISHED.value) & visible(Article.access_key, actor)
    query = select(Article.id, Article.slug, Article.title, Article.version).where(Article.id.in_(ids), is_open)
    return {row.id: row for row in db.session.execute(query)}


@dataclass(frozen=True)
class Chosen:
    """Which reasons readers of one article chose, the most chosen first."""

    title: str
    url: str
    reasons: list[tuple[str, int]]


def reasons_chosen(actor: Actor, subjects: Collection[Ref] | None) -> list[Chosen]:
    """Return the reasons chosen for what is up now, of the articles with the most; two queries.

    Of articles this actor may not see nothing is returned; `subjects` None means of all.
    """
    counted = [row for row in talk.most_reasons(subjects) if row[0].kind == "article"]
    articles = _titles(actor, {ref.id for ref, _version, _reason, _n in counted})
    found: dict[int, Chosen] = {}
    for ref, version, reason, n in counted:
        if (row := articles.get(ref.id)) is None or row.version != version or n < MIN_PEOPLE:
            continue
        empty = Chosen(title=row.title, url=url_for("kb.article", slug=row.slug), reasons=[])
        found.setdefault(ref.id, empty).reasons.append((reason, n))
    return sorted(found.values(), key=lambda chosen: -sum(n for _reason, n in chosen.reasons))[:REASONS_SHOWN]


def with_their_articles(actor: Actor, rows: list[Solution]) -> dict[str, Any]:
    """Return feedback with the titles of what it is about; feedback on what this actor may not see is left out.

    What was said of one article stands together, the article spoken of last comes first.
    """
    ids = {Ref.parse(row.subject).id for row in rows if row.subject.startswith("article:")}
    found = {thing.ref: thing for thing in queries.things(actor, ids).values()}
    shown = [(row, found[ref]) for row in rows if (ref := Ref.parse(row.subject)) in found]
    first: dict[str, int] = {}
    for place, pair in enumerate(shown):
        first.setdefault(pair[0].subject, place)
    shown.sort(key=lambda pair: first[pair[0].subject])
    return {"rows": shown, "older": rows[-1].id if len(rows) == FEEDBACK_PAGE else None}
