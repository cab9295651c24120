"""The nine factors (METRICS 3.5)."""

from __future__ import annotations

import pytest

from analytics.adoption.scorecard import MEASURES, Course, Factor, Reading, scorecard


def courses(**readings: Reading) -> dict[str, str]:
    return {mark.factor.value: mark.course.value for mark in scorecard(readings) if mark.n_known}


def test_every_factor_is_on_the_card_and_measured_by_something() -> None:
    assert [mark.factor for mark in scorecard({})] == list(Factor)
    assert all(MEASURES[factor] for factor in Factor)
    assert {mark.course for mark in scorecard({})} == {Course.UNKNOWN}


def test_a_change_that_chance_could_make_is_none() -> None:
    assert courses(pulse_value=Reading(value=60, change_low=-1, change_high=4)) == {"show_the_future": "steady"}
    assert courses(pulse_value=Reading(value=60, change_low=1, change_high=4)) == {"show_the_future": "better"}


def test_fewer_calls_are_better() -> None:
    assert courses(contact_rate=Reading(value=0.2, change_low=0.01, change_high=0.05)) == {"every_time_better": "worse"}


def test_what_goes_wrong_does_not_hide_behind_what_goes_well() -> None:
    told = courses(
        hours_to_publish=Reading(value=30, change_low=2, change_high=9),
        capture_rate=Reading(value=0.8, change_low=0.1, change_high=0.2),
    )
    assert told == {"capture_and_share": "worse"}


def test_a_first_reading_has_no_course_yet() -> None:
    assert courses(capture_rate=Reading(value=0.8)) == {"capture_and_share": "unknown"}


def test_a_figure_no_factor_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="page_views"):
        scorecard({"page_views": Reading(value=1)})
