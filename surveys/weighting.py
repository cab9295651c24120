"""What the total would be if every unit had answered as fully as the others: post-stratified means (METRICS 4.5, 11).

Strata are the units shown; all hidden ones, with the hidden sheets that name no unit, are one stratum. Weighting them
one by one would be a third equation over what is hidden, beside the raw total and the rows shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from surveys.confidence import Z95, shrink
from surveys.groups import NOT_STATED
from surveys.privacy.suppression import Suppression
from surveys.reading import WaveReading
from surveys.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """People weighted together: how many there are, and the scores of those who answered."""

    headcount: int
    scores: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """A mean in which each stratum counts by its headcount."""

    mean: float
    se: float | None
    """With the correction for each stratum's headcount; None where one person stands for others alone."""
    low: float | None
    high: float | None
    n_strata: int
    left_out: tuple[str, ...]
    """Units of the roster that nobody answered for; nothing is known of them."""
    has_unnamed_left_out: bool
    """Sheets that name no unit are shown as a group but have no headcount, so they do not count here."""


def post_stratified(strata: Sequence[Stratum]) -> tuple[float, float | None]:
    """Return the weighted mean and its standard error; every stratum needs scores and a headcount.

    Cochran, W. G. (1977): Sampling Techniques, 3rd ed., sections 5.3 and 5A.9: sum of W·mean, W the stratum's share of
    all people, and sqrt of the sum of W²·s²/n·(1 - n/N).

    >>> def made(mean, sd, n):  # n scores with just this mean and deviation
    ...     step = sd * ((n - 1) / n) ** 0.5
    ...     return Tally.of([mean - step] * (n // 2) + [mean + step] * (n // 2))
    >>> a = Stratum(headcount=100, scores=made(60, 18, 20))
    >>> b = Stratum(headcount=50, scores=made(80, 15, 30))
    >>> [round(each, 4) for each in post_stratified([a, b])]
    [66.6667, 2.4685]
    """
    people = sum(stratum.headcount for stratum in strata)
    means, errors = [], []
    is_known = True
    for stratum in strata:
        scores, weight = stratum.scores, stratum.headcount / people
        means.append(weight * (scores.mean or 0.0))
        correction = shrink(scores.n, stratum.headcount)
        if scores.variance is None and correction:
            is_known = False
        else:
            errors.append(weight**2 * (scores.variance or 0.0) / scores.n * correction**2)
    return fsum(means), sqrt(fsum(errors)) if is_known else None


def weighted(reading: WaveReading, code: str, suppression: Suppression) -> Weighted | None:
    """Return a dimension's or the index's weighted total; None without a roster that knows every unit that answered.

    `suppression` says which units are hidden. Units of which nobody has this score are left out, and named.
    """
    if not reading.has_roster or reading.not_on_roster or code in suppression.columns:
        return None
    strata, left_out, pooled = [], [], Tally()
    pooled_people, unnamed = 0, False
    for unit in reading.units:
        scores = unit.score(code)
        if unit.name in suppression.rows:
            pooled, pooled_people = pooled + scores, pooled_people + (unit.eligible or 0)
        elif not scores.n:
            if unit.name != NOT_STATED:
                left_out.append(unit.name)
        elif unit.eligible is None:
            unnamed = True
        elif unit.eligible:
            strata.append(Stratum(headcount=unit.eligible, scores=scores))
    if pooled.n and pooled_people:
        strata.append(Stratum(headcount=pooled_people, scores=pooled))
    if not strata:
        return None
    mean, se = post_stratified(strata)
    return Weighted(
        mean=mean,
        se=se,
        low=None if se is None else mean - Z95 * se,
        high=None if se is None else mean + Z95 * se,
        n_strata=len(strata),
        left_out=tuple(left_out),
        has_unnamed_left_out=unnamed,
    )
