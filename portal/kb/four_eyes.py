"""Four eyes: where they are asked for, nobody publishes alone what they wrote any part of.

The one place that decides it. They are asked for by the topic an article stands in, by the one its next text would
put it into, of a translation by its original's; and what was begun while they were asked for ends that way, though
the rule be lifted or the draft be moved meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select, update

from portal.core.database import db
from portal.kb.models import Article, Category, Draft, Revision


def is_asked(draft: Draft) -> bool:
    """Say whether somebody else has to look before this is published."""
    return draft.is_second_asked or draft.category.needs_second or is_asked_of(draft.article)


def is_asked_of(article: Article) -> bool:
    """Say whether somebody else has to look at every text of this article."""
    if article.category.needs_second or article.translation_of_id is None:
        return article.category.needs_second
    original = db.session.get(Article, article.translation_of_id)
    return original is not None and original.category.needs_second


def is_waited_for(draft: Draft) -> bool:
    """Say whether a second person has yet to say that the text as it stands is right."""
    return is_asked(draft) and (draft.approved_by_id is None or draft.approved_by_id in draft.writers)


def add_writers(draft: Draft, ids: Iterable[int]) -> None:
    """Note whose words a draft took over: it is their text too, so that they do not approve it."""
    if new := set(ids) - set(draft.written_by):
        draft.written_by = [*draft.written_by, *sorted(new)]


def unseen_writers(article: Article) -> set[int]:
    """Return whose words an article may hold that nobody else has said to be right: all since the last approval."""
    mine = Revision.article_id == article.id
    last = select(func.max(Revision.n)).where(mine, Revision.approved_by_id.is_not(None)).scalar_subquery()
    query = select(Revision.author_id, Draft.written_by).outerjoin(Draft, Draft.id == Revision.draft_id)
    found: set[int] = set()
    for author_id, written_by in db.session.execute(query.where(mine, Revision.n > func.coalesce(last, 0))):
        found |= {*(written_by or ()), *([author_id] if author_id is not None else ())}
    return found


def keep_asking(topic: Category) -> None:
    """Let what is being written under a topic's rule end under it: called when the rule is lifted."""
    here = select(Article.id).where(Article.category_id == topic.id)
    said_again = select(Article.id).where(Article.translation_of_id.in_(here))
    concerned = or_(Draft.category_id == topic.id, Draft.article_id.in_(here), Draft.article_id.in_(said_again))
    db.session.execute(update(Draft).where(Draft.is_open.is_(True), concerned).values(is_second_asked=True))
