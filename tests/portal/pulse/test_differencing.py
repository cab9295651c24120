"""Whoever puts page, table file and API of a wave and the wave before together works out nobody (QUALITY S20).

Random waves go through the portal whole: launched, answered as rows, closed, read. What is attacked is what came out of
the doors; bounded here, for the gate itself runs thousands (`tests/attack/test_differencing.py`).
"""

from __future__ import annotations

import csv
import io
import os
import random
from collections import defaultdict
from typing import Any

import pytest

from portal.core.scopes import Scope
from portal.pulse.models import Sheet, Wave
from surveys import scoring
from surveys.instrument import Instrument
from surveys.loading import load
from surveys.privacy import freezing
from surveys.privacy.released import Released
from tests.factories import pulse, read_waves
from tests.people import Visitor
from tests.programs import Program, program
from tests.surveys.privacy.attacker import Attack, People
from tests.surveys.privacy.random_waves import SIZES

PULSE: Instrument = load("pulse-1")
TRIES = 60 if os.environ.get("TORTURE") else 5


def random_wave(db: Any, draw: random.Random, sizes: dict[str, int], before: Wave | None) -> Wave:
    """Launch and close a wave in which some leave out, some draw a line, and some groups agree."""
    left_out, straight = draw.choice((0.0, 0.05, 0.3)), draw.choice((0.0, 0.1, 0.4))
    persons = [one for name, n in sizes.items() for one in read_waves.staff(name, n + draw.choice((0, 3)))]
    row, invited = pulse.open_wave(persons, stage="idea", before_id=before.id if before else None)
    by_unit = defaultdict(list)
    for one in invited:
        by_unit[one.invitation.department].append(one)
    items = PULSE.asked_at("idea")
    for name, n in sizes.items():
        agreed = draw.choice((None, None, None, 1, 5))
        for one in by_unit[name][:n]:
            answers = {item.code: agreed or draw.randint(1, 5) for item in items if draw.random() >= left_out}
            if draw.random() < straight:
                answers = dict.fromkeys(answers, draw.randint(1, 5))
            one.invitation.is_used = True
            db.session.add(
                Sheet(id=f"{draw.getrandbits(128):032x}", wave_id=row.id, department=name, site="", answers=answers)
            )
    db.session.flush()
    read_waves.close(row)
    db.session.commit()
    return row


def attacked(db: Any, row: Wave, doors: Program) -> Attack:
    """Put together what came out of the doors with everything an attacker may know: who answered what."""
    told = doors.get(f"/surveys/{row.id}").json
    released = freezing.thaw(Released, told["released"])
    sheets = [
        scoring.Sheet(answers=one.answers, unit=one.department)
        for one in db.session.query(Sheet).filter_by(wave_id=row.id).order_by(Sheet.id)
    ]
    headcounts = {each.name: each.eligible for each in released.units.rows if each.eligible is not None}
    return Attack(released, People.of(PULSE, sheets), headcounts)


@pytest.mark.parametrize("seed", range(TRIES))
def test_nobody_follows_from_what_comes_out_of_the_doors(eli: Visitor, db: Any, seed: int) -> None:
    draw, doors = random.Random(seed), program(eli, Scope.SURVEYS)
    sizes = {f"u{n}": draw.choice(SIZES) for n in range(draw.randint(2, 5))}
    first = random_wave(db, draw, sizes, None)
    later = {name: max(1, n + draw.choice((-1, 0, 1))) for name, n in sizes.items()}
    second = random_wave(db, draw, later, first)
    before = attacked(db, first, doors)
    now = attacked(db, second, doors)
    for attack, earlier in ((before, None), (now, before)):
        for code in attack.codes():
            assert attack.made_out(code, least=5, before=earlier) is None, f"seed {seed}: {code}"
    _says_no_more(eli, second, now)


def _says_no_more(eli: Visitor, row: Wave, known: Attack) -> None:
    """The table file tells of groups what the API tells, and of hidden ones nothing."""
    lines = list(csv.DictReader(io.StringIO(eli.get(f"/surveys/{row.id}/reading.csv").text)))
    shown = {each.name for each in known.released.units.rows if each.is_shown}
    told = {line["group"] for line in lines if line["value"]} - {"everybody", "all hidden"}
    assert told == shown
    for line in lines:
        if line["figure"] == "answers" and line["group"] not in ("all hidden",):
            assert int(line["value"]) >= 5, line


def test_nothing_of_a_wave_changes_when_people_move_or_sheets_go(eli: Visitor, db: Any) -> None:
    """Each would be one more equation: what is asked again later says what it said."""
    sizes = {"Sales": 12, "Workshop": 31, "Press": 3, "Legal": 6}
    row = random_wave(db, random.Random(99), sizes, None)
    doors = program(eli, Scope.SURVEYS)
    views = (f"/surveys/{row.id}/reading.csv", f"/surveys/{row.id}/reading/statements", f"/surveys/{row.id}/reading")
    before = [doors.get(f"/surveys/{row.id}").json["released"], *(eli.page(view).text for view in views[1:])]
    table = eli.get(views[0]).text
    for person in read_waves.staff("Workshop", 9):
        person.department_id = read_waves.staff("Press", 1)[0].department_id
    db.session.query(Sheet).filter_by(wave_id=row.id, department="Sales").delete()
    db.session.commit()
    after = [doors.get(f"/surveys/{row.id}").json["released"], *(eli.page(view).text for view in views[1:])]
    assert after == before
    assert eli.get(views[0]).text == table
