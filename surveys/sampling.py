"""Before a wave: how sure its figures can become, and which groups will be too small to show (METRICS 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

from surveys.confidence import Z95, margin_of_share, mean_interval
from surveys.privacy.suppression import LEAST, hidden_groups

USUAL_SD = 20.0
"""How far apart people's scores usually lie, where no earlier wave says better; a house rule."""


def answers_needed(margin: float, *, headcount: int | None = None, share: float = 0.5) -> float:
    """Return how many answers a share needs to be known to ± a margin; unrounded, to be rounded up.

    Cochran (1977), section 4.4: n0 = z²p(1-p)/d², n = n0 / (1 + (n0 - 1)/N).

    >>> round(answers_needed(0.05, headcount=200), 2), ceil(answers_needed(0.05))
    (131.75, 385)
    """
    n = Z95**2 * share * (1 - share) / margin**2
    return n if headcount is None else n / (1 + (n - 1) / headcount)


def answers_to_see(g: float, *, power: float = 0.8) -> int:
    """Return how many answers each of two waves needs for a change of size g to be seen that often.

    Normal approximation, 2(z.975 + z_power)²/g²; Cohen, J. (1988): Statistical Power Analysis, 2nd ed., chapter 2.

    >>> answers_to_see(0.3)
    175
    """
    return ceil(2 * (Z95 + NormalDist().inv_cdf(power)) ** 2 / g**2)


def smallest_seen(n_before: int, n_after: int, *, power: float = 0.8) -> float:
    """Return the smallest change, as g, that two waves of these sizes see that often.

    >>> round(smallest_seen(175, 175), 2)
    0.3
    """
    return (Z95 + NormalDist().inv_cdf(power)) * sqrt(1 / n_before + 1 / n_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a group is likely to give."""

    name: str
    eligible: int
    n: int
    """Answers, at the response expected, rounded down."""
    margin_of_share: float | None
    """± of a share of one half, 0 to 1; None with no answers."""
    margin_of_score: float | None
    """± of a score on 0 to 100; None with fewer than two."""
    is_never_shown: bool
    """Too small even if everybody answers."""
    is_hidden: bool
    """Too small at the response expected, or needed to cover one that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What to expect of a wave."""

    total: Expected
    units: tuple[Expected, ...]
    smallest_seen: float | None
    """The smallest change of the total, as g, that two such waves would show four times in five."""


def expect(units: Mapping[str, int], *, response: float, least: int = LEAST, sd: float = USUAL_SD) -> Outlook:
    """Say what a wave among these headcounts will tell at a response of so much (0 to 1).

    >>> outlook = expect({"HR": 8, "IT": 60, "Sales": 132}, response=0.3)
    >>> outlook.total.n, [unit.name for unit in outlook.units if unit.is_hidden]
    (59, ['HR', 'IT'])
    """
    if not 0 < response <= 1:
        raise ValueError(f"{response} is no share of people who answer")
    counts = {name: floor(eligible * response + 1e-9) for name, eligible in units.items()}
    hidden = hidden_groups(counts, least=least)
    found = tuple(
        _expected(name, units[name], counts[name], sd=sd, least=least, is_hidden=name in hidden)
        for name in sorted(units)
    )
    n = sum(counts.values())
    total = _expected("", sum(units.values()), n, sd=sd, least=least, is_hidden=n < least)
    return Outlook(total=total, units=found, smallest_seen=smallest_seen(n, n) if n > 1 else None)


def _expected(name: str, eligible: int, n: int, *, sd: float, least: int, is_hidden: bool) -> Expected:
    interval = mean_interval(0.0, sd, n, headcount=eligible)
    return Expected(
        name=name,
        eligible=eligible,
        n=n,
        margin_of_share=margin_of_share(n, headcount=eligible) if n else None,
        margin_of_score=interval.high if interval else None,
        is_never_shown=eligible < least,
        is_hidden=is_hidden,
    )
