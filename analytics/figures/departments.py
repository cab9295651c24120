"""Departments against the whole: a funnel, since small ones swing more by chance; never a league table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from analytics.figures import drawing
from analytics.figures.drawing import Figure, Kind, Table
from analytics.proportions import Z95
from analytics.saying import PLAIN, Voice

SMALLEST = 5
"""Nothing is told of fewer people (METRICS 3.1, 4.6); who asks for less is refused."""
STEPS = 60


@dataclass(frozen=True, slots=True)
class Group:
    """So many of the people of a department."""

    name: str
    k: int
    n: int


def limits(share: float, n: int) -> tuple[float, float]:
    """Return between which shares a group of n lies by chance in 95 of 100 cases: Wilson's interval about the whole.

    Spiegelhalter, D. J. (2005): Funnel plots for comparing institutional performance. Statistics in Medicine 24,
    1185-1202, with Wilson's limits so that none leaves 0 to 1.

    >>> [round(end, 4) for end in limits(0.5, 100)]
    [0.4038, 0.5962]
    """
    spread = Z95 * Z95 / n
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def funnel(groups: Sequence[Group], *, what: str, people: str, voice: Voice = PLAIN) -> Figure:
    """Draw groups by size and share between the limits of chance; `what` and `people` name the two axes.

    The groups are those that may be shown: suppression comes first, and a group below five is refused here too.
    """
    _ = voice.gettext
    if small := [group.name for group in groups if group.n < SMALLEST]:
        raise ValueError(f"{len(small)} groups of fewer than {SMALLEST} people")
    total = sum(group.n for group in groups)
    whole = sum(group.k for group in groups) / total if total else None
    data: list[dict[str, Any]] = []
    out: list[Group] = []
    if whole is not None:
        out = [group for group in groups if not _is_within(group, whole)]
        data = _drawn(groups, whole, out, voice)
    title = _("Not enough data yet: no department has people enough to be shown")
    if whole is not None and out:
        title = _("Further from the %(share)s of all than chance would take them: %(n)s of %(all)s departments",
                  n=len(out), all=len(groups), share=voice.percent(whole))  # fmt: skip
    elif whole is not None:
        title = _("All departments lie as near to the %(share)s of all as chance would have them",
                  share=voice.percent(whole))  # fmt: skip
    rows = tuple(
        (group.name, group.n, group.k, group.k / group.n, *limits(whole or 0.0, group.n))
        for group in sorted(groups, key=lambda each: each.name)
    )
    return Figure(
        title=title,
        data=data,
        layout=drawing.layout(x=people, y=what, yaxis={"tickformat": ".0%"}),
        table=Table(
            drawing.columns(
                (_("Department"), Kind.TEXT),
                (people, Kind.COUNT),
                (what, Kind.COUNT),
                (_("Share"), Kind.SHARE),
                (_("By chance from"), Kind.SHARE),
                (_("By chance to"), Kind.SHARE),
            ),
            rows,
        ),
        note=_("Between the curves a department differs from the whole by no more than chance, in 95 of 100 cases."),
        is_empty=whole is None,
    )


def _is_within(group: Group, whole: float) -> bool:
    low, high = limits(whole, group.n)
    return low <= group.k / group.n <= high


def _drawn(groups: Sequence[Group], whole: float, out: Sequence[Group], voice: Voice) -> list[dict[str, Any]]:
    _ = voice.gettext
    largest = max(group.n for group in groups)
    sizes = sorted({SMALLEST + round((largest * 1.05 - SMALLEST) * step / STEPS) for step in range(STEPS + 1)})
    ends = [limits(whole, size) for size in sizes]
    return [
        *drawing.band(
            sizes, [end[0] for end in ends], [end[1] for end in ends], _("By chance"), drawing.MUTED.faded(0.16)
        ),
        {
            "type": "scatter",
            "mode": "lines",
            "x": [sizes[0], sizes[-1]],
            "y": [whole, whole],
            "name": _("All"),
            "line": {"color": drawing.MUTED, "width": 1},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [group.n for group in groups],
            "y": [group.k / group.n for group in groups],
            "text": [drawing.text(group.name) for group in groups],
            "textposition": "top center",
            "name": _("Department"),
            "hovertemplate": "%{text}: %{y:.0%}<extra></extra>",
            # Not by colour alone: what lies outside has another shape as well.
            "marker": {
                "size": 9,
                "color": [drawing.ACCENT if group in out else drawing.BRAND for group in groups],
                "symbol": ["diamond" if group in out else "circle" for group in groups],
            },
        },
    ]
