"""How fast the desk is, and what it promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.servicedesk import Handled, Promise, Times, answered, backlog, solved, standing, times
from analytics.workinghours import Pause, WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours.read([[["09:00", "17:00"]]] * 5 + [[], []], timezone="Europe/Berlin")
FOUR, HOUR = timedelta(hours=4), timedelta(hours=1)
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=BERLIN)


def monday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 9, hour, minute, tzinfo=BERLIN)


PROMISED = Handled(opened_at=FRIDAY, answer_within=FOUR, resolve_within=2 * FOUR)


def stands(ticket: Handled, as_of: datetime) -> Promise:
    return standing(HOURS, ticket, ticket.answer_within, ticket.answered_at, as_of=as_of)


@pytest.mark.parametrize(
    ("as_of", "how"),
    [
        (monday(10), Promise.RUNNING),
        (monday(11), Promise.RUNNING),
        (monday(11, 1), Promise.SOON),
        (monday(12), Promise.SOON),
        (monday(12, 1), Promise.BROKEN),
    ],
)
def test_a_promise_runs_is_warned_of_and_breaks(as_of: datetime, how: Promise) -> None:
    assert stands(PROMISED, as_of) is how


def test_an_answer_in_the_last_moment_keeps_the_promise() -> None:
    assert stands(replace(PROMISED, answered_at=monday(12)), monday(16)) is Promise.KEPT
    assert stands(replace(PROMISED, answered_at=monday(12, 1)), monday(16)) is Promise.BROKEN


def test_waiting_stops_the_clock_and_moves_the_end() -> None:
    waiting = replace(PROMISED, pauses=(Pause(monday(10)),))
    assert stands(waiting, monday(16)) is Promise.PAUSED
    waited = replace(PROMISED, pauses=(Pause(monday(10), monday(11)),))
    assert stands(replace(waited, answered_at=monday(13)), monday(16)) is Promise.KEPT
    assert stands(replace(waited, answered_at=monday(13, 1)), monday(16)) is Promise.BROKEN


def test_waiting_after_the_answer_does_not_touch_its_promise() -> None:
    late = replace(PROMISED, answered_at=monday(12, 30), pauses=(Pause(monday(13)),))
    assert stands(late, monday(16)) is Promise.BROKEN


def test_waiting_for_ever_after_the_promise_broke_does_not_mend_it() -> None:
    late = replace(PROMISED, pauses=(Pause(monday(13)),))
    assert stands(late, monday(16)) is Promise.BROKEN


def test_nothing_promised_is_nothing_broken() -> None:
    assert stands(Handled(opened_at=FRIDAY), monday(16)) is Promise.NONE


def answer_times(tickets: list[Handled], *, as_of: datetime) -> Times:
    return times(answered(HOURS, each, as_of=as_of) for each in tickets)


def resolution_times(tickets: list[Handled], *, as_of: datetime) -> Times:
    return times(solved(HOURS, each, as_of=as_of) for each in tickets)


def test_times_are_working_hours_without_waiting() -> None:
    tickets = [
        replace(PROMISED, answered_at=monday(10)),
        replace(PROMISED, answered_at=monday(15), pauses=(Pause(monday(10), monday(11)),)),
        replace(PROMISED, answered_at=FRIDAY + HOUR / 2),
    ]
    told = answer_times(tickets, as_of=monday(17))
    assert sorted(told.hours) == [0.5, 2.0, 6.0]
    assert (told.n, told.n_pending, told.median) == (3, 0, 2.0)
    assert told.p90 == pytest.approx(5.2)
    assert told.within is not None
    assert (told.within.k, told.within.n, round(told.within.low, 4)) == (2, 3, 0.2077)


def test_what_is_still_unanswered_past_its_promise_counts_as_broken() -> None:
    fast, slow = replace(PROMISED, answered_at=FRIDAY + HOUR / 2), PROMISED
    early = answer_times([fast, slow], as_of=monday(10))
    late = answer_times([fast, slow], as_of=monday(16))
    assert early.within is not None
    assert late.within is not None
    assert (early.within.k, early.within.n) == (1, 1)
    assert (late.within.k, late.within.n) == (1, 2)
    assert (late.n, late.n_pending, late.median) == (1, 1, 0.5)


def test_what_happens_later_is_not_known_yet() -> None:
    told = answer_times([replace(PROMISED, answered_at=monday(16))], as_of=monday(10))
    assert (told.n, told.n_pending, told.median, told.within) == (0, 1, None, None)


def test_resolving_has_its_own_promise() -> None:
    told = resolution_times([replace(PROMISED, resolved_at=monday(16))], as_of=monday(17))
    assert told.median == 8.0
    assert told.within is not None
    assert (told.within.k, told.within.n) == (1, 1)


def test_no_tickets_have_no_times() -> None:
    told = resolution_times([], as_of=monday(17))
    assert (told.n, told.n_pending, told.median, told.p90, told.within) == (0, 0, None, None, None)


def test_the_backlog_holds_what_is_opened_and_not_resolved() -> None:
    tickets = [
        Handled(opened_at=monday(9)),
        Handled(opened_at=monday(10), resolved_at=monday(12)),
        Handled(opened_at=monday(15)),
    ]
    before, noon, end = backlog(tickets, [monday(8), monday(12) - HOUR, monday(16)])
    assert (before.n, before.median_age, before.oldest) == (0, None, None)
    assert (noon.n, noon.median_age, noon.oldest) == (2, 1.5 * HOUR, 2 * HOUR)
    assert (end.n, end.oldest) == (2, 7 * HOUR)
    assert backlog(tickets, [monday(12)])[0].n == 1


START = datetime(2026, 3, 2, tzinfo=UTC)
moments = st.integers(0, 20_000).map(lambda minutes: START + timedelta(minutes=minutes))


@given(
    st.lists(st.tuples(moments, st.none() | moments), max_size=20),
    moments,
)
def test_what_came_less_what_went_is_what_is_left(pairs: list[tuple[datetime, datetime | None]], at: datetime) -> None:
    tickets = [Handled(opened_at=a, resolved_at=None if b is None else max(a, b)) for a, b in pairs]
    came = sum(each.opened_at <= at for each in tickets)
    went = sum(each.resolved_at is not None and each.resolved_at <= at for each in tickets)
    assert backlog(tickets, [at])[0].n == came - went


@given(st.lists(st.tuples(moments, st.integers(1, 3000), st.booleans()), min_size=1, max_size=12), moments)
def test_a_promise_is_kept_just_when_the_time_taken_is_within_it(
    rows: list[tuple[datetime, int, bool]], as_of: datetime
) -> None:
    for opened, minutes, _ in rows:
        ticket = Handled(opened_at=opened, answered_at=opened + timedelta(minutes=minutes), answer_within=FOUR)
        took = HOURS.between(opened, opened + timedelta(minutes=minutes))
        how = stands(ticket, as_of)
        assert how in {Promise.KEPT, Promise.BROKEN}
        # Exactly four hours may end at a night that follows: no work is done then, yet it is late.
        if took != FOUR:
            assert (how is Promise.KEPT) is (took < FOUR)
