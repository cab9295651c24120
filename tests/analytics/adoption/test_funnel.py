"""How far people have come (METRICS 3.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analytics.adoption.funnel import Course, Need, Stage, funnel, is_habitual
from analytics.adoption.spread import Spread, spread
from analytics.needs.outcomes import Outcome

AS_OF = date(2026, 3, 29)


def needs(*rows: tuple[int, Outcome | None]) -> list[Need]:
    """Needs so many days before the as-of day, with how they ended."""
    return [Need(AS_OF - timedelta(days=ago), outcome) for ago, outcome in rows]


def test_a_person_stands_where_they_have_met_everything_before() -> None:
    people = [
        Course(),
        Course(is_reached=True),
        Course(needs=needs((3, Outcome.ABANDONED))),
        Course(needs=needs((3, Outcome.PRESUMED))),
        Course(needs=needs((20, Outcome.CONFIRMED), (3, Outcome.FAILED))),
        Course(needs=needs((20, Outcome.CONFIRMED), (3, Outcome.FAILED)), is_contributor=True),
        Course(is_contributor=True),
    ]
    told = funnel(people, as_of=AS_OF)
    assert told.counts == (7, 6, 4, 3, 2, 1)
    assert told.contributors == 2
    share, step = told.share(Stage.ACTIVATED), told.step(Stage.ACTIVATED)
    assert share is not None
    assert step is not None
    assert ((share.k, share.n), (step.k, step.n)) == ((3, 7), (3, 4)), "over the eligible, and over the stage before"
    assert told.step(Stage.ELIGIBLE) is None


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in {Outcome.CONFIRMED, Outcome.PRESUMED}])
def test_only_being_helped_activates(outcome: Outcome) -> None:
    assert Course(needs=needs((3, outcome))).activated_on is None


def test_the_first_help_activates() -> None:
    course = Course(needs=needs((9, Outcome.ESCALATED), (5, Outcome.PRESUMED), (3, Outcome.CONFIRMED)))
    assert course.activated_on == AS_OF - timedelta(days=5)


@pytest.mark.parametrize(
    ("rows", "is_one"),
    [
        ([(0, Outcome.PRESUMED), (6, Outcome.PRESUMED)], False),
        ([(7, Outcome.PRESUMED), (0, Outcome.PRESUMED)], True),
        ([(55, Outcome.PRESUMED), (0, Outcome.ABANDONED)], True),
        ([(56, Outcome.PRESUMED), (0, Outcome.PRESUMED)], False),
        ([(20, Outcome.PRESUMED), (9, Outcome.PRESUMED), (1, None)], False),
        ([(20, Outcome.PRESUMED), (9, Outcome.PRESUMED), (1, Outcome.IMMATURE)], True),
        ([(20, None), (9, Outcome.PRESUMED)], False),
    ],
)
def test_habit_is_two_weeks_of_the_last_eight_and_having_begun_here_last(
    rows: list[tuple[int, Outcome | None]], is_one: bool
) -> None:
    assert is_habitual(Course(needs=needs(*rows)), AS_OF) is is_one


def test_the_next_need_after_being_helped_begins_here_or_at_the_desk() -> None:
    told = funnel(
        [
            Course(needs=needs((9, Outcome.CONFIRMED), (5, Outcome.ABANDONED), (2, None))),
            Course(needs=needs((9, Outcome.CONFIRMED), (5, None))),
            Course(needs=needs((9, None), (5, Outcome.CONFIRMED))),
        ],
        as_of=AS_OF,
    )
    assert told.repeat_on_need is not None
    assert (told.repeat_on_need.k, told.repeat_on_need.n) == (1, 2)


def test_of_nobody_there_is_no_share() -> None:
    told = funnel([], as_of=AS_OF)
    assert (told.share(Stage.REACHED), told.step(Stage.REACHED), told.repeat_on_need) == (None, None, None)


def test_the_golden_spread_and_that_one_dead_leg_shows() -> None:
    assert round(Spread(breadth=0.5, depth=0.4, frequency=0.8).index, 1) == 54.3
    assert Spread(breadth=1, depth=1, frequency=0).index == 0


def test_more_needs_than_were_aimed_at_count_as_one_and_nobody_active_as_nothing() -> None:
    much = spread(active=2, eligible=4, used=1, offered=2, needs=90, needs_aimed_at=3)
    none = spread(active=0, eligible=4, used=0, offered=2, needs=0, needs_aimed_at=3)
    assert much is not None
    assert none is not None
    assert (much.frequency, none.frequency, none.index) == (1, 0, 0)
    assert spread(active=0, eligible=0, used=0, offered=2, needs=0, needs_aimed_at=3) is None
    with pytest.raises(ValueError, match="more than all"):
        spread(active=5, eligible=4, used=1, offered=2, needs=9, needs_aimed_at=3)
