"""QUALITY R10: quiet hours go by the clock on the wall, whatever clocks are put to."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.quiet import release_at

NIGHT = (dt.time(22), dt.time(7))
EARLIEST, LATEST = (dt.datetime.fromisoformat(f"{year}-01-01T00:00") for year in (2026, 2028))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def at(text: str, zone: str, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-09 12:00", None),
        ("2026-03-09 21:59:59", None),
        ("2026-03-09 22:00", "2026-03-10 07:00"),
        ("2026-03-09 23:30", "2026-03-10 07:00"),
        ("2026-03-10 00:00", "2026-03-10 07:00"),
        ("2026-03-10 06:59", "2026-03-10 07:00"),
        ("2026-03-10 07:00", None),
        ("2026-02-28 23:00", "2026-03-01 07:00"),
        ("2028-02-28 23:00", "2028-02-29 07:00"),
        ("2026-12-31 23:00", "2027-01-01 07:00"),
    ],
)
def test_mail_waits_for_the_morning(now: str, until: str | None) -> None:
    berlin = "Europe/Berlin"
    expected = at(until or now, berlin)
    assert release_at(at(now, berlin), starts=NIGHT[0], ends=NIGHT[1], zone=ZoneInfo(berlin)) == expected


def test_quiet_hours_of_a_day_end_on_the_same_day() -> None:
    noon = at("2026-03-09 12:30", "UTC")
    waits = release_at(noon, starts=dt.time(12), ends=dt.time(13), zone=ZoneInfo("UTC"))
    assert waits == at("2026-03-09 13:00", "UTC")


def test_equal_times_are_no_quiet_hours() -> None:
    now = at("2026-03-09 22:00", "UTC")
    assert release_at(now, starts=dt.time(22), ends=dt.time(22), zone=ZoneInfo("UTC")) == now


@pytest.mark.parametrize(
    ("zone", "evening", "morning", "hours"),
    [
        ("Europe/Berlin", "2026-03-28 22:00", "2026-03-29 07:00", 8),
        ("Europe/Berlin", "2026-10-24 22:00", "2026-10-25 07:00", 10),
        ("America/New_York", "2026-03-07 22:00", "2026-03-08 07:00", 8),
        ("America/New_York", "2026-10-31 22:00", "2026-11-01 07:00", 10),
        ("Australia/Lord_Howe", "2026-10-03 22:00", "2026-10-04 07:00", 8.5),
        ("Australia/Lord_Howe", "2026-04-04 22:00", "2026-04-05 07:00", 9.5),
    ],
)
def test_the_night_clocks_change_is_longer_or_shorter(zone: str, evening: str, morning: str, hours: float) -> None:
    began = at(evening, zone)
    ended = release_at(began, starts=NIGHT[0], ends=NIGHT[1], zone=ZoneInfo(zone))
    assert ended == at(morning, zone)
    assert ended - began == dt.timedelta(hours=hours)


def test_an_end_in_the_hour_that_is_skipped_comes_with_the_next() -> None:
    began = at("2026-03-28 23:00", "Europe/Berlin")
    ended = release_at(began, starts=dt.time(22), ends=dt.time(2, 30), zone=ZoneInfo("Europe/Berlin"))
    assert ended == at("2026-03-29 03:30", "Europe/Berlin")


def test_an_end_in_the_hour_that_is_repeated_lets_nothing_leave_in_the_past() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    second = at("2026-10-25 02:10", "Europe/Berlin", fold=1)
    assert release_at(second, starts=dt.time(22), ends=dt.time(2, 30), zone=berlin) == second


@given(
    st.datetimes(timezones=st.just(dt.UTC), min_value=EARLIEST, max_value=LATEST),
    st.times(),
    st.times(),
    st.sampled_from(ZONES),
)
def test_no_mail_leaves_early_or_waits_longer_than_a_day(
    now: dt.datetime, starts: dt.time, ends: dt.time, zone: str
) -> None:
    released = release_at(now, starts=starts, ends=ends, zone=ZoneInfo(zone))
    assert now <= released <= now + dt.timedelta(hours=25)
    assert release_at(released, starts=starts, ends=ends, zone=ZoneInfo(zone)) - released < dt.timedelta(hours=1)
