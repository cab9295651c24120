"""How tickets of the past go: within working hours, quicker as months pass, and with more said of what they leave."""

from __future__ import annotations

import datetime as dt
import random
from statistics import median

import pytest

from analytics.workinghours import WorkingHours
from portal.demo import course
from portal.demo.course import Course, Problem
from portal.tickets.models import Knowledge

MONDAY = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
HOURS = WorkingHours.read([[["08:00", "18:00"]]] * 5 + [[], []], timezone="Europe/London")


def problem(**changes: object) -> Problem:
    given = {
        "at": MONDAY,
        "who": "ana@ostreyvale.example",
        "source": "portal",
        "question": "vpn drops",
        "topic": "network",
        "article": "vpn-drops",
        "has_looked": True,
        "visit": "v1",
    }
    return Problem(**(given | changes))  # type: ignore[arg-type]


def drawn(n: int, *, years: float, until: dt.datetime | None = None, **changes: object) -> list[Course]:
    rng = random.Random(1)
    until = until or MONDAY + dt.timedelta(days=400)
    common = {"rng": rng, "years": years, "hours": HOURS, "has_article": True, "reasons": ["Replaced"], "until": until}
    found = [course.draw(problem(**changes), **common) for _ in range(n)]  # type: ignore[arg-type]
    return [one for one in found if one is not None]


def test_the_desk_becomes_quicker_and_says_more() -> None:
    early, late = drawn(600, years=0.0), drawn(600, years=1.0)
    assert median(one.first_minutes for one in late) < 0.6 * median(one.first_minutes for one in early)
    says = [sum(one.knowledge is not None for one in found) / 600 for found in (early, late)]
    assert says[0] == pytest.approx(course.SAYS_WHAT_IT_LEAVES[0], abs=0.08)
    assert says[1] == pytest.approx(course.SAYS_WHAT_IT_LEAVES[1], abs=0.08)


def test_minutes_are_those_of_the_working_hours() -> None:
    for one in drawn(200, years=0.3):
        assert HOURS.between(MONDAY, one.first_at) == dt.timedelta(minutes=one.first_minutes)
        assert HOURS.between(MONDAY, one.solved_at) == dt.timedelta(minutes=one.solved_minutes)
        assert MONDAY <= one.first_at <= one.solved_at


def test_who_calls_has_an_answer_at_once() -> None:
    assert {one.first_at for one in drawn(50, years=0.5, source="call")} == {MONDAY}


def test_what_would_not_be_solved_yet_is_left_out() -> None:
    until = MONDAY + dt.timedelta(hours=3)
    found = drawn(200, years=0.5, until=until)
    assert 0 < len(found) < 200
    assert all(one.solved_at <= until for one in found)


def test_a_reason_is_given_where_nothing_is_left_and_only_there() -> None:
    for one in drawn(200, years=0.8):
        assert bool(one.reason) == (one.knowledge is Knowledge.NOT_REUSABLE)


def test_trouble_goes_to_the_queue_of_its_topic() -> None:
    assert [problem(topic=topic).queue for topic in ("network", "printing", "people", None)] == [
        "network",
        "workplace",
        "desk",
        "desk",
    ]
