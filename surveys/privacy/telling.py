"""Raw figures made printable: rounded and capped for readers, as they are for who holds the sheets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor, isnan

from surveys.confidence import mean_interval, wilson
from surveys.drivers import Driver, Drivers
from surveys.figures import figure, item_figure
from surveys.groups import Group
from surveys.instrument import Band, Instrument
from surveys.privacy import printing
from surveys.privacy.printing import HIGHEST, LEAST_SPREAD, LOWEST, Printed, Side
from surveys.privacy.released import Agreement, ItemScore, Mean, Score, Share, Since
from surveys.reliability import Reliability
from surveys.tally import Tally
from surveys.trend import Change
from surveys.weighting import Weighted


@dataclass(frozen=True, slots=True)
class Teller:
    """Says figures of an instrument in one manner."""

    instrument: Instrument
    is_exact: bool

    def score(self, group: Group, code: str) -> Score:
        """Tell of a dimension or the index; without a mean where nobody has one."""
        found = figure(self.instrument, group, code)
        if found is None:
            return Score(code=code, n=0)
        share = found.favourable
        return Score(
            code=code,
            n=found.n,
            mean=self.mean(found.mean, found.sd, found.n, group.eligible),
            band=found.band,
            favourable=self.share(share.k, share.n, people=found.n, headcount=group.eligible) if share else None,
        )

    def item(self, group: Group, code: str, *, has_mean: bool, has_people: bool) -> ItemScore | None:
        """Tell of one statement; None if nobody answered it."""
        found, ticks = item_figure(self.instrument, group, code), group.items[code]
        if found is None:
            return None
        return ItemScore(
            code=code,
            n=found.n,
            mean=self.mean(found.mean, found.sd, found.n, group.eligible) if has_mean else None,
            favourable=self.share(ticks.favourable, ticks.n, people=ticks.n, headcount=group.eligible),
            people=ticks.people if has_people else None,
        )

    def mean(self, value: float, sd: float | None, n: int, headcount: int | None) -> Mean:
        """Tell a mean; for readers its interval is never so narrow that it would say that all agree."""
        spread = sd or 0.0
        if not self.is_exact:
            spread = max(spread, LEAST_SPREAD)
        interval = mean_interval(value, spread, n, headcount=headcount)
        low, high = (interval.low, interval.high) if interval else (None, None)
        return self.bounded(value, low, high)

    def bounded(self, value: float, low: float | None, high: float | None) -> Mean:
        """Tell a mean whose interval is known."""
        printed = printing.mean(value, is_exact=self.is_exact)
        if self.is_exact or low is None or high is None:
            return Mean(value=printed, low=low, high=high)
        if printed.side is Side.MORE:
            return Mean(value=printed, low=max(0.0, printing.whole(HIGHEST - (value - low))), high=100.0)
        if printed.side is Side.LESS:
            return Mean(value=printed, low=0.0, high=min(100.0, printing.whole(LOWEST + (high - value))))
        return Mean(value=printed, low=max(0.0, printing.whole(low)), high=min(100.0, printing.whole(high)))

    def share(self, k: int, n: int, *, people: int, headcount: int | None) -> Share:
        """Tell a share of answers of so many people; where it is capped its interval is that of the cap."""
        printed = printing.share(k, n, people=people, is_exact=self.is_exact)
        value = k / n
        if printed.side is Side.MORE:
            value = ceil(printed.value * people - 1e-9) / people
        elif printed.side is Side.LESS:
            value = floor(printed.value * people + 1e-9) / people
        interval = wilson(value, people, headcount=headcount)
        low, high = (interval.low, interval.high) if interval else (0.0, 1.0)
        if not self.is_exact:
            low, high = (printing.whole(100 * each) / 100 for each in (low, high))
            high = 1.0 if printed.side is Side.MORE else high
            low = 0.0 if printed.side is Side.LESS else low
        return Share(value=printed, low=low, high=high)

    def weighted(self, found: Weighted) -> Mean:
        return self.bounded(found.mean, found.low, found.high)

    def bands(self, tally: Tally) -> tuple[int, ...]:
        """Count people by the band of their own score."""
        places = {band: place for place, band in enumerate(Band)}
        counts = [0] * len(places)
        for score, n in zip(tally.scores, tally.people, strict=True):
            counts[places[self.instrument.band(score)]] += n
        return tuple(counts)

    def since(self, change: Change, *, before: Printed, now: Printed, is_notable: bool) -> Since:
        """Tell of a change; for readers by the printed means, so that it says no more than they do."""
        difference, low, high = change.difference, change.low, change.high
        g, p = change.g, change.p
        told: tuple[float | None, float | None, float | None] = (difference, low, high)
        if not self.is_exact:
            told = (None, None, None)
            if before.side is Side.AT and now.side is Side.AT:
                told = (now.value - before.value, printing.whole(low), printing.whole(high))
            g = None if g is None else round(g, 1)
            p = p if isnan(p) else round(p, 2)
        return Since(
            strength=change.strength,
            is_rise=difference > 0,
            is_notable=is_notable,
            difference=told[0],
            low=told[1],
            high=told[2],
            g=g,
            p=p,
            p_by=change.p_by,
        )

    def agreements(self, found: Mapping[str, Reliability | None]) -> tuple[Agreement, ...]:
        """Tell how well the items of each dimension agree."""
        return tuple(Agreement(code=code, found=each and self._reliability(each)) for code, each in found.items())

    def _reliability(self, found: Reliability) -> Reliability:
        if self.is_exact:
            return found
        dropped = tuple(_short(alpha) for alpha in found.if_dropped)
        low, high = round(found.low, 2), round(found.high, 2)
        return replace(found, alpha=round(found.alpha, 2), low=low, high=high, if_dropped=dropped)

    def drivers(self, found: Drivers, *, gone: Collection[str]) -> Drivers:
        """Tell what goes with the outcome, without dimensions that are released for nobody."""
        each = tuple(driver for driver in found.each if driver.code not in gone)
        if self.is_exact:
            return replace(found, each=each)
        return replace(found, r_squared=_short(found.r_squared), each=tuple(map(self._driver, each)))

    def _driver(self, found: Driver) -> Driver:
        return replace(
            found,
            r=_short(found.r),
            low=_short(found.low),
            high=_short(found.high),
            mean=None if found.mean is None else printing.mean(found.mean).value,
            priority=_short(found.priority),
            weight=_short(found.weight),
        )


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
