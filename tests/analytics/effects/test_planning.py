"""What a campaign could show, said before it begins."""

from __future__ import annotations

from collections import Counter

import pytest

from analytics.effects.planning import draw, outlook


@pytest.mark.parametrize(("n", "least", "is_few"), [(3, 0.167, True), (4, 0.042, False), (5, 0.0083, False)])
def test_so_many_departments_cannot_beat_one_in_so_many_orders(n: int, least: float, is_few: bool) -> None:
    told = outlook(range(3, 3 + n))
    assert told.least_share == pytest.approx(least, abs=5e-4)
    assert told.is_few is is_few


def test_it_takes_forty_orders_before_anything_can_be_detected() -> None:
    assert not outlook([3, 4, 5, 6]).can_detect
    assert outlook([3, 4, 5, 6, None]).can_detect
    assert not outlook([3, 3, 3, None, None]).can_detect, "ten orders: who shares a start makes fewer"


def test_a_lot_gives_every_start_once_and_can_be_drawn_again() -> None:
    departments, starts = [f"d{i}" for i in range(6)], [3, 4, 5, 6, None, None]
    first = draw(departments, starts, seed=11)
    assert Counter(first.values()) == Counter(starts)
    assert first == draw(list(reversed(departments)), starts, seed=11)
    assert any(draw(departments, starts, seed=seed) != first for seed in range(5))


def test_every_order_comes_as_often() -> None:
    orders = Counter(tuple(draw(["A", "B", "C"], [1, 2, 3], seed=seed).values()) for seed in range(3000))
    assert len(orders) == 6
    assert all(400 < n < 600 for n in orders.values())


def test_a_department_named_twice_or_without_a_start_is_refused() -> None:
    with pytest.raises(ValueError, match="one start for every department"):
        draw(["A", "A"], [1, 2], seed=0)
    with pytest.raises(ValueError, match="one start for every department"):
        draw(["A", "B"], [1], seed=0)
