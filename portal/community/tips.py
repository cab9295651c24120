"""What people do with tips: write, read, thank, edit. What nobody asked is often what everybody needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import joinedload

from analytics.events import Name
from portal.community import pictures, policies, questions, texts
from portal.community.models import Tip
from portal.community.pictures import Upload
from portal.core import clock, limits
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, NotFound
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.talk import votes
from portal.talk.models import Voice

PER_HOUR = 10


def get(actor: Actor, tip_id: int) -> Tip:
    """Return the tip or refuse (NotFound): one that is hidden and one that never was look the same."""
    tip = db.session.execute(_by_id(), {"id": tip_id}).unique().scalar_one_or_none()
    if tip is None or not policies.can_see(actor, tip):
        raise NotFound("")
    return tip


@cache
def _by_id() -> Select[*tuple[Any, ...]]:
    loads = (joinedload(Tip.author), joinedload(Tip.category), joinedload(Tip.tags))
    return select(Tip).where(Tip.id == bindparam("id")).options(*loads)


def write(
    actor: Actor,
    *,
    title: str,
    body: str,
    category_id: int | None,
    tags: str | Sequence[str] = (),
    uploads: Sequence[Upload] = (),
) -> Tip:
    """Write a tip. Records `tip.written`.

    Refuses what is not whole (Invalid, by field), who may not (Forbidden), and too many in an hour (TooMany).
    """
    if not policies.can_write_tips(actor):
        raise Forbidden(_("Sign in to write a tip."))
    words = {"title": texts.title_of(title), "body": texts.body_of(body)}
    topic = texts.topic_of(actor, category_id)
    named = texts.tags_of(tags)
    limits.spend("tip", str(actor.person_id), limit=PER_HOUR, seconds=3600)
    tip = Tip(
        **words, html="", author_id=actor.person_id, category=topic, access_key=topic.access_key, created_at=clock.now()
    )
    texts.put_tags(tip, named)
    db.session.add(tip)
    db.session.flush()
    pictures.add(actor, tip, uploads)
    texts.render(actor, tip)
    ledger.record(Name.TIP_WRITTEN, actor=actor, subject=tip.ref, topic=topic.ref)
    follow_in_search(tip)
    return tip


def edit(
    actor: Actor,
    tip: Tip,
    *,
    version: int,
    title: str,
    body: str,
    tags: str | Sequence[str],
    category_id: int | None = None,
    uploads: Sequence[Upload] = (),
    gone: Collection[int] = (),
) -> None:
    """Put a tip otherwise; what it said stays in its history. Records `tip.edited`. Refuses as `questions.edit`."""
    if not policies.can_edit(actor, tip):
        raise Forbidden(_("The author and editors change a tip."))
    words = {"title": texts.title_of(title), "body": texts.body_of(body)}
    more: dict[str, Any] = {"tags": texts.tags_of(tags), "uploads": uploads, "gone": gone}
    topic = texts.moved(actor, tip, category_id, refusal=_("Editors put a tip under another topic."))
    if not texts.rewrite(actor, tip, words, version=version, topic=topic, **more):
        return
    ledger.record(Name.TIP_EDITED, actor=actor, subject=tip.ref, topic=topic.ref, version=tip.version)
    follow_in_search(tip)


def thank(actor: Actor, tip: Tip, *, is_on: bool) -> None:
    """Thank for a tip, or take it back; everybody once, nobody themselves (Forbidden). The author is told of thanks."""
    if not policies.can_vote(actor, tip):
        actor.require_self()
        raise Forbidden(_("Others thank you for your tip."))
    if not votes.cast(actor, tip.ref, voice=Voice.THANKS, is_on=is_on, topic=about(tip)):
        return
    step = 1 if is_on else -1
    db.session.execute(update(Tip).where(Tip.id == tip.id).values(n_thanks=Tip.n_thanks + step))
    db.session.refresh(tip, ["n_thanks"])
    if is_on:
        notifications.tell([tip.author_id], "tip_thanked", subject=tip.ref, actor=actor)


def note_view(actor: Actor, tip: Tip, *, via: str | None, search: str | None, rank: int | None) -> None:
    """Observe that the tip was opened, and which result or suggestion led there."""
    facts: dict[str, Any] = {"actor": actor, "subject": tip.ref, "topic": about(tip)}
    ledger.observe(Name.TIP_VIEWED, **facts, via=via, search=search, rank=rank)
    questions.note_opening(facts, via=via, search=search, rank=rank)


def follow_in_search(tip: Tip) -> None:
    """Have the index follow, in this transaction."""
    jobs.enqueue("search.update", {"refs": [str(tip.ref)]})


def about(tip: Tip) -> Ref:
    return Ref("category", tip.category_id)
