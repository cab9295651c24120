"""Has a score changed since another wave? Two anonymous cross-sections, so unpaired (METRICS 4.5, 11).

The interval is always Welch's; p is Mann-Whitney's where scores are few or pile up at an end. No correction for the
headcount: change is about what lies behind the waves, not about the people who happened to be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from surveys.confidence import Interval, normal_tail, t_quantile, t_tail
from surveys.tally import Tally

FEW = 30
PILED = 0.30
"""From more than this share of a wave at 0 or at 100 on there is a strong floor or ceiling."""
TOP = 100.0
SMALL, CLEAR, LARGE = 0.2, 0.5, 0.8


class Method(StrEnum):
    """Which test p is of."""

    WELCH = "welch"
    MANN_WHITNEY = "mann_whitney"


class Strength(StrEnum):
    """What a change may be called."""

    NOT_DISTINGUISHABLE = "not_distinguishable"
    """The interval holds nought: it may be chance, however large it looks."""
    NO_NOTABLE_CHANGE = "no_notable_change"
    SMALL = "small"
    CLEAR = "clear"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One score of one group in two waves."""

    n_before: int
    n_after: int
    mean_before: float
    mean_after: float
    difference: float
    low: float
    high: float
    df: float | None
    t: float | None
    d: float | None
    g: float | None
    """Hedges' g; None where all scores of each wave are the same, so that there is nothing to measure it by."""
    p: float
    p_by: Method
    u: float
    """Mann-Whitney's U of the later wave."""
    superiority: float
    """How often somebody of the later wave scores higher than somebody of the earlier one, ties counted half."""

    @property
    def rank_biserial(self) -> float:
        return 2 * self.superiority - 1

    @property
    def strength(self) -> Strength:
        """What it may be called; never more than the interval bears."""
        if self.low <= 0 <= self.high:
            return Strength.NOT_DISTINGUISHABLE
        size = LARGE if self.g is None else abs(self.g)
        if size < SMALL:
            return Strength.NO_NOTABLE_CHANGE
        if size < CLEAR:
            return Strength.SMALL
        return Strength.CLEAR if size < LARGE else Strength.LARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Which sentence tells of a change, and the figures in it; the words are the portal's."""

    code: str
    """`not_distinguishable`, `no_notable_change`, or a strength and its direction: `small_rise`, `clear_fall` …"""
    values: Mapping[str, float]


def wording(change: Change) -> Wording:
    """Choose the sentence for a change.

    >>> wording(compare(Tally.of([50, 60, 55, 45]), Tally.of([52, 61, 50, 47]))).code
    'not_distinguishable'
    """
    code = str(change.strength)
    if change.strength in (Strength.SMALL, Strength.CLEAR, Strength.LARGE):
        code += "_rise" if change.difference > 0 else "_fall"
    values = {"difference": change.difference, "low": change.low, "high": change.high}
    if change.g is not None:
        values["g"] = change.g
    return Wording(code=code, values=values)


def compare(before: Tally, after: Tally) -> Change | None:
    """Compare two waves' scores; None when one of them has fewer than two.

    Welch, B. L. (1947): The generalization of "Student's" problem when several different population variances are
    involved. Biometrika 34, 28-35. Hedges' g = d(1 - 3/(4·df - 1)), df = n1 + n2 - 2, d over the pooled deviation:
    Hedges, L. V. (1981): Distribution theory for Glass's estimator of effect size. J. Educational Statistics 6.

    >>> w1 = Tally.of([50, 42, 58, 67, 33, 75, 50, 58, 42, 67, 25, 58])
    >>> w2 = Tally.of([67, 58, 75, 83, 50, 67, 75, 92, 58, 67])
    >>> found = compare(w1, w2)
    >>> [round(each, 3) for each in (found.difference, found.low, found.high, found.t, found.df, found.g)]
    [17.117, 4.997, 29.236, 2.946, 19.983, 1.195]
    """
    n1, n2 = before.n, after.n
    if n1 < 2 or n2 < 2:
        return None
    m1, m2 = before.mean or 0.0, after.mean or 0.0
    v1, v2 = before.variance or 0.0, after.variance or 0.0
    difference = m2 - m1
    error = v1 / n1 + v2 / n2
    df = t = None
    half, p, p_by = 0.0, 1.0, Method.WELCH
    if error:
        df = error**2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
        t = difference / sqrt(error)
        half = t_quantile(0.975, df) * sqrt(error)
        p = 2 * t_tail(abs(t), df)
    u = mann_whitney_u(before, after)
    if not error or min(n1, n2) < FEW or _piles_up(before) or _piles_up(after):
        p, p_by = mann_whitney_p(before, after), Method.MANN_WHITNEY
    pooled = sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / (n1 + n2 - 2))
    d = difference / pooled if pooled else (None if difference else 0.0)
    return Change(
        n_before=n1,
        n_after=n2,
        mean_before=m1,
        mean_after=m2,
        difference=difference,
        low=difference - half,
        high=difference + half,
        df=df,
        t=t,
        d=d,
        g=None if d is None else d * (1 - 3 / (4 * (n1 + n2 - 2) - 1)),
        p=p,
        p_by=p_by,
        u=u,
        superiority=u / (n1 * n2),
    )


