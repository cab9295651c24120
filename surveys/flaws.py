"""Adoption flaws: what a wave says is in the way, on what evidence, and what helps (METRICS 4.8, 11).

The rules are data (`flaws.toml`) and this is what they are made of; `surveys.finding` holds them against a wave.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from surveys.privacy.printing import Side

FILE = Path(__file__).parent / "flaws.toml"
MEASURES = ("assessment_score", "false_yes_rate", "first_touch_share", "use_share", "zero_result_rate")
"""Figures of the portal that rules may ask for; whoever calls brings them, or not."""


class BadRules(ValueError):
    """Rules that cannot be used; says which flaw."""


class Source(StrEnum):
    """What a condition looks at."""

    SCORE = "score"
    FAVOURABLE = "favourable"
    MEASURE = "measure"
    CHANGE = "change"
    RESPONSE = "response"


class Bound(StrEnum):
    """How it has to lie to the threshold."""

    BELOW = "below"
    ABOVE = "above"
    AT_LEAST = "at_least"
    FALLS_BY = "falls_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    source: Source
    of: str
    """A dimension, an item, or a measure; of the response nothing."""
    bound: Bound
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One rule."""

    number: int
    code: str
    name: str
    when: tuple[tuple[Condition, ...], ...]
    """One of these must hold whole."""
    handles: tuple[str, ...]
    silences: bool
    """Where it fires no other does: too few answered to say more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A figure with its interval; of a change the value is g and the interval the difference's."""

    value: float
    low: float | None
    high: float | None
    n: int | None
    side: Side = Side.AT
    """More or less than the value, where that is as much as may be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A condition that holds, and the figure that says so, as it may be shown."""

    condition: Condition
    measured: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A flaw found in a unit by a wave."""

    code: str
    unit: str
    """Empty: everybody."""
    wave: str
    evidence: tuple[Evidence, ...]
    handles: tuple[str, ...]

    def stands(self, latest: str) -> bool:
        """Tell whether it is still to be acted on: it lapses when another wave closes."""
        return self.wave == latest


@cache
def rules() -> tuple[Flaw, ...]:
    """Return the rules of the house."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Flaw, ...]:
    """Read rules; raises `BadRules`."""
    try:
        found = tuple(_flaw(each) for each in tomllib.loads(text).get("flaw", []))
    except tomllib.TOMLDecodeError as trouble:
        raise BadRules(f"this is no TOML: {trouble}") from None
    for key in ("number", "code"):
        seen = [getattr(flaw, key) for flaw in found]
        if len(set(seen)) < len(seen):
            raise BadRules(f"a {key} is there twice")
    return found


def _flaw(raw: Mapping[str, Any]) -> Flaw:
    name = raw.get("code") or raw.get("number") or "?"
    if unknown := set(raw) - {"number", "code", "name", "when", "handles", "silences"}:
        raise BadRules(f"flaw {name} knows no {min(unknown)!r}")
    try:
        flaw = Flaw(
            number=int(raw["number"]),
            code=str(raw["code"]),
            name=str(raw["name"]),
            when=tuple(tuple(_condition(name, each) for each in whole) for whole in raw["when"]),
            handles=tuple(map(str, raw["handles"])),
            silences=bool(raw.get("silences", False)),
        )
    except KeyError as missing:
        raise BadRules(f"flaw {name} has no {missing.args[0]!r}") from None
    if not flaw.when or not all(flaw.when) or not flaw.handles:
        raise BadRules(f"flaw {name} needs at least one condition and one handle")
    return flaw


def _condition(name: object, raw: Mapping[str, Any]) -> Condition:
    sources = [each for each in Source if each.value in raw]
    bounds = [each for each in Bound if each.value in raw]
    if len(sources) != 1 or len(bounds) != 1 or len(raw) != 2:
        raise BadRules(f"flaw {name}: a condition names one figure and one threshold, not {dict(raw)}")
    source, bound = sources[0], bounds[0]
    if (source is Source.CHANGE) != (bound is Bound.FALLS_BY):
        raise BadRules(f"flaw {name}: `falls_by` goes with `change`, and nothing else does")
    of = "" if source is Source.RESPONSE else str(raw[source.value])
    if source is Source.MEASURE and of not in MEASURES:
        raise BadRules(f"flaw {name}: {of!r} is no measure; there are {', '.join(MEASURES)}")
    return Condition(source=source, of=of, bound=bound, threshold=float(raw[bound.value]))
