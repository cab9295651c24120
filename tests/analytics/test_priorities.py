"""What to do first (METRICS 6, 11)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.priorities import (
    CONFIDENCE,
    Evidence,
    Grade,
    Kind,
    Scored,
    best_grade,
    exactly,
    ice,
    impact,
    impact_span,
    ranked,
    rice,
    wsjf,
)
from analytics.rates import Span

DAY = date(2026, 3, 1)


def scored(key: str, point: float, half: float, *, age: int = 0) -> Scored:
    return Scored(key=key, score=Span(point, point - half, point + half), since=DAY - timedelta(days=age))


def keys(ties: list[list[Scored]]) -> list[list[str]]:
    return [[item.key for item in tie] for tie in ties]


def test_the_golden_scores() -> None:
    scores = [
        rice(exactly(800), exactly(1), confidence=0.8, effort=2),
        rice(exactly(400), exactly(2), confidence=1, effort=4),
        rice(exactly(120), exactly(3), confidence=0.5, effort=1),
    ]
    assert [score.point for score in scores] == pytest.approx([320, 200, 180])
    told = ranked(Scored(key=key, score=score, since=DAY) for key, score in zip("abc", scores, strict=True))
    assert keys(told) == [["a"], ["b"], ["c"]]
    assert wsjf(value=8, urgency=5, risk=3, size=5) == pytest.approx(3.20)
    assert wsjf(value=5, urgency=8, risk=1, size=3) == pytest.approx(4.67, abs=5e-3)
    assert ice(impact=7, confidence=6, ease=5) == 210


def test_the_score_is_recomputed_with_both_ends_of_reach_and_impact() -> None:
    told = rice(Span(100, 80, 120), impact_span(Span(0.3, 0.04, 0.6)), confidence=0.5, effort=1)
    assert (told.point, told.low, told.high) == (50, 10, 120)


def test_effort_below_half_a_week_counts_as_half() -> None:
    assert rice(exactly(10), exactly(1), confidence=1, effort=0.1) == rice(
        exactly(10), exactly(1), confidence=1, effort=0.5
    )


def test_an_item_joins_a_tie_while_it_overlaps_the_first_of_it() -> None:
    # b overlaps a, c overlaps b but not a: overlap is not passed on.
    assert keys(ranked([scored("a", 10, 1), scored("b", 8.5, 1), scored("c", 7, 1)])) == [["a", "b"], ["c"]]


def test_inside_a_tie_the_oldest_goes_first() -> None:
    told = ranked([scored("new", 10, 3), scored("old", 9, 3, age=30), scored("older", 8, 3, age=60)])
    assert keys(told) == [["older", "old", "new"]]


def test_the_order_in_which_items_come_in_changes_nothing() -> None:
    items = [scored(key, point, 1) for key, point in (("a", 5), ("b", 5), ("c", 9), ("d", 2))]
    assert ranked(items) == ranked(reversed(items))


@pytest.mark.parametrize(
    ("avoided", "step"), [(1, 3), (0.5, 2), (0.2, 1), (0.05, 0.5), (0.0499, 0.25), (-1, 0.25), (9, 3)]
)
def test_impact_goes_in_steps(avoided: float, step: float) -> None:
    assert impact(avoided) == step


@pytest.mark.parametrize(
    ("evidence", "grade"),
    [
        (Evidence(kind=Kind.RANDOMISED, low=0.1, high=0.9), Grade.A),
        (Evidence(kind=Kind.COMPARED, low=-0.9, high=-0.1), Grade.A),
        (Evidence(kind=Kind.COMPARED, low=-0.1, high=0.9), Grade.D),
        (Evidence(kind=Kind.COMPARED), Grade.D),
        (Evidence(kind=Kind.INTERRUPTED, low=0.1, high=0.9), Grade.B),
        (Evidence(kind=Kind.WAVES, low=0, high=0.9), Grade.D),
        (Evidence(kind=Kind.SURVEY, n=30), Grade.C),
        (Evidence(kind=Kind.SURVEY, n=29), Grade.D),
        (Evidence(kind=Kind.GAP, n=3), Grade.C),
        (Evidence(kind=Kind.DRIVER, n=40), Grade.C),
        (Evidence(kind=Kind.VOTES, n=900), Grade.D),
    ],
)
def test_evidence_is_graded_by_what_it_can_show(evidence: Evidence, grade: Grade) -> None:
    assert evidence.grade is grade


def test_the_best_piece_counts_and_without_any_there_is_no_grade() -> None:
    pieces = [Evidence(kind=Kind.VOTES), Evidence(kind=Kind.INTERRUPTED, low=1, high=2), Evidence(kind=Kind.GAP)]
    assert best_grade(pieces) is Grade.B
    assert best_grade([]) is None
    assert [CONFIDENCE[grade] for grade in Grade] == [1, 0.8, 0.5, 0.25]


def test_a_confidence_beyond_one_and_a_job_without_size_are_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        rice(exactly(1), exactly(1), confidence=80, effort=1)
    with pytest.raises(ValueError, match="below nothing"):
        rice(Span(1, -1, 2), exactly(1), confidence=1, effort=1)
    with pytest.raises(ValueError, match="size"):
        wsjf(value=1, urgency=1, risk=1, size=0)


ENDS = st.lists(st.floats(0, 1e4), min_size=3, max_size=3).map(sorted)


@given(ENDS, ENDS, st.floats(0.01, 1), st.floats(0.1, 50))
def test_the_interval_holds_its_point(reach: list[float], per: list[float], confidence: float, effort: float) -> None:
    told = rice(Span(reach[1], reach[0], reach[2]), Span(per[1], per[0], per[2]), confidence=confidence, effort=effort)
    assert told.low <= told.point <= told.high


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20)), max_size=12))
def test_every_item_is_in_one_tie_and_ties_fall(rows: list[tuple[float, float]]) -> None:
    ties = ranked(scored(str(place), point, half) for place, (point, half) in enumerate(rows))
    assert sorted(key for tie in keys(ties) for key in tie) == sorted(map(str, range(len(rows))))
    tops = [max(item.score.point for item in tie) for tie in ties]
    assert tops == sorted(tops, reverse=True)
