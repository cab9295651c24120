"""Taking an import of articles back: what it made leaves the shelves, what it changed says what it said before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Base, db
from portal.core.importing import Ground, Made, Outcome, Undone
from portal.core.refs import Ref
from portal.kb import texts
from portal.kb.importing import storing
from portal.kb.importing.topics import left_as
from portal.kb.importing.work import follow
from portal.kb.models import Article, Category, CategoryRedirect, Change, Draft, Origin, State, Status
from portal.kb.shelving import tree
from portal.kb.writing import drafts, suggestions
from portal.ledger import services as ledger


def undo(actor: Actor, made: Made) -> Undone:
    """Take one article back, unless somebody changed it or is writing on it. Records what becomes of it."""
    row = db.session.get(Article, made.subject.id)
    if row is None:
        return Undone(reason=_("It is gone."))
    draft = db.session.execute(
        select(Draft).where(Draft.article_id == row.id, Draft.is_open.is_(True))
    ).scalar_one_or_none()
    if row.n_revisions != made.before["revision"]:
        return Undone(reason=_("It was edited in the portal since."))
    if draft is not None and (row.is_published or draft.lock > 1):
        return Undone(reason=_("Somebody is writing a new text of it."))
    left = {"revision": row.n_revisions, "files": made.before.get("left", {}).get("files", {})}
    if made.outcome is Outcome.CREATED:
        if draft is not None:
            drafts.close(draft, State.DISCARDED)
        _archive(actor, row)
        return Undone(left=left)
    was_published = row.is_published
    storing.take(row, made.before["was"], files=texts.picture(row))
    revision = texts.keep_revision(row, actor, change=Change.MAJOR.value, note=_("Import undone"))
    if was_published and row.is_published:
        row.changed_at = clock.now()
        _record(actor, Name.ARTICLE_CHANGED, row, change=Change.MAJOR.value, revision=revision.n)
    elif was_published:
        _record(actor, Name.ARTICLE_ARCHIVED, row)
    return Undone(left={**left, "revision": revision.n})


def _archive(actor: Actor, row: Article) -> None:
    was_published, row.status = row.is_published, Status.ARCHIVED.value
    row.published_at = row.changed_at = None  # should it come again, it is new again
    db.session.flush()
    suggestions.archived(actor, row)
    if was_published:
        _record(actor, Name.ARTICLE_ARCHIVED, row)


def _record(actor: Actor, name: Name, row: Article, **props: object) -> None:
    topic = Ref("category", row.category_id)
    ledger.record(name, actor=actor, subject=row.ref, topic=topic, version=row.version, **props)


def after(actor: Actor, subjects: Iterable[Ref], ground: Sequence[Ground]) -> dict[Ref, str]:
    """Have the index follow, and take back the topics the import made; returns those that stay, with the reason.

    A topic goes when nobody touched it and nothing is in it but what this undo archived: those texts are kept where
    nobody sees them, for a later import of the same files.
    """
    subjects = set(subjects)
    stay: dict[Ref, str] = {}
    for one in reversed(ground):
        topic = db.session.get(Category, one.subject.id, populate_existing=True)
        if topic is None:
            continue
        if reason := _why_it_stays(topic, one.left, subjects):
            stay[one.subject] = reason
        else:
            _take_away(actor, topic)
    if len(stay) < len(ground):
        tree.rekey()
    follow(subjects)
    return stay


def _why_it_stays(topic: Category, left: Mapping[str, Any], subjects: Collection[Ref]) -> str:
    if left_as(topic) != left:
        return _("It was changed in the portal since.")
    n_articles = sum(ref not in subjects or status != Status.ARCHIVED for ref, status in _articles_in(topic))
    if n_articles:
        return ngettext("There is %(num)s article in it.", "There are %(num)s articles in it.", n_articles)
    if _count(Category.parent_id == topic.id):
        return _("There is a topic below it.")
    if any(_used_by(topic)):
        return _("It is in use elsewhere in the portal.")
    return ""


def _articles_in(topic: Category) -> Iterator[tuple[Ref, str]]:
    for article_id, status in db.session.execute(select(Article.id, Article.status).filter_by(category_id=topic.id)):
        yield Ref("article", article_id), status


def _count(condition: Any) -> int:
    return db.session.execute(select(func.count()).where(condition)).scalar_one()


def _used_by(topic: Category) -> Iterator[bool]:
    """Say for everything else that may point at a topic, of whatever feature, whether it does.

    What lets go by itself when a topic goes, such as old revisions, does not count.
    """
    yield bool(_count((Draft.category_id == topic.id) & Draft.is_open.is_(True)))
    passed_over = {Category.__tablename__, Article.__tablename__, Draft.__tablename__}
    for table in Base.metadata.sorted_tables:
        for column in table.columns if table.name not in passed_over else ():
            if any(key.column.table is Category.__table__ and not key.ondelete for key in column.foreign_keys):
                yield bool(_count(column == topic.id))


def _take_away(actor: Actor, topic: Category) -> None:
    """Delete a topic; its archived texts go where nobody sees them. Records `topic.deleted`."""
    place = _place_of_taken_back()
    articles = select(Article.id).where(Article.category_id == topic.id)
    db.session.execute(update(Draft).where(Draft.category_id == topic.id).values(category_id=place.id))
    db.session.execute(update(Draft).where(Draft.article_id.in_(articles)).values(category_id=place.id))
    db.session.execute(update(Article).where(Article.category_id == topic.id).values(category_id=place.id))
    # Its address becomes free again: the same import makes it once more.
    former = db.session.execute(select(CategoryRedirect).where(CategoryRedirect.category_id == topic.id)).scalars()
    for row in former:
        db.session.delete(row)
    ref, title, slug = topic.ref, topic.title, topic.slug
    db.session.flush()
    db.session.expire_all()
    db.session.delete(topic)
    db.session.flush()
    ledger.record(Name.TOPIC_DELETED, actor=actor, subject=ref, title=title, slug=slug)


def _place_of_taken_back() -> Category:
    row = db.session.execute(select(Category).where(Category.slug == tree.TAKEN_BACK)).scalar_one_or_none()
    if row is None:
        row = Category(
            slug=tree.TAKEN_BACK, title=_("Taken back"), audience=[tree.TAKEN_BACK], access_key="", icon="folder"
        )
        row.origin = Origin.PORTAL.value
        db.session.add(row)
        tree.rekey()
    return row
