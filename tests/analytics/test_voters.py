"""Whether those who answer are like those who do not: seen by what both did next."""

from __future__ import annotations

import pytest

from analytics.proportions import wilson
from analytics.voters import Voters


@pytest.mark.parametrize(
    ("answered", "silent", "is_different"),
    [
        ((2, 200), (90, 1000), True),
        ((18, 200), (90, 1000), False),
        ((60, 200), (90, 1000), True),
        ((0, 3), (90, 1000), False),
    ],
)
def test_they_differ_where_chance_hardly_explains_it(
    answered: tuple[int, int], silent: tuple[int, int], *, is_different: bool
) -> None:
    assert Voters(wilson(*answered), wilson(*silent)).is_different == is_different


def test_nobody_of_one_kind_is_no_difference() -> None:
    assert not Voters(None, wilson(1, 10)).is_different
    assert Voters(wilson(1, 10), None).difference is None
