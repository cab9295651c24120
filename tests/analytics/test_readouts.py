"""Did the gap close (METRICS 6)?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analytics.rates import Span
from analytics.readouts import (
    Answer,
    Comparison,
    Question,
    ReadOut,
    Reason,
    calibration,
    check_due,
    is_open,
    is_proven,
    read_out,
)

QUESTION = Question(comparison=Comparison.ABOVE, threshold=0.10)
DELIVERED = date(2026, 3, 1)
ANSWER = Answer(on=DELIVERED + timedelta(days=30), value=0.04, low=0.02, high=0.08, n=240)


@pytest.mark.parametrize(
    ("comparison", "low", "high", "reason"),
    [
        (Comparison.ABOVE, 0.02, 0.08, Reason.CLOSED),
        (Comparison.ABOVE, 0.02, 0.10, Reason.CLOSED),
        (Comparison.AT_LEAST, 0.02, 0.10, Reason.WITHIN_CHANCE),
        (Comparison.ABOVE, 0.02, 0.12, Reason.WITHIN_CHANCE),
        (Comparison.ABOVE, 0.11, 0.20, Reason.STILL_OPEN),
        (Comparison.BELOW, 0.02, 0.08, Reason.STILL_OPEN),
        (Comparison.BELOW, 0.10, 0.20, Reason.CLOSED),
        (Comparison.AT_MOST, 0.10, 0.20, Reason.WITHIN_CHANCE),
    ],
)
def test_only_a_whole_interval_on_the_other_side_proves(
    comparison: Comparison, low: float, high: float, reason: Reason
) -> None:
    told = read_out(
        replace(QUESTION, comparison=comparison),
        replace(ANSWER, value=(low + high) / 2, low=low, high=high),
        delivered_on=DELIVERED,
    )
    assert told.reason is reason
    assert told.is_proven is (reason is Reason.CLOSED)


def test_days_before_delivery_prove_nothing() -> None:
    early = replace(ANSWER, on=DELIVERED + timedelta(days=27))
    assert read_out(QUESTION, early, delivered_on=DELIVERED).reason is Reason.TOO_EARLY
    assert read_out(QUESTION, replace(ANSWER, on=DELIVERED + timedelta(days=28)), delivered_on=DELIVERED).is_proven


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (replace(ANSWER, n=49), Reason.TOO_LITTLE),
        (replace(ANSWER, value=None, low=None, high=None), Reason.TOO_LITTLE),
        (replace(ANSWER, low=None, high=None), Reason.NO_INTERVAL),
    ],
)
def test_too_little_or_a_figure_without_an_interval_proves_nothing(answer: Answer, reason: Reason) -> None:
    assert read_out(QUESTION, answer, delivered_on=DELIVERED).reason is reason


def test_whether_a_gap_is_open_is_read_off_the_figure_itself() -> None:
    assert is_open(QUESTION, replace(ANSWER, value=0.11)) is True
    assert is_open(QUESTION, replace(ANSWER, value=0.10)) is False
    assert is_open(QUESTION, replace(ANSWER, n=49)) is None


def test_an_item_is_proven_when_all_its_gaps_have_closed_and_it_had_one() -> None:
    closed, open_ = ReadOut(Reason.CLOSED), ReadOut(Reason.WITHIN_CHANCE)
    assert is_proven([closed, closed])
    assert not is_proven([closed, open_])
    assert not is_proven([])


@pytest.mark.parametrize(
    ("days", "done", "due"), [(29, (), None), (30, (), 30), (95, (), 30), (89, (30,), None), (90, (30,), 90)]
)
def test_checks_come_thirty_and_ninety_days_after_delivery(days: int, done: tuple[int, ...], due: int | None) -> None:
    assert check_due(DELIVERED, DELIVERED + timedelta(days=days), done=done) == due


def test_what_was_foretold_is_held_against_what_was_measured() -> None:
    told = calibration([(Span(100, 60, 140), 80), (Span(50, 40, 60), 10)])
    assert (told.n, told.ratio, told.n_inside) == (2, pytest.approx(0.6), 1)
    assert calibration([]).ratio is None
