"""What may be said of the weeks before and after, and what may not."""

from __future__ import annotations

import pytest

from analytics.before_after import Change, Side, Verdict


def change(before: Side, after: Side, days: int = 28) -> Change:
    return Change(days=days, before=before, after=after)


def test_searches_that_find_something_now_are_told_with_their_interval() -> None:
    found = change(Side(searches=14, failed=12), Side(searches=9, failed=1))
    assert found.failing is not None
    ends = (found.failing.point, found.failing.low, found.failing.high)
    assert [round(end, 4) for end in ends] == [-0.746, -0.8834, -0.3328]
    assert found.of_searches is Verdict.BETTER


@pytest.mark.parametrize(
    ("before", "after", "days", "verdict"),
    [
        (Side(searches=14, failed=12), Side(searches=9, failed=1), 13, Verdict.TOO_EARLY),
        (Side(searches=4, failed=4), Side(searches=9, failed=1), 28, Verdict.TOO_FEW),
        (Side(searches=14, failed=12), Side(), 28, Verdict.TOO_FEW),
        (Side(searches=9, failed=5), Side(searches=9, failed=3), 28, Verdict.UNCLEAR),
        (Side(searches=20, failed=2), Side(searches=20, failed=18), 28, Verdict.WORSE),
    ],
)
def test_searches_are_not_told_better_than_they_are_known(
    before: Side, after: Side, days: int, verdict: Verdict
) -> None:
    assert change(before, after, days).of_searches is verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (8, 5, Verdict.UNCLEAR),
        (60, 20, Verdict.BETTER),
        (20, 60, Verdict.WORSE),
        (3, 1, Verdict.TOO_FEW),
        (9, 0, Verdict.TOO_FEW),
    ],
)
def test_fewer_tickets_are_told_only_where_chance_would_not_bring_them(
    before: int, after: int, verdict: Verdict
) -> None:
    assert change(Side(tickets=before), Side(tickets=after)).of_tickets is verdict


def test_who_said_nothing_is_no_share() -> None:
    assert change(Side(), Side()).confirmed is None
    share = change(Side(), Side(said=8, solved=7)).confirmed
    assert share is not None
    assert (share.k, share.n, round(share.low, 4)) == (7, 8, 0.5291)
