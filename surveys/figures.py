"""The figures of a group, unrounded: a score with its interval, its band, the favourable share (METRICS 4.4, 4.5, 11).

Intervals heed the headcount, so they describe this wave. Whether a group may be shown is not settled here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.confidence import Interval, mean_interval, wilson
from surveys.groups import INDEX, Group
from surveys.instrument import Band, Instrument
from surveys.reading import WaveReading

LOW_RESPONSE = 0.30
APART = 0.25
LEAST_INVITED = 5
"""From so many invitations on a unit's response is set against that of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourable:
    """How large a part of the answers speaks well of it."""

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.k / self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One score of one group."""

    code: str
    """Of a dimension, an item, or `index`."""
    n: int
    """People scored; of an item, people who answered it."""
    mean: float
    sd: float | None
    low: float | None
    high: float | None
    band: Band
    favourable: Favourable | None
    """None for the index, which is made of scores."""


def favourable(k: int, n: int, *, people: int, headcount: int | None) -> Favourable | None:
    """Return a favourable share with Wilson's interval; n answers of so many people, who count for the width.

    The answers of one person to the three items of a dimension are not three people's.

    >>> share = favourable(90, 180, people=60, headcount=200)
    >>> share.value, round(share.low, 4), round(share.high, 4)
    (0.5, 0.3962, 0.6038)
    """
    interval = wilson(k / n, people, headcount=headcount) if n else None
    return None if interval is None else Favourable(k=k, n=n, low=interval.low, high=interval.high)


def figure(instrument: Instrument, group: Group, code: str) -> Figure | None:
    """Return a dimension's score or the index of a group; None if nobody has one."""
    tally = group.score(code)
    mean, sd = tally.mean, tally.sd
    if mean is None:
        return None
    share = None
    if code != INDEX:
        k, n = group.favourable(code, [item.code for item in instrument.dimension(code).items])
        share = favourable(k, n, people=tally.n, headcount=group.eligible)
    interval = mean_interval(mean, sd or 0.0, tally.n, headcount=group.eligible)
    return _figure(code, tally.n, mean, sd, interval, instrument.band(mean), share)


def item_figure(instrument: Instrument, group: Group, code: str) -> Figure | None:
    """Return an item's figures, turned already; None if nobody answered it."""
    ticks = group.items[code]
    mean, sd = ticks.mean, ticks.sd
    if mean is None:
        return None
    interval = mean_interval(mean, sd or 0.0, ticks.n, headcount=group.eligible)
    share = favourable(ticks.favourable, ticks.n, people=ticks.n, headcount=group.eligible)
    return _figure(code, ticks.n, mean, sd, interval, instrument.band(mean), share)


def _figure(
    code: str, n: int, mean: float, sd: float | None, interval: Interval | None, band: Band, share: Favourable | None
) -> Figure:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Figure(code=code, n=n, mean=mean, sd=sd, low=low, high=high, band=band, favourable=share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """What stops people first."""

    code: str | None
    """None if nothing does."""
    skipped: tuple[str, ...]
    """What stands before it in the order and was not asked or has no score, so that nobody knows."""


def first_barrier(instrument: Instrument, means: Mapping[str, float]) -> Barrier:
    """Return the first dimension below the line, in the order in which barriers stop people.

    >>> from surveys.loading import load
    >>> found = first_barrier(load("pulse-1"), {"AW": 72, "VA": 61, "SK": 48, "SU": 44, "RV": 39})
    >>> found.code, first_barrier(load("pulse-1"), {"VA": 61, "RV": 39})
    ('SK', Barrier(code='RV', skipped=('AW', 'SK', 'SU')))
    """
    skipped = []
    for code in instrument.rules.barriers:
        if code not in means:
            skipped.append(code)
        elif means[code] < instrument.rules.at_risk:
            return Barrier(code=code, skipped=tuple(skipped))
    return Barrier(code=None, skipped=tuple(skipped))


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """How many answered of those who were asked, and whether they may stand for the others."""

    valid: int
    delivered: int | None
    rate: float | None
    lowest: float | None
    highest: float | None
    """Of the units with at least five invitations that arrived."""

    @property
    def is_low(self) -> bool:
        return self.rate is not None and self.rate < LOW_RESPONSE

    @property
    def is_apart(self) -> bool:
        # 55 % less 30 % is 25 points, and in floats a hair more.
        return self.lowest is not None and self.highest is not None and self.highest - self.lowest > APART + 1e-9

    @property
    def may_mislead(self) -> bool:
        """Answers may not represent those who were asked: to be said above everything else."""
        return self.is_low or self.is_apart


def response(reading: WaveReading) -> Response:
    """Return the response of a wave whole; the rate is unknown when the roster misses units that answered."""
    rates = [
        unit.response
        for unit in reading.units
        if unit.headcount and unit.headcount.delivered >= LEAST_INVITED and unit.response is not None
    ]
    return Response(
        valid=reading.total.valid,
        delivered=reading.total.headcount.delivered if reading.total.headcount else None,
        rate=reading.total.response,
        lowest=min(rates, default=None),
        highest=max(rates, default=None),
    )
