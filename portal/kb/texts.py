"""Putting a text on an article: rendered once, kept as a revision, found under its old addresses.

The only way a text gets onto a row, whoever it comes from: a file, an editor's draft, an import.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.markup import Rendered, Resolve
from portal.files import queries as files
from portal.kb.models import Article, ArticleRedirect, ArticleTag, Category, Draft, Revision, State, Status, TagAlias
from portal.people import audiences
from portal.people import queries as people

_NAMED = re.compile(r"\]\(kb:([^)#\s]+)")


def address(slug: str) -> str | None:
    """Return where a `kb:` link leads, below the portal's own path; nothing for an article nobody can read."""
    found = _behind(slug)
    return f"/kb/{found.slug}" if found else None


def address_for(writer: Actor, article: Article | None = None) -> Resolve:
    """Return what resolves `kb:` links for this writer: articles they see, and what the article named before.

    To others a link looks dead, or whoever writes could try out which hidden articles there are; a link that somebody
    who sees its article once made stays alive under everybody's hands.
    """
    named = set(_NAMED.findall(article.body)) if article is not None else set()

    def resolve(slug: str) -> str | None:
        found = _behind(slug)
        return f"/kb/{found.slug}" if found and (slug in named or writer.sees(found.access_key)) else None

    return resolve


def _behind(slug: str) -> Row[str, str] | None:
    """Return slug and access key of the published article that has or had this address."""
    query = select(Article.slug, Article.access_key).where(Article.status == Status.PUBLISHED.value)
    if found := db.session.execute(query.where(Article.slug == slug)).first():
        return found
    moved = query.join(ArticleRedirect, ArticleRedirect.article_id == Article.id)
    return db.session.execute(moved.where(ArticleRedirect.slug == slug)).first()


def picture(article: Article, draft: Draft | None = None) -> Resolve:
    """Return the addresses of the files that hang on this article, and on the draft that is to become its text."""
    hung = files.on([article.ref, *([draft.ref] if draft is not None else [])])
    known = {f"file:{one.id}": f"/files/{one.id}/{one.download_name}" for rows in hung.values() for one in rows}

    def resolve(name: str) -> str | None:
        return f"/kb/{name}" if name.startswith("assets/") else known.get(name)

    return resolve


def render(body: str, *, files: Resolve | None, links: Resolve = address) -> Rendered:
    """Render what a person wrote, in the process that is killed when it takes too long (Invalid, field `body`)."""
    return markup.render_safely(body, links=links, files=files)


def put(row: Article, *, title: str, summary: str, body: str, made: Rendered) -> None:
    """Give the article this text, and everything that is read off it."""
    row.title, row.summary, row.body, row.html = title, summary, body, made.html
    row.passages = [[p.heading_id, p.text] for p in made.passages]
    row.headings = [[h.level, h.id, h.title] for h in made.headings]
    row.steps = [[step.platform, step.html] for step in made.steps]
    row.platforms, row.n_steps = list(made.platforms), made.n_steps


def file_under(
    row: Article, category: Category, *, audience: Sequence[str], tags: Sequence[str], key: str | None = None
) -> None:
    """File the article under a topic and tags, for an audience; what it may be read by follows from both.

    `key` spares asking who may read it, to whoever has just asked for the same topic and audience.
    """
    row.category_id, row.audience = category.id, list(audience)
    row.access_key = key or access_key(category, audience)
    row.tags = [tag_of(row, tag) for tag in settled(tags)]


def access_key(category: Category, audience: Sequence[str]) -> str:
    """Return who may read something in this topic for this audience; slugs nobody knows are a mistake (KeyError)."""
    known = people.audience_ids()
    by_id = {one.id: one for one in db.session.execute(select(Category)).scalars()}
    return audiences.key_for([level(audience, known), *levels_above(category, by_id, known)])


def is_open_to(actor: Actor, draft: Draft) -> bool:
    """Say whether a text is for this actor, who sees its article: by where the draft files it, or has filed it."""
    if draft.state == State.PUBLISHED:
        keys = select(Revision.access_key).where(Revision.draft_id == draft.id)
        if known := [key for key in db.session.execute(keys).scalars() if key]:
            return all(actor.sees(key) for key in known)
    article = draft.article
    if (draft.category_id, set(draft.audience)) == (article.category_id, set(article.audience)):
        return True
    known_audiences = people.audience_ids()
    by_id = {one.id: one for one in db.session.execute(select(Category)).scalars()}
    if not set(draft.audience) <= {*known_audiences, audiences.PUBLIC}:
        return False
    levels = [level(draft.audience, known_audiences), *levels_above(draft.category, by_id, known_audiences)]
    return audiences.are_met_by(actor, levels)


def level(audience: Sequence[str], known: Mapping[str, int]) -> list[int] | str | None:
    """Turn what is stated into a level of an access key (see `people.audiences`)."""
    if not audience:
        return None
    return audiences.PUBLIC if audiences.PUBLIC in audience else [known[slug] for slug in audience]


def levels_above(
    category: Category, by_id: Mapping[int, Category], known: Mapping[str, int]
) -> list[list[int] | str | None]:
    """Return what a topic and the topics above it state."""
    levels: list[list[int] | str | None] = []
    at: Category | None = category
    while at is not None:
        levels.append(level(at.audience, known))
        at = by_id.get(at.parent_id) if at.parent_id else None
    return levels


def keep_revision(row: Article, actor: Actor, **more: Any) -> Revision:
    """Keep text and filing as they stand now as the next revision; `more` is what the revision says of itself."""
    row.n_revisions += 1
    revision = Revision(
        article_id=row.id,
        n=row.n_revisions,
        version=row.version,
        title=row.title,
        summary=row.summary,
        body=row.body,
        author_id=actor.person_id,
        created_at=clock.now(),
        access_key=row.access_key,
        category_id=row.category_id,
        audience=list(row.audience),
        tags=sorted(tag.tag for tag in row.tags),
        **more,
    )
    db.session.add(revision)
    return revision


def reopen_revision(row: Article) -> None:
    """Note that the text that is up is for others from now on: whoever reads it now may also find it later.

    Called by what changes who may read an article and leaves its text alone.
    """
    latest = (Revision.article_id == row.id) & (Revision.n == row.n_revisions)
    db.session.execute(update(Revision).where(latest).values(access_key=row.access_key))


def redirect(slug: str, row: Article) -> None:
    """Lead an old address to this article, whoever had it before."""
    entry = db.session.get(ArticleRedirect, slug) or ArticleRedirect(slug=slug, created_at=clock.now())
    entry.article_id = row.id
    db.session.add(entry)


def settled(tags: Iterable[str]) -> list[str]:
    """Return tags as they are called now: renamed ones by their new name, given up ones not at all."""
    wanted = set(tags)
    if not wanted:
        return []
    query = select(TagAlias.tag, TagAlias.becomes).where(TagAlias.tag.in_(wanted))
    now: dict[str, str] = dict(db.session.execute(query).all())
    return sorted({now.get(tag, tag) for tag in wanted} - {""})


def tag_of(row: Article, tag: str) -> ArticleTag:
    """Return the tag's row, the one that is there if it is: two of one key in one flush would clash."""
    return next((existing for existing in row.tags if existing.tag == tag), None) or ArticleTag(tag=tag)
