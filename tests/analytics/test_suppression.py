"""Small groups stay hidden, also from who can subtract (METRICS 4.6)."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.suppression import LEAST, hidden, is_second_safe, is_total_hidden


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ({"HR": 4, "IT": 12, "Sales": 7, "Ops": 30, "Legal": 6}, {"HR", "Legal"}),
        ({"HR": 4, "Legal": 3, "IT": 12, "Ops": 30}, {"HR", "Legal"}),
        ({"HR": 2, "Legal": 2, "IT": 12, "Ops": 30, "Sales": 9}, {"HR", "Legal", "Sales"}),
        ({"HR": 4, "Fin": 0, "IT": 12, "Ops": 9}, {"HR", "Ops"}),
        ({"Fin": 0, "IT": 12, "Ops": 9}, set()),
        ({"Sales": 4, "Technology": 9}, {"Sales", "Technology"}),
        ({"HR": 4, "IT": 12}, {"HR", "IT"}),
        ({"HR": 3, "IT": 1}, {"HR", "IT"}),
        ({"A": 5, "B": 6}, set()),
        ({"B": 6, "A": 6, "C": 4}, {"A", "C"}),
        ({}, set()),
    ],
)
def test_the_golden_tables(groups: dict[str, int], found: set[str]) -> None:
    assert hidden(groups) == found


def test_too_few_in_all_hide_the_total() -> None:
    assert is_total_hidden({"HR": 3, "IT": 1})
    assert not is_total_hidden({"HR": 4, "IT": 12})
    assert not is_total_hidden({})


def test_the_least_may_be_raised_and_never_lowered() -> None:
    assert hidden({"A": 8, "B": 12, "C": 30}, least=10) == {"A", "B"}
    with pytest.raises(ValueError, match="never shown"):
        hidden({"A": 8}, least=4)


def test_nothing_is_less_than_empty() -> None:
    with pytest.raises(ValueError, match="empty"):
        hidden({"A": -1})


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 12), max_size=8))
def test_what_is_hidden_cannot_be_had_by_subtraction(groups: dict[str, int]) -> None:
    found = hidden(groups)
    small = {name for name, n in groups.items() if 0 < n < 5}
    assert small <= found
    assert all(groups[name] for name in found)
    if found and not is_total_hidden(groups):
        rest = sum(groups[name] for name in found)
        others = [name for name, n in groups.items() if n and name not in found]
        assert rest >= 5
        assert len(found) >= 2 or not others


def _is_safe_by_trying(cells: dict[tuple[str, str], int]) -> bool:
    """Part the points in every way there is; fewer than five lines across, but some, are people one can make out."""
    lines = [(f"1{a}", f"2{b}", n) for (a, b), n in cells.items() if n]
    points = sorted({point for a, b, _n in lines for point in (a, b)})
    for size in range(1, len(points)):
        for part in itertools.combinations(points, size):
            if 0 < sum(n for a, b, n in lines if (a in part) != (b in part)) < LEAST:
                return False
    return True


def test_a_second_breakdown_is_refused_exactly_where_few_lie_between_two_sums() -> None:
    draw = random.Random(4)
    met = set()
    for _n in range(400):
        sizes = draw.choice(([0, 0, 5, 8], [0, 1, 2, 3, 9], [0, 0, 2, 4, 30]))
        cells = {(f"d{a}", f"s{b}"): draw.choice(sizes) for a in range(4) for b in range(3)}
        met.add(found := is_second_safe(cells))
        assert found == _is_safe_by_trying(cells), cells
    assert met == {True, False}
