"""Alpha with its interval: METRICS 4.4 and 11; pingouin is asked in `test_oracles.py`."""

from __future__ import annotations

import pytest

from surveys.reliability import alpha, feldt, reliability
from surveys.scoring import Scored, score
from tests.surveys.sheets import PULSE, ticking

ROWS = [(4, 5, 4), (3, 3, 2), (5, 5, 5), (2, 3, 2), (4, 4, 3), (1, 2, 2)]
VALUE = ("VA1", "VA2", "VA3R")
ASKED = (*VALUE, "SO1", "SO2", "SO3R")


def sheets(rows: list[tuple[int, ...]]) -> list[Scored]:
    """Return sheets with these answers to VA, turned already."""
    return [
        score(PULSE, ASKED, {"VA1": one, "VA2": two, "VA3R": 6 - three} | ticking(4, "SO")) for one, two, three in rows
    ]


def test_the_printed_alpha_and_its_interval() -> None:
    found = alpha(ROWS)
    assert found is not None
    assert round(found, 4) == 0.9611
    interval = feldt(found, n=6, k=3)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.8352, 0.9941)
    dropped = [alpha([row[:i] + row[i + 1 :] for row in ROWS]) for i in range(3)]
    assert dropped == pytest.approx([0.9545, 0.9187, 0.9569], abs=5e-5)


def test_an_item_left_unturned_makes_it_negative() -> None:
    found = alpha([(one, two, 6 - three) for one, two, three in ROWS])
    assert found == pytest.approx(-1.5584, abs=5e-5)
    wrong = reliability(PULSE, "VA", VALUE, sheets([(one, two, 6 - three) for one, two, three in ROWS * 5]))
    assert wrong is not None
    assert wrong.is_negative, "says: check the reverse coding"


def test_it_takes_thirty_complete_sheets() -> None:
    assert reliability(PULSE, "VA", VALUE, sheets(ROWS * 5)[:29]) is None
    found = reliability(PULSE, "VA", VALUE, sheets(ROWS * 5))
    assert found is not None
    assert (found.n, found.is_low, found.is_negative) == (30, False, False)
    assert len(found.if_dropped) == 3


def test_incomplete_sheets_and_straight_lines_stay_out() -> None:
    incomplete = score(PULSE, VALUE, {"VA1": 1, "VA2": 5})
    straight = score(PULSE, VALUE, {"VA1": 4, "VA2": 4, "VA3R": 4})
    assert straight.is_straight
    found = reliability(PULSE, "VA", VALUE, [*sheets(ROWS * 5), incomplete, straight])
    assert found == reliability(PULSE, "VA", VALUE, sheets(ROWS * 5))


def test_sheets_that_all_say_the_same_say_nothing_about_agreement() -> None:
    assert reliability(PULSE, "VA", VALUE, sheets([(4, 4, 4)] * 40)) is None
    assert alpha([(4, 2), (2, 4), (3, 3)]) is None, "totals that do not vary"


def test_two_items_have_an_alpha_and_none_without_one_of_them() -> None:
    two = ("VA1", "VA2")
    found = reliability(PULSE, "VA", two, [score(PULSE, two, {"VA1": a, "VA2": b}) for a, b, _c in ROWS * 5])
    assert found is not None
    assert found.if_dropped == (None, None)
