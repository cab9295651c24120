"""What all charts share: two themes, quiet axes, bands, pins, and the table that says the same.

A figure is plain dicts in Plotly's schema, made without its library (a `go.Figure` costs eighty times as much); the
tests hold every one against it. Only scatter and bar are used, so that the smallest bundle draws them. Colours are
pairs, one for each theme, settled when a figure is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from html import escape
from typing import Any

from analytics.saying import PLAIN, Voice
from analytics.series import Bucket

Value = str | int | float | date | None


class Theme(StrEnum):
    """Which of the two grounds a figure lies on."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour on either ground, as six hexadecimal digits, and how much of it."""

    light: str
    dark: str
    strength: float = 1.0

    def faded(self, strength: float) -> Pair:
        return Pair(self.light, self.dark, strength)

    def on(self, theme: Theme) -> str:
        """Return the colour for a theme.

        >>> Pair("#0f6b5c", "#5cc8b4").faded(0.2).on(Theme.LIGHT)
        'rgba(15,107,92,0.2)'
        """
        colour = self.dark if theme is Theme.DARK else self.light
        if self.strength == 1.0:
            return colour
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return f"rgba({red},{green},{blue},{self.strength:g})"


INK = Pair("#1c2330", "#e7eaef")
MUTED = Pair("#5a6372", "#9aa4b2")
LINE = Pair("#e5e2da", "#2b333e")
PAPER = Pair("#fbfaf7", "#12161c")
BRAND = Pair("#0f6b5c", "#5cc8b4")
ACCENT = Pair("#b45309", "#f0b35a")
CONFIRMED = Pair("#0f6b5c", "#5cc8b4")
AVERTED = Pair("#3f9c8a", "#3c9a8a")
PRESUMED = Pair("#a5d3c8", "#28594f")
FAILED = Pair("#e0a24a", "#c98a33")
ABANDONED = Pair("#d9d5ca", "#3b4553")
ESCALATED = Pair("#8d95a3", "#6f7a8a")


class Kind(StrEnum):
    """How a column of the table is to be written."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as rows, unrounded; None is a gap."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which something happened that the reader of a chart should know of."""

    on: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart: what it found, its picture, the same as a table, and what one must know to read it."""

    title: str
    data: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any]
    table: Table
    note: str = ""
    pins: tuple[tuple[str, Change], ...] = ()
    """Numbers on the chart, with the changes they stand for."""
    is_empty: bool = field(default=False)
    """Nothing to draw: the title says why."""

    def drawn(self, theme: Theme) -> dict[str, Any]:
        """Return data and layout for Plotly, in the colours of a theme."""
        return {"data": _settled(self.data, theme), "layout": _settled(self.layout, theme)}


def _settled(value: Any, theme: Theme) -> Any:
    if isinstance(value, Pair):
        return value.on(theme)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _settled(each, theme) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_settled(each, theme) for each in value]
    return value


def text(words: str) -> str:
    """Make words of people safe for Plotly, which reads a few tags of HTML in its texts."""
    return escape(words, quote=False)


def layout(*, x: str, y: str, **more: Any) -> dict[str, Any]:
    """Return quiet axes with their titles; the title of the figure stands on the page, not in the picture."""
    axis = {"gridcolor": LINE, "zerolinecolor": LINE, "linecolor": LINE, "automargin": True, "fixedrange": True}
    return {
        "font": {"color": MUTED, "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 16, "t": 24, "b": 48},
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {**axis, "showgrid": False, "title": {"text": x}, **more.pop("xaxis", {})},
        "yaxis": {**axis, "rangemode": "tozero", "title": {"text": y}, **more.pop("yaxis", {})},
        **more,
    }


LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0, "traceorder": "normal"}


def line(xs: Sequence[Value], ys: Sequence[Value], name: str, colour: Pair, **more: Any) -> dict[str, Any]:
    """Return a line with a knot at each value, broken at gaps."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": xs,
        "y": ys,
        "name": name,
        "connectgaps": False,
        "line": {"color": colour, "width": 2, **more.pop("line", {})},
        "marker": {"color": colour, "size": 6},
        **more,
    }


def band(
    xs: Sequence[Value], lows: Sequence[float | None], highs: Sequence[float | None], name: str, colour: Pair
) -> list[dict[str, Any]]:
    """Return a soft band between two lines, one piece for each stretch without gaps."""
    pieces: list[dict[str, Any]] = []
    for begin, end in _stretches(lows, highs):
        around = [*xs[begin:end], *reversed(xs[begin:end])]
        pieces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": around,
                "y": [*lows[begin:end], *reversed(highs[begin:end])],
                "name": name,
                "fill": "toself",
                "fillcolor": colour,
                # A stretch of one value has no breadth: its edge shows as a stroke from end to end.
                "line": {"color": colour, "width": 6 if end - begin == 1 else 0},
                "hoverinfo": "skip",
                "showlegend": not pieces,
                "legendgroup": name,
            }
        )
    return pieces


def _stretches(lows: Sequence[float | None], highs: Sequence[float | None]) -> Iterable[tuple[int, int]]:
    begin: int | None = None
    for place, ends in enumerate([*zip(lows, highs, strict=True), (None, None)]):
        is_known = None not in ends
        if is_known and begin is None:
            begin = place
        if not is_known and begin is not None:
            yield begin, place
            begin = None


def pinned(
    picture: dict[str, Any], changes: Iterable[Change], shown: Sequence[Bucket]
) -> tuple[dict[str, Any], tuple[tuple[str, Change], ...]]:
    """Put the changes that lie within the chart onto it as numbered lines; their words stand below it."""
    inside = sorted(
        (each for each in changes if shown and shown[0].since <= each.on < shown[-1].until), key=lambda each: each.on
    )
    pins = tuple((str(number), change) for number, change in enumerate(inside, start=1))
    shapes = [
        {
            "type": "line",
            "x0": change.on,
            "x1": change.on,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": MUTED, "width": 1, "dash": "dot"},
        }
        for _, change in pins
    ]
    marks = [
        {
            "x": change.on,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "text": number,
            "hovertext": text(change.text),
            "showarrow": False,
            "font": {"color": INK},
        }
        for number, change in pins
    ]
    whole = {
        **picture,
        "shapes": [*picture.get("shapes", []), *shapes],
        "annotations": [*picture.get("annotations", []), *marks],
    }
    return whole, pins


def stretch_words(buckets: Sequence[Bucket], voice: Voice = PLAIN, *, is_end: bool = False) -> str:
    """Return what a step of the axis is: a week, or four where the period is long; `is_end` speaks of ended needs.

    >>> stretch_words([Bucket(date(2026, 3, 2), date(2026, 3, 9))])
    'Week'
    """
    _ = voice.gettext
    if max((bucket.n_days for bucket in buckets), default=0) <= 7:
        return _("Week in which the need ended") if is_end else _("Week")
    return _("Four weeks in which the need ended") if is_end else _("Four weeks")


def step_words(buckets: Sequence[Bucket], voice: Voice = PLAIN) -> str:
    """Return what a step of the axis is where it may be a day, a week or a month.

    >>> step_words([Bucket(date(2026, 3, 2), date(2026, 3, 3))])
    'Day'
    """
    _ = voice.gettext
    longest = max((bucket.n_days for bucket in buckets), default=0)
    return _("Day") if longest <= 1 else _("Week") if longest <= 7 else _("Month")


def columns(*named: tuple[str, Kind]) -> tuple[Column, ...]:
    return tuple(Column(label, kind) for label, kind in named)
