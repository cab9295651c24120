"""Letting a draft take the place of the published text, now or at a time, and what follows from it.

Each in one transaction: the text, its revision, the news to those who wrote it. Who follows the article is told by a
job, since they may be many.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, Refusal
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.files import services as files
from portal.jobs import services as jobs
from portal.kb import four_eyes, policies, texts
from portal.kb.models import Article, Change, Draft, Origin, Revision, State, Status
from portal.kb.prose import starting_points
from portal.kb.reading import hanging
from portal.kb.shelving import ownership
from portal.kb.writing import drafts, giving_back, objections, suggestions, translations
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import services as people
from portal.talk import follows
from portal.talk import queries as talk

log = structlog.get_logger(__name__)

LONGEST = dt.timedelta(days=366)
"""How far ahead a time for publishing may lie."""
AT_ONCE = 50
"""How many due drafts one run of the job publishes; the next run, a minute later, takes the others."""
TELL = "kb.tell_changed"


def publish(actor: Actor, draft: Draft, *, seen: int | None = None, although: bool = False) -> Article:
    """Publish the draft. Records `article.published` or `article.changed`, and asks the search index to follow.

    Refuses who may not (Forbidden), a topic that wants a second pair of eyes before one has looked (Forbidden), a
    text that is not whole (Invalid, by field), one that reviewers object to (Invalid, `although`) unless it is to be
    published `although`, a draft that is no longer open and one that was begun from an older text than is published
    now (Conflict), unless that newer revision was `seen`. A major change makes old answers to "Did this solve it?"
    void. What the approver has also checked counts as checked.
    """
    _refuse(actor, draft, seen=seen, although=although)
    article = draft.article
    former_topic = article.category
    made = texts.render(draft.body, files=texts.picture(article, draft), links=texts.address_for(actor, article))
    _take(draft)
    was_published, now = article.is_published, clock.now()
    if article.status == Status.DRAFT and not article.n_revisions:  # an imported draft has its address already
        article.slug = drafts.free_slug(draft.title, own=article.id)
    former_version = article.version
    if was_published and draft.change == Change.MAJOR:
        article.version += 1
    files.move(draft.ref, article.ref)
    texts.put(article, title=draft.title, summary=draft.summary, body=draft.body, made=made)
    texts.file_under(article, draft.category, audience=draft.audience, tags=draft.tags)
    article.origin, article.status = Origin.PORTAL.value, Status.PUBLISHED.value
    if was_published:
        article.changed_at = now
    article.published_at = article.published_at or now
    has_looked = actor.can(Permission.ARTICLE_REVIEW) and not actor.is_acting_for
    texts.keep_revision(
        article,
        actor,
        change=draft.change if was_published or article.n_revisions else "",
        note=draft.note,
        draft_id=draft.id,
        approved_by_id=draft.approved_by_id,
        looked_at=now if has_looked else None,
        looked_by_id=actor.person_id if has_looked else None,
    )
    if draft.approved_by_id is not None and draft.is_checked:
        _count_as_checked(article, draft)
    drafts.close(draft, State.PUBLISHED)
    translations.published(draft)
    suggestions.published(actor, draft)
    _record(actor, article, draft, was_published=was_published)
    if was_published and former_topic.id != draft.category_id:
        ledger.record(
            Name.ARTICLE_MOVED,
            actor=actor,
            subject=article.ref,
            topic=draft.category.ref,
            before=former_topic.slug,
            after=draft.category.slug,
        )
    _tell(actor, article, draft, was_published=was_published, former_version=former_version)
    jobs.enqueue("search.update", {"refs": [str(article.ref)]})
    jobs.enqueue("kb.links.collect", {"articles": [article.id]})
    return article


def _count_as_checked(article: Article, draft: Draft) -> None:
    """Let the check of whoever approved the text stand for the article, from the day of the approval on."""
    at = draft.approved_at or clock.now()
    article.verified_at, article.verified_by_id = at, draft.approved_by_id
    article.review_by = ownership.next_check(article, checked_on=at.date())
    db.session.expire(article, ["verified_by"])
    ledger.record(
        Name.ARTICLE_VERIFIED,
        actor=people.actor_for(draft.approved_by_id or 0) or system("kb"),
        subject=article.ref,
        topic=draft.category.ref,
        verified_on=at.date().isoformat(),
        version=article.version,
        review_by=article.review_by.isoformat(),
    )


def _take(draft: Draft) -> None:
    """Let one of several who publish, save or put away at the same instant be the first, and the text the one read."""
    query = update(Draft).where(Draft.id == draft.id, Draft.lock == draft.lock, Draft.is_open.is_(True))
    if db.session.execute(query.values(lock=draft.lock + 1).returning(Draft.id)).scalar() is None:
        raise Conflict(_("This text was changed, published or put away in the meantime. Nothing was overwritten."))
    db.session.refresh(draft, ["lock"])


def _refuse(actor: Actor, draft: Draft, *, seen: int | None, although: bool) -> None:
    if not draft.is_open:
        raise Conflict(_("This text was published or put away in the meantime."))
    if not policies.can_publish(actor, draft):
        raise Forbidden(why_not(actor, draft))
    complete(draft)
    hanging.refuse_strange(actor, draft)
    if not although:
        objections.refuse(draft)
    if is_overtaken(draft) and seen != draft.article.n_revisions:
        raise Conflict(
            _("The published text has changed since this one was begun. Look at the difference, then publish again.")
        )


def is_overtaken(draft: Draft) -> bool:
    """Say whether the article got another text since this draft was begun from it."""
    return draft.article.n_revisions != draft.based_on


def why_not(actor: Actor, draft: Draft) -> str:
    """Say why this actor cannot publish this draft, and who can."""
    if four_eyes.is_waited_for(draft):
        return _("In this topic a second person looks before anything is published.")
    return _("Only editors publish.")


def complete(draft: Draft) -> None:
    """Refuse a text that is not whole (Invalid, by field)."""
    for refusal in lacking(draft):
        raise refusal


def lacking(draft: Draft) -> list[Invalid]:
    """Return what a text lacks to be published, each as the refusal it would bring."""
    found = []
    if not draft.title:
        found.append(Invalid(_("Give the article a title."), field="title"))
    if not draft.summary:
        found.append(Invalid(_("Say in one sentence what the article gives."), field="summary"))
    if not draft.body.strip():
        found.append(Invalid(_("Write the text first."), field="body"))
    elif not starting_points.own(draft.body).strip():
        found.append(Invalid(_("Write the text first: these are still the starting point’s words."), field="body"))
    elif _is_untranslated(draft):
        found.append(Invalid(_("Translate the text first: these are still the original’s words."), field="body"))
    return found


def _is_untranslated(draft: Draft) -> bool:
    """Say whether a first translation is nothing but the original again."""
    if draft.article.translation_of_id is None or draft.article.n_revisions:
        return False
    original = db.session.get_one(Article, draft.article.translation_of_id)
    return draft.body.strip() == original.body.strip()


def _record(actor: Actor, article: Article, draft: Draft, *, was_published: bool) -> None:
    facts = {"actor": actor, "subject": article.ref, "topic": draft.category.ref, "version": article.version}
    if not was_published:
        ledger.record(Name.ARTICLE_PUBLISHED, **facts)  # type: ignore[arg-type]
        return
    ledger.record(Name.ARTICLE_CHANGED, **facts, change=draft.change, revision=article.n_revisions)  # type: ignore[arg-type]
    db.session.flush()


# Who is told


def authors(draft: Draft) -> set[int]:
    """Return who wants to know what became of this draft: who wrote it and who sent it to review."""
    return {*(draft.writers - suggestions.whose(draft)), *({draft.submitted_by_id} if draft.submitted_by_id else ())}


def _tell(actor: Actor, article: Article, draft: Draft, *, was_published: bool, former_version: int) -> None:
    follows.follow_by_doing(authors(draft) | {actor.person_id}, article.ref)
    notifications.tell(authors(draft), "draft_published", subject=article.ref, words=draft.note, actor=actor)
    giving_back.plan_news(actor, article, draft)
    if was_published and draft.change != Change.TYPO:
        jobs.enqueue(
            TELL,
            {
                "article": article.id,
                "revision": article.n_revisions,
                "former_version": former_version,
                "by": actor.person_id,
            },
            key=f"{TELL}:{article.id}:{article.n_revisions}",
        )


# At a time


def schedule(actor: Actor, draft: Draft, at: dt.datetime, *, seen: int | None = None, although: bool = False) -> None:
    """Publish later, in this actor's name. Refuses as `publish` does, and a time that is past or far away (Invalid)."""
    _refuse(actor, draft, seen=seen, although=although)
    if at <= clock.now():
        raise Invalid(_("This time is over. Choose one that is still to come."), field="publish_at")
    if at > clock.now() + LONGEST:
        raise Invalid(_("Choose a time within a year."), field="publish_at")
    based_on = draft.based_on if seen is None else seen
    drafts.advance(draft, State.SCHEDULED, publish_at=at, scheduled_by_id=actor.person_id, based_on=based_on)
    ledger.record(
        Name.ARTICLE_SCHEDULED,
        actor=actor,
        subject=draft.article.ref,
        topic=draft.category.ref,
        draft=draft.id,
        publish_at=at.isoformat(),
    )


