"""What departments say they do beside what they do, as four quarters of one picture (METRICS 4.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any

from analytics.adoption.saydo import DOES, INTENDS, Map, Point, Quadrant
from analytics.figures import drawing
from analytics.figures.drawing import Figure, Kind, Table
from analytics.saying import PLAIN, Voice

WIDEST = (40.0, 90.0)
"""The picture reaches at least so far to either side of the line, and to whoever stands further out."""
LEAST_TOP = 0.6
"""The picture reaches at least so high, so that its quarters can be told apart."""
BESIDE = 0.06
"""How far from the line, of the height, the quarters' names stand."""


def names(voice: Voice) -> Mapping[Quadrant, str]:
    """Return what the quarters are called."""
    _ = voice.gettext
    return {
        Quadrant.SAYS_AND_DOES: _("mean to, and do"),
        Quadrant.SAYS_ONLY: _("mean to, and do not"),
        Quadrant.DOES_ONLY: _("do, without meaning to"),
        Quadrant.NEITHER: _("neither mean to nor do"),
    }


def say_do(found: Map, *, voice: Voice = PLAIN) -> Figure:
    """Draw departments by intention and by what they do; what may belong next door is a diamond."""
    _, called = voice.gettext, names(voice)
    rows = tuple(
        (
            *(each.unit.name, each.unit.intention, each.unit.low, each.unit.high, each.unit.n_answers),
            *(each.does.point, each.does.low, each.does.high, each.does.n),
            called[each.quadrant] if each.is_sure else _("%(quarter)s, or next to it", quarter=called[each.quadrant]),
        )
        for each in found.points
    )
    columns = drawing.columns(
        (_("Department"), Kind.TEXT),
        (_("Intention"), Kind.COUNT),
        (_("from"), Kind.COUNT),
        (_("to"), Kind.COUNT),
        (_("Answers"), Kind.COUNT),
        (_("Looked here first"), Kind.SHARE),
        (_("between"), Kind.SHARE),
        (_("and"), Kind.SHARE),
        (_("Troubles"), Kind.COUNT),
        (_("Quarter"), Kind.TEXT),
    )
    return Figure(
        title=_title(found.points, voice),
        data=_drawn(found.points, voice) if found.points else [],
        layout=drawing.layout(
            x=_("Intention to look here first, 0 to 100"),
            y=_("Looked here first"),
            xaxis={"range": list(_ends(found.points))},
            yaxis={"tickformat": ".0%"},
        ),
        table=Table(columns, rows),
        note=_(
            "A diamond may belong to the next quarter: one of its two ranges crosses a line. The lines, "
            "%(intends)s and %(does)s, are our own.",
            intends=voice.number(INTENDS, 0),
            does=voice.percent(DOES),
        ),
        is_empty=not found.points,
    )


def _title(points: tuple[Point, ...], voice: Voice) -> str:
    _ = voice.gettext
    if not points:
        return _("Not enough data yet: no department may be shown by its answers and by what it did")
    only = [each.unit.name for each in points if each.quadrant is Quadrant.SAYS_ONLY and each.is_sure]
    if only:
        return _("Mean to look here first, and do not yet: %(names)s", names=", ".join(only))
    if any(each.quadrant is Quadrant.SAYS_ONLY for each in points):
        return _("Some departments may mean to look here first without doing so; none clearly")
    return _("No department shown means to look here first without doing so")


def _ends(points: Sequence[Point]) -> tuple[float, float]:
    """Return from where to where the picture reaches, in tens."""
    said = [each.unit.intention for each in points]
    low, high = (10 * floor((min([WIDEST[0] + 5, *said]) - 5) / 10), 10 * ceil((max([WIDEST[1] - 5, *said]) + 5) / 10))
    return max(0.0, low), min(100.0, high)


def _drawn(points: tuple[Point, ...], voice: Voice) -> list[dict[str, Any]]:
    top = max(LEAST_TOP, *(min(1.0, each.does.point + 0.1) for each in points))
    line = {"color": drawing.MUTED, "width": 1, "dash": "dash"}
    quiet = {"type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip", "name": voice.gettext("Our line")}
    called = names(voice)
    low, high = _ends(points)
    corners = {
        Quadrant.SAYS_AND_DOES: ((INTENDS + high) / 2, DOES + top * BESIDE),
        Quadrant.SAYS_ONLY: ((INTENDS + high) / 2, DOES - top * BESIDE),
        Quadrant.DOES_ONLY: ((low + INTENDS) / 2, DOES + top * BESIDE),
        Quadrant.NEITHER: ((low + INTENDS) / 2, DOES - top * BESIDE),
    }
    return [
        {**quiet, "x": [low, high], "y": [DOES, DOES]},
        {**quiet, "x": [INTENDS, INTENDS], "y": [0, top]},
        {
            "type": "scatter",
            "mode": "text",
            "x": [corners[each][0] for each in Quadrant],
            "y": [corners[each][1] for each in Quadrant],
            "text": [drawing.text(called[each]) for each in Quadrant],
            "name": voice.gettext("Quarter"),
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [each.unit.intention for each in points],
            "y": [each.does.point for each in points],
            "text": [drawing.text(each.unit.name) for each in points],
            "textposition": "middle right",
            "name": voice.gettext("Department"),
            "hovertemplate": "%{text}: %{y:.0%}<extra></extra>",
            # Not by colour alone: what may belong next door has another shape as well.
            "marker": {
                "size": 9,
                "color": [drawing.BRAND if each.is_sure else drawing.ACCENT for each in points],
                "symbol": ["circle" if each.is_sure else "diamond" for each in points],
            },
        },
    ]
