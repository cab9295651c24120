"""A second breakdown is shown exactly when nothing about few people follows from both (METRICS 11)."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

import pytest

from surveys.privacy.cuts import has_cut_below, is_second_safe
from surveys.privacy.suppression import hidden_groups
from tests.surveys.privacy.attacker import derivable

Cells = Mapping[tuple[str, str], int]


def margins(cells: Cells) -> tuple[dict[str, int], dict[str, int]]:
    one: dict[str, int] = {}
    other: dict[str, int] = {}
    for (row, column), n in cells.items():
        one[row] = one.get(row, 0) + n
        other[column] = other.get(column, 0) + n
    return one, other


def forms(cells: Cells, hidden: frozenset[str], hidden_second: frozenset[str]) -> tuple[list[list[float]], list[int]]:
    """Return the sums shown: everybody, every row and every column that is not hidden."""
    keys = [key for key, n in cells.items() if n]
    one, other = margins(cells)
    found = [[1.0] * len(keys)]
    found += [[float(key[0] == row) for key in keys] for row in one if row not in hidden]
    found += [[float(key[1] == column) for key in keys] for column in other if column not in hidden_second]
    return [form for form in found if any(form)], [cells[key] for key in keys]


def some_cells(draw: random.Random) -> dict[tuple[str, str], int]:
    n_rows, n_columns = draw.randint(2, 5), draw.randint(2, 4)
    return {
        (f"d{row}", f"s{column}"): draw.choice((0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 20))
        for row in range(n_rows)
        for column in range(n_columns)
    }


def test_the_rule_refuses_exactly_those_tables_that_leak() -> None:
    draw = random.Random(11)
    leaking = told = 0
    for _round in range(2_980):
        cells = some_cells(draw)
        one, other = margins(cells)
        if sum(one.values()) < 5:
            continue
        hidden, hidden_second = hidden_groups(one), hidden_groups(other)
        leaks = derivable(*forms(cells, hidden, hidden_second), least=5) is not None
        assert is_second_safe(cells, hidden=hidden, hidden_second=hidden_second, least=5) is not leaks, cells
        leaking += leaks
        told += not leaks
    assert leaking > 200
    assert told > 300, "a rule that refuses everything would pass too"


def test_divisions_above_departments_are_a_second_breakdown() -> None:
    cells = {("HR", "D1"): 4, ("IT", "D1"): 12, ("Legal", "D2"): 6, ("Ops", "D2"): 20}
    hidden = hidden_groups(margins(cells)[0])
    assert hidden == {"HR", "Legal"}
    assert not is_second_safe(cells, hidden=hidden, hidden_second=(), least=5), "D1 less IT is HR"


def test_a_higher_threshold_asks_for_wider_cuts() -> None:
    cells = {("A", "x"): 20, ("A", "y"): 7, ("B", "y"): 20}
    assert is_second_safe(cells, hidden=(), hidden_second=(), least=5)
    assert not is_second_safe(cells, hidden=(), hidden_second=(), least=8)


def test_pieces_that_do_not_touch_are_judged_each_by_itself() -> None:
    assert is_second_safe({("A", "x"): 9, ("B", "y"): 9}, hidden=(), hidden_second=(), least=5)
    assert not is_second_safe({("A", "x"): 9, ("B", "y"): 4}, hidden=(), hidden_second=(), least=5)


def test_nobody_at_all_is_safe() -> None:
    assert is_second_safe({("A", "x"): 0}, hidden=(), hidden_second=(), least=5)


@pytest.mark.parametrize("n", [1, 4])
def test_the_smallest_cut_may_part_several_groups_from_several(n: int) -> None:
    """Two towns with much traffic inside each and little between them."""
    lines = {((0, f"d{i}"), (1, f"s{j}")): 3 for i in range(4) for j in range(4) if i // 2 == j // 2}
    lines[(0, "d0"), (1, "s3")] = n
    assert has_cut_below(lines, n + 1)
    assert not has_cut_below(lines, n)


def test_a_large_organisation_is_judged_in_moments() -> None:
    draw = random.Random(5)
    cells = {(f"d{i}", f"s{j}"): draw.randint(1, 4) for i in range(60) for j in range(40)}
    started = time.process_time()
    assert is_second_safe(cells, hidden=(), hidden_second=(), least=5)
    assert time.process_time() - started < 5
