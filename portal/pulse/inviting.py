"""Invitations: made all at once at the launch, a few to try a draft, and taken away from whoever leaves."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Delete, delete, insert, select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.jobs import services as jobs
from portal.people.models import Person
from portal.pulse import keys, policies, tokens
from portal.pulse.models import Breakdown, Invitation, Wave, WaveState, WaveUnit
from portal.pulse.roster import Roster

AT_ONCE = 1000
TRY = "pulse.try"
MOST_TRIALS = 3
"""People a draft is tried on: oneself and two colleagues."""


def invite(wave: Wave, roster: Roster) -> int:
    """Freeze the groups and make an invitation for everybody, in this transaction; returns how many.

    Only the groups by which the wave is read are noted, so that no other can ever be made of its sheets.
    """
    key = keys.make(wave)
    kept = {wave.breakdown, wave.second_breakdown} - {Breakdown.NONE.value}
    for breakdown in sorted(kept):
        counts = roster.counts(breakdown)
        db.session.add_all(
            WaveUnit(
                wave_id=wave.id,
                breakdown=breakdown,
                name=name,
                department_id=roster.department_ids.get(name) if breakdown == Breakdown.DEPARTMENT else None,
                n_people=n,
            )
            for name, n in counts.items()
        )
    db.session.flush()
    rows = _rows(wave, roster, key, kept)
    while some := list(islice(rows, AT_ONCE)):
        db.session.execute(insert(Invitation), some)
    return len(roster.people)


def _rows(wave: Wave, roster: Roster, key: bytes, kept: Collection[str]) -> Iterator[dict[str, Any]]:
    for one in roster.people:
        yield {
            "wave_id": wave.id,
            "person_id": one.person_id,
            "token_hash": tokens.digest(tokens.derive(key, keys.owner(one.person_id))),
            "department": one.department if Breakdown.DEPARTMENT in kept else "",
            "site": one.site if Breakdown.SITE in kept else "",
            "n_reminders": 0,
            "is_used": False,
            "is_bounced": False,
            "is_test": False,
        }


def invite_to_try(actor: Actor, wave: Wave, *, emails: Collection[str]) -> list[Person]:
    """Make invitations by which a draft is tried: nothing of it is kept. Returns who gets one.

    Refuses strangers and more than three people (Invalid), and a wave that was launched (Conflict).
    """
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    if wave.state != WaveState.DRAFT:
        raise Conflict(_("Only a draft is tried."))
    wanted = {email.strip().lower() for email in emails if email.strip()}
    if not wanted:
        raise Invalid(_("Name somebody: yourself first of all."), field="emails")
    if len(wanted) > MOST_TRIALS:
        raise Invalid(_("Try it on three people at most."), field="emails")
    people = list(db.session.execute(select(Person).where(Person.email.in_(wanted), Person.is_active)).scalars())
    if strange := sorted(wanted - {person.email for person in people}):
        raise Invalid(_("Nobody here has the address %(email)s.", email=strange[0]), field="emails")
    key = keys.of(wave.id) or keys.make(wave)
    for person in people:
        _try_on(wave, person, key)
    db.session.flush()
    return people


def send_to_try(wave: Wave, people: Collection[Person]) -> None:
    """Have these people get the draft by mail."""
    mine = (Invitation.wave_id == wave.id, Invitation.is_test, Invitation.person_id.in_({one.id for one in people}))
    for invitation_id in db.session.execute(select(Invitation.id).where(*mine)).scalars():
        jobs.enqueue(TRY, {"wave": wave.id, "invitation": invitation_id, "name": secrets.token_hex(8)})


def _try_on(wave: Wave, person: Person, key: bytes) -> None:
    mine = (Invitation.wave_id == wave.id, Invitation.person_id == person.id)
    row = db.session.execute(select(Invitation).where(*mine)).scalar_one_or_none()
    row = row or Invitation(wave_id=wave.id, person_id=person.id, is_test=True)
    row.token_hash = tokens.digest(tokens.derive(key, keys.owner(person.id, is_test=True)))
    db.session.add(row)


def uninvite(person: Person) -> None:
    """Take the invitations away that somebody who leaves has not used; their links are dead at once."""
    db.session.execute(_take_away(Invitation.person_id == person.id))


def uninvite_leavers() -> int:
    """Take away what was left to people who are gone, however they went; returns how many."""
    gone = select(Person.id).where(Person.is_active.is_(False))
    return int(db.session.execute(_take_away(Invitation.person_id.in_(gone))).rowcount)  # type: ignore[attr-defined]


def _take_away(whose: ColumnElement[bool]) -> Delete:
    running = select(Wave.id).where(Wave.state.in_((WaveState.DRAFT.value, WaveState.OPEN.value)))
    return delete(Invitation).where(whose, Invitation.is_used.is_(False), Invitation.wave_id.in_(running))
