"""The verdict on a campaign: its effect with the interval, or that none can be detected, and why.

The direction and whether starts are drawn by lot are registered before the start (METRICS 4.9, 11). An effect is
detected when its whole interval lies on that side of nothing, so that a campaign which does nothing is believed in
about one case of forty; p below 5 in 100, as one-sided tests have it, is not enough, or figure and verdict would
say different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.effects import handouts
from analytics.effects.before import Before, ByAge, Trend, by_age, look_before
from analytics.effects.groups import Cell, cells, fixed_effects, weights
from analytics.effects.panel import Panel
from analytics.rates import Span


class Direction(StrEnum):
    """Which way the figure is meant to move."""

    UP = "up"
    DOWN = "down"


class Verdict(StrEnum):
    """What may be said of a campaign."""

    DETECTED = "detected"
    NOT_DETECTABLE = "not_detectable"
    """No detectable effect: nothing lies within what such a panel cannot tell apart."""
    WRONG_WAY = "wrong_way"
    """Detected, against the direction that was registered."""
    TOO_FEW = "too_few"
    """No way of handing out to so few departments could show an effect of any size."""
    APART_BEFORE = "apart_before"
    """Departments were drifting apart before, and the starts were chosen: stop, whatever the figure."""
    NOT_ESTIMABLE = "not_estimable"
    """Nobody is under way, or nobody is left to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a panel tells of a campaign; figures are in the unit of the panel."""

    verdict: Verdict
    direction: Direction
    is_randomised: bool
    mean: Span | None
    """Over every department-period under way; an end without bound is infinite."""
    share_as_far: float | None
    """Ways of handing out with a mean at least as far: p where starts were drawn by lot, else the placebo rank."""
    n_handouts: int
    """Distinct ways there are; of more than were tried, `n_tried` by lot."""
    n_tried: int
    cells: tuple[tuple[Cell, float], ...]
    not_estimable: tuple[Cell, ...]
    by_age: tuple[ByAge, ...]
    before: Before
    fixed_effects: float | None
    panel: Panel

    @property
    def p(self) -> float | None:
        """One-sided; only where starts were drawn by lot is it a probability."""
        return self.share_as_far if self.is_randomised else None

    @property
    def placebo_rank(self) -> float | None:
        return None if self.is_randomised else self.share_as_far


NOTHING_BEFORE = Before(trend=Trend.NONE, drift=None, share_as_far=None, by_age=())


def judge(panel: Panel, *, direction: Direction = Direction.UP, is_randomised: bool = False, seed: int = 0) -> Effect:
    """Measure a campaign.

    >>> values = {"A": {1: 40, 2: 55}, "B": {1: 42, 2: 47}}
    >>> judge(Panel.of(values, {"A": 2})).mean.point
    10.0
    """
    every = cells(panel.starts, len(panel.periods))
    told = [cell for cell in every if cell.controls]
    if not told:
        return Effect(
            verdict=Verdict.NOT_ESTIMABLE, direction=direction, is_randomised=is_randomised, mean=None,
            share_as_far=None, n_handouts=handouts.how_many(panel.starts), n_tried=0, cells=(),
            not_estimable=tuple(every), by_age=(), before=NOTHING_BEFORE, fixed_effects=fixed_effects(panel),
            panel=panel,
        )  # fmt: skip
    ways = handouts.hand_out(panel.starts, seed=seed)
    scale = max(1e-300, float(np.abs(panel.values).max()))
    own = weights(told, panel.values.shape)
    found = handouts.means(own, panel.starts, panel.values, ways)
    treated = handouts.means(own, panel.starts, panel.is_under_way, ways)
    mean = handouts.interval(found, treated, scale=scale)
    before = look_before(panel, ways, effect=mean.point)
    return Effect(
        verdict=_verdict(mean, before, direction, is_randomised=is_randomised, n_tried=len(ways.orders)),
        direction=direction,
        is_randomised=is_randomised,
        mean=mean,
        share_as_far=handouts.share_as_far(found, is_up=direction is Direction.UP, scale=scale),
        n_handouts=ways.n_possible,
        n_tried=len(ways.orders),
        cells=tuple((cell, cell.value(panel.values)) for cell in told),
        not_estimable=tuple(cell for cell in every if not cell.controls),
        by_age=by_age(told, panel.values),
        before=before,
        fixed_effects=fixed_effects(panel),
        panel=panel,
    )


def _verdict(mean: Span, before: Before, direction: Direction, *, is_randomised: bool, n_tried: int) -> Verdict:
    if n_tried < handouts.enough():
        return Verdict.TOO_FEW
    if before.trend is Trend.APART and not is_randomised:
        return Verdict.APART_BEFORE
    if mean.low > 0 or mean.high < 0:
        return Verdict.DETECTED if (mean.low > 0) is (direction is Direction.UP) else Verdict.WRONG_WAY
    return Verdict.NOT_DETECTABLE
