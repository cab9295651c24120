"""How sure one can be of a share or a mean, when the people asked are a known few and most of them answered.

Where everybody answered nothing is left to guess, so intervals shrink as n nears N, the headcount: the correction for
a finite population. It describes this wave. Change between waves is about what lies behind them, and takes none.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, inf, sqrt

Z95 = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two-sided 95 per cent."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true figure lies in 95 of 100 such cases."""

    low: float
    high: float


def t_quantile(p: float, df: float) -> float:
    """Return the point below which a share p of Student's t lies.

    >>> round(t_quantile(0.975, 59), 4)
    2.001
    """
    from scipy import special  # 30 MB and 0.4 s, which a portal that shows no survey need not spend

    return float(special.stdtrit(df, p))


def t_tail(t: float, df: float) -> float:
    """Return the share of Student's t above a point.

    >>> round(2 * t_tail(2.9462, 19.983), 5)
    0.00799
    """
    from scipy import special

    return float(special.stdtr(df, -t))


def normal_tail(z: float) -> float:
    """Return the share of the normal distribution above a point.

    >>> round(normal_tail(1.959964), 4)
    0.025
    """
    return erfc(z / sqrt(2)) / 2


def f_quantile(p: float, df1: float, df2: float) -> float:
    """Return the point below which a share p of F lies.

    >>> round(f_quantile(0.95, 2, 10), 4)
    4.1028
    """
    from scipy import special

    return float(special.fdtri(df1, df2, p))


def wilson(share: float, n: float, *, headcount: int | None = None) -> Interval | None:
    """Return Wilson's interval of a share of n answers out of a headcount; None for no answers.

    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. JASA 22, 209-212, with
    n* = n(N-1)/(N-n) in place of n. Unlike p ± z·sqrt(p(1-p)/n) it says something at 0 and 100 % too. When all have
    answered it is the share itself; with no headcount nothing is corrected.

    >>> [round(bound, 4) for bound in (wilson(0.5, 60, headcount=200).low, wilson(0, 60, headcount=200).high)]
    [0.3962, 0.0431]
    """
    if not (0 <= share <= 1 and n >= 0):
        raise ValueError(f"{share} of {n} is no share")
    if n == 0:
        return None
    if headcount is not None:
        if n >= headcount:
            return Interval(share, share)
        n = n * (headcount - 1) / (headcount - n)
    spread = Z95 * Z95 / n
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Interval(0.0 if share == 0 else centre - half, 1.0 if share == 1 else centre + half)


def shrink(n: float, headcount: int | None) -> float:
    """Return by what a mean's standard error shrinks when n of a headcount answered: sqrt(1 - n/N).

    Cochran, W. G. (1977): Sampling Techniques, 3rd ed., section 2.6.

    >>> round(shrink(60, 200), 4), shrink(60, None), shrink(9, 8)
    (0.8367, 1.0, 0.0)
    """
    return 1.0 if headcount is None else sqrt(max(0.0, 1 - n / headcount)) if headcount else 0.0


def mean_interval(mean: float, sd: float, n: int, *, headcount: int | None = None) -> Interval | None:
    """Return mean ± t(n-1)·sd/sqrt(n)·sqrt(1-n/N); None for one person alone, unless that is everybody.

    >>> found = mean_interval(50, 20, 60, headcount=200)
    >>> round(found.high - 50, 2)
    4.32
    """
    if n >= 1 and headcount is not None and n >= headcount:
        return Interval(mean, mean)
    if n < 2:
        return None
    half = t_quantile(0.975, n - 1) * sd / sqrt(n) * shrink(n, headcount)
    return Interval(mean - half, mean + half)


def margin_of_share(n: int, *, headcount: int | None = None, share: float = 0.5) -> float:
    """Return the ± that planning expects of a share; what is printed afterwards is Wilson's.

    z·sqrt(p(1-p)/n)·sqrt((N-n)/(N-1)), Cochran (1977), section 3.2.

    >>> round(100 * margin_of_share(60, headcount=200), 2), round(100 * margin_of_share(60), 2)
    (10.61, 12.65)
    """
    if n < 1:
        return inf
    correction = 1.0
    if headcount is not None:
        correction = sqrt((headcount - n) / (headcount - 1)) if headcount > n else 0.0
    return Z95 * sqrt(share * (1 - share) / n) * correction
