"""How help here spreads among all who could come, and where that leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from analytics.adoption.bands import THOUSANDTHS, Band
from analytics.figures import drawing
from analytics.figures.drawing import Figure, Kind, Table
from analytics.rates import Span
from analytics.saying import PLAIN, Voice

LEAST = 5
"""People of whom something is told."""


def spreading(
    days: Sequence[date], counted: Sequence[int], ahead: Sequence[tuple[date, Span]], *, eligible: int,
    is_curve: bool, voice: Voice = PLAIN,
) -> Figure:  # fmt: skip
    """Draw how many were helped so far, where that leads, and the bands of all who could come.

    `ahead` is the forecast, `is_curve` whether it follows an S-curve; else it is a straight line, or nothing.
    """
    _ = voice.gettext
    dates = [days[-1], *(day for day, _span in ahead)] if days and ahead else []
    points = [float(counted[-1]), *(span.point for _day, span in ahead)] if dates else []
    lows = [float(counted[-1]), *(span.low for _day, span in ahead)] if dates else []
    highs = [float(counted[-1]), *(span.high for _day, span in ahead)] if dates else []
    data: list[dict[str, Any]] = [
        *drawing.band(dates, lows, highs, _("Where it leads, in 95 of 100 cases"), drawing.BRAND.faded(0.18)),
        *([_ahead(dates, points, voice)] if dates else []),
        drawing.line(days, [float(n) for n in counted], _("Helped so far"), drawing.BRAND),
    ]  # fmt: skip
    cuts = [(name, THOUSANDTHS[band] * eligible / 1000) for band, name in _bands(voice)]
    picture = drawing.layout(
        x=_("Four weeks, by their end"),
        y=_("People helped so far"),
        xaxis={"type": "date"},
        yaxis={"range": [0, max(eligible, 1)]},
        showlegend=bool(dates),
        legend=drawing.LEGEND,
        shapes=[
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": cut, "y1": cut,
             "line": {"color": drawing.MUTED, "width": 1, "dash": "dot"}}
            for _name, cut in cuts
        ],
        annotations=[
            {"xref": "paper", "x": 1, "xanchor": "right", "y": cut, "yanchor": "bottom", "showarrow": False,
             "text": drawing.text(name), "font": {"color": drawing.MUTED}}
            for name, cut in cuts
        ],
    )  # fmt: skip
    is_empty = not days or eligible < LEAST
    title = _("Not enough data yet: nobody was helped here so far")
    if not is_empty:
        title = _spread(counted[-1], ahead, eligible, is_curve=is_curve, voice=voice)
    rows: tuple[tuple[Any, ...], ...] = (
        *((day, n, None, None) for day, n in zip(days, counted, strict=True)),
        *((day, round(span.point, 1), span.low, span.high) for day, span in ahead),
    )
    return Figure(
        title=title,
        data=data,
        layout=picture,
        table=Table(
            drawing.columns(
                (_("Day"), Kind.DATE),
                (_("Helped so far, or forecast"), Kind.NUMBER),
                (_("Low end"), Kind.NUMBER),
                (_("High end"), Kind.NUMBER),
            ),
            rows,
        ),
        note=_(
            "The lines across are shares of all who could come. The forecast is Bass’s curve with everybody who could "
            "come as its ceiling; a campaign breaks what it assumes."
        )
        if is_curve
        else _(
            "The lines across are shares of all who could come. No S-curve fits what was counted, so the forecast "
            "carries the recent pace on."
        ),
        is_empty=is_empty,
    )


def _ahead(dates: Sequence[date], points: Sequence[float], voice: Voice) -> dict[str, Any]:
    return drawing.line(dates, points, voice.gettext("Forecast"), drawing.BRAND, mode="lines", line={"dash": "dash"})


def _bands(voice: Voice) -> tuple[tuple[Band, str], ...]:
    _ = voice.gettext
    return (
        (Band.EARLY_ADOPTER, _("the first 16 of 100")),
        (Band.EARLY_MAJORITY, _("half")),
        (Band.LATE_MAJORITY, _("84 of 100")),
    )


def _spread(n: int, ahead: Sequence[tuple[date, Span]], eligible: int, *, is_curve: bool, voice: Voice) -> str:
    _ = voice.gettext
    if not ahead:
        return _("%(n)s of %(all)s were helped here so far; it is too early to say where that leads", n=n, all=eligible)
    last = ahead[-1][1]
    low, high = voice.number(last.low, 0), voice.number(last.high, 0)
    weeks = 4 * len(ahead)
    if is_curve:
        return _("%(n)s of %(all)s were helped here so far; in %(weeks)s weeks it will be %(low)s to %(high)s",
                 n=n, all=eligible, weeks=weeks, low=low, high=high)  # fmt: skip
    return _("%(n)s of %(all)s were helped here so far; at the recent pace %(low)s to %(high)s in %(weeks)s weeks",
             n=n, all=eligible, weeks=weeks, low=low, high=high)  # fmt: skip