def mann_whitney_u(before: Tally, after: Tally) -> float:
    """Return in how many pairs the later score is the higher one, ties counted half.

    >>> mann_whitney_u(Tally.of([1, 2]), Tally.of([2, 3]))
    3.5
    """
    u, below = 0.0, 0
    earlier, later = _counts(before), _counts(after)
    for score in sorted(earlier | later):
        u += later.get(score, 0) * (below + earlier.get(score, 0) / 2)
        below += earlier.get(score, 0)
    return u


def mann_whitney_p(before: Tally, after: Tally) -> float:
    """Return the two-sided p of the rank test, by the normal approximation with ties and continuity corrected.

    Mann, H. B., Whitney, D. R. (1947): On a test of whether one of two random variables is stochastically larger than
    the other. Annals of Mathematical Statistics 18, 50-60. All scores the same: 1.

    >>> w1 = Tally.of([50, 42, 58, 67, 33, 75, 50, 58, 42, 67, 25, 58])
    >>> round(mann_whitney_p(w1, Tally.of([67, 58, 75, 83, 50, 67, 75, 92, 58, 67])), 5)
    0.01466
    """
    n1, n2 = before.n, after.n
    n = n1 + n2
    earlier, later = _counts(before), _counts(after)
    ties = sum(k**3 - k for k in (earlier.get(score, 0) + later.get(score, 0) for score in earlier | later))
    variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)))
    if variance <= 0:
        return 1.0
    distance = max(0.0, abs(mann_whitney_u(before, after) - n1 * n2 / 2) - 0.5)
    return min(1.0, 2 * normal_tail(distance / sqrt(variance)))


def bootstrap(before: Tally, after: Tally, *, seed: int = 1, rounds: int = 10_000) -> Interval:
    """Return the percentile interval of the difference of means: a footnote, never what is judged by.

    Efron, B. (1979): Bootstrap methods: another look at the jackknife. Annals of Statistics 7, 1-26. In small waves it
    covers less than it says, which is why the interval that counts is Welch's.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    means = []
    for tally in (before, after):
        drawn = random.multinomial(tally.n, np.array(tally.people) / tally.n, size=rounds)
        means.append(drawn @ np.array(tally.scores) / tally.n)
    low, high = np.percentile(means[1] - means[0], [2.5, 97.5])
    return Interval(float(low), float(high))


def stand_out(ps: Sequence[float], *, q: float = 0.10) -> tuple[bool, ...]:
    """Tell which of many tests stand out when one in ten of those that do may be chance.

    Benjamini, Y., Hochberg, Y. (1995): Controlling the false discovery rate. J. Royal Statistical Society B 57,
    289-300: the largest p that is at most its rank · q / count, and all below it.

    >>> ps = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
    >>> sum(stand_out(ps)), sum(stand_out(ps, q=0.05))
    (7, 2)
    """
    ordered = sorted(ps)
    line = max((p for rank, p in enumerate(ordered, start=1) if p <= rank * q / len(ps)), default=-1.0)
    return tuple(p <= line for p in ps)


def _counts(tally: Tally) -> dict[float, int]:
    return dict(zip(tally.scores, tally.people, strict=True))


def _piles_up(tally: Tally) -> bool:
    return max(tally.share_at(0.0), tally.share_at(TOP)) > PILED
