"""How long until somebody is helped for the first time, with those who still wait (METRICS 3.1)."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.adoption.activation import Waited, days_until, survival, waited

GOLDEN = [(1, 1), (2, 1), (2, 0), (3, 1), (5, 0), (7, 1), (7, 0), (10, 1), (14, 0), (14, 0)]
START = date(2026, 3, 1)
LIFELINES = {
    1: (0.8999999999999999, 0.47300927136205084, 0.985281393367343),
    2: (0.7999999999999997, 0.40869078163340444, 0.9458726458389115),
    3: (0.6857142857142855, 0.3045850742018473, 0.8871484950277073),
    7: (0.5485714285714284, 0.18725595404527, 0.8063774910342679),
    10: (0.3657142857142856, 0.06424165628887318, 0.6917031693005651),
}
"""What KaplanMeierFitter of lifelines 0.30.3 says of the golden people: share, low, high (docs/adr/0012)."""
LIFELINES_OF_SIXTY = {
    3: (0.964285714285714, 0.8646548381057152, 0.9909464644973758),
    9: (0.8381924198250726, 0.7120396741250753, 0.9123475974234942),
    18: (0.7123242417360063, 0.5668719091381377, 0.8165020803475604),
    28: (0.5905955326880533, 0.43562020704483395, 0.7162400344200868),
    34: (0.3838870962472347, 0.23315389899199562, 0.5328434616947482),
    38: (0.08858932990320799, 0.023057465154967788, 0.21048755304446679),
}
"""The same of `sixty()`; it puts the median at 32 days."""


def people(rows: list[tuple[int, int]]) -> list[Waited]:
    return [Waited(days=days, is_activated=bool(event)) for days, event in rows]


def sixty() -> list[tuple[int, int]]:
    draws = random.Random(3)
    return [(draws.randrange(1, 40), int(draws.random() < 0.6)) for _ in range(60)]


def test_the_golden_people() -> None:
    found = {step.days: round(step.share, 4) for step in survival(people(GOLDEN))}
    assert found == {1: 0.9, 2: 0.8, 3: 0.6857, 7: 0.5486, 10: 0.3657}


@pytest.mark.parametrize(("rows", "said"), [(GOLDEN, LIFELINES), (sixty(), LIFELINES_OF_SIXTY)])
def test_lifelines_said_the_same(rows: list[tuple[int, int]], said: dict[int, tuple[float, float, float]]) -> None:
    found = {step.days: (step.share, step.low, step.high) for step in survival(people(rows))}
    assert {days: found[days] for days in said} == {days: pytest.approx(each, rel=1e-9) for days, each in said.items()}


def test_lifelines_put_the_medians_where_we_do() -> None:
    assert (days_until(0.5, survival(people(GOLDEN))), days_until(0.5, survival(people(sixty())))) == (10, 32)


@pytest.mark.slow
def test_statsmodels_says_the_same() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    rows = [(days + 7 * (days % 3), event) for days, event in sixty()]
    told = SurvfuncRight([days for days, _ in rows], [event for _, event in rows])
    found = survival(people(rows))
    assert [step.days for step in found] == told.surv_times.tolist()
    assert [step.share for step in found] == pytest.approx(told.surv_prob.tolist())
    assert [step.at_risk for step in found] == told.n_risk.tolist()


def test_what_is_not_reached_has_no_day() -> None:
    assert days_until(0.7, survival(people(GOLDEN))) is None
    assert days_until(0.1, survival(people(GOLDEN))) == 1


def test_who_waits_still_or_has_left_is_no_failure() -> None:
    as_of = date(2026, 3, 29)
    assert waited(START, None, as_of=as_of) == Waited(days=28, is_activated=False)
    assert waited(START, date(2026, 3, 8), as_of=as_of) == Waited(days=7, is_activated=True)
    assert waited(START, date(2026, 3, 30), as_of=as_of) == Waited(days=28, is_activated=False), "not known yet"
    assert waited(date(2026, 4, 1), None, as_of=as_of) is None


def test_when_all_are_activated_the_share_ends_at_nothing() -> None:
    last = survival(people([(1, 1), (2, 1)]))[-1]
    assert (last.share, last.low, last.high) == (0, 0, 0)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 1)), max_size=40))
def test_shares_fall_and_lie_inside_their_interval(rows: list[tuple[int, int]]) -> None:
    found = survival(people(rows))
    shares = [1.0, *(step.share for step in found)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= step.low <= step.share + 1e-12 and step.share <= step.high + 1e-12 <= 1 + 1e-9 for step in found)
