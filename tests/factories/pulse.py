"""Waves of surveys, those invited to them, and what they answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from portal.core import clock
from portal.core.database import db
from portal.people.models import Department, Person, Site
from portal.pulse import answering, inviting, keys, tokens
from portal.pulse.models import Invitation, Wave, WaveState
from portal.pulse.roster import Asked, Roster
from surveys import loading
from tests.factories import people

WHY = "We want to know what would help you most, and decide by it in December. The task force reads the figures."


def wave(**kw: Any) -> Wave:
    """Plan a wave on real-life use; `state` and all else by keyword."""
    today = clock.today()
    defaults: dict[str, Any] = {
        "name": "Autumn pulse",
        "stage": "use",
        "instrument": "pulse-1",
        "sender_name": "Eli Lindqvist",
        "why": WHY,
        "opens_on": today,
        "closes_on": today + dt.timedelta(days=14),
        "reminder_days": [4, 9],
        "departments": [],
        "created_at": clock.now(),
    }
    row = Wave(**{**defaults, **kw})
    db.session.add(row)
    db.session.flush()
    return row


@dataclass(frozen=True)
class Invited:
    """Somebody who was asked, with the token of their mail, which the database does not know."""

    person: Person
    invitation: Invitation
    token: str

    @property
    def code(self) -> str:
        """The token as the mail prints it."""
        return tokens.spelled(self.token)


def open_wave(persons: Iterable[Person] | int = 6, **kw: Any) -> tuple[Wave, list[Invited]]:
    """Launch a wave and return it with those who were asked: these people, or so many of Finance made for it."""
    state = kw.pop("state", WaveState.OPEN.value)
    row = wave(**kw)
    if isinstance(persons, int):
        persons = some_people("Finance", persons)
    invited = invite(row, persons)
    # A guard of the database lets no group be added to what is launched.
    row.state, row.launched_at = state, clock.now()
    row.instrument_digest = loading.load(row.instrument).digest
    db.session.flush()
    return row, invited


def invite(row: Wave, persons: Iterable[Person]) -> list[Invited]:
    """Ask these people, as the launch does, and say that their mails were sent."""
    persons = list(persons)
    asked = tuple(Asked(one.id, _name(Department, one.department_id), _name(Site, one.site_id)) for one in persons)
    inviting.invite(row, Roster(asked, {_name(Department, one.department_id): one.department_id for one in persons}))
    key = keys.of(row.id)
    assert key is not None
    rows = {one.person_id: one for one in db.session.query(Invitation).filter_by(wave_id=row.id)}
    for invitation in rows.values():
        invitation.sent_at = clock.now()
    db.session.flush()
    return [Invited(one, rows[one.id], keys.token_of(key, rows[one.id])) for one in persons]


def some_people(department: str, n: int, *, site: str | None = None) -> list[Person]:
    """Add a department of so many people."""
    unit = people.department(department)
    place = people.site(site).id if site else None
    return [
        people.person(f"{department} Colleague {number}", department_id=unit.id, site_id=place) for number in range(n)
    ]


def answer(invited: Invited, answers: Mapping[str, int | None] | None = None, comment: str = "") -> None:
    """Answer as this person: these answers, or the middle throughout with one that differs."""
    row = db.session.get_one(Wave, invited.invitation.wave_id)
    given = answers if answers is not None else answers_to(row)
    assert answering.answer(invited.token, answers=given, comment=comment) is not None, "the token opened nothing"


def answers_to(row: Wave, level: float = 4.0, *, chance: Random | None = None) -> dict[str, int | None]:
    """Return answers to everything a wave asks that score about this level of 1 to 5, turned statements turned."""
    chance = chance or Random(7)
    instrument = loading.load(row.instrument)
    given: dict[str, int | None] = {}
    for item in instrument.asked_at(row.stage):
        ticked = min(5, max(1, round(level + chance.choice((-1, -0.4, 0, 0.4, 1)))))
        given[item.code] = instrument.scale.turned(ticked) if item.is_reversed else ticked
    return given


def _name(kind: type[Department] | type[Site], row_id: int | None) -> str:
    found = db.session.get(kind, row_id) if row_id else None
    return found.name if found else ""
