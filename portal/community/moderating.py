"""What people say should be looked at, and what moderators decide about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.community import answers, policies, questions, removing, tips
from portal.community.models import Answer, Question, Tip
from portal.community.policies import Post
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.notifications import services as notifications
from portal.talk import flags
from portal.talk.flags import Decision
from portal.talk.models import Comment, Flag

LATELY = dt.timedelta(days=90)
SHOWN = 20
KINDS = ("question", "answer", "tip")


@dataclass
class Case:
    """One thing that was flagged, by however many."""

    thing: Thing
    flags: list[Flag] = field(default_factory=list)


def post(actor: Actor, kind: str, post_id: int) -> Post:
    """Return what was written, or refuse (NotFound): hidden and unknown look the same."""
    if kind == "question":
        return questions.get(actor, post_id)
    if kind == "tip":
        return tips.get(actor, post_id)
    answer = db.session.get(Answer, post_id) if kind == "answer" else None
    if answer is None:
        raise NotFound("")
    return answers.get(actor, questions.get(actor, answer.question_id), answer.id)


def topic_of(one: Post) -> Ref:
    return Ref("category", one.question.category_id if isinstance(one, Answer) else one.category_id)


def can_flag(actor: Actor, one: Post) -> bool:
    """Everybody but its writer, while it stands."""
    return flags.can_flag(actor) and one.removed_at is None and not policies.is_own(actor, one)


def flag(actor: Actor, one: Post, *, reason: str, comment: str) -> None:
    """Say that it should be looked at. Refuses its writer and what is gone (Forbidden); else as `flags.flag`."""
    if not can_flag(actor, one):
        raise Forbidden(_("You can change or take away your own words yourself."))
    flags.flag(actor, one.ref, reason=reason, comment=comment, topic=topic_of(one))


def waiting(actor: Actor) -> list[Case]:
    """Return what waits for a decision, as far as this moderator sees it; a fixed number of queries."""
    actor.require(Permission.QUESTION_MODERATE)
    rows = flags.waiting(KINDS)
    things = load_things(actor, {Ref.parse(row.subject) for row in rows})
    cases: dict[Ref, Case] = {}
    for row in rows:
        ref = Ref.parse(row.subject)
        if ref in things:
            cases.setdefault(ref, Case(things[ref])).flags.append(row)
    return list(cases.values())


@dataclass(frozen=True)
class Gone:
    """Something that was taken away lately, and what was said in it."""

    row: Any
    thing: Thing
    """The thing itself; of a comment, what it stands below."""
    words: str


def taken_away(actor: Actor) -> list[Gone]:
    """Return what was taken away lately, the latest first, as far as this moderator sees it."""
    actor.require(Permission.QUESTION_MODERATE)
    since = clock.now() - LATELY
    rows: list[Any] = []
    for model in (Question, Answer, Tip, Comment):
        query = select(model).where(model.removed_at > since).order_by(model.removed_at.desc(), model.id.desc())
        if model is Comment:
            query = query.where(Comment.subject.startswith("question:") | Comment.subject.startswith("answer:"))
        rows += db.session.execute(query.limit(SHOWN)).scalars()
    rows = sorted(rows, key=lambda row: row.removed_at, reverse=True)[:SHOWN]
    about = {id(row): Ref.parse(row.subject) if isinstance(row, Comment) else row.ref for row in rows}
    things = load_things(actor, about.values())
    return [
        Gone(row, things[about[id(row)]], row.body if isinstance(row, Comment) else row.excerpt)
        for row in rows
        if about[id(row)] in things
    ]


def decide(actor: Actor, kind: str, post_id: int, *, outcome: str, reply: str) -> None:
    """Decide about a flagged text, and tell who flagged it. Records `flag.closed`, and `post.removed` where it goes.

    Refuses who does not moderate (Forbidden), no decision (Invalid, `outcome`), one that was made meanwhile (Conflict).
    """
    actor.require(Permission.QUESTION_MODERATE)
    one = post(actor, kind, post_id)
    if outcome not in set(Decision):
        raise Invalid(_("Choose what is done about it."), field="outcome")
    told = flags.close(actor, one.ref, outcome=Decision(outcome), reply=reply, topic=topic_of(one))
    if outcome == Decision.REMOVED and one.removed_at is None:
        removing.remove(actor, one)
    elif outcome == Decision.REMOVED:  # its writer was quicker, and does not bring back what was decided about
        one.removed_by_id = actor.person_id
    about = _still_there(one, is_gone=outcome == Decision.REMOVED)
    data = {"outcome": outcome, "reply": reply.strip()}
    notifications.tell(told, "flag_decided", subject=about, data=data, words=reply.strip(), actor=actor)


def _still_there(one: Post, *, is_gone: bool) -> Ref | None:
    """Return what the news lead to: the text, what it was an answer to, or nothing when it was taken away."""
    if not is_gone:
        return one.ref
    return one.question.ref if isinstance(one, Answer) else None
