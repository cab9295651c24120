"""Taking an import of articles back: what it made leaves the shelves, what it changed says what it said before."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import Made, Outcome, Undone
from portal.core.refs import Ref
from portal.kb import drafts, texts
from portal.kb.importing import storing
from portal.kb.importing.work import follow
from portal.kb.models import Article, Change, Draft, State, Status
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
    db.session.flush()
    if was_published:
        _record(actor, Name.ARTICLE_ARCHIVED, row)


def _record(actor: Actor, name: Name, row: Article, **props: object) -> None:
    topic = Ref("category", row.category_id)
    ledger.record(name, actor=actor, subject=row.ref, topic=topic, version=row.version, **props)


def after(subjects: Iterable[Ref]) -> None:
    follow(subjects)
