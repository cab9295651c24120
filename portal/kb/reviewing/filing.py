"""Where a text is, or was, filed: topic, tags and who may read it; compared, told in words, and brought back.

Revisions from before this was kept know nothing of it, and what is not known is neither compared nor brought back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.kb import policies, texts
from portal.kb.models import Article, Category, Draft, Revision
from portal.kb.prose.differences import Kind, Piece
from portal.kb.shelving import tree
from portal.kb.writing import editor
from portal.people import audiences
from portal.people.models import Audience


@dataclass(frozen=True)
class Filed:
    """A place on the shelves; None is what nobody knows any more."""

    category: Category | None
    tags: Sequence[str] | None
    audience: Sequence[str] | None


@dataclass(frozen=True)
class Difference:
    """What was filed otherwise: its name, and the words that went and came."""

    label: str
    pieces: Sequence[Piece]


def of(row: Article | Draft | Revision) -> Filed:
    """Return where an article, the text that is to follow, or a former one is filed."""
    tags = sorted(tag.tag for tag in row.tags) if isinstance(row, Article) else row.tags
    return Filed(row.category, tags, row.audience)


def labels(old: Filed, new: Filed) -> list[str]:
    """Name what is filed otherwise: topic, tags, readers."""
    found = []
    if old.category is not None and new.category is not None and old.category.id != new.category.id:
        found.append(_("Topic"))
    if old.tags is not None and new.tags is not None and set(old.tags) != set(new.tags):
        found.append(_("Tags"))
    if old.audience is not None and new.audience is not None and set(old.audience) != set(new.audience):
        found.append(_("Who may read it"))
    return found


def differences(actor: Actor, old: Filed, new: Filed) -> list[Difference]:
    """Return what is filed otherwise, in words this actor may read."""
    named = set(labels(old, new))
    if not named:
        return []
    before, after = (dict(_items_of(actor, filed)) for filed in (old, new))
    return [Difference(label, _pieces(before[label], after[label])) for label in before if label in named]


def told(actor: Actor, filed: Filed) -> list[tuple[str, str]]:
    """Say where something is filed, as far as it is known, each with its name."""
    return [(label, ", ".join(items)) for label, items in _items_of(actor, filed) if items]


def _items_of(actor: Actor, filed: Filed) -> Iterator[tuple[str, list[str]]]:
    if filed.category is not None:
        may_see = actor.sees(filed.category.access_key)
        yield _("Topic"), [filed.category.title if may_see else _("a topic you may not see")]
    if filed.tags is not None:
        yield _("Tags"), list(filed.tags)
    if filed.audience is not None:
        names = _names() if filed.audience else {}
        yield (
            _("Who may read it"),
            [names.get(slug, slug) for slug in filed.audience] or [_("everybody who sees the topic")],
        )


def _names() -> Mapping[str, str]:
    rows = db.session.execute(select(Audience.slug, Audience.name))
    return {audiences.PUBLIC: _("Everybody, also without signing in"), **dict(rows.all())}


def _pieces(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    gone = [Piece(Kind.GONE, one) for one in old if one not in new]
    kept = [Piece(Kind.SAME, one) for one in old if one in new]
    come = [Piece(Kind.NEW, one) for one in new if one not in old]
    pieces = [*kept, *gone, *come]
    return [piece for one in pieces for piece in (Piece(Kind.SAME, ", "), one)][1:]


def to_bring_back(actor: Actor, article: Article, filed: Filed) -> dict[str, Any]:
    """Return what of a former filing a draft may take over, as `drafts.save` takes it.

    Tags always; topic and readers where the actor may file there, the same rule of four eyes holds, and nobody reads
    it then who does not read it now: what became the secret of a few is not told again by bringing an old text back.
    """
    found: dict[str, Any] = {}
    if filed.tags is not None and set(filed.tags) != {tag.tag for tag in article.tags}:
        found["tags"] = texts.settled(filed.tags)
    category = _open_to(actor, article, filed.category)
    known = {audiences.PUBLIC, *_names()}
    is_free = filed.audience is not None and editor.can_choose_audience(actor) and known.issuperset(filed.audience)
    audience = list(filed.audience or ()) if is_free else list(article.audience)
    if tree.is_within(texts.access_key(category, audience), article.access_key):
        if category.id != article.category_id:
            found["category_id"] = category.id
        if set(audience) != set(article.audience):
            found["audience"] = audience
    return found


def _open_to(actor: Actor, article: Article, category: Category | None) -> Category:
    """Return the former topic where the actor may file the article there, else the one it stands in."""
    now = article.category
    if category is None or category.needs_second or now.needs_second:
        return now
    may = policies.can_publish_in(actor, category) and policies.can_publish_in(actor, now)
    return category if may else now
