"""Goals and interventions drawn: where a figure is and where it leads, what changed where something was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from analytics.effects.before import ByAge
from analytics.figures import drawing
from analytics.figures.drawing import Change, Figure, Kind, Table
from analytics.rates import Span
from analytics.saying import PLAIN, Voice
from analytics.series import Bucket


def goal(
    days: Sequence[date],
    values: Sequence[float | None],
    *,
    target: float,
    due_on: date,
    forecast: Span | None,
    title: str,
    what: str,
    is_share: bool = False,
    changes: Sequence[Change] = (),
    voice: Voice = PLAIN,
) -> Figure:
    """Draw a figure over time, the target, and where it leads by the day; title and what is measured are given."""
    _ = voice.gettext
    known = [(day, value) for day, value in zip(days, values, strict=True) if value is not None]
    data: list[dict[str, Any]] = []
    if forecast is not None and known:
        last, now = known[-1]
        ends = [last, due_on]
        data += drawing.band(
            ends, [now, forecast.low], [now, forecast.high], _("Where it leads, in 95 of 100 cases"),
            drawing.BRAND.faded(0.18),
        )  # fmt: skip
        data.append(
            drawing.line(ends, [now, forecast.point], _("Forecast"), drawing.BRAND, mode="lines", line={"dash": "dash"})
        )
    data.append(drawing.line(list(days), list(values), what, drawing.BRAND))
    highest = max([target, *(value for _day, value in known), forecast.high if forecast else target])
    picture = drawing.layout(
        x=_("Day"),
        y=what,
        xaxis={"type": "date"},
        yaxis={
            **({"tickformat": ".0%"} if is_share else {}),
            "range": [0, min(1.0, highest * 1.08) if is_share else highest * 1.08],
        },
        showlegend=forecast is not None,
        legend=drawing.LEGEND,
        shapes=[
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target,
             "line": {"color": drawing.ACCENT, "width": 1, "dash": "dash"}}
        ],
        annotations=[
            {"xref": "paper", "x": 1, "xanchor": "right", "y": target, "yanchor": "bottom", "showarrow": False,
             "text": drawing.text(_("goal")), "font": {"color": drawing.ACCENT}}
        ],
    )  # fmt: skip
    shown = [Bucket(known[0][0], max(due_on, known[-1][0]))] if known and known[0][0] < due_on else []
    picture, pins = drawing.pinned(picture, changes, shown)
    kind = Kind.SHARE if is_share else Kind.NUMBER
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (day, value, None, None) for day, value in zip(days, values, strict=True)
    ) + (((due_on, forecast.point, forecast.low, forecast.high),) if forecast else ())
    return Figure(
        title=title,
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns(
                (_("Up to"), Kind.DATE), (_("Figure, or forecast"), kind), (_("Low end"), kind), (_("High end"), kind)
            ),
            rows,
        ),
        note=_("The forecast carries on what was seen; it knows of nothing that is planned."),
        is_empty=not known,
    )


def by_age(
    before: Sequence[ByAge],
    after: Sequence[ByAge],
    *,
    title: str,
    what: str,
    weeks: int,
    is_share: bool = False,
    voice: Voice = PLAIN,
) -> Figure:
    """Draw how far departments were from those not yet started, before their start and after it.

    `weeks` is the length of a period; the period before the start is where both are set equal.
    """
    _ = voice.gettext
    scale = 100.0 if is_share else 1.0
    points = [*((each.age, each.value * scale) for each in before), (-1, 0.0)]
    later = [(-1, 0.0), *((each.age, each.value * scale) for each in after)]
    data = [
        drawing.line([x for x, _y in points], [y for _x, y in points], _("Before the start"), drawing.MUTED),
        drawing.line([x for x, _y in later], [y for _x, y in later], _("After it"), drawing.BRAND),
    ]
    picture = drawing.layout(
        x=_("Periods of %(n)s weeks since the start", n=weeks) if weeks > 1 else _("Weeks since the start"),
        y=what,
        showlegend=True,
        legend=drawing.LEGEND,
        shapes=[
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
             "line": {"color": drawing.INK, "width": 1, "dash": "dot"}}
        ],
    )  # fmt: skip
    rows = tuple((each.age, each.value * scale, each.n) for each in (*before, *after))
    return Figure(
        title=title,
        data=data,
        layout=picture,
        table=Table(
            drawing.columns(
                (_("Periods since the start"), Kind.COUNT), (what, Kind.NUMBER), (_("Departments"), Kind.COUNT)
            ),
            rows,
        ),
        note=_(
            "Each point is how much more departments changed since the period before their start than those that had "
            "not started yet. Left of the start it should lie near nought: nothing was done there."
        ),
        is_empty=not after and not before,
    )


def course(
    days: Sequence[date],
    starting: Sequence[float | None],
    others: Sequence[float | None],
    *,
    title: str,
    what: str,
    weeks: int,
    until: date,
    is_share: bool = False,
    changes: Sequence[Change] = (),
    voice: Voice = PLAIN,
) -> Figure:
    """Draw a figure over time: the mean of departments that start at some time, and of those that stay without."""
    _ = voice.gettext
    data = [drawing.line(list(days), list(starting), _("Departments that start"), drawing.BRAND)]
    if any(value is not None for value in others):
        data.append(
            drawing.line(
                list(days), list(others), _("Departments that stay without"), drawing.MUTED, line={"dash": "dash"}
            )
        )
    picture = drawing.layout(
        x=_("Periods of %(n)s weeks, by their first day", n=weeks) if weeks > 1 else _("Weeks, by their first day"),
        y=what,
        xaxis={"type": "date"},
        yaxis={"tickformat": ".0%"} if is_share else {},
        showlegend=len(data) > 1,
        legend=drawing.LEGEND,
    )
    shown = [Bucket(days[0], until)] if days and days[0] < until else []
    picture, pins = drawing.pinned(picture, changes, shown)
    kind = Kind.SHARE if is_share else Kind.NUMBER
    return Figure(
        title=title,
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns(
                (_("From"), Kind.DATE), (_("Departments that start"), kind), (_("Departments that stay without"), kind)
            ),
            tuple(zip(days, starting, others, strict=True)),
        ),
        is_empty=not days,
    )
