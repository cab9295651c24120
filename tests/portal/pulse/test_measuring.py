"""Figures of waves can be read by name like any other measure: what was released, and nothing of what was not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import clock, options
from portal.core.actor import system
from portal.measures import catalogue
from portal.measures.reports import ALL, Slice
from portal.people.models import Department
from portal.pulse import keeping, measuring
from portal.pulse.models import Invitation, Sheet, WaveReading
from surveys.loading import load
from tests.factories import pulse, read_waves

DAY = dt.timedelta(days=1)
STAFF = {"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9), "Press": (6, 3, 2.8), "Legal": (9, 6, 3.2)}


def read(name: str, of: Slice = ALL, *, until: dt.date | None = None) -> Any:
    end = until or clock.today() + DAY
    return catalogue.get(name).read(end - 28 * DAY, end, of)


def department(db: Any, name: str) -> Slice:
    return Slice("department", db.session.execute(db.select(Department.id).filter_by(name=name)).scalar_one())


def test_every_dimension_of_every_instrument_has_a_measure() -> None:
    names = {measure.name for measure in measuring.MEASURES}
    for dimension in load("pulse-1").dimensions:
        assert f"pulse_{dimension.code.lower()}" in names


def test_the_last_closed_wave_is_read_as_it_was_released(db: Any) -> None:
    _, kept = read_waves.closed(STAFF)
    row = kept.released.total
    ease = row.score("EA")
    found = read("pulse_ea")
    assert (found.value, found.low, found.high, found.n) == (
        ease.mean.value.value,
        ease.mean.low,
        ease.mean.high,
        ease.n,
    )
    assert read("pulse_index").value == row.score("index").mean.value.value
    response = read("pulse_response")
    assert (response.k, response.n) == (77, 96)


def test_a_department_is_read_only_where_it_is_shown(db: Any) -> None:
    _, kept = read_waves.closed(STAFF)
    shown = read("pulse_va", department(db, "Workshop"))
    assert shown.value == kept.released.units.row("Workshop").score("VA").mean.value.value
    for hidden in ("Press", "Legal"):
        assert read("pulse_va", department(db, hidden)).value is None
        assert read("pulse_response", department(db, hidden)).n == 0
    assert read("pulse_va", Slice("category", 1)).value is None


def test_before_a_wave_closed_there_is_nothing_and_a_later_one_takes_its_place(db: Any, stopped_clock: Any) -> None:
    assert read("pulse_va").value is None
    _, first = read_waves.closed(STAFF, seed=1)
    closed_on = clock.today()
    assert read("pulse_va", until=closed_on).value is None
    stopped_clock.move(days=30)
    _, second = read_waves.closed({**STAFF, "Workshop": (44, 36, 2.0)}, seed=2)
    assert read("pulse_va").value == second.released.total.score("VA").mean.value.value
    assert read("pulse_va", until=closed_on + DAY).value == first.released.total.score("VA").mean.value.value


def test_a_running_wave_is_no_figure(db: Any) -> None:
    _, invited = pulse.open_wave(12)
    for one in invited:
        pulse.answer(one)
    assert read("pulse_index").n == 0


def test_answers_and_who_was_asked_go_in_time_and_what_was_released_stays(db: Any, stopped_clock: Any) -> None:
    row, _ = read_waves.closed({"Sales": (12, 9, 3.4)})
    running, _invited = pulse.open_wave(6)
    db.session.commit()
    stopped_clock.move(days=200)
    options.change(system("tests"), keep_survey_days=180)
    before = keeping.ANSWERS.before
    assert before is not None
    assert keeping.ANSWERS.count(before) == 1
    assert keeping.ANSWERS.sweep(before) == 1
    assert keeping.ANSWERS.sweep(before) == 0
    assert db.session.query(Sheet).filter_by(wave_id=row.id).count() == 0
    assert {one.wave_id for one in db.session.query(Invitation)} == {running.id}
    assert db.session.get(WaveReading, row.id) is not None
