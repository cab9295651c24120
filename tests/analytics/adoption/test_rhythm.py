"""How often people come, and who comes back (METRICS 3.1, golden E1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analytics.adoption.cohorts import Cohort, cohorts
from analytics.adoption.rhythm import rhythm

SINCE = date(2026, 3, 1)
UNTIL = SINCE + timedelta(days=28)
ACTIVE = {"a": [1, 2, 8, 15, 22], "b": [1, 9], "c": [3, 4, 5, 6, 7, 28], "d": [26], "e": [14, 15]}
E1 = {key: [SINCE + timedelta(days=day - 1) for day in days] for key, days in ACTIVE.items()}


def test_the_golden_month() -> None:
    told = rhythm(E1, since=SINCE, until=UNTIL, eligible=20)
    assert (told.active, told.active_last_week) == (5, 3)
    assert told.reach is not None
    assert (told.reach.point, round(told.reach.low, 4), round(told.reach.high, 4)) == (0.25, 0.1119, 0.4687)
    assert told.week_to_all == pytest.approx(0.60)
    assert round(told.mean_daily, 4) == 0.5714
    assert round(told.day_to_all or 0, 4) == 0.1143


def test_the_golden_cohorts() -> None:
    found = {cohort.week: cohort for cohort in cohorts(E1, since=SINCE, until=UNTIL)}
    assert set(found) == {0, 1, 3}
    rounded = {week: [round(share.point, 3) for share in cohort.retention] for week, cohort in found.items()}
    assert rounded == {0: [1, 0.667, 0.333, 0.667], 1: [1, 1, 0], 3: [1]}


def test_days_outside_and_days_named_twice_do_not_count() -> None:
    twice = {key: [*days, days[0], UNTIL, SINCE - timedelta(days=1)] for key, days in E1.items()}
    assert rhythm(twice, since=SINCE, until=UNTIL, eligible=20) == rhythm(E1, since=SINCE, until=UNTIL, eligible=20)


def test_where_nobody_came_there_is_no_ratio_and_where_nobody_could_no_share() -> None:
    told = rhythm({}, since=SINCE, until=UNTIL, eligible=0)
    assert (told.week_to_all, told.day_to_all, told.reach, told.mean_daily) == (None, None, None, 0)


def test_a_stretch_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="has one at least"):
        rhythm(E1, since=SINCE, until=SINCE, eligible=20)


def test_a_week_that_still_runs_is_no_week_in_which_people_stayed_away() -> None:
    assert cohorts(E1, since=SINCE, until=UNTIL + timedelta(days=6)) == cohorts(E1, since=SINCE, until=UNTIL)


def test_who_had_come_before_belongs_to_no_cohort() -> None:
    known = {"old": [SINCE - timedelta(days=40), SINCE], "new": [SINCE + timedelta(days=3)], "none": []}
    assert cohorts(known, since=SINCE, until=SINCE + timedelta(days=7)) == [Cohort(week=0, n=1, came=(1,))]
