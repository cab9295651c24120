"""What is printed is whole, and tells nowhere that all agree."""

from __future__ import annotations

import pytest

from surveys.groups import Group, Headcount, Ticks
from surveys.loading import load
from surveys.privacy.printing import Printed, Side, mean, share
from surveys.privacy.telling import Teller
from surveys.tally import Tally

READER = Teller(load("pulse-1"), is_exact=False)


@pytest.mark.parametrize(
    ("k", "n", "printed"),
    [
        (5, 5, Printed(0.8, Side.MORE)),
        (4, 5, Printed(0.8, Side.MORE)),
        (3, 5, Printed(0.6)),
        (1, 5, Printed(0.2, Side.LESS)),
        (0, 5, Printed(0.2, Side.LESS)),
        (7, 9, Printed(0.78)),
        (10, 10, Printed(0.9, Side.MORE)),
        (9, 10, Printed(0.9, Side.MORE)),
        (8, 10, Printed(0.8)),
        (1, 10, Printed(0.1, Side.LESS)),
        (1, 12, Printed(0.1, Side.LESS)),
        (2, 12, Printed(0.17)),
    ],
)
def test_shares_are_capped_whether_or_not_all_agree(k: int, n: int, printed: Printed) -> None:
    assert share(k, n, people=n) == printed


@pytest.mark.parametrize("n", range(5, 60))
def test_a_capped_share_never_means_that_all_agree(n: int) -> None:
    """Some other count is printed the same."""
    for k in (0, n):
        assert sum(share(each, n, people=n) == share(k, n, people=n) for each in range(n + 1)) > 1
        intervals = [READER.share(each, n, people=n, headcount=n + 9) for each in range(n + 1)]
        assert intervals.count(intervals[k]) > 1, "its interval must not tell either"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (100, Printed(95, Side.MORE)),
        (95, Printed(95, Side.MORE)),
        (94.6, Printed(95)),
        (94.4, Printed(94)),
        (64.5, Printed(65)),
        (5.4, Printed(5)),
        (5, Printed(5, Side.LESS)),
        (0, Printed(5, Side.LESS)),
    ],
)
def test_means_are_whole_and_capped_at_both_ends(value: float, printed: Printed) -> None:
    assert mean(value) == printed


def test_who_holds_the_sheets_reads_figures_as_they_are() -> None:
    assert mean(99.25, is_exact=True) == Printed(99.25)
    assert share(5, 5, people=5, is_exact=True) == Printed(1.0)


def group(scores: list[float]) -> Group:
    return Group(
        name="A",
        rows=len(scores),
        valid=len(scores),
        headcount=Headcount(eligible=40, delivered=40),
        index=Tally.of(scores),
        dimensions={"VA": Tally.of(scores)},
        items={"VA1": Ticks((0, 0, 0, len(scores), 0))},
    )


def test_an_interval_does_not_shrink_to_nothing_where_all_agree() -> None:
    agreed, near = (READER.score(group(scores), "VA").mean for scores in ([50.0] * 6, [50.0] * 4 + [41.0, 59.0]))
    assert agreed == near
    assert agreed is not None
    assert (agreed.low or 0) < 50 < (agreed.high or 0)


def test_the_interval_of_a_capped_mean_says_no_more_than_the_cap() -> None:
    found = READER.score(group([100.0] * 6), "VA").mean
    assert found is not None
    assert (found.value, found.high) == (Printed(95, Side.MORE), 100)
    assert found == READER.score(group([100.0] * 4 + [91.0, 91.0]), "VA").mean
