"""Tending tags: the words articles, questions and tips are filed under.

A tag that is renamed stays renamed, whoever writes it next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext as _
from rapidfuzz import fuzz, process
from sqlalchemy import delete, func, insert, select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.models import Article, ArticleTag, Draft, TagAlias
from portal.kb.shelving import filed, tree
from portal.ledger import services as ledger
from portal.people.audiences import visible
from portal.search.analyzers import stem

LIKELY = 88.0
"""Similarity (0 to 100) from which on two tags are likely one (house rule)."""
SHORTEST = 5
"""Letters from which on likeness says something: `vpn` and `van` are two things."""
COMPARED = 1500
SUGGESTED = 8
TAG = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")
LONGEST = 40


@dataclass(frozen=True)
class Pair:
    """Two tags that may be one: the more used first."""

    kept: str
    gone: str


def used(actor: Actor) -> list[tuple[str, int]]:
    """Return the tags of what this actor sees, articles and what else is filed, each with how often it is used."""
    query = select(ArticleTag.tag, func.count()).join(Article, Article.id == ArticleTag.article_id)
    query = query.where(visible(Article.access_key, actor)).group_by(ArticleTag.tag)
    found = filed.tags_used(actor)
    found.update(dict(db.session.execute(query).all()))
    return sorted(found.items())


def aliases(actor: Actor) -> list[TagAlias]:
    """Return the tags that are called otherwise now, and those given up; one query."""
    actor.require(Permission.TOPIC_MANAGE)
    return list(db.session.execute(select(TagAlias).order_by(TagAlias.tag)).scalars())


def alike(tags: list[tuple[str, int]]) -> list[Pair]:
    """Return pairs of tags that are likely the same: the same word in another ending or spelling, or nearly so.

    >>> alike([("expense", 2), ("expenses", 9), ("e mail", 1), ("e-mail", 3), ("vpn", 4), ("van", 1)])
    [Pair(kept='e-mail', gone='e mail'), Pair(kept='expenses', gone='expense')]
    """
    counted = dict(tags[:COMPARED])
    names = sorted(counted)
    if len(names) < 2:
        return []
    plain = [_plain(name) for name in names]
    likeness = process.cdist(plain, plain, scorer=fuzz.ratio, score_cutoff=LIKELY)
    found = []
    for i, j in np.argwhere(np.triu(likeness >= LIKELY, k=1)):
        if plain[i] == plain[j] or min(len(plain[i]), len(plain[j])) >= SHORTEST:
            kept, gone = sorted((names[i], names[j]), key=lambda name: (-counted[name], name))
            found.append((-float(likeness[i, j]), kept, gone))
    return [Pair(kept, gone) for _likeness, kept, gone in sorted(found)[:SUGGESTED]]


def _plain(tag: str) -> str:
    return "".join(stem(word) for word in re.split(r"[ -]", tag))


def rename(actor: Actor, tag: str, *, to: str) -> int:
    """Call a tag otherwise; where the other is there already, the two become one.

    Returns how many things changed of those the actor sees.

    Articles, questions, tips, texts being written and the search index follow in one transaction. Records
    `tag.changed`. Refuses a tag nobody uses (NotFound) and a name that cannot be one (Invalid, field `to`).
    """
    to = "-".join(to.lower().split()) if " " not in tag else " ".join(to.lower().split())
    if not TAG.fullmatch(to) or len(to) > LONGEST:
        raise Invalid(_("Use up to 40 small letters, digits and hyphens."), field="to")
    if to == tag:
        raise Invalid(_("It is called that already."), field="to")
    return _become(actor, tag, to)


def give_up(actor: Actor, tag: str) -> int:
    """Take a tag off everything; it is dropped wherever it is written from then on. Returns as `rename` does."""
    return _become(actor, tag, "")


def _become(actor: Actor, tag: str, to: str) -> int:
    actor.require(Permission.TOPIC_MANAGE)
    ids = set(db.session.execute(select(ArticleTag.article_id).where(ArticleTag.tag == tag)).scalars())
    seen = select(func.count()).select_from(Article).where(Article.id.in_(ids), visible(Article.access_key, actor))
    n_seen = db.session.execute(seen).scalar_one()
    n_others = filed.tags_used(actor, tag)[tag]
    if not n_seen + n_others:
        raise NotFound(_("Nothing has this tag."))
    if to:
        there = set(db.session.execute(select(ArticleTag.article_id).where(ArticleTag.tag == to)).scalars())
        if rows := [{"article_id": article_id, "tag": to} for article_id in sorted(ids - there)]:
            db.session.execute(insert(ArticleTag), rows)
    db.session.execute(delete(ArticleTag).where(ArticleTag.tag == tag))
    others = filed.retag(tag, to)
    _remember(tag, to)
    _in_drafts(tag, to)
    db.session.expire_all()
    tree.follow({Ref("article", i) for i in ids} | others)
    ledger.record(Name.TAG_CHANGED, actor=actor, before=tag, after=to, n_articles=n_seen)
    return n_seen + n_others


def _remember(tag: str, to: str) -> None:
    for alias in db.session.execute(select(TagAlias).where(TagAlias.becomes == tag)).scalars():
        alias.becomes = to
    db.session.execute(delete(TagAlias).where(TagAlias.tag.in_({tag, to})))
    db.session.add(TagAlias(tag=tag, becomes=to, created_at=clock.now()))
    db.session.flush()


def _in_drafts(tag: str, to: str) -> None:
    for draft in db.session.execute(select(Draft).where(Draft.is_open.is_(True))).scalars():
        if tag in draft.tags:
            draft.tags = sorted({to if one == tag else one for one in draft.tags} - {""})
    db.session.flush()


def allow(actor: Actor, tag: str) -> None:
    """Let a tag that was renamed or given up be used again. Records `tag.changed`."""
    actor.require(Permission.TOPIC_MANAGE)
    alias = db.session.get(TagAlias, tag)
    if alias is None:
        raise NotFound("")
    db.session.delete(alias)
    db.session.flush()
    ledger.record(Name.TAG_CHANGED, actor=actor, before=tag, after=tag, n_articles=0)
