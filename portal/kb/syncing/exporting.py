"""Giving articles out as files: front matter and Markdown that `dity kb sync` and the importer read back."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db
from portal.files import queries as files
from portal.files import shelf
from portal.files.models import Attachment
from portal.kb.models import Article, ArticleRedirect, Category, Draft, OldAddress, Status
from portal.kb.prose import slugs
from portal.kb.shelving import tree
from portal.kb.syncing import content
from portal.people.audiences import visible

AT_ONCE = 100
_FILE = re.compile(r"(?<=\]\()file:([0-9]{1,18})\b")
_FILE_NAMED = re.compile(r"\bfile:([0-9]{1,18})\b")
"""Only such files go along: what former texts named may have been for others than who reads the article now."""


def members(actor: Actor) -> Iterator[tuple[str, bytes]]:
    """Yield everything this actor may read: the topics, an article a file, and what hangs on it."""
    rows = _topics(actor)
    yield "categories.toml", "\n".join(_category(row, rows) for row in rows.values()).encode()
    query = select(Article.id).where(visible(Article.access_key, actor), Article.merged_into_id.is_(None))
    ids = list(db.session.execute(query.order_by(Article.id)).scalars())
    for start in range(0, len(ids), AT_ONCE):
        yield from _batch(ids[start : start + AT_ONCE], rows)
        db.session.expunge_all()


def _topics(actor: Actor) -> dict[int, Category]:
    """Return the topics, those above before those below."""
    is_seen = visible(Category.access_key, actor) & (Category.slug != tree.TAKEN_BACK)
    query = select(Category).where(is_seen).order_by(Category.position, Category.id)
    found = {row.id: row for row in db.session.execute(query).scalars()}
    ordered: dict[int, Category] = {}

    def take(row: Category) -> None:
        if row.parent_id in found and row.parent_id not in ordered:
            take(found[row.parent_id])
        ordered.setdefault(row.id, row)

    for row in found.values():
        take(row)
    db.session.expunge_all()
    return ordered


def _category(row: Category, rows: Mapping[int, Category]) -> str:
    values: dict[str, Any] = {"slug": row.slug, "title": row.title, "summary": row.summary, "icon": row.icon}
    if row.parent_id is not None and row.parent_id in rows:
        values["parent"] = rows[row.parent_id].slug
    if row.audience:
        values["audience"] = row.audience
    return "[[category]]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in values.items())


def _quoted(value: Any) -> str:
    """Return a text or list of texts as JSON, which YAML and TOML both read."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _batch(ids: Collection[int], topics: Mapping[int, Category]) -> Iterator[tuple[str, bytes]]:
    query = select(Article).where(Article.id.in_(ids)).options(joinedload(Article.owner), selectinload(Article.tags))
    rows = [row for row in db.session.execute(query.order_by(Article.id)).scalars() if row.category_id in topics]
    hung = files.on([row.ref for row in rows])
    replaced, old = _grouped(ArticleRedirect.slug, ArticleRedirect.article_id, ids), _old_addresses(ids)
    drafts, originals = _drafts(ids), _originals(ids)
    for row in rows:
        named = {int(number) for number in _FILE_NAMED.findall(_body(row, drafts.get(row.id)))}
        attached = {one.id: one for one in hung.get(row.ref, ()) if one.id in named}
        head = _front_matter(row, drafts.get(row.id), topics, replaced[row.id], old[row.id], originals.get(row.id, ""))
        body = _FILE.sub(lambda found: _place(attached, int(found[1])), _body(row, drafts.get(row.id)))  # noqa: B023
        category = topics[_category_id(row, drafts.get(row.id))]
        yield f"{category.slug}/{row.slug}.md", f"---\n{head}---\n{body}".encode()
        for one in attached.values():
            path = shelf.path_of(one.stored_name)
            if path.is_file():
                yield _name(one), path.read_bytes()


def _grouped(value: Any, key: Any, ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for one, article_id in db.session.execute(select(value, key).where(key.in_(ids)).order_by(value)):
        found[article_id].append(one)
    return found


def _old_addresses(ids: Collection[int]) -> dict[int, list[str]]:
    return _grouped(OldAddress.path, OldAddress.article_id, ids)


def _drafts(ids: Collection[int]) -> dict[int, Draft]:
    """Return the texts of articles that have none yet but what is being written."""
    query = select(Draft).join(Article, Article.id == Draft.article_id).where(Draft.article_id.in_(ids))
    query = query.where(Draft.is_open.is_(True), Article.status == Status.DRAFT.value)
    return {draft.article_id: draft for draft in db.session.execute(query).scalars()}


def _originals(ids: Collection[int]) -> dict[int, str]:
    original = aliased(Article)
    query = select(Article.id, original.slug).join(original, original.id == Article.translation_of_id)
    return dict(db.session.execute(query.where(Article.id.in_(ids))).all())


def _body(row: Article, draft: Draft | None) -> str:
    return draft.body if draft is not None else row.body


def _category_id(row: Article, draft: Draft | None) -> int:
    return draft.category_id if draft is not None else row.category_id


def _front_matter(
    row: Article,
    draft: Draft | None,
    topics: Mapping[int, Category],
    replaced: Iterable[str],
    old: Iterable[str],
    original: str,
) -> str:
    text = draft if draft is not None else row
    tags = draft.tags if draft is not None else [tag.tag for tag in row.tags]
    values: dict[str, Any] = {
        "title": text.title or row.slug,
        "summary": text.summary or text.title or row.slug,
        "category": topics[_category_id(row, draft)].slug,
        "tags": [tag for tag in tags if content.TAG.fullmatch(tag)],
        "audience": list(text.audience),
        "owner": row.owner.email if row.owner else options.get().mail_from,
        "status": row.status,
        "replaces": [slug for slug in replaced if slugs.SLUG.fullmatch(slug)],
        "redirect_from": list(old),
        "language": row.language,
        "translation_of": original,
    }
    lines = [f"{key}: {_quoted(value)}\n" for key, value in values.items() if value]
    if row.verified_at is not None:
        checked = row.verified_at.date()
        lines.append(f"verified_on: {checked.isoformat()}\n")
        if row.review_by is not None and row.review_by > checked:
            lines.append(f"review_by: {row.review_by.isoformat()}\n")
    return "".join(lines)


def _name(one: Attachment) -> str:
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", one.download_name).strip("-._")[:60] or "file"
    return f"assets/{one.id}/{plain}"


def _place(attached: Mapping[int, Attachment], number: int) -> str:
    return _name(attached[number]) if number in attached else f"file:{number}"
