"""An instrument: what is asked, of whom at which stage and why, and how answers become scores (METRICS 4.3, 4.4).

Instruments are data in `instruments/`, each in its own file with its edition in the name. One that a wave has used is
never edited: its figures would no longer mean what they say. `surveys.loading` reads and checks them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Before go-live people say what they expect, after it what they find: the wording changes."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The points to tick, from the lowest on; leaving out and "does not apply" are the same: no answer."""

    low: int
    high: int
    labels: tuple[str, ...]
    not_applicable: str

    def turned(self, ticked: int) -> int:
        """Return an answer to a statement that is turned round as if it were not.

        >>> scale = Scale(low=1, high=5, labels=(), not_applicable="")
        >>> scale.turned(2), scale.turned(scale.turned(2))
        (4, 2)
        """
        return self.low + self.high - ticked


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One statement, in both wordings."""

    code: str
    dimension: str
    before: str
    after: str

    @property
    def is_reversed(self) -> bool:
        """Agreeing speaks against the dimension; the code ends in R."""
        return self.code.endswith("R")

    @property
    def changes_at_go_live(self) -> bool:
        return self.before != self.after

    def wording(self, phase: Phase) -> str:
        return self.before if phase is Phase.BEFORE else self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What three statements together ask for."""

    code: str
    name: str
    meaning: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How far the change has come, and what is asked there."""

    code: str
    name: str
    phase: Phase
    question: str
    why: Mapping[str, str]
    """By dimension, in the order of asking: why it is asked at this stage."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How answers become scores and scores become words; house rules, not norms."""

    least_items: int
    core: tuple[str, ...]
    least_core: int
    outcome: str
    barriers: tuple[str, ...]
    at_risk: float
    sound: float
    strong: float


class Band(StrEnum):
    """What a score is called."""

    BARRIER = "barrier"
    AT_RISK = "at_risk"
    SOUND = "sound"
    STRONG = "strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire whole, in one edition."""

    name: str
    title: str
    about: str
    digest: str
    """SHA-256 of the file, line ends aside."""
    scale: Scale
    rules: Rules
    dimensions: tuple[Dimension, ...]
    stages: tuple[Stage, ...]
    open_question: Mapping[Phase, str]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    def item(self, code: str) -> Item:
        return next(item for item in self.items if item.code == code)

    def dimension(self, code: str) -> Dimension:
        return next(dimension for dimension in self.dimensions if dimension.code == code)

    def stage(self, code: str) -> Stage:
        return next(stage for stage in self.stages if stage.code == code)

    def asked_at(self, stage: str) -> tuple[Item, ...]:
        """Return the statements of a stage, dimension by dimension."""
        dimensions = self.stage(stage).dimensions
        return tuple(item for item in self.items if item.dimension in dimensions)

    def stage_of(self, asked: Collection[str]) -> Stage | None:
        """Return the stage at which exactly these statements are asked; each stage has a set of its own."""
        codes = set(asked)
        return next((each for each in self.stages if {item.code for item in self.asked_at(each.code)} == codes), None)

    def band(self, score: float) -> Band:
        """Name an unrounded score; 64.99 is at risk although it prints as 65."""
        if score < self.rules.at_risk:
            return Band.BARRIER
        if score < self.rules.sound:
            return Band.AT_RISK
        return Band.SOUND if score < self.rules.strong else Band.STRONG
