"""What readers suggest: offered with or without a passage, taken up or not, and its author told each time.

A suggestion is between its author and who looks after the article. Whoever may not see the article never learns of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.sql.base import ExecutableOption

from analytics.events import Name
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.feature import Thing
from portal.core.markup import ARTICLE_LIMIT
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb import four_eyes, policies
from portal.kb.models import Article, Draft, Outcome, Proposal, State, Status, Suggestion
from portal.kb.prose import passages
from portal.kb.shelving.ownership import LIGHT
from portal.kb.writing import drafts
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people.audiences import visible
from portal.people.models import Person

WORDS = 2000
AN_HOUR = 20
"""Suggestions one person may make within an hour."""
PAGE = 30
UNDER_WAY = (Outcome.ACCEPTED.value, Outcome.REWORDED.value)


def offer(
    actor: Actor,
    article: Article,
    *,
    kind: str,
    words: str = "",
    quote: str = "",
    anchor: str = "",
    replacement: str = "",
) -> Suggestion:
    """Keep what a reader says should be otherwise and tell who looks after the article. Records `edit.suggested`.

    Refuses who may not (Forbidden), what says nothing or too much (Invalid, by field), and too many (TooMany).
    """
    if not can_offer(actor, article) or actor.person_id is None:
        raise Forbidden(_("Sign in to suggest a change."))
    words, quote = words.strip(), " ".join(quote.split())
    replacement = replacement.replace("\r\n", "\n").strip()
    _check(article, kind=kind, words=words, quote=quote, replacement=replacement)
    limits.spend("suggestion", str(actor.person_id), limit=AN_HOUR, seconds=3600)
    made = Suggestion(
        article_id=article.id,
        article=article,
        person_id=actor.person_id,
        kind=kind,
        quote=quote if kind != Proposal.WHOLE else "",
        anchor=anchor if any(anchor == known for _level, known, *_rest in article.headings) else "",
        words=words,
        replacement=replacement if kind != Proposal.ERROR else "",
        revision=article.n_revisions,
        created_at=clock.now(),
        outcome=Outcome.WAITING.value,
        answer="",
    )
    db.session.add(made)
    db.session.flush()
    topic = Ref("category", article.category_id)
    ledger.record(Name.EDIT_SUGGESTED, actor=actor, subject=article.ref, topic=topic, suggestion=made.id, kind=kind)
    said = words or (replacement if kind == Proposal.EDIT else "") or _("Another text for the whole article.")
    notifications.tell(keepers(article), "suggestion", subject=made.ref, words=said, actor=actor)
    return made


def _check(article: Article, *, kind: str, words: str, quote: str, replacement: str) -> None:
    if kind not in set(Proposal):
        raise Invalid(_("Say whether something is wrong or should be put otherwise."), field="kind")
    for name, value in (("words", words), ("quote", quote)):
        if len(value) > WORDS:
            raise Invalid(_("Please keep this under %(n)s characters.", n=WORDS), field=name)
    if len(replacement) > (ARTICLE_LIMIT if kind == Proposal.WHOLE else WORDS):
        raise Invalid(_("Please keep this under %(n)s characters.", n=WORDS), field="replacement")
    if kind == Proposal.ERROR and not words:
        raise Invalid(_("Say in a line what is wrong."), field="words")
    if kind == Proposal.EDIT and not quote:
        raise Invalid(_("Copy the passage here that you would put otherwise."), field="quote")
    if kind != Proposal.ERROR and (not replacement or replacement in (quote, article.body.strip())):
        raise Invalid(_("Write how it should read."), field="replacement")


def can_offer(actor: Actor, article: Article) -> bool:
    """Everybody signed in who reads the article."""
    return actor.is_signed_in and actor.can(Permission.ARTICLE_SUGGEST) and article.is_published


def can_decide(actor: Actor, article: Article) -> bool:
    """The owner of the article and editors; in a wiki topic too, for there everybody else edits by themselves."""
    is_owner = article.owner_id is not None and article.owner_id == actor.person_id
    return (
        actor.is_signed_in and policies.can_read(actor, article) and (is_owner or actor.can(Permission.ARTICLE_WRITE))
    )


def keepers(article: Article) -> list[Person]:
    """Return who is to hear of it: the owner, or every editor where nobody owns the article or the owner has left."""
    if article.owner is not None and article.owner.is_active:
        return [article.owner]
    return people_queries.with_role("editor")


# Reading


def get(actor: Actor, suggestion_id: int) -> Suggestion:
    """Return a suggestion to decide on.

    Refuses what is not there or stands on an article this actor may not see (NotFound); its author may know that it
    is there, but does not decide (Forbidden); to everybody else it is not there either.
    """
    found = db.session.get(Suggestion, suggestion_id)
    if found is None or not policies.can_read(actor, found.article):
        raise NotFound("")
    if not can_decide(actor, found.article):
        if found.person_id != actor.person_id:
            raise NotFound("")
        raise Forbidden(_("Editors and the owner of the article decide on suggestions."))
    return found


def is_waiting() -> ColumnElement[bool]:
    """Not decided yet, or taken up in a draft that was put away: nobody is told a thing that does not come."""
    gone = select(Draft.id).where(Draft.state == State.DISCARDED.value)
    return or_(
        Suggestion.outcome == Outcome.WAITING.value,
        or_(*(Suggestion.outcome == one for one in UNDER_WAY)) & Suggestion.draft_id.in_(gone),
    )


def _to_decide(actor: Actor) -> ColumnElement[bool]:
    seen = select(Article.id).where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    if not actor.can(Permission.ARTICLE_WRITE):
        seen = seen.where(Article.owner_id == actor.person_id)
    return Suggestion.article_id.in_(seen)


def inbox(
    actor: Actor, *, is_open: bool = True, article_id: int | None = None, before_id: int | None = None
) -> list[Suggestion]:
    """Return suggestions this actor decides on, the newest first; one query."""
    query = select(Suggestion).where(_to_decide(actor)).options(*loads())
    if is_open:
        query = query.where(is_waiting())
    if article_id is not None:
        query = query.where(Suggestion.article_id == article_id)
    if before_id is not None:
        query = query.where(Suggestion.id < before_id)
    return list(db.session.execute(query.order_by(Suggestion.id.desc()).limit(PAGE)).scalars())


def n_waiting(actor: Actor) -> int:
    query = select(func.count()).select_from(Suggestion).where(_to_decide(actor), is_waiting())
    return db.session.execute(query).scalar_one()


def made_by(actor: Actor, *, before_id: int | None = None) -> list[Suggestion]:
    """Return the actor's own suggestions, the newest first; of articles they may not see any more without its title."""
    query = select(Suggestion).where(Suggestion.person_id == (actor.person_id or 0)).options(*loads())
    if before_id is not None:
        query = query.where(Suggestion.id < before_id)
    return list(db.session.execute(query.order_by(Suggestion.id.desc()).limit(PAGE)).scalars())


