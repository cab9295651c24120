"""What has passed the gate: plain frozen values, nothing behind them.

Page, CSV, print, API, drivers and the next wave are made of these alone. No sheet, no tally and no hidden figure can
be reached from here; what is hidden is None, and the groups it would belong to are told by name and together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from surveys.drivers import Drivers
from surveys.figures import Barrier
from surveys.instrument import Band
from surveys.privacy.policy import Policy
from surveys.privacy.printing import Printed
from surveys.privacy.suppression import Suppression
from surveys.reliability import Reliability
from surveys.trend import Method, Strength

VERSION = 1
"""Of the shape, for what is kept frozen."""


class State(StrEnum):
    """What a row of a table is."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    """On purpose: too few people, or covering those who are."""
    EMPTY = "empty"
    """No answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share from 0 to 1 with its interval."""

    value: Printed
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean from 0 to 100 with its interval, where there is one."""

    value: Printed
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """How a score changed since the wave before; only where both waves show it."""

    strength: Strength
    is_rise: bool
    is_notable: bool
    """It stands out among all cells shown in both waves: an arrow."""
    difference: float | None
    """None where one of the two is capped."""
    low: float | None
    high: float | None
    g: float | None
    p: float
    p_by: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One cell: a dimension or the index of one group."""

    code: str
    n: int | None
    """None: too few answers in all, released for nobody."""
    mean: Mean | None = None
    """None where nobody has one, too few have, or somebody could be made out by what they left out."""
    band: Band | None = None
    """By the unrounded mean."""
    favourable: Share | None = None
    """Of the answers to its items; the index has none."""
    bands: tuple[int, ...] | None = None
    """How many people's scores lie in each band, the barrier first; only from so many people on."""
    weighted: Mean | None = None
    """Of everybody: as if all units had answered as fully; needs a roster."""
    since: Since | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScore:
    """One statement in one group."""

    code: str
    n: int
    mean: Mean | None
    """None where it would give away who answered only some of the statements beside it."""
    favourable: Share
    people: tuple[int, ...] | None
    """How many gave each point, turned, lowest first; only from so many people on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group, or everybody."""

    name: str
    """Empty: not stated; of the total: everybody."""
    state: State
    n: int | None = None
    """Valid sheets."""
    eligible: int | None = None
    delivered: int | None = None
    scores: tuple[Score, ...] = ()
    """The index first, then the dimensions asked."""
    items: tuple[ItemScore, ...] = ()
    barrier: Barrier | None = None
    is_new: bool = False
    """The wave before had no unit of this name."""
    comments: tuple[str, ...] = ()
    """Names taken out, in random order."""

    @property
    def is_shown(self) -> bool:
        return self.state is State.SHOWN

    @property
    def response(self) -> float | None:
        return self.n / self.delivered if self.n is not None and self.delivered else None

    def score(self, code: str) -> Score | None:
        """Return a cell that has a figure."""
        return next((each for each in self.scores if each.code == code and each.mean is not None), None)

    def item(self, code: str) -> ItemScore | None:
        return next((each for each in self.items if each.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The groups of one breakdown."""

    rows: tuple[Row, ...] = ()
    n_hidden: int | None = None
    """People in all hidden rows together; None when nothing is hidden, or the total too."""

    @property
    def hidden(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows if row.state is State.HIDDEN)

    def row(self, name: str) -> Row | None:
        """Return a row that is shown."""
        return next((row for row in self.rows if row.name == name and row.is_shown), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightLined:
    """Sheets with one point ticked all the way, and the total without them where that is safe."""

    n: int
    share: float | None
    without: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well the items of a dimension agree; None with too few complete sheets."""

    code: str
    found: Reliability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The wave before, and what of both means the same."""

    wave: str
    codes: tuple[str, ...]
    reworded: tuple[str, ...]
    """Items whose wording changed at go-live in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """One wave, as it may be read by everybody who may read it."""

    version: int
    wave: str
    instrument: str
    digest: str
    stage: str | None
    asked: tuple[str, ...]
    dimensions: tuple[str, ...]
    policy: Policy
    total: Row
    units: Table
    second: Table | None
    """None: not wished for, or something hidden would follow from it."""
    is_second_refused: bool
    is_response_low: bool
    is_response_apart: bool
    not_on_roster: tuple[str, ...]
    unweighted: tuple[str, ...]
    """Units that the weighted total leaves out: nobody answered."""
    straight: StraightLined | None
    reliability: tuple[Agreement, ...]
    drivers: Drivers | None
    compared: Compared | None

    @property
    def suppression(self) -> Suppression:
        """What was hidden, for the wave that comes after."""
        return Suppression(
            frozenset(self.units.hidden), frozenset(score.code for score in self.total.scores if score.n is None)
        )
