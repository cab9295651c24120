"""Which articles say the same in other languages, and which of them a reader is shown.

A translation is an article of its own that names its original and the revision it says. Once the original moved on (a
typo apart) it is out of date and its readers are told; lists show everybody the text in their own language where there
is one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.core import actor as actors
from portal.core import i18n, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.kb import policies
from portal.kb.models import Article, Change, Revision, Status
from portal.people.audiences import visible

OFFERED = (
    "ar", "cs", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nb", "nl", "pl", "pt", "ro", "sv", "tr", "uk", "zh"
)  # fmt: skip
"""Languages an article can be written in, beside those of the interface."""
STAMP = "translations"
"""Renewed with every translation that is published or leaves the shelves (`core.options.touch`)."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """One article of a family of translations, as a reader or translator meets it."""

    article: Article
    language: str
    is_original: bool
    is_stale: bool
    """The original says something else by now."""

    @property
    def name(self) -> str:
        """Return the language's own name for itself."""
        return name_of(self.language)


def languages() -> list[tuple[str, str]]:
    """Return (code, own name) of every language an article can be written in, by name."""
    codes = {*OFFERED, *i18n.available()}
    return sorted(((code, name_of(code)) for code in codes), key=lambda pair: pair[1].casefold())


def name_of(code: str) -> str:
    return (Locale.parse(code).get_display_name() or code).capitalize()


def language_of(article: Article) -> str:
    """Return the language an article is written in; where it says nothing, the portal's."""
    return article.language or options.get().default_locale


def versions(actor: Actor, article: Article) -> list[Version]:
    """Return this article and its translations that the actor may see, the original first.

    No query for an article without translations; else two. Unpublished ones are there for those who may edit them.
    """
    original_id = article.translation_of_id or article.id
    if original_id not in families():
        return []
    query = select(Article).where(or_(Article.id == original_id, Article.translation_of_id == original_id))
    query = query.where(Article.status != Status.ARCHIVED.value).options(joinedload(Article.category))
    rows = [row for row in db.session.execute(query).scalars() if policies.can_read(actor, row)]
    last = last_real_change({original_id}).get(original_id, 0)
    found = [
        Version(
            article=row,
            language=language_of(row),
            is_original=row.id == original_id,
            is_stale=row.id != original_id and last > (row.translated_revision or 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_original, one.name))


def versions_for_page(article: Article) -> list[Version]:
    """Return `versions` for whoever reads the page."""
    return versions(actors.current(), article)


def families() -> frozenset[int]:
    """Return the ids of articles that have a translation; free of queries while none came or went."""
    return _families(str(db.engine.url), options.stamp(STAMP))


@lru_cache(maxsize=64)
def _families(database: str, stamp: str) -> frozenset[int]:
    query = select(Article.translation_of_id).where(Article.translation_of_id.is_not(None))
    return frozenset(original for original in db.session.execute(query.distinct()).scalars() if original is not None)


def last_real_change(ids: Collection[int]) -> dict[int, int]:
    """Return each article's newest revision that said something else than the one before."""
    query = select(Revision.article_id, func.max(Revision.n)).where(Revision.article_id.in_(ids))
    query = query.where(Revision.change != Change.TYPO.value).group_by(Revision.article_id)
    return dict(db.session.execute(query).all())


def in_own_language(actor: Actor) -> ColumnElement[bool] | None:
    """Return the SQL that leaves one text of each family: in the actor's language, else the original.

    None while no article has a translation, so that nobody pays for it.
    """
    if not families():
        return None
    language = actor.locale or options.get().default_locale
    mine = aliased(Article)
    is_said = [mine.translation_of_id == Article.id, mine.language == language]
    is_open = [mine.status == Status.PUBLISHED.value, visible(mine.access_key, actor)]
    has_mine = select(mine.id).where(*is_said, *is_open).correlate(Article).exists()
    is_mine = Article.language == language
    is_original = Article.translation_of_id.is_(None)
    return or_(and_(is_original, ~has_mine), and_(~is_original, is_mine))
