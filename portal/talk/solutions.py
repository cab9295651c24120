"""The one verb for "solved": every feature that has something to solve marks it here."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.talk import policies
from portal.talk.models import Reason, Solution

COMMENT_LIMIT = 2000


def of(actor: Actor, thing: Ref, *, version: int) -> Solution | None:
    """Return what this actor said about this version, None when nothing yet."""
    if not actor.is_signed_in:
        return None
    given = {"subject": str(thing), "version": version, "person": actor.person_id}
    return db.session.execute(_said(), given).scalar_one_or_none()


@cache
def _said() -> Select[*tuple[Any, ...]]:
    return select(Solution).where(
        Solution.subject == bindparam("subject"),
        Solution.version == bindparam("version"),
        Solution.person_id == bindparam("person"),
    )


def mark(
    actor: Actor,
    thing: Ref,
    *,
    version: int,
    solved: bool,
    reason: str | None = None,
    comment: str | None = None,
    via: str = "article",
    topic: Ref | None = None,
) -> Solution:
    """Say whether the thing solved it, or change what was said. None for reason or comment keeps what stands.

    Saying the same twice changes nothing and records nothing. Refuses people who are not signed in (Forbidden) and
    an unknown reason or an overlong comment (Invalid).
    """
    if not policies.can_answer(actor) or actor.person_id is None:
        raise Forbidden(_("Sign in to say whether this solved it."))
    if reason and reason not in set(Reason):
        raise Invalid(_("Choose one of the reasons."), field="reason")
    if comment is not None and len(comment := comment.strip()) > COMMENT_LIMIT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=COMMENT_LIMIT), field="comment")
    now, said = clock.now(), of(actor, thing, version=version)
    is_change = said is not None
    if said is None:
        said = Solution(
            subject=str(thing),
            version=version,
            person_id=actor.person_id,
            is_solved=solved,
            comment="",
            reply="",
            created_at=now,
            changed_at=now,
            is_intent_asked=False,
        )
        db.session.add(said)
    before = (said.is_solved, said.reason, said.comment) if is_change else None
    said.is_solved, said.via = solved, via
    said.reason = None if solved else (reason or said.reason)
    said.comment = said.comment if comment is None else comment
    if before == (said.is_solved, said.reason, said.comment):
        return said
    said.changed_at = now
    if solved and said.would_have_called is None:
        said.is_intent_asked = _is_sampled(actor, thing, version)
    ledger.record(
        Name.SOLUTION_MARKED,
        actor=actor,
        subject=thing,
        topic=topic,
        solved=solved,
        version=version,
        reason=said.reason,
        via=via,
        is_change=is_change,
        has_comment=bool(said.comment),
    )
    return said


def _is_sampled(actor: Actor, thing: Ref, version: int) -> bool:
    """Draw the sample by hash, so that changing one's mind back and forth does not draw again."""
    digest = hashlib.sha256(f"{actor.person_id}/{thing}/{version}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < options.get().intent_share


def state_intent(actor: Actor, said: Solution, *, would_have_called: bool) -> None:
    """Answer the one further question; refuses somebody else's answer and one that was not asked (NotFound)."""
    if said.person_id != actor.person_id or not said.is_intent_asked or not said.is_solved:
        raise NotFound("")
    if said.would_have_called == would_have_called:
        return
    said.would_have_called = would_have_called
    db.session.flush()
    ledger.record(
        Name.INTENT_STATED,
        actor=actor,
        subject=Ref.parse(said.subject),
        would_have_called=would_have_called,
        version=said.version,
    )


def reply(actor: Actor, said: Solution, *, text: str) -> Solution:
    """Answer somebody's feedback. Refuses an empty and an overlong text (Invalid).

    Whether this actor may is for the thing's own feature to say, and telling the person too: it knows owner and title.
    """
    text = text.strip()
    if not text:
        raise Invalid(_("Write a line first."), field="reply")
    if len(text) > COMMENT_LIMIT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=COMMENT_LIMIT), field="reply")
    now = clock.now()
    hours = int((now - said.changed_at).total_seconds() // 3600) if said.replied_at is None else None
    said.reply, said.replied_by_id, said.replied_at = text, actor.person_id, now
    db.session.flush()
    subject = Ref.parse(said.subject)
    ledger.record(Name.FEEDBACK_REPLIED, actor=actor, subject=subject, solution=said.id, hours=hours)
    return said
