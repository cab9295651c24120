"""Acting for somebody: an administrator sits in their place for a while, to see what they see and help on.

Nobody does so unseen. The person is told at once and finds it among their devices, where they can end it; a banner
stands above every page; every fact names both. What only the person themselves may do stays theirs
(`Actor.require_self`, `core.access.in_person`). It is a session of its own with a name of its own: the
administrator's session loses its name for that time and gets another one when the browser goes back to it.
"""

from __future__ import annotations

import datetime as dt
import secrets

from flask import request
from flask_babel import gettext as _

from analytics.events import Name
from portal.accounts import hashing, sessions, standing_in
from portal.accounts.models import SignInSession
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Permission, Role
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import services as people
from portal.people.models import Person

LONGEST = dt.timedelta(minutes=60)
LEAST_WORDS = 5


def can_act_for(actor: Actor, person: Person) -> bool:
    """True when this administrator may take this person's place: never an administrator's, nor from there on."""
    return (
        actor.can(Permission.PERSON_ACT_FOR)
        and not actor.is_acting_for
        and person.is_active
        and person.id != actor.person_id
        and Role.ADMIN not in person.role_set
    )


def start(actor: Actor, person: Person, *, why: str) -> SignInSession:
    """Let the actor's browser act for somebody for at most an hour; tells them, and records it with the reason."""
    actor.require(Permission.PERSON_ACT_FOR)
    actor.require_self()
    if actor.session_id is None or not can_act_for(actor, person):
        raise Forbidden(_("Nobody can act for %(name)s.", name=person.name))
    why = " ".join(why.split())[:300]
    if len(why) < LEAST_WORDS:
        raise Invalid(_("Say why, in a few words. %(name)s reads it.", name=person.first_name), field="why")
    _lose_name(actor.session_id)
    row, token = sessions.open_session(
        person.id, user_agent=request.user_agent.string, address=request.remote_addr, lives=LONGEST
    )
    row.acted_by_id, row.own_session_id, row.acting_reason = actor.person_id, actor.session_id, why
    db.session.flush()
    minutes = int(LONGEST.total_seconds() // 60)
    ledger.record(Name.ACTING_STARTED, actor=actor, subject=person.ref, why=why, minutes=minutes)
    notifications.tell([person], "acted_for", actor=actor, data={"minutes": str(minutes)}, words=why)
    seen_as = standing_in.seen_as(people.actor_of(person), actor, until=row.expires_at)
    sessions.carry(seen_as, row, token)
    sessions.note_acting(seen_as)
    return row


def _lose_name(session_id: int) -> None:
    """Give a session a name that nobody knows: what the browser held until now opens nothing any more."""
    db.session.get_one(SignInSession, session_id).token_hash = hashing.digest(secrets.token_urlsafe(32))


def finish(actor: Actor) -> bool:
    """End it; the browser goes back to the administrator's own session under a new name. False when that is over."""
    row = _row(actor)
    end(actor, row)
    own = db.session.get(SignInSession, row.own_session_id) if row.own_session_id else None
    helper = people.get_person(row.acted_by_id)
    now = clock.now()
    if own is None or own.ended_at is not None or now >= own.expires_at or not helper.is_active:
        sessions.leave()
        return False
    own.last_seen_at = now
    sessions.rename(helper, own.id)
    return True


def _row(actor: Actor) -> SignInSession:
    row = db.session.get(SignInSession, actor.session_id) if actor.is_acting_for else None
    if row is None:
        raise NotFound("")
    return row


def end(actor: Actor, row: SignInSession) -> None:
    """Mark it as over and record how long it lasted."""
    row.ended_at = clock.now()
    minutes = round((row.ended_at - row.created_at).total_seconds() / 60)
    ledger.record(Name.ACTING_ENDED, actor=actor, subject=people.get_person(row.person_id).ref, minutes=minutes)
