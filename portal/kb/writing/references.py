"""What a text being written refers to: other articles, as far as this writer may know of them, and own pictures."""

from __future__ import annotations

import re

from flask import url_for
from sqlalchemy import case, literal, select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.markup import Resolve
from portal.files import queries as files
from portal.kb.models import Article, ArticleRedirect, Draft, Status
from portal.kb.reading import hanging
from portal.people.audiences import visible

_NAMED = re.compile(r"kb:([a-z0-9][a-z0-9-]{0,119})")
MOST = 8


def find(actor: Actor, text: str) -> list[Article]:
    """Return published articles to link to: those with every word in the title first, then in summary or text."""
    query = select(Article).where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    in_title = []
    for word in text.split()[:8]:
        here = Article.title.icontains(word, autoescape=True)
        in_title.append(here)
        elsewhere = Article.summary.icontains(word, autoescape=True) | Article.body.icontains(word, autoescape=True)
        query = query.where(here | elsewhere)
    if not in_title:
        return []
    missing = sum((case((word, 0), else_=1) for word in in_title), literal(0))
    return list(db.session.execute(query.order_by(missing, Article.title).limit(MOST)).scalars())


def articles_in(actor: Actor, body: str) -> Resolve:
    """Return what tells the addresses of the articles this text names; two queries, whatever their number.

    An article the writer may not see leads nowhere, or a preview would tell that it is there.
    """
    slugs = set(_NAMED.findall(body))
    if not slugs:
        return lambda slug: None
    open_to = (Article.status == Status.PUBLISHED.value) & visible(Article.access_key, actor)
    known = {
        slug: url_for("kb.article", slug=slug)
        for slug in db.session.execute(select(Article.slug).where(Article.slug.in_(slugs), open_to)).scalars()
    }
    moved = select(ArticleRedirect.slug, Article.slug).join(Article, ArticleRedirect.article_id == Article.id)
    for old, slug in db.session.execute(moved.where(ArticleRedirect.slug.in_(slugs), open_to)):
        known.setdefault(old, url_for("kb.article", slug=slug))
    return known.get


def files_of(actor: Actor, draft: Draft) -> Resolve:
    """Return what tells the addresses of the files that this writer may name in a draft."""
    known = {f"file:{row.id}": files.address_of(row) for row in hanging.beside(actor, draft)}

    def resolve(name: str) -> str | None:
        return url_for("kb.asset", name=name.removeprefix("assets/")) if name.startswith("assets/") else known.get(name)

    return resolve
