"""Did a change help, or was it the season? Tickets a month before and after a date, with the year's shape taken out.

Interrupted time series after Bernal, J. L., Cummins, S., Gasparrini, A. (2017): Interrupted time series regression
for the evaluation of public health interventions. Int. J. Epidemiology 46, 348-355:

    ln E[y] = ln(people) + b0 + b1·t + b2·D + b3·(t-t0)·D + s1·sin(2πt/12) + s2·cos(2πt/12)

D is 0 before the change at t0 and 1 from it on. exp(b2) is the step, exp(b3) what each further month multiplies. What
would have happened otherwise is the same model with b2 = b3 = 0, over the months that were observed and never beyond.

With less history there are ratios (`analytics.rates`): against the same weeks of last year where there are any, and
else with the sentence that nothing holds the season apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, floor, sqrt

import numpy as np

from analytics.poisson import CannotFit, Fit, Vector, fit, lag_one
from analytics.proportions import Z95
from analytics.rates import Rate, RateRatio, Span, rate_ratio, ratio_of_ratios
from analytics.saying import plain

MONTHS_IN_ALL = 24
MONTHS_EACH_SIDE = 8
"""Either is enough: two years in all, or this many months on both sides of the change."""
ALIKE = 0.3
"""Beyond this correlation of neighbouring months, either way, the model's own errors are not to be trusted alone."""
LEVEL, TREND = 2, 3


class Reason(StrEnum):
    """Why there is no answer."""

    TOO_SHORT = "too_short"
    ONE_SIDED = "one_sided"
    NOTHING_COUNTED = "nothing_counted"
    NO_EVENTS = "no_events"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True, slots=True)
