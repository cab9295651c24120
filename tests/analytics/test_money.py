"""What avoided tickets are worth (METRICS 1.8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.money import Assumptions, worth
from analytics.rates import Span

GOLDEN = Assumptions(
    ticket_cost=22, varying=0.6, self_service_cost=0.5, editor_hours=20, editor_rate=45, agent_minutes=14,
    assisted_minutes=45, self_minutes=10, wage=40,
)  # fmt: skip


def spread(figure: Span) -> tuple[float, float, float]:
    return round(figure.point, 6), round(figure.low, 6), round(figure.high, 6)


def test_the_golden_sums_with_the_bounds_of_the_tickets() -> None:
    told = worth(Span(120, 75, 180), GOLDEN)
    assert spread(told.gross) == (2640, 1650, 3960)
    assert spread(told.cashable) == (624, 52.5, 1386)
    assert spread(told.user_time) == (2800, 1750, 4200)
    assert spread(told.agent_hours) == (28.0, 17.5, 42.0)


def test_the_assumptions_go_with_the_figures() -> None:
    assert worth(Span(120, 75, 180), GOLDEN).assumptions == GOLDEN


def test_more_tickets_than_before_cost() -> None:
    told = worth(Span(-10, -30, 10), GOLDEN)
    assert told.gross.point == -220
    assert spread(told.cashable) == (-1027, -1281, -773)


def test_helping_oneself_may_take_longer_than_waiting() -> None:
    slow = Assumptions(assisted_minutes=10, self_minutes=25)
    assert spread(worth(Span(120, 60, 180), slow).user_time) == (-1200, -1800, -600)


@pytest.mark.parametrize(("name", "value"), [("ticket_cost", -1.0), ("varying", 1.1), ("wage", float("nan"))])
def test_what_nobody_can_assume_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"cannot be|can vary"):
        Assumptions(**{name: value})


numbers = st.floats(-1e5, 1e5)
amounts = st.floats(0, 1e3)


@given(
    st.tuples(numbers, numbers, numbers).map(sorted),
    st.builds(Assumptions, ticket_cost=amounts, varying=st.floats(0, 1), self_service_cost=amounts,
              editor_hours=amounts, assisted_minutes=amounts, self_minutes=amounts),
)  # fmt: skip
def test_bounds_stay_around_their_figure(span: list[float], assumptions: Assumptions) -> None:
    told = worth(Span(span[1], span[0], span[2]), assumptions)
    for figure in (told.gross, told.cashable, told.user_time, told.agent_hours):
        assert figure.low - 1e-6 <= figure.point <= figure.high + 1e-6
