"""The funnel on columns says what the funnel read person by person says."""

from __future__ import annotations

import datetime as dt

import numpy as np

from analytics.adoption.funnel import STAGES, Course, Need, funnel
from analytics.adoption.standing import NEVER, Courses, active
from analytics.needs.outcomes import Outcome

EPOCH = dt.date(2026, 1, 1)
OUTCOMES = (Outcome.CONFIRMED, Outcome.PRESUMED, Outcome.FAILED, Outcome.ABANDONED, None)


def on(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


def test_the_columns_give_the_counts_that_reading_person_by_person_gives() -> None:
    rng = np.random.default_rng(5)
    for _round in range(60):
        n, n_needs, as_of = int(rng.integers(1, 12)), int(rng.integers(0, 60)), 100
        since, until = rng.integers(0, 110, n), np.where(rng.random(n) < 0.8, NEVER, rng.integers(0, 120, n))
        came, gave = (np.where(rng.random(n) < 0.5, NEVER, rng.integers(0, 120, n)) for _ in range(2))
        person, day = rng.integers(0, n, n_needs), np.sort(rng.integers(0, 115, n_needs))
        outcome = [OUTCOMES[code] for code in rng.integers(0, len(OUTCOMES), n_needs)]
        found = Courses(
            since=since, until=until, came_on=came, gave_on=gave, person=person, day=day,
            is_here=np.array([each is not None for each in outcome], dtype=np.bool_),
            is_helped=np.array([each in (Outcome.CONFIRMED, Outcome.PRESUMED) for each in outcome], dtype=np.bool_),
        )  # fmt: skip
        eligible = [place for place in range(n) if since[place] < as_of <= until[place]]
        people = [
            Course(
                is_reached=bool(came[place] < as_of),
                is_contributor=bool(gave[place] < as_of),
                needs=[
                    Need(on(int(day[row])), outcome[row])
                    for row in range(n_needs)
                    if person[row] == place and day[row] < as_of
                ],
            )
            for place in eligible
        ]
        slowly = funnel(people, as_of=on(as_of - 1))
        met = found.stages(as_of)
        assert tuple(int((met > place).sum()) for place in range(len(STAGES))) == slowly.counts
        assert int(found.have_given(as_of).sum()) == slowly.contributors
        again, here = found.came_again(as_of)
        told = slowly.repeat_on_need
        assert (int(here.sum()), int(again.sum())) == ((told.k, told.n) if told else (0, 0))


def test_a_day_is_counted_as_it_begins() -> None:
    person, day = np.array([0, 1, 2]), np.array([4, 5, 11])
    assert active(person, day, since=5, until=12, n=4).tolist() == [False, True, True, False]
    assert active(person, day, since=5, until=11, n=4).tolist() == [False, True, False, False]
