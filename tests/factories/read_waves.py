"""Waves that were answered and closed, with as many answers of each group as a test wants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy import select

from portal.core import actor as actors
from portal.core.database import db
from portal.people.models import Department, Person
from portal.pulse import closing
from portal.pulse.models import Sheet, Wave
from portal.pulse.reading import Kept
from surveys import loading
from tests.factories import people, pulse

COMMENTS = ("The search does not know our words.", "It saves me a call.", "Ask Ben Kaya, he knows.")

Answering = Mapping[str, tuple[int, int, float]]
"""By department: how many are asked, how many answer, and the level (1 to 5) of what they say."""
Levels = Mapping[tuple[str, str], float]
"""Levels of their own for dimensions of a department."""


def closed(departments: Answering, **kw: Any) -> tuple[Wave, Kept]:
    """Plan, launch, answer and close a wave. Sheets are written as rows: answering has its own tests."""
    row = answered(departments, **kw)
    return row, close(row)


def close(row: Wave) -> Kept:
    """Close a running wave and keep what it says."""
    closing.close(actors.system("tests"), row)
    return closing.keep(row.id, closing.worked_out(row))


def answered(
    departments: Answering, *, seed: int = 1, n_comments: int = 0, of: Levels | None = None, **kw: Any
) -> Wave:
    """The same, still running."""
    draw = Random(seed)
    persons = [(name, one) for name, (n, *_) in departments.items() for one in staff(name, n)]
    row, invited = pulse.open_wave([one for _name, one in persons], **kw)
    by_name: dict[str, list[pulse.Invited]] = defaultdict(list)
    for (name, _person), one in zip(persons, invited, strict=True):
        by_name[name].append(one)
    said = 0
    for name, (_n, n_answers, level) in departments.items():
        own = {code: x for (unit, code), x in (of or {}).items() if unit == name}
        for one in by_name[name][:n_answers]:
            said += 1
            one.invitation.is_used = True
            db.session.add(
                Sheet(
                    id=f"{draw.getrandbits(128):032x}",
                    wave_id=row.id,
                    department=one.invitation.department,
                    site=one.invitation.site,
                    answers=_answers(row, draw, level, own),
                    comment=COMMENTS[said % len(COMMENTS)] if said <= n_comments else "",
                )
            )
    db.session.flush()
    return row


def staff(name: str, n: int) -> list[Person]:
    """Return so many people of a department, the same again when asked again."""
    unit = db.session.execute(select(Department).where(Department.name == name)).scalars().first()
    unit = unit or people.department(name)
    there = list(
        db.session.execute(select(Person).where(Person.department_id == unit.id).order_by(Person.id)).scalars()
    )
    more = [people.person(f"{name}er Number{k}", department_id=unit.id) for k in range(len(there), n)]
    return [*there, *more][:n]


def _answers(row: Wave, draw: Random, level: float, own: Mapping[str, float]) -> dict[str, int | None]:
    instrument = loading.load(row.instrument)
    mood = draw.gauss(0, 0.5)
    given: dict[str, int | None] = {}
    for item in instrument.asked_at(row.stage):
        ticked = min(5, max(1, round(own.get(item.dimension, level) + mood + draw.gauss(0, 0.8))))
        given[item.code] = instrument.scale.turned(ticked) if item.is_reversed else ticked
    return given
