"""A wave is read once, when it closes, and frozen; nothing before, nothing after."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing as closed_after
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core import actor as actors
from portal.core import clock
from portal.core.errors import Conflict, Forbidden
from portal.jobs.models import Job
from portal.jobs.runner import Runner
from portal.ledger.models import LedgerEntry
from portal.pulse import answering, closing, keys, outcomes, reading
from portal.pulse.comparing import names_of_today
from portal.pulse.models import Invitation, Sheet, Wave, WaveReading, WaveState, WaveUnit
from portal.pulse.reading import Kept
from surveys.privacy import freezing
from surveys.privacy.released import State
from tests.factories import people, pulse, read_waves
from tests.people import Visitor

SYSTEM = actors.system("tests")
STAFF = {"Finance": (14, 12, 3.8), "Workshop": (40, 34, 3.0), "HR": (6, 3, 2.8), "Legal": (9, 6, 3.2)}


@pytest.mark.both
def test_closing_freezes_what_may_be_read(db: Any) -> None:
    row, kept = read_waves.closed(STAFF)
    db.session.commit()
    again = reading.kept(db.session.get_one(WaveReading, row.id))
    assert again == kept
    assert row.state == WaveState.CLOSED
    states = {each.name: each.state for each in kept.released.units.rows}
    assert states == {"Finance": State.SHOWN, "HR": State.HIDDEN, "Legal": State.HIDDEN, "Workshop": State.SHOWN}
    assert kept.released.total.n == 55
    assert (kept.released.total.eligible, kept.released.total.delivered) == (69, 69)
    assert keys.of(row.id) is None
    facts = db.session.query(LedgerEntry).filter_by(name="wave.closed").all()
    assert [(fact.subject, fact.props) for fact in facts] == [(str(row.ref), {"n_answers": 55})]


def test_no_number_of_a_hidden_group_is_kept(db: Any) -> None:
    row, _ = read_waves.closed(STAFF)
    frozen = db.session.get_one(WaveReading, row.id).released
    hidden = [each for each in frozen["released"]["units"]["rows"] if each["name"] in ("HR", "Legal")]
    assert all(
        each == {**each, "n": None, "eligible": None, "scores": [], "items": [], "comments": []} for each in hidden
    )
    assert frozen["released"]["units"]["n_hidden"] == 9


def test_nothing_is_worked_out_before_and_nothing_again_after(db: Any) -> None:
    row = read_waves.answered(STAFF)
    eli = people.actor("Eli Lindqvist", people.Role.ANALYST)
    with pytest.raises(Conflict, match="no score is worked out while it runs"):
        reading.get(eli, row.id)
    read_waves.close(row)
    with pytest.raises(Conflict, match="not running"):
        closing.close(SYSTEM, row)
    before = dict(db.session.get_one(WaveReading, row.id).released)
    for person in read_waves.staff("Workshop", 10):
        person.department_id = people.department("Elsewhere").id
    db.session.commit()
    assert reading.get(eli, row.id).released.units.row("Workshop").n == 34
    assert db.session.get_one(WaveReading, row.id).released == before


def test_a_late_answer_is_refused(db: Any) -> None:
    row, (ana, ben, *_) = pulse.open_wave(8)
    pulse.answer(ana)
    closing.close(SYSTEM, row)
    assert answering.answer(ben.token, answers={"VA1": 4}) is None
    assert db.session.query(Sheet).count() == 1


def test_what_bounced_and_who_left_are_out_of_the_response(db: Any) -> None:
    row = read_waves.answered({"Finance": (10, 6, 4.0)})
    left = db.session.query(Invitation).filter_by(is_used=False).all()
    left[0].is_bounced = True
    db.session.delete(left[1])
    closing.close(SYSTEM, row)
    unit = db.session.query(WaveUnit).filter_by(wave_id=row.id).one()
    assert (unit.n_people, unit.n_delivered) == (10, 8)


def test_whoever_answered_and_left_still_counts(db: Any) -> None:
    row = read_waves.answered({"Finance": (6, 6, 4.0)})
    db.session.delete(db.session.query(Invitation).first())
    kept = read_waves.close(row)
    assert kept.released.total.response == 1.0


def test_the_job_closes_what_is_over_and_nothing_else(db: Any, stopped_clock: Any) -> None:
    today = clock.today()
    over = read_waves.answered({"Finance": (8, 7, 4.0)}, opens_on=today, closes_on=today + dt.timedelta(days=1))
    runs = pulse.wave(state=WaveState.OPEN.value, closes_on=today + dt.timedelta(days=3))
    stopped_clock.move(days=1)
    closing.close_due({})
    assert db.session.query(Job).filter_by(kind=closing.CLOSE).count() == 0
    stopped_clock.move(days=1)
    closing.close_due({})
    (job,) = db.session.query(Job).filter_by(kind=closing.CLOSE).all()
    closing.close_one(job.payload)
    closing.close_one(job.payload)
    closing.close_one({"wave": runs.id})
    assert (over.state, runs.state) == (WaveState.CLOSED, WaveState.OPEN)


def test_only_who_plans_closes(db: Any) -> None:
    row = read_waves.answered({"Finance": (8, 7, 4.0)})
    with pytest.raises(Forbidden):
        closing.close(people.actor("Mia Duarte", people.Role.MANAGER), row)


def test_comments_come_without_names_and_in_another_order(db: Any) -> None:
    people.person("Ben Kaya")
    row = read_waves.answered({"Finance": (40, 30, 4.0)}, n_comments=30)
    as_typed = list(db.session.execute(db.select(Sheet.comment)).scalars())
    said = read_waves.close(row).released.total.comments
    assert len(said) == 30
    assert "Ask [name], he knows." in said
    assert not any("Ben" in one for one in said)
    assert list(said) != [one.replace("Ben Kaya", "[name]") for one in as_typed]


def test_comments_wait_for_ten_answers(db: Any) -> None:
    _, kept = read_waves.closed({"Finance": (12, 9, 4.0)}, n_comments=9)
    assert kept.released.total.is_shown
    assert kept.released.total.comments == ()


def test_a_wave_is_set_against_the_one_before(db: Any) -> None:
    first, _ = read_waves.closed(STAFF, seed=1)
    lower = {"Workshop": (40, 36, 1.8)}
    _, kept = read_waves.closed({**STAFF, **lower}, seed=2, before_id=first.id)
    assert kept.released.compared is not None
    assert kept.released.compared.wave == str(first.id)
    index = kept.released.units.row("Workshop").score("index")
    assert (index.since.is_rise, index.since.strength) == (False, "large")
    assert all(each.since is None for each in kept.released.units.row("Finance").scores if each.mean is None)


def test_a_renamed_department_keeps_its_line_and_a_merged_one_breaks_it(db: Any) -> None:
    before = [
        WaveUnit(name="Works", department_id=1, n_people=9),
        WaveUnit(name="Legal", department_id=2, n_people=9),
        WaveUnit(name="HR", department_id=2, n_people=9),
        WaveUnit(name="IT", department_id=4, n_people=9),
        WaveUnit(name="", department_id=None, n_people=9),
        WaveUnit(name="Sales", department_id=6, n_people=9),
    ]
    now = [
        WaveUnit(name="Workshop", department_id=1, n_people=9),
        WaveUnit(name="HR", department_id=2, n_people=9),
        WaveUnit(name="IT", department_id=4, n_people=9),
        WaveUnit(name="Sales", department_id=7, n_people=9),
    ]
    found = names_of_today(before, now)
    assert found["Works"] == "Workshop"
    assert {"IT", ""} & found.keys() == set()
    assert all(found[name] not in {unit.name for unit in now} for name in ("Legal", "HR", "Sales"))


def test_without_the_answers_of_then_nothing_is_compared_and_it_says_why(db: Any) -> None:
    first, _ = read_waves.closed(STAFF)
    db.session.query(Sheet).filter_by(wave_id=first.id).delete()
    _, kept = read_waves.closed(STAFF, seed=2, before_id=first.id)
    assert kept.released.compared is None
    assert kept.why_not_compared == "no_answers"


def test_a_wave_without_a_breakdown_tells_of_everybody_alone(db: Any) -> None:
    _, kept = read_waves.closed(STAFF, breakdown="none")
    assert kept.released.total.n == 55
    assert (kept.released.total.eligible, kept.released.total.delivered) == (69, 69)
    assert {each.name for each in kept.released.units.rows} == {""}


def test_too_few_answers_tell_nothing_at_all(db: Any) -> None:
    _, kept = read_waves.closed({"Finance": (9, 4, 4.0)}, n_comments=4)
    assert kept.released.total.state is State.HIDDEN
    assert kept.flaws == ()
    assert "3" not in str(freezing.freeze(kept.released.total))


def test_what_is_kept_survives_the_database(db: Any) -> None:
    row, kept = read_waves.closed(STAFF)
    db.session.commit()
    db.session.expire_all()
    assert freezing.thaw(Kept, db.session.get_one(WaveReading, row.id).released) == kept


def test_flaws_are_found_in_what_is_shown_only(db: Any) -> None:
    low = {("Workshop", "SK"): 1.2, ("Workshop", "EA"): 1.3, ("HR", "EA"): 1.0, ("Legal", "EA"): 1.0}
    _, kept = read_waves.closed(STAFF, of=low)
    found = {(flaw.unit, flaw.code) for flaw in kept.flaws}
    assert ("Workshop", "hard_to_find") in found
    assert not any(unit in ("HR", "Legal") for unit, _code in found)


def test_every_wave_here_is_what_it_was_launched_as(db: Any) -> None:
    row, kept = read_waves.closed(STAFF)
    assert kept.released.digest == row.instrument_digest == db.session.get_one(Wave, row.id).instrument_digest


def test_the_log_of_changes_is_emptied_when_all_is_over_and_not_by_what_is_nested(db: Any, home: Any) -> None:
    row = read_waves.answered({"Finance": (8, 7, 4.0)})
    db.session.commit()
    closing.close(SYSTEM, row)
    log = home / "dity.sqlite3-wal"
    with db.session.begin_nested():
        people.department("Nested")
    assert log.stat().st_size > 0
    db.session.commit()
    assert log.stat().st_size == 0


def test_whoever_writes_waits_for_nothing_while_a_wave_is_read(eli: Visitor, db: Any, home: Path) -> None:
    row = read_waves.answered(STAFF)
    db.session.commit()
    written = []

    def write(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        """Write beside every look at the sheets, with no patience at all."""
        if statement.startswith("SELECT sheet.department, sheet.site, sheet.answers"):
            with closed_after(sqlite3.connect(home / "dity.sqlite3", timeout=0)) as other:
                other.execute("UPDATE department SET name = name")
                other.commit()
            written.append(statement)

    event.listen(db.engine, "after_cursor_execute", write)
    try:
        assert eli.submit(f"/surveys/{row.id}/close", f"/surveys/{row.id}/close").status_code == 303
    finally:
        event.remove(db.engine, "after_cursor_execute", write)
    assert len(written) == 1
    assert eli.get(f"/surveys/{row.id}/reading").status_code == 200


def test_what_was_closed_and_not_read_is_read_by_a_job(eli: Visitor, app: Flask, db: Any, stopped_clock: Any) -> None:
    row = read_waves.answered(STAFF)
    closing.close(SYSTEM, row)
    db.session.commit()
    page = eli.get(f"/surveys/{row.id}/reading")
    assert page.status_code == 409
    assert "are being worked out" in page.text
    with pytest.raises(Conflict, match="being worked out"):
        outcomes.publish(eli.actor, row)
    db.session.rollback()
    assert Runner(app).drain() == 0, "whoever closed it is still reading it"
    stopped_clock.move(minutes=2)
    assert Runner(app).drain() == 1
    assert "55 of 69 answered" in eli.page(f"/surveys/{row.id}/reading").text


@pytest.mark.both
def test_what_was_kept_first_stays_whoever_else_reads_it(db: Any) -> None:
    row = read_waves.answered(STAFF)
    closing.close(SYSTEM, row)
    db.session.commit()
    first = closing.read(row.id)
    db.session.commit()
    db.session.query(Sheet).filter_by(department="Finance").delete()
    db.session.commit()
    assert closing.worked_out(row) != first
    assert closing.keep(row.id, closing.worked_out(row)) == first
    closing.read_one({"wave": row.id})
    db.session.commit()
    assert reading.kept(db.session.get_one(WaveReading, row.id)) == first


def test_the_job_that_closes_leaves_the_reading_to_another_at_once(app: Flask, db: Any, stopped_clock: Any) -> None:
    today = clock.today()
    row = read_waves.answered({"Finance": (8, 7, 4.0)}, opens_on=today, closes_on=today + dt.timedelta(days=1))
    db.session.commit()
    stopped_clock.move(days=2)
    closing.close_due({})
    db.session.commit()
    Runner(app).drain()
    assert db.session.get(WaveReading, row.id) is not None