def loads() -> tuple[ExecutableOption, ...]:
    """Return what to load of suggestions in lists: article and people, without texts."""
    article = joinedload(Suggestion.article)
    return (
        article.options(joinedload(Article.category), *LIGHT),
        joinedload(Suggestion.person),
        joinedload(Suggestion.decided_by),
        joinedload(Suggestion.draft).options(defer(Draft.body)),
    )


def can_name(actor: Actor, article: Article) -> bool:
    """Whether the author of a suggestion still sees what it was about: not its text, once it is archived."""
    return policies.can_read(actor, article) or (article.status == Status.ARCHIVED and actor.sees(article.access_key))


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return suggestions this actor made or decides on, under the title of their article; one query."""
    query = select(Suggestion).where(Suggestion.id.in_(ids)).options(*loads())
    found = {}
    for row in db.session.execute(query).scalars():
        is_own = row.person_id == actor.person_id
        if not (can_name(actor, row.article) if is_own else can_decide(actor, row.article)):
            continue
        url = url_for("home.mine", _anchor=f"suggestion-{row.id}") if is_own else _address(row)
        found[row.id] = Thing(ref=row.ref, title=row.article.title, url=url)
    return found


def _address(row: Suggestion) -> str:
    return url_for("suggestions.one", suggestion_id=row.id)


# Deciding


@dataclass(frozen=True)
class Taken:
    """What became of a suggestion that was taken up."""

    draft: Draft
    is_applied: bool
    """The words are in the draft; else the editor sees both and writes them in."""


def proposed(suggestion: Suggestion, body: str, *, revision: int) -> str | None:
    """Return the text with the suggestion in it; None where its place is not found any more, or not clear."""
    if suggestion.kind == Proposal.EDIT:
        return passages.replace(body, suggestion.quote, suggestion.replacement)
    if suggestion.kind == Proposal.WHOLE and revision == suggestion.revision:
        return suggestion.replacement
    return None


def is_placed(suggestion: Suggestion, body: str, *, revision: int) -> bool:
    """Whether `proposed` has a text to return, without making it."""
    if suggestion.kind == Proposal.EDIT:
        return passages.stands_once(body, suggestion.quote)
    return suggestion.kind == Proposal.WHOLE and revision == suggestion.revision


def accept(actor: Actor, suggestion: Suggestion, *, answer: str = "") -> Taken:
    """Take a suggestion up: open the draft and put the words in where their place is found. Its author is told.

    A text for the whole article replaces the draft only while both began from the same text and nobody has written
    anything else since. Nothing is published by this.
    """
    return _take_up(actor, suggestion, Outcome.ACCEPTED, answer=answer, is_applied=True)


def reword(actor: Actor, suggestion: Suggestion, *, answer: str = "") -> Taken:
    """Take it up in other words: open the draft as it is. Its author is told."""
    return _take_up(actor, suggestion, Outcome.REWORDED, answer=answer, is_applied=False)


def _take_up(actor: Actor, suggestion: Suggestion, outcome: Outcome, *, answer: str, is_applied: bool) -> Taken:
    _refuse_second(actor, suggestion)
    article = suggestion.article
    draft = drafts.edit(actor, article)
    is_untouched = draft.body == article.body
    revision = article.n_revisions if is_untouched else -1
    body = proposed(suggestion, draft.body, revision=revision) if is_applied else None
    if body is not None:
        drafts.save(actor, draft, {"body": body}, lock=draft.lock)
        four_eyes.add_writers(draft, [suggestion.person_id])
    suggestion.draft, suggestion.draft_id = draft, draft.id
    _decide(actor, suggestion, outcome, answer=answer)
    notifications.tell(
        [suggestion.person_id], "suggestion_taken", subject=suggestion.ref, words=suggestion.answer, actor=actor
    )
    return Taken(draft, is_applied=body is not None)


def whose(draft: Draft) -> set[int]:
    """Return whose suggestions went into a draft; they hear of those, and not of the draft besides."""
    query = select(Suggestion.person_id).where(Suggestion.draft_id == draft.id)
    return set(db.session.execute(query).scalars())


def decline(actor: Actor, suggestion: Suggestion, *, answer: str) -> None:
    """Leave the article as it is and say why. Its author is told. Refuses to say nothing (Invalid, field `answer`)."""
    _refuse_second(actor, suggestion)
    if not answer.strip():
        raise Invalid(_("Say in a line why: somebody took the trouble to write."), field="answer")
    _decide(actor, suggestion, Outcome.DECLINED, answer=answer)
    notifications.tell(
        [suggestion.person_id], "suggestion_declined", subject=suggestion.ref, words=suggestion.answer, actor=actor
    )


def is_open(suggestion: Suggestion) -> bool:
    """Whether it waits for somebody to decide."""
    if suggestion.outcome == Outcome.WAITING:
        return True
    put_away = suggestion.draft is not None and suggestion.draft.state == State.DISCARDED
    return suggestion.outcome in UNDER_WAY and put_away


def _refuse_second(actor: Actor, suggestion: Suggestion) -> None:
    if not can_decide(actor, suggestion.article):
        raise Forbidden(_("Editors and the owner of the article decide on suggestions."))
    if not is_open(suggestion):
        raise Conflict(_("Somebody else has decided on this suggestion in the meantime."))


def _decide(actor: Actor, suggestion: Suggestion, outcome: Outcome, *, answer: str) -> None:
    answer = answer.strip()
    if len(answer) > WORDS:
        raise Invalid(_("Please keep this under %(n)s characters.", n=WORDS), field="answer")
    now = clock.now()
    suggestion.outcome, suggestion.answer = outcome.value, answer
    suggestion.decided_at, suggestion.decided_by_id = now, actor.person_id
    db.session.flush()
    ledger.record(
        Name.EDIT_DECIDED,
        actor=actor,
        subject=suggestion.article.ref,
        topic=Ref("category", suggestion.article.category_id),
        suggestion=suggestion.id,
        outcome=outcome.value,
        hours=int((now - suggestion.created_at) / dt.timedelta(hours=1)),
    )
    notifications.mark_read(actor, "suggestion", subject=suggestion.ref)


def archived(actor: Actor, article: Article) -> int:
    """Close what waits for an article that was archived, and tell its authors; returns how many there were.

    Called in the transaction of archiving, after it.
    """
    query = select(Suggestion).where(Suggestion.article_id == article.id, is_waiting()).order_by(Suggestion.id)
    waiting = list(db.session.execute(query).scalars())
    for suggestion in waiting:
        _decide(actor, suggestion, Outcome.CLOSED, answer="")
        notifications.tell([suggestion.person_id], "suggestion_closed", subject=suggestion.ref, actor=actor)
    return len(waiting)


def published(actor: Actor, draft: Draft) -> None:
    """Tell everybody whose suggestion went into this draft that it is out. Called in the transaction of publishing."""
    query = select(Suggestion).where(Suggestion.draft_id == draft.id, Suggestion.outcome.in_(UNDER_WAY))
    for suggestion in db.session.execute(query).scalars():
        suggestion.outcome, suggestion.published_at = Outcome.PUBLISHED.value, clock.now()
        ledger.record(
            Name.EDIT_PUBLISHED,
            actor=actor,
            subject=draft.article.ref,
            topic=draft.category.ref,
            suggestion=suggestion.id,
        )
        notifications.tell([suggestion.person_id], "suggestion_published", subject=draft.article.ref, actor=actor)
