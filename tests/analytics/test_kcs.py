"""What the desk leaves behind (METRICS 2.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kcs import Closed, Reviewed, capture_rate, contribution, knowledge, link_accuracy, time_to_publish
from analytics.proportions import Share

GOLDEN = Closed(linked=60, created=12, improved=2, nothing=6)


def rounded(share: Share | None) -> tuple[int, int, float, float, float]:
    assert share is not None
    return share.k, share.n, round(share.point, 4), round(share.low, 4), round(share.high, 4)


def test_the_golden_desk() -> None:
    told = knowledge(GOLDEN)
    assert told.eligible == 80
    assert rounded(told.link_rate) == (72, 80, 0.9, 0.8149, 0.9485)
    assert rounded(told.reuse)[:3] == (60, 80, 0.75)
    assert rounded(told.create)[:3] == (12, 80, 0.15)
    assert rounded(told.participation)[:3] == (74, 80, 0.925)
    assert rounded(told.known)[:3] == (60, 72, 0.8333)
    assert told.debt == 6


def test_the_golden_sample_of_links() -> None:
    assert rounded(link_accuracy(46, 50)) == (46, 50, 0.92, 0.8116, 0.9685)


def test_the_golden_capture() -> None:
    assert rounded(capture_rate(created=12, improved=3, unanswered=20))[:3] == (15, 20, 0.75)


def test_what_holds_nothing_for_others_is_no_opportunity() -> None:
    with_others = Closed(linked=60, created=12, improved=2, nothing=6, not_reusable=500)
    assert knowledge(with_others) == knowledge(GOLDEN)


def test_a_desk_without_tickets_has_no_shares() -> None:
    told = knowledge(Closed(linked=0, created=0, improved=0, nothing=0, not_reusable=3))
    assert (told.eligible, told.link_rate, told.known) == (0, None, None)


def test_a_habit_without_an_occasion_is_neither_kept_nor_broken() -> None:
    sample = [Reviewed(True, True, None, None), Reviewed(True, None, None, False), Reviewed(False, None, True, None)]
    share = contribution(sample)
    assert share is not None
    assert (share.k, share.n) == (4, 6)
    assert contribution([]) is None


def test_time_to_publish_leaves_out_and_counts_what_is_not_public() -> None:
    resolved = datetime(2026, 3, 2, 12, tzinfo=UTC)
    hours = timedelta(hours=1)
    pairs = [(resolved, resolved + 4 * hours), (resolved, resolved - 2 * hours), (resolved, resolved + 90 * hours)]
    assert time_to_publish([*pairs, (resolved, None)]) == (4.0, 1)
    assert time_to_publish([(resolved, None)]) == (None, 1)


@pytest.mark.parametrize("numbers", [(21, 0, 20), (1, 1, 1)])
def test_more_articles_than_tickets_are_refused(numbers: tuple[int, int, int]) -> None:
    created, improved, unanswered = numbers
    with pytest.raises(ValueError, match="is no share"):
        capture_rate(created=created, improved=improved, unanswered=unanswered)


@given(st.builds(Closed, linked=st.integers(0, 99), created=st.integers(0, 99), improved=st.integers(0, 99),
                 nothing=st.integers(0, 99)))  # fmt: skip
def test_shares_nest(closed: Closed) -> None:
    told = knowledge(closed)
    if told.link_rate and told.reuse and told.create and told.participation:
        assert told.reuse.k + told.create.k == told.link_rate.k <= told.participation.k == told.eligible - told.debt
