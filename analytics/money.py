"""What avoided tickets are worth, with every assumption beside the figure (METRICS 1.8).

Three lines that are never added up: what a ticket costs on paper, what could really be saved, and the time of users.
None of it is shown where the season is not held apart (METRICS 1.7): money on top of a guess looks like knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from analytics.rates import Span

TOO_LONG = 10.0
"""Minutes of searching beyond which an answer costs more than it saves (a rule of thumb of MetricNet's)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Everything somebody has to believe; the first figures are placeholders until an administrator sets their own."""

    ticket_cost: float = 22.0
    """c_t, of one ticket at the first level: about what HDI and MetricNet quote for North America."""
    varying: float = 0.6
    """m, the share of it that is really less when a ticket is less: the desk and its rooms stay."""
    self_service_cost: float = 0.5
    """c_s, of one need settled without the desk."""
    editor_hours: float = 0.0
    """Hours spent on writing in the same time."""
    editor_rate: float = 45.0
    agent_minutes: float = 14.0
    """Of an agent's work on one ticket."""
    assisted_minutes: float = 45.0
    """A user waits for the desk."""
    self_minutes: float = 10.0
    """A user needs to help themselves."""
    wage: float = 40.0
    """Of an hour of a user."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) >= 0:
                raise ValueError(f"{field.name} cannot be {getattr(self, field.name)}")
        if self.varying > 1:
            raise ValueError("of a ticket's cost no more than all can vary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The worth of so many avoided tickets, each with the bounds that follow from theirs; never to be added up."""

    assumptions: Assumptions
    avoided: Span
    gross: Span
    """A·c_t: what the tickets would have cost on paper."""
    cashable: Span
    """A·(m·c_t - c_s) - editors' hours: what could really be saved. Below 0 it costs more than it saves."""
    user_time: Span
    """A·(waiting for the desk - helping oneself) at the user's wage."""
    agent_hours: Span


def worth(avoided: Span, assumptions: Assumptions) -> Worth:
    """Say what avoided tickets are worth.

    >>> told = worth(Span(120, 100, 140), Assumptions(editor_hours=20))
    >>> [round(figure.point, 2) for figure in (told.gross, told.cashable, told.user_time, told.agent_hours)]
    [2640.0, 624.0, 2800.0, 28.0]
    """
    a = assumptions
    return Worth(
        assumptions=a,
        avoided=avoided,
        gross=_times(avoided, a.ticket_cost),
        cashable=_times(avoided, a.varying * a.ticket_cost - a.self_service_cost, less=a.editor_hours * a.editor_rate),
        user_time=_times(avoided, (a.assisted_minutes - a.self_minutes) / 60 * a.wage),
        agent_hours=_times(avoided, a.agent_minutes / 60),
    )


def _times(span: Span, each: float, *, less: float = 0.0) -> Span:
    """Multiply a figure and its bounds; where each one costs, many are the lower end."""
    low, high = sorted((span.low * each, span.high * each))
    return Span(span.point * each - less, low - less, high - less)


def takes_too_long(median_minutes: float | None) -> bool:
    """Tell whether people search a topic for so long that calling would have been cheaper.

    >>> takes_too_long(10), takes_too_long(10.5), takes_too_long(None)
    (False, True, False)
    """
    return median_minutes is not None and median_minutes > TOO_LONG
