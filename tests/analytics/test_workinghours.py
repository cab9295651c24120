"""Working time: what a promise of four hours means on a Friday afternoon (QUALITY R10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.workinghours import NeverOpen, Pause, WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]
ALWAYS = [[["00:00", "24:00"]]] * 7
FOUR = timedelta(hours=4)
HOUR = timedelta(hours=1)


def office(*holidays: date, timezone: str = "Europe/Berlin") -> WorkingHours:
    return WorkingHours.read(OFFICE, holidays, timezone=timezone)


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[misc,arg-type]


FRIDAYS = [(2026, 3, 6), (2026, 3, 27), (2026, 10, 23), (2026, 2, 27), (2028, 2, 25)]
"""A plain one, one before each Sunday on which clocks are changed, the ends of two Februaries."""


@pytest.mark.parametrize("friday", FRIDAYS)
def test_four_hours_from_friday_at_four_end_on_monday_at_noon(friday: tuple[int, int, int]) -> None:
    monday = date(*friday) + timedelta(days=3)
    assert office().add(berlin(*friday, 16), FOUR) == berlin(monday.year, monday.month, monday.day, 12)


@pytest.mark.parametrize("friday", FRIDAYS)
def test_with_monday_a_holiday_they_end_on_tuesday(friday: tuple[int, int, int]) -> None:
    monday = date(*friday) + timedelta(days=3)
    tuesday = monday + timedelta(days=1)
    due = office(monday).add(berlin(*friday, 16), FOUR)
    assert due == berlin(tuesday.year, tuesday.month, tuesday.day, 12)


@pytest.mark.parametrize("friday", FRIDAYS)
def test_an_hour_of_waiting_moves_the_end_by_an_hour(friday: tuple[int, int, int]) -> None:
    monday = date(*friday) + timedelta(days=3)
    on_monday = (monday.year, monday.month, monday.day)
    waiting = Pause(berlin(*on_monday, 10), berlin(*on_monday, 11))
    assert office().due(berlin(*friday, 16), FOUR, [waiting]) == berlin(*on_monday, 13)


@pytest.mark.parametrize(
    ("timezone", "sunday"),
    [
        ("Europe/Berlin", (2026, 3, 29)),
        ("Europe/Berlin", (2026, 10, 25)),
        ("America/New_York", (2026, 3, 8)),
        ("America/New_York", (2026, 11, 1)),
        ("Australia/Lord_Howe", (2026, 4, 5)),
        ("Australia/Lord_Howe", (2026, 10, 4)),
    ],
)
def test_changed_clocks_change_nothing_in_three_zones(timezone: str, sunday: tuple[int, int, int]) -> None:
    hours, zone = office(timezone=timezone), ZoneInfo(timezone)
    friday, monday = date(*sunday) - timedelta(days=2), date(*sunday) + timedelta(days=1)
    start = datetime(friday.year, friday.month, friday.day, 16, tzinfo=zone)
    due = hours.add(start, FOUR).astimezone(zone)
    assert due == datetime(monday.year, monday.month, monday.day, 12, tzinfo=zone)
    assert hours.between(start, due) == FOUR


@pytest.mark.parametrize(("sunday", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 3, 22), 24)])
def test_who_works_round_the_clock_works_the_hours_there_are(sunday: tuple[int, int, int], hours: int) -> None:
    always = WorkingHours.read(ALWAYS, timezone="Europe/Berlin")
    monday = date(*sunday) + timedelta(days=1)
    assert always.between(berlin(*sunday), berlin(monday.year, monday.month, monday.day)) == hours * HOUR


def test_hours_that_the_clock_skips_begin_at_the_leap() -> None:
    early = WorkingHours.read([[]] * 6 + [[["01:00", "02:30"], ["02:30", "05:00"]]], timezone="Europe/Berlin")
    assert early.between(berlin(2026, 3, 29), berlin(2026, 3, 30)) == 3 * HOUR
    assert (
        early.on(date(2026, 3, 29))[0][1] == early.on(date(2026, 3, 29))[1][0] == datetime(2026, 3, 29, 1, tzinfo=UTC)
    )


def test_hours_that_come_twice_are_worked_twice_and_counted_once() -> None:
    early = WorkingHours.read([[]] * 6 + [[["01:00", "02:30"], ["02:30", "05:00"]]], timezone="Europe/Berlin")
    assert early.between(berlin(2026, 10, 25), berlin(2026, 10, 26)) == 5 * HOUR


def test_it_is_the_same_in_whatever_zone_the_moments_are_told() -> None:
    always = WorkingHours.read(ALWAYS, timezone="Europe/Berlin")
    start = datetime(2026, 10, 24, 22, tzinfo=BERLIN)
    end = datetime(2026, 10, 25, 22, tzinfo=BERLIN)
    pause = Pause(datetime(2026, 10, 25, 1, tzinfo=BERLIN), datetime(2026, 10, 25, 5, tzinfo=BERLIN))
    assert always.add(start, 25 * HOUR) == end.astimezone(UTC)
    assert always.between(start, end) == 25 * HOUR
    assert always.between(start, end, [pause]) == 20 * HOUR
    assert always.due(start, 20 * HOUR, [pause]) == end.astimezone(UTC)


def test_a_leap_day_and_the_end_of_a_year_are_days_like_others() -> None:
    assert office().add(berlin(2028, 2, 28, 16), 9 * HOUR) == berlin(2028, 2, 29, 17)
    assert office(date(2027, 1, 1)).add(berlin(2026, 12, 31, 16), 2 * HOUR) == berlin(2027, 1, 4, 10)


def test_what_comes_at_night_begins_in_the_morning() -> None:
    assert office().add(berlin(2026, 3, 7, 3), FOUR) == berlin(2026, 3, 9, 13)
    assert office().add(berlin(2026, 3, 9, 18), HOUR) == berlin(2026, 3, 10, 10)


def test_a_promise_that_ends_with_the_day_ends_that_day() -> None:
    assert office().add(berlin(2026, 3, 6, 16), HOUR) == berlin(2026, 3, 6, 17)


def test_no_work_is_done_at_once() -> None:
    night = berlin(2026, 3, 7, 3)
    assert office().add(night, timedelta(0)) == night
    assert office().due(night, timedelta(0)) == night


def test_an_open_pause_leaves_the_end_open() -> None:
    start = berlin(2026, 3, 9, 9)
    assert office().due(start, FOUR, [Pause(berlin(2026, 3, 9, 10))]) is None
    assert office().due(start, FOUR, [Pause(berlin(2026, 3, 9, 15))]) == berlin(2026, 3, 9, 13)


def test_pauses_that_overlap_count_once_and_nights_not_at_all() -> None:
    start = berlin(2026, 3, 9, 9)
    pauses = [
        Pause(berlin(2026, 3, 9, 11), berlin(2026, 3, 9, 13)),
        Pause(berlin(2026, 3, 9, 10), berlin(2026, 3, 9, 12)),
        Pause(berlin(2026, 3, 9, 16), berlin(2026, 3, 10, 10)),
        Pause(berlin(2026, 3, 6, 10), berlin(2026, 3, 6, 12)),
    ]
    assert office().between(start, berlin(2026, 3, 10, 12), pauses) == 6 * HOUR
    assert office().due(start, 6 * HOUR, pauses) == berlin(2026, 3, 10, 12)


def test_open_and_shut() -> None:
    hours = office(date(2026, 3, 10))
    at = [berlin(2026, 3, 9, 9), berlin(2026, 3, 9, 17), berlin(2026, 3, 10, 12), berlin(2026, 3, 8, 12)]
    assert [hours.is_open(each) for each in at] == [True, False, False, False]


@pytest.mark.parametrize(
    ("week", "timezone", "words"),
    [
        (OFFICE[:6], "UTC", "seven days, not 6"),
        ([*OFFICE[:6], [["9", "17:00"]]], "UTC", "Sunday: hours are written"),
        ([*OFFICE[:6], [["09:00"]]], "UTC", "Sunday: hours are written"),
        ([*OFFICE[:6], [["09:60", "17:00"]]], "UTC", "Sunday: hours are written"),
        ([*OFFICE[:6], [["09:00", "24:30"]]], "UTC", "Sunday: hours are written"),
        ([[["22:00", "06:00"]], *OFFICE[1:]], "UTC", "Monday: 22:00 to 06:00 ends before"),
        ([[["13:00", "17:00"], ["09:00", "14:00"]], *OFFICE[1:]], "UTC", "Monday: hours overlap"),
        (OFFICE, "Mars/Olympus", "no time zone"),
    ],
)
def test_hours_that_make_no_sense_are_refused_by_day(week: list[list[list[str]]], timezone: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        WorkingHours.read(week, timezone=timezone)


def test_a_desk_that_never_opens_promises_nothing() -> None:
    never = WorkingHours.read([[]] * 7)
    with pytest.raises(NeverOpen):
        never.add(berlin(2026, 3, 9), FOUR)
    assert never.between(berlin(2026, 3, 9), berlin(2026, 4, 9)) == timedelta(0)


def test_work_is_not_taken_back() -> None:
    with pytest.raises(ValueError, match="taken back"):
        office().add(berlin(2026, 3, 9, 10), -HOUR)


# Against a clock that is looked at every five minutes

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
AROUND = (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 4, 3, tzinfo=UTC))
STEP = timedelta(minutes=5)


def paired(ends: list[int]) -> list[list[str]]:
    at = [f"{hour:02}:00" for hour in sorted(ends)]
    return [list(pair) for pair in zip(at[::2], at[1::2], strict=False)]


spans = st.lists(st.integers(0, 24), min_size=2, max_size=4, unique=True).map(paired)
weeks = st.lists(spans | st.just([]), min_size=7, max_size=7)
moments = st.tuples(st.sampled_from(AROUND), st.integers(0, 1200)).map(lambda pair: pair[0] + pair[1] * STEP)


def looked_at(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """Walk the clock and ask it every five minutes whether the desk is open."""
    worked, at = timedelta(0), start
    while at < end:
        local = at.astimezone(hours.zone)
        minutes = local.hour * 60 + local.minute
        if local.date() not in hours.holidays and any(a <= minutes < b for a, b in hours.week[local.weekday()]):
            worked += STEP
        at += STEP
    return worked


@settings(max_examples=60, deadline=None)
@given(weeks, st.sampled_from(ZONES), moments, st.integers(0, 700), st.sets(st.integers(0, 6)))
def test_working_time_is_what_a_clock_on_the_wall_would_count(
    week: list[list[list[str]]], zone: str, start: datetime, steps: int, off: set[int]
) -> None:
    """Whole hours only: these never begin or end within the hour that comes twice, where a wall clock cannot tell."""
    hours = WorkingHours.read(week, [start.date() + timedelta(days=d) for d in off], timezone=zone)
    end = start + steps * STEP
    begins_twice = any(a == 60 * h or b == 60 * h for day in hours.week for a, b in day for h in (1, 2))
    if not begins_twice:
        assert hours.between(start, end) == looked_at(hours, start, end)


@settings(max_examples=100, deadline=None)
@given(weeks, st.sampled_from(ZONES), moments, st.integers(1, 3000), st.integers(0, 700), st.integers(0, 700))
def test_what_is_added_is_what_lies_between(
    week: list[list[list[str]]], zone: str, start: datetime, minutes: int, wait: int, long: int
) -> None:
    hours, work = WorkingHours.read(week, timezone=zone), timedelta(minutes=minutes)
    if not any(hours.week):
        return
    end = hours.add(start, work)
    assert hours.between(start, end) == work
    assert hours.between(start, end - timedelta(seconds=1)) < work
    middle = start + (end - start) / 2
    assert hours.between(start, middle) + hours.between(middle, end) == work
    pause = Pause(start + wait * STEP, start + (wait + long) * STEP)
    due = hours.due(start, work, [pause])
    assert due is not None
    assert due >= end
    assert hours.between(start, due, [pause]) == work
