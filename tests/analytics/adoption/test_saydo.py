"""What departments say beside what they do (METRICS 4.8, rule 11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.adoption.saydo import Quadrant, Unit, say_do

UNIT = Unit(name="Sales", n_answers=9, intention=72, low=67, high=77, n_people=12, first_here=4, needs=40)


@pytest.mark.parametrize(
    ("intention", "first_here", "quadrant"),
    [
        (65.0, 12, Quadrant.SAYS_AND_DOES),
        (65.0, 11, Quadrant.SAYS_ONLY),
        (64.9, 12, Quadrant.DOES_ONLY),
        (64.9, 11, Quadrant.NEITHER),
    ],
)
def test_a_department_stands_by_what_it_says_and_does(intention: float, first_here: int, quadrant: Quadrant) -> None:
    unit = replace(UNIT, intention=intention, low=60, high=70, first_here=first_here)
    assert say_do([unit]).points[0].quadrant is quadrant


def test_a_point_whose_interval_crosses_a_line_is_not_sure() -> None:
    sure, unsure, crossing = (
        say_do([unit]).points[0].is_sure for unit in (UNIT, replace(UNIT, low=64), replace(UNIT, first_here=8))
    )
    assert (sure, unsure, crossing) == (True, False, False)


def test_a_small_group_is_hidden_with_another_that_would_give_it_away() -> None:
    units = [
        replace(UNIT, name="HR", n_answers=4),
        replace(UNIT, name="IT", n_answers=20),
        replace(UNIT, name="Legal", n_answers=6),
    ]
    told = say_do(units)
    assert told.hidden == ("HR", "Legal")
    assert [point.unit.name for point in told.points] == ["IT"]


def test_few_people_hide_a_department_as_few_answers_do() -> None:
    units = [replace(UNIT, name="HR", n_people=2), replace(UNIT, name="IT", n_people=30), replace(UNIT, n_people=9)]
    assert say_do(units).hidden == ("HR", "Sales")


def test_a_department_without_answers_or_needs_has_no_point() -> None:
    told = say_do([replace(UNIT, name="A", n_answers=0), replace(UNIT, name="B", first_here=0, needs=0), UNIT])
    assert [point.unit.name for point in told.points] == ["Sales"]
    assert told.hidden == ()
