"""Small groups of a survey stay hidden, also from who can subtract (METRICS 4.6, 11)."""

from __future__ import annotations

import random

import pytest

from analytics import suppression as elsewhere
from surveys.privacy.suppression import hidden_groups, suppress

GOLDEN = [
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
    ({"b": 6, "Z": 6, "C": 4}, {"Z", "C"}),
    ({}, set()),
]


@pytest.mark.parametrize(("groups", "found"), GOLDEN)
def test_the_golden_tables(groups: dict[str, int], found: set[str]) -> None:
    assert hidden_groups(groups) == found
    assert suppress({"sheets": groups}).rows == (found if sum(groups.values()) >= 5 else set())


def test_a_group_hidden_in_one_column_is_hidden_in_all() -> None:
    found = suppress({"sheets": {"A": 6, "B": 7, "C": 20}, "AW": {"A": 4, "B": 7, "C": 20}})
    assert found.rows == {"A", "B"}


def test_a_column_with_too_few_answers_in_all_is_released_for_nobody_and_hides_nobody() -> None:
    found = suppress({"sheets": {"A": 6, "B": 7}, "AW": {"A": 4, "B": 0}})
    assert (found.rows, found.columns) == (set(), {"AW"})


def test_a_column_nobody_answered_is_no_secret() -> None:
    assert suppress({"sheets": {"A": 6, "B": 7}, "AW": {"A": 0, "B": 0}}).columns == set()


def test_the_threshold_may_be_raised_and_never_lowered() -> None:
    assert hidden_groups({"A": 8, "B": 12, "C": 30}, least=10) == {"A", "B"}
    with pytest.raises(ValueError, match="never shown"):
        hidden_groups({"A": 8}, least=4)
    with pytest.raises(ValueError, match="never shown"):
        suppress({"sheets": {"A": 8}}, least=4)


def test_nothing_is_less_than_empty() -> None:
    with pytest.raises(ValueError, match="empty"):
        hidden_groups({"A": -1})


def random_counts(draw: random.Random) -> dict[str, int]:
    return {chr(65 + i): draw.choice((0, 1, 3, 4, 5, 6, 9, 12, 30)) for i in range(draw.randint(1, 7))}


def test_a_higher_threshold_hides_what_the_lower_one_hid_and_more() -> None:
    draw = random.Random(1)
    for _round in range(500):
        groups = random_counts(draw)
        assert hidden_groups(groups) <= hidden_groups(groups, least=10)


def test_usage_and_answers_hide_the_same_groups() -> None:
    draw = random.Random(2)
    for _round in range(500):
        groups = random_counts(draw)
        assert hidden_groups(groups) == elsewhere.hidden(groups)
