"""Names of points: each beside its own, none upon another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from analytics.adoption import saydo
from analytics.figures import say_do, svg
from analytics.figures.naming import REACH, Box, Point, place, written

FRAME = Box(56, 14, 960, 272)
NAMES = ("Finance", "Sales", "Workshop", "Design", "Logistics", "Human Resources", "IT", "Management")


def boxes(points: list[Point]) -> list[Box]:
    return [name.box(point.name) for point, name in zip(points, place(points, within=FRAME), strict=True)]


@pytest.mark.parametrize("spread", [20, 60, 200])
@pytest.mark.parametrize("seed", range(20))
def test_no_name_lies_on_another_or_on_a_point_or_is_cut_off(seed: int, spread: int) -> None:
    draw = Random(seed)
    middle = draw.uniform(80, 930), draw.uniform(30, 260)
    points = [
        Point(
            x=min(max(middle[0] + draw.uniform(-2, 2) * spread, 60), 930),
            y=min(max(middle[1] + draw.uniform(-1, 1) * spread, 26), 270),
            name=name,
        )
        for name in NAMES
    ]
    found = boxes(points)
    assert [FRAME.holds(box) for box in found] == [True] * len(NAMES)
    assert [pair for pair in combinations(found, 2) if pair[0].shared(pair[1])] == []
    marks = [Box(each.x - REACH, each.y - REACH, each.x + REACH, each.y + REACH) for each in points]
    assert not any(box.shared(mark) for box in found for mark in marks)


def test_a_name_with_room_stands_right_of_its_point_and_one_without_is_led_to() -> None:
    (alone,) = place([Point(x=500, y=100, name="Sales")], within=FRAME)
    assert (alone.anchor, alone.y, alone.lead) == ("start", 100, None)
    (last,) = place([Point(x=940, y=100, name="Sales")], within=FRAME)
    assert last.anchor == "end"
    crowd = [Point(x=500 + n % 3, y=100 + n % 2, name=name) for n, name in enumerate(NAMES)]
    assert any(name.lead for name in place(crowd, within=FRAME))


def test_names_keep_off_what_is_written_already() -> None:
    words = written("mean to, and do not", 560, 100, "middle")
    (name,) = place([Point(x=480, y=100, name="Sales")], within=FRAME, taken=[words])
    assert not name.box("Sales").shared(words)


def test_departments_that_say_and_do_alike_can_all_be_read() -> None:
    units = [
        saydo.Unit(
            name=name, n_answers=20, intention=62 + n, low=58, high=66, n_people=30, first_here=70 + n, needs=200
        )
        for n, name in enumerate(NAMES)
    ]
    drawn = svg.draw(say_do(saydo.say_do(units)))
    assert all(f">{name}</text>" in drawn for name in NAMES)
    assert 'class="fig-lead"' in drawn


def test_the_map_reaches_to_whoever_stands_furthest_out() -> None:
    unit = saydo.Unit(name="HR", n_answers=9, intention=61, low=58, high=66, n_people=9, first_here=70, needs=200)
    far = [replace(unit, name="IT", intention=12.0), replace(unit, name="Sales", intention=99.0)]
    assert say_do(saydo.say_do([unit])).layout["xaxis"]["range"] == [40, 90]
    assert say_do(saydo.say_do([unit, *far])).layout["xaxis"]["range"] == [0, 100]