def unschedule(actor: Actor, draft: Draft, *, is_failure: bool = False) -> None:
    """Take the time away again; what was approved stays approved."""
    if not policies.can_edit(actor, draft.article) and not is_failure:
        raise Forbidden(_("Only editors and the owner change this article."))
    if draft.state != State.SCHEDULED:
        raise Conflict(_("No time is set for this text any more."))
    drafts.advance(draft, State.APPROVED if draft.approved_by_id else State.WRITING, publish_at=None)
    ledger.record(
        Name.ARTICLE_UNSCHEDULED,
        actor=actor,
        subject=draft.article.ref,
        topic=draft.category.ref,
        draft=draft.id,
        is_failure=is_failure,
    )


def publish_due() -> int:
    """Publish every draft whose time has come, each in the name of who set the time; returns how many.

    Safe to run twice: what was published is closed. What is refused loses its time, and who set it is told why.
    """
    due = select(Draft.id).where(
        Draft.state == State.SCHEDULED.value, Draft.is_open.is_(True), Draft.publish_at <= clock.now()
    )
    ids = list(db.session.execute(due.order_by(Draft.publish_at, Draft.id).limit(AT_ONCE)).scalars())
    return sum(_publish_due(draft_id) for draft_id in ids)


def _publish_due(draft_id: int) -> bool:
    draft = db.session.get_one(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft.state != State.SCHEDULED or not draft.is_open:  # another runner was faster
        return False
    actor = people.actor_for(draft.scheduled_by_id or 0)
    if actor is None:
        left = _("Whoever set the time does not work here any more.")
        _fail(draft, left, tell={draft.article.owner_id, *draft.writers})
        return False
    with force_locale(actor.locale):
        try:
            with db.session.begin_nested():
                publish(actor, draft, although=True)  # agreed to when the time was set
        except Refusal as refusal:
            _fail(draft, refusal.message, tell={actor.person_id})
            return False
        except Exception:
            log.exception("publishing_at_a_time_failed", draft=draft.id)
            _fail(draft, _("Something went wrong on our side."), tell={actor.person_id})
            return False
    return True


def _fail(draft: Draft, reason: str, *, tell: Collection[int | None]) -> None:
    db.session.refresh(draft)
    unschedule(system("kb"), draft, is_failure=True)
    notifications.tell(tell, "publish_failed", subject=Ref("review", draft.id), words=reason, actor=system("kb"))


def tell_changed(article_id: int, *, revision: int, former_version: int, by: int) -> int:
    """Tell who follows that the text changed, and whom the former version did not help; returns how many.

    Each hears of it once: whoever said "not yet" that it is worth another try, the others that it changed.
    """
    article = db.session.get(Article, article_id)
    kept = db.session.get(Revision, (article_id, revision))
    actor = people.actor_for(by) or system("kb")
    if article is None or kept is None or not article.is_published:
        return 0
    unhelped = set(talk.who_said_not_yet(article.ref, version=former_version)) if kept.change == Change.MAJOR else set()
    following = set(follows.followers(article.ref, by_itself=[article.owner_id])) - unhelped
    if kept.draft_id is not None:  # they hear that what they asked about is in it now
        following -= giving_back.who_asked(db.session.get_one(Draft, kept.draft_id))
    told = {"subject": article.ref, "words": kept.note, "actor": actor}
    n = notifications.tell(unhelped, "article_mended", **told)  # type: ignore[arg-type]
    return n + notifications.tell(following, "article_changed", **told)  # type: ignore[arg-type]