class Refused:
    """No answer, and why."""

    reason: Reason
    have: int = 0
    need: int = 0

    def sentence(self, _: Callable[..., str] = plain) -> str:
        """Say why, in the language of a translator."""
        match self.reason:
            case Reason.TOO_SHORT:
                return _(
                    "Not enough data: %(have)s months are known, of which the shorter side of the change has fewer "
                    "than eight; it takes %(need)s months in all, or eight on each side.",
                    have=self.have,
                    need=self.need,
                )
            case Reason.ONE_SIDED:
                return _(
                    "Not enough data: a step and a slope need at least %(need)s months on each side of the change; "
                    "one side has %(have)s.",
                    have=self.have,
                    need=self.need,
                )
            case Reason.NOTHING_COUNTED:
                return _("Not enough data: on one side of the change nothing was counted at all.")
            case Reason.NO_EVENTS:
                return _("Not enough data: one of the two periods counted nothing, so there is no ratio.")
            case Reason.NOT_SETTLED:
                return _(
                    "These months cannot tell the change from the season: there is more than one answer that fits."
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month: what was counted (None for a gap) and how many people there were."""

    n: int | None
    people: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One month as the model has it; `otherwise` is what it expects had nothing changed (before, the same)."""

    n: int | None
    fitted: float
    otherwise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """What the change did, month by month and in all."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    """As the model has them, widened when counts scatter more than chance (sqrt of the dispersion, if above 1)."""
    robust_errors: tuple[float, ...] | None
    """By Newey and West, where neighbouring months are too much alike or unlike; None where they are not."""
    dispersion: float
    lag_one: float
    months: tuple[Expected, ...]
    observed: int
    """Counted from the change on."""
    otherwise: float
    """Expected from the change on, had nothing changed."""
    avoided: Span

    @property
    def step(self) -> RateRatio:
        """The level right after the change over the level it would have had."""
        return self._ratio(LEVEL)

    @property
    def slope(self) -> RateRatio:
        """What each month after the change multiplies, beside the trend there was."""
        return self._ratio(TREND)

    def _ratio(self, which: int) -> RateRatio:
        """The wider of the two errors: Newey's and West's come out too small for short series and for months that
        swing to and fro, where the model's own are on the safe side (own rule)."""
        robust = self.robust_errors[which] if self.robust_errors else 0.0
        return RateRatio(exp(self.coefficients[which]), max(self.errors[which], robust))


def interrupted(months: Sequence[Month], *, changed_at: int) -> Interrupted | Refused:
    """Judge a change that came with the month at this place (0 is the first); gaps are left out, never taken as 0."""
    kept = [t for t, month in enumerate(months) if month.n is not None]
    n_before = sum(t < changed_at for t in kept)
    n_after = len(kept) - n_before
    shorter = min(n_before, n_after)
    if shorter < 3:
        return Refused(Reason.ONE_SIDED, have=shorter, need=3)
    if len(kept) < MONTHS_IN_ALL and shorter < MONTHS_EACH_SIDE:
        return Refused(Reason.TOO_SHORT, have=len(kept), need=MONTHS_IN_ALL)
    counts = np.array([months[t].n for t in kept], dtype=np.float64)
    if not counts[:n_before].sum() or not counts[n_before:].sum():
        return Refused(Reason.NOTHING_COUNTED)
    people = np.array([month.people for month in months], dtype=np.float64)
    design = _design(len(months), changed_at)
    try:
        found = fit(design[kept], counts, people[kept])
    except CannotFit:
        return Refused(Reason.NOT_SETTLED)
    return _told(found, months, design, people, changed_at, kept)


def _design(n: int, changed_at: int) -> Vector:
    t = np.arange(n, dtype=np.float64)
    changed = (t >= changed_at).astype(np.float64)
    year = 2 * np.pi * t / 12
    return np.column_stack([np.ones(n), t, changed, (t - changed_at) * changed, np.sin(year), np.cos(year)])


def _told(
    found: Fit, months: Sequence[Month], design: Vector, people: Vector, changed_at: int, kept: Sequence[int]
) -> Interrupted:
    unchanged = design.copy()
    unchanged[:, [LEVEL, TREND]] = 0.0
    fitted = people * np.exp(design @ found.coefficients)
    otherwise = people * np.exp(unchanged @ found.coefficients)
    after = [t for t in kept if t >= changed_at]
    together = lag_one(found.residuals, np.array(kept))
    widened = found.covariance * max(1.0, found.dispersion)
    lags = floor(4 * (len(kept) / 100) ** (2 / 9))
    robust = found.robust(lags) if abs(together) > ALIKE else None
    avoided = float((otherwise - fitted)[after].sum())
    # The delta method: how the sum moves with each coefficient.
    moves = otherwise[after] @ unchanged[after] - fitted[after] @ design[after]
    half = Z95 * sqrt(max(float(moves @ each @ moves) for each in (widened, robust) if each is not None))
    return Interrupted(
        coefficients=tuple(found.coefficients.tolist()),
        errors=tuple(np.sqrt(np.diag(widened)).tolist()),
        robust_errors=None if robust is None else tuple(np.sqrt(np.diag(robust)).tolist()),
        dispersion=found.dispersion,
        lag_one=together,
        months=tuple(
            Expected(n=month.n, fitted=float(is_), otherwise=float(would))
            for month, is_, would in zip(months, fitted, otherwise, strict=True)
        ),
        observed=sum(months[t].n or 0 for t in after),
        otherwise=float(otherwise[after].sum()),
        avoided=Span(avoided, avoided - half, avoided + half),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two periods, and where last year is known its same two periods divided out."""

    crude: RateRatio
    """The later period over the one before, season and all."""
    season: RateRatio | None
    """What the same weeks did a year ago."""
    expected: float
    """What the later period would have counted at the rate before, moved by the season where it is known."""

    @property
    def change(self) -> RateRatio:
        """The ratio to lead with."""
        return ratio_of_ratios(self.crude, self.season) if self.season else self.crude

    @property
    def avoided(self) -> Span:
        return self.change.avoided(self.expected)

    @property
    def is_controlled(self) -> bool:
        """Whether the season is out of it; without, no money may be shown."""
        return self.season is not None

    def caveat(self, _: Callable[..., str] = plain) -> str | None:
        """Say what must stand beside the figure, in the language of a translator."""
        if self.is_controlled:
            return None
        return _(
            "Not seasonally controlled: the weeks before this period have no same weeks a year earlier to compare "
            "with, so the season may be part of the change."
        )


def compare(
    before: Rate, after: Rate, *, last_year: tuple[Rate, Rate] | None = None, dispersion: float = 1.0
) -> Comparison | Refused:
    """Set a period against the one before it; with last year's same periods (before, after) the season is out of it.

    >>> told = compare(Rate(480, 12_000), Rate(396, 13_200), last_year=(Rate(450, 11_000), Rate(500, 11_500)))
    >>> round(told.change.point, 4), told.is_controlled
    (0.7057, True)
    """
    crude = rate_ratio(after, before, dispersion=dispersion)
    if crude is None:
        return Refused(Reason.NO_EVENTS)
    season = rate_ratio(last_year[1], last_year[0], dispersion=dispersion) if last_year else None
    moved = season.point if season else 1.0
    return Comparison(crude=crude, season=season, expected=before.point * after.exposure * moved)
