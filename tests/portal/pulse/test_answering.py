"""A token stores once, and nothing beside a flag and a sheet."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from flask import Flask

from portal.core import actor as actors
from portal.core.errors import Invalid
from portal.pulse import answering, closing
from portal.pulse.models import Invitation, Sheet, Wave, WaveState
from tests.factories import pulse


def test_an_answer_is_kept_with_its_groups_and_nothing_else(db: Any) -> None:
    row, (ana, *_) = pulse.open_wave(6)
    pulse.answer(ana, {"VA1": 4, "VA2": None, "SO3R": 2}, "More pictures, please.")
    (sheet,) = db.session.query(Sheet).all()
    assert (sheet.wave_id, sheet.department, sheet.site) == (row.id, "Finance", "")
    assert sheet.answers == {"SO3R": 2, "VA1": 4, "VA2": None}
    assert sheet.comment == "More pictures, please."
    used = db.session.query(Invitation).filter_by(is_used=True).populate_existing().all()
    assert [one.id for one in used] == [ana.invitation.id]


def test_a_token_is_good_once(db: Any) -> None:
    _, (ana, *_) = pulse.open_wave(6)
    pulse.answer(ana)
    assert answering.open_with(ana.token) is None
    assert answering.answer(ana.token, answers={"VA1": 1}) is None
    assert db.session.query(Sheet).count() == 1


@pytest.mark.parametrize(
    "spelling", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "o")]
)
def test_the_code_of_the_mail_may_be_typed_as_people_type(db: Any, spelling: Any) -> None:
    _, (ana, *_) = pulse.open_wave(1)
    assert answering.open_with(spelling(ana.code)) is not None


@pytest.mark.both
def test_a_wave_does_not_close_under_somebody_who_is_just_answering(app: Flask, db: Any) -> None:
    """Whoever was first is counted; the close waits for them, and who comes after it is refused."""
    row, invited = pulse.open_wave(6)
    for one in invited[:4]:
        pulse.answer(one)
    db.session.commit()
    wave_id, late = row.id, invited[5].token
    pulse.answer(invited[4], comment="in the last second")

    def close() -> None:
        with app.app_context():
            closing.close(actors.system("tests"), db.session.get_one(Wave, wave_id))
            db.session.commit()
            db.session.remove()

    closing_thread = threading.Thread(target=close)
    closing_thread.start()
    closing_thread.join(0.4)
    assert closing_thread.is_alive(), "the wave was closed while somebody answered"
    db.session.commit()
    closing_thread.join(20)
    assert db.session.get_one(Wave, wave_id, populate_existing=True).state == WaveState.CLOSED
    assert "in the last second" in db.session.execute(db.select(Sheet.comment)).scalars().all()
    assert answering.answer(late, answers={"VA1": 1}) is None
    assert db.session.query(Sheet).count() == 5


@pytest.mark.parametrize("state", [WaveState.CLOSED, WaveState.CANCELLED, WaveState.DRAFT])
def test_a_wave_that_is_not_running_takes_no_answers(db: Any, state: WaveState) -> None:
    _, (ana, *_) = pulse.open_wave(6, state=state.value)
    assert answering.answer(ana.token, answers={"VA1": 1}) is None
    assert db.session.query(Sheet).count() == 0


def test_the_last_day_counts_and_the_next_does_not(db: Any, stopped_clock: Any) -> None:
    _, (ana, ben, *_) = pulse.open_wave(6, closes_on=stopped_clock.now.date() + dt.timedelta(days=2))
    stopped_clock.move(days=2)
    pulse.answer(ana)
    stopped_clock.move(days=1)
    assert answering.open_with(ben.token) is None


def test_what_was_not_asked_or_is_off_the_scale_is_left_out(db: Any) -> None:
    _, (ana, *_) = pulse.open_wave(6, stage="idea")
    pulse.answer(ana, {"VA1": 5, "RV1": 3, "AW1": 6, "SK1": 0})
    assert db.session.query(Sheet.answers).scalar() == {"VA1": 5}


def test_a_comment_that_is_too_long_is_refused_before_the_token_is_used(db: Any) -> None:
    _, (ana, *_) = pulse.open_wave(6)
    with pytest.raises(Invalid):
        answering.answer(ana.token, answers={}, comment="x" * (answering.LONGEST_COMMENT + 1))
    assert answering.open_with(ana.token) is not None


def test_a_trial_keeps_nothing_and_may_be_repeated(db: Any) -> None:
    row = pulse.wave()
    (ana,) = pulse.invite(row, pulse.some_people("Finance", 1))
    ana.invitation.is_test = True
    for _ in range(2):
        opened = answering.answer(ana.token, answers={"VA1": 1})
        assert opened is not None
        assert opened.is_test
    assert db.session.query(Sheet).count() == 0
    assert not db.session.get_one(Invitation, ana.invitation.id, populate_existing=True).is_used
