"""Reads for lists: each a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased, defer, joinedload, selectinload

from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Outline, Thing
from portal.core.refs import Ref
from portal.kb import policies
from portal.kb.models import Article, ArticleTag, Category, Draft, Status
from portal.kb.models.articles import is_check_due
from portal.kb.reading import families, outline
from portal.ledger.queries import MIN_PEOPLE
from portal.people.audiences import holds, visible
from portal.people.models import Person
from portal.search.documents import Document, Passage
from portal.talk import queries as talk
from portal.talk.models import Solution

PAGE = 30
FEEDBACK_PAGE = 30
REASONS_SHOWN = 10
"""Of how many articles the desk shows which reasons were chosen."""
NEAR = 12
"""How many neighbours of an article are remembered, so that four stay when some may not be seen."""
HEAVY = (
    defer(Article.html),
    defer(Article.body),
    defer(Article.passages),
    defer(Article.headings),
    defer(Article.steps),
)


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return published articles this actor may see, as others may show them; two queries."""
    rows = db.session.execute(_with_ids(actor.keys), {"ids": list(ids)}) if ids else ()
    return {thing.ref.id: thing for thing in _things(rows)}


@lru_cache(maxsize=256)
def _listed(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Return the statement for what lists show of published articles; built once for each set of keys."""
    return (
        select(
            Article.id,
            Article.slug,
            Article.title,
            Article.summary,
            Article.n_steps,
            Article.version,
            Article.verified_at,
            Article.review_by,
            Category.id.label("category_id"),
            Category.slug.label("category_slug"),
            Category.title.label("category_title"),
            Person.name.label("checked_by"),
        )
        .join(Category, Category.id == Article.category_id)
        .outerjoin(Person, Person.id == Article.verified_by_id)
        .where(Article.status == Status.PUBLISHED.value, holds(Article.access_key, keys))
    )


@lru_cache(maxsize=256)
def _with_ids(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    return _listed(keys).where(Article.id.in_(bindparam("ids", expanding=True)))


def _things(rows: Iterable[Any]) -> list[Thing]:
    """Turn rows of `_listed` into things, with their proof (checked, solved); one query."""
    listed = list(rows)
    said = talk.tallies({Ref("article", row.id): row.version for row in listed})
    return [_thing(row, said) for row in listed]


def thing_of(article: Article) -> Thing:
    """Return a loaded article with its proof; one query."""
    topic, by = article.category, article.verified_by
    row = SimpleNamespace(
        id=article.id,
        slug=article.slug,
        title=article.title,
        summary=article.summary,
        n_steps=article.n_steps,
        version=article.version,
        verified_at=article.verified_at,
        review_by=article.review_by,
        category_id=topic.id,
        category_slug=topic.slug,
        category_title=topic.title,
        checked_by=by.name if by else None,
    )
    return _things([row])[0]


def _thing(row: Any, said: Mapping[Ref, talk.Tally]) -> Thing:
    ref = Ref("article", row.id)
    tally = said.get(ref)
    return Thing(
        ref=ref,
        title=row.title,
        url=url_for("kb.article", slug=row.slug),
        summary=row.summary,
        meta={
            "slug": row.slug,
            "category": row.category_title,
            "category_slug": row.category_slug,
            "topic": Ref("category", row.category_id),
            "checked_on": row.verified_at,
            "checked_by": (row.checked_by or "").split(" ")[0],
            "is_check_due": is_check_due(row.verified_at, row.review_by),
            "n_solved": tally.n_solved if tally else 0,
            "n_said": tally.n_said if tally else 0,
            "n_steps": row.n_steps,
            "version": row.version,
        },
    )


def _visible(actor: Actor):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Select of several loads
    return (
        select(Article)
        .where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
        .options(joinedload(Article.category), joinedload(Article.verified_by), *HEAVY)
    )


@dataclass(frozen=True)
class Shelf:
    """A category with the number of articles this actor finds in it, those below included."""

    category: Category
    n: int


def shelves(actor: Actor, parent_id: int | None = None) -> list[Shelf]:
    """Return the categories below one (None: the top), with counts of what this actor may see; empty ones left out."""
    rows = list(db.session.execute(select(Category).order_by(Category.position, Category.id)).scalars())
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)

    def total(category: Category) -> int:
        return outline.n_in(actor, category.id) + sum(total(child) for child in children.get(category.id, ()))

    return [Shelf(row, n) for row in children.get(parent_id, ()) if (n := total(row))]


def get_category(slug: str) -> Category | None:
    return db.session.execute(select(Category).where(Category.slug == slug)).scalar_one_or_none()


def in_category(actor: Actor, category: Category, *, page: int = 1, tag: str = "") -> tuple[list[Thing], int]:
    """Return one page of a category's articles by title, and how many there are; two queries, three with a tag."""
    everything = query = _listed(actor.keys).where(Article.category_id == category.id)
    if tag:
        query = query.where(Article.tags.any(ArticleTag.tag == tag))
    if (in_own := families.in_own_language(actor)) is not None:
        query = query.where(in_own)
    if query is everything:
        n = outline.n_in(actor, category.id)
    else:
        n = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = db.session.execute(query.order_by(Article.title).limit(PAGE).offset((page - 1) * PAGE))
    return _things(rows), n


def related(actor: Actor, article: Article, *, limit: int = 4) -> list[Row[int, str, str]]:
    """Return id, slug and title of the articles nearest to this one: most shared tags, then its category; one query.

    Which they are is remembered for up to an hour; what of them this actor may see is asked anew.
    """
    hour = int(clock.now().timestamp() // 3600)
    near = _near(str(db.engine.url), article.id, article.checksum, hour)
    if not near:
        return []
    rows = db.session.execute(_titles_of(actor.keys), {"ids": near})
    return sorted(rows, key=lambda row: near.index(row.id))[:limit]


@lru_cache(maxsize=256)
def _titles_of(keys: frozenset[str]) -> Select[*tuple[Any, ...]]:
    is_open = (Article.status == Status.PUBLISHED.value) & holds(Article.access_key, keys)
    return select(Article.id, Article.slug, Article.title).where(
        Article.id.in_(bindparam("ids", expanding=True)), is_open
    )


@lru_cache(maxsize=20_000)
def _near(database: str, article_id: int, checksum: str, hour: int) -> tuple[int, ...]:
    """Return the ids of the articles nearest to one, the nearest first, whoever may see them."""
    own = aliased(ArticleTag)
    shared = (
        select(func.count())
        .select_from(ArticleTag)
        .join(own, (own.tag == ArticleTag.tag) & (own.article_id == article_id))
        .where(ArticleTag.article_id == Article.id)
        .correlate(Article)
        .scalar_subquery()
    )
    category = select(Article.category_id).where(Article.id == article_id).scalar_subquery()
    candidates = select(ArticleTag.article_id).join(own, (own.tag == ArticleTag.tag) & (own.article_id == article_id))
    query = (
        select(Article.id)
        .where(Article.status == Status.PUBLISHED.value, Article.id != article_id)
        .where(Article.id.in_(candidates) | (Article.category_id == category))
        .order_by(shared.desc(), (Article.category_id == category).desc(), Article.title)
        .limit(NEAR)
    )
    return tuple(db.session.execute(query).scalars())


def owned_by(person_id: int) -> list[Ref]:
    """Return the published articles somebody owns."""
    query = select(Article.id).where(Article.owner_id == person_id, Article.status == Status.PUBLISHED.value)
    return [Ref("article", i) for i in db.session.execute(query).scalars()]


def documents(ids: Collection[int] | None) -> Iterable[Document]:
    """Yield what the search index keeps; unpublished articles are missing, so the index drops them."""
    query = (
        select(Article)
        .where(Article.status == Status.PUBLISHED.value)
        .options(selectinload(Article.tags), defer(Article.html), defer(Article.body))
        .order_by(Article.id)
        .execution_options(yield_per=500)
    )
    if ids is not None:
        query = query.where(Article.id.in_(ids))
    paths = category_paths()
    for row in db.session.execute(query).scalars():
        yield Document(
            ref=row.ref,
            title=row.title,
            summary=row.summary,
            passages=tuple(Passage(text=text, anchor=anchor) for anchor, text in row.passages),
            category=paths[row.category_id],
            tags=tuple(tag.tag for tag in row.tags),
            platforms=tuple(row.platforms),
            access_key=row.access_key,
            verified_on=row.verified_at.date() if row.verified_at else None,
            steps=tuple(markup.plain(html) for platform, html in row.steps if platform == row.steps[0][0])[:4],
        )


def category_paths() -> dict[int, str]:
    """Return the path of slugs of every topic, such as `network/vpn`; one query."""
    rows = {row.id: row for row in db.session.execute(select(Category)).scalars()}

    def path(category: Category) -> str:
        above = rows.get(category.parent_id) if category.parent_id else None
        return f"{path(above)}/{category.slug}" if above else category.slug

    return {i: path(row) for i, row in rows.items()}


def outlines(ids: Collection[int]) -> dict[int, Outline]:
    """Return what other systems may be told of articles, whatever became of them; one query."""
    query = select(Article.id, Article.slug, Article.access_key).where(Article.id.in_(ids))
    return {
        i: Outline(slug=slug, url=url_for("kb.article", slug=slug), access_key=access_key)
        for i, slug, access_key in db.session.execute(query)
    }


def n_published() -> int:
    query = select(func.count()).select_from(Article).where(Article.status == Status.PUBLISHED.value)
    return db.session.execute(query).scalar_one()


def fallback(actor: Actor, text: str, limit: int) -> list[Ref]:
    """Find articles by SQL alone while the index is being mended: every word in title or summary or body."""
    query = select(Article.id).where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    for word in text.split()[:8]:
        query = query.where(
            Article.title.icontains(word, autoescape=True)
            | Article.summary.icontains(word, autoescape=True)
            | Article.body.icontains(word, autoescape=True)
        )
    return [Ref("article", i) for i in db.session.execute(query.order_by(Article.title).limit(limit)).scalars()]


def draft_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return drafts this actor may look at; two queries."""
    query = select(Draft).where(Draft.id.in_(ids)).options(joinedload(Draft.article).joinedload(Article.category))
    return {
        row.id: Thing(ref=row.ref, title=row.title or _("Untitled"), url=url_for("editing.edit", draft_id=row.id))
        for row in db.session.execute(query).scalars()
        if policies.can_see_draft(actor, row)
    }


def open_drafts(actor: Actor, *, limit: int = 50) -> list[Draft]:
    """Return the open drafts this actor may see, the last saved first; one query."""
    query = select(Draft).join(Draft.article).where(Draft.is_open.is_(True), visible(Article.access_key, actor))
    loads = (
        joinedload(Draft.article).joinedload(Article.category),
        joinedload(Draft.category),
        joinedload(Draft.saved_by),
        defer(Draft.body),
    )
    query = query.options(*loads).order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(limit)
    return [one for one in db.session.execute(query).scalars() if policies.can_see_draft(actor, one)]


def topics_to_write_in(actor: Actor) -> list[Category]:
    """Return the topics in which this actor may begin an article, in their order; one query."""
    query = select(Category).where(visible(Category.access_key, actor)).order_by(Category.position, Category.id)
    return [one for one in db.session.execute(query).scalars() if policies.can_write_in(actor, one)]


def topics_for(actor: Actor, draft: Draft) -> list[tuple[int, str]]:
    """Return id and name of the topics this actor may file a draft under, the one it is under now among them."""
    found = {
        one.id: one.title
        for one in topics_to_write_in(actor)
        if one.id == draft.category_id or policies.can_move_draft(actor, draft, one)
    }
    return list({**found, draft.category_id: topic_name(actor, draft.category)}.items())


def topic_name(actor: Actor, topic: Category) -> str:
    """Return what a topic is called; to who may not see it only that there is one."""
    return topic.title if actor.sees(topic.access_key) else _("A topic you may not see")


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


def reply_things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return answers this actor was given, under the title of the article; three queries."""
    query = select(Solution).where(Solution.id.in_(ids), Solution.person_id == actor.person_id)
    rows = list(db.session.execute(query.where(Solution.replied_at.is_not(None))).scalars())
    about = {row.id: Ref.parse(row.subject) for row in rows}
    articles = things(actor, {ref.id for ref in about.values() if ref.kind == "article"})
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
    found = {thing.ref: thing for thing in things(actor, ids).values()}
    shown = [(row, found[ref]) for row in rows if (ref := Ref.parse(row.subject)) in found]
    first: dict[str, int] = {}
    for place, pair in enumerate(shown):
        first.setdefault(pair[0].subject, place)
    shown.sort(key=lambda pair: first[pair[0].subject])
    return {"rows": shown, "older": rows[-1].id if len(rows) == FEEDBACK_PAGE else None}
