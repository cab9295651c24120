"""One voice a person and thing: useful, thanks, or "I have the same problem".

The key of the table lets nobody speak twice, whatever arrives at the same instant; the feature that owns the thing
keeps its count in step by what `cast` returns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, delete, func, select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db, upsert
from portal.core.errors import Forbidden
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.talk.models import Voice, Vote


def cast(actor: Actor, thing: Ref, *, voice: Voice, is_on: bool = True, topic: Ref | None = None) -> bool:
    """Raise this voice or take it back; returns whether that changed anything, so that the caller counts it once.

    Records `vote.cast`, or `question.same_here`. Nobody speaks in another's name (Forbidden).
    """
    if actor.person_id is None:
        raise Forbidden(_("Sign in first."))
    actor.require_self()
    if not (_raise(actor.person_id, thing, voice) if is_on else _take_back(actor.person_id, thing, voice)):
        return False
    if voice is Voice.SAME:
        ledger.record(Name.QUESTION_SAME_HERE, actor=actor, subject=thing, topic=topic, is_on=is_on)
    else:
        ledger.record(Name.VOTE_CAST, actor=actor, subject=thing, topic=topic, voice=voice.value, is_on=is_on)
    return True


def _raise(person_id: int, thing: Ref, voice: Voice) -> bool:
    row = {"subject": str(thing), "voice": voice.value, "person_id": person_id, "at": clock.now()}
    made = upsert(Vote).values(**row).on_conflict_do_nothing().returning(Vote.person_id)
    return db.session.execute(made).scalar() is not None


def _take_back(person_id: int, thing: Ref, voice: Voice) -> bool:
    mine = (Vote.subject == str(thing)) & (Vote.voice == voice.value) & (Vote.person_id == person_id)
    return bool(db.session.execute(delete(Vote).where(mine)).rowcount)  # type: ignore[attr-defined]


def own(actor: Actor, things: Collection[Ref]) -> set[tuple[Ref, Voice]]:
    """Return which voices this actor has raised about these things; one query."""
    if actor.person_id is None or not things:
        return set()
    rows = db.session.execute(_own(), {"person": actor.person_id, "subjects": [str(ref) for ref in things]})
    return {(Ref.parse(subject), Voice(voice)) for subject, voice in rows}


@cache
def _own() -> Select[*tuple[Any, ...]]:
    return select(Vote.subject, Vote.voice).where(
        Vote.person_id == bindparam("person"), Vote.subject.in_(bindparam("subjects", expanding=True))
    )


def counted(things: Iterable[Ref], voice: Voice) -> dict[Ref, int]:
    """Return how many people raised this voice about each thing; those nobody spoke of are missing."""
    wanted = [str(ref) for ref in things]
    query = select(Vote.subject, func.count()).where(Vote.subject.in_(wanted), Vote.voice == voice.value)
    return {Ref.parse(subject): n for subject, n in db.session.execute(query.group_by(Vote.subject))}
