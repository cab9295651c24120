"""What the search index keeps of ideas: title, text, and what was answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, func, select

from portal.core import markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.kb.reading import documents as kb_documents
from portal.roadmap import policies
from portal.roadmap.models import Idea, IdeaState
from portal.search.documents import Document, Passage

AT_ONCE = 200


def ideas(ids: Collection[int] | None) -> Iterator[Document]:
    """Yield the ideas that stand; duplicates are found under the first that asked."""
    paths = kb_documents.category_paths()
    query = select(Idea).where(_is_found())
    if ids is not None:
        query = query.where(Idea.id.in_(ids))
    for row in db.session.execute(query.order_by(Idea.id).execution_options(yield_per=AT_ONCE)).scalars():
        said = (markup.plain(row.html), row.answer)
        yield Document(
            ref=row.ref,
            title=row.title,
            passages=tuple(Passage(text=words) for words in said if words),
            category=paths[row.category_id or 0],
            tags=(),
            access_key=row.access_key,
        )


def _is_found() -> ColumnElement[bool]:
    return Idea.removed_at.is_(None) & (Idea.state != IdeaState.DUPLICATE)


def n_ideas() -> int:
    return db.session.execute(select(func.count()).select_from(Idea).where(_is_found())).scalar_one()


def find_ideas(actor: Actor, text: str, limit: int) -> list[Ref]:
    """Find ideas by SQL alone while the index is being mended: every word in title or text."""
    query = select(Idea.id).where(policies.shown(actor), _is_found())
    for word in text.split()[:8]:
        query = query.where(Idea.title.icontains(word, autoescape=True) | Idea.body.icontains(word, autoescape=True))
    return [Ref("idea", i) for i in db.session.execute(query.order_by(Idea.id.desc()).limit(limit)).scalars()]
