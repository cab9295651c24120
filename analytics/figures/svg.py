"""A figure drawn as SVG: no script, no style of its own, so that it prints, opens offline and obeys the strictest page.

It reads the same dicts that Plotly would (bars and lines, bands, named points, straight marks, short notes; dates,
numbers or words along the foot) and knows no more of that schema than this package writes. Colours are class names:
what a class looks like is the page's business, light or dark (`CLASSES`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from itertools import pairwise
from typing import Any

from analytics.figures import drawing, naming
from analytics.figures.drawing import Figure, Pair
from analytics.figures.scales import short, stretches, ticks
from analytics.saying import PLAIN, Voice

WIDTH, HEIGHT = 960, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 28, 26, 46
CLASSES: Mapping[str, str] = {
    pair.light: name
    for name, pair in (
        ("ink", drawing.INK),
        ("muted", drawing.MUTED),
        ("line", drawing.LINE),
        ("paper", drawing.PAPER),
        ("brand", drawing.BRAND),
        ("accent", drawing.ACCENT),
        ("averted", drawing.AVERTED),
        ("presumed", drawing.PRESUMED),
        ("failed", drawing.FAILED),
        ("abandoned", drawing.ABANDONED),
        ("escalated", drawing.ESCALATED),
    )
}
"""How the page knows each colour: `fig-brand` and so on. Confirmed is the brand's."""
MOST_LABELS = 8
PINS = 14
"""What numbers and words above the picture take, so that they stay clear of the axis' title."""
ROOM = 12
"""How far a name may stand above the highest place of the picture."""
DASHES = {"dot": "2 4", "dash": "6 4"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend."""

    name: str
    colour: str
    is_hatched: bool = False


def short_day(day: date) -> str:
    """Write a day as axes need it."""
    return f"{day.day} {day:%b}"


def legend(figure: Figure) -> list[Entry]:
    """Return what the colours stand for, in the order in which they were drawn; nothing where there is one thing."""
    if not figure.layout.get("showlegend"):
        return []
    return [
        Entry(str(trace["name"]), _colour(trace), bool(trace.get("marker", {}).get("pattern", {}).get("shape")))
        for trace in figure.data
        if trace.get("showlegend", True)
    ]


def draw(figure: Figure, *, voice: Voice = PLAIN, day: Callable[[date], str] = short_day, name: str = "figure") -> str:
    """Draw a figure; `name` keeps its parts apart from those of others on the page."""
    return _Drawing(figure, voice, day, name).svg()


def _colour(trace: Mapping[str, Any]) -> str:
    colour = trace.get("fillcolor") or trace.get("marker", {}).get("color") or trace["line"]["color"]
    return _class(colour[0] if isinstance(colour, list) else colour)


def _class(colour: Pair) -> str:
    faded = {0.12: "-12", 0.16: "-16", 0.18: "-18", 0.22: "-22"}.get(colour.strength, "")
    return f"{CLASSES[colour.light]}{faded}"


class _Drawing:
    """One figure on its way to SVG."""

    def __init__(self, figure: Figure, voice: Voice, day: Callable[[date], str], name: str) -> None:
        self.figure, self.voice, self.day, self.name = figure, voice, day, name
        self.is_stacked = figure.layout.get("barmode") == "stack"
        self.xs = [x for trace in figure.data for x in trace["x"] if x is not None]
        self.is_date = bool(self.xs) and isinstance(self.xs[0], date)
        is_above = any(note.get("xref") != "paper" for note in figure.layout.get("annotations", []))
        self.top = TOP + (PINS if is_above else 0)
        self.words = list(dict.fromkeys(x for x in self.xs if isinstance(x, str)))
        places = sorted({self._place(x) for x in self.xs})
        self.gap = min((b - a for a, b in pairwise(places)), default=1.0) or 1.0
        half = self.gap / 2 if any(trace["type"] == "bar" for trace in figure.data) else 0.0
        self.low_x = (places[0] if places else 0.0) - half
        self.high_x = (places[-1] if places else 1.0) + half
        if self.high_x <= self.low_x:
            self.low_x, self.high_x = self.low_x - 0.5, self.high_x + 0.5
        below, top = self._bottom(), self._top()
        self.ticks = ticks(top, below)
        self.high_y = max(self.ticks[-1], top)
        self.low_y = min(self.ticks[0], below)

    def _place(self, x: Any) -> float:
        if isinstance(x, str):
            return float(self.words.index(x))
        return float(x.toordinal()) if isinstance(x, date) else float(x)

    def _bottom(self) -> float:
        """Return the lowest value, nought at most: what falls has to be seen below the line of nought."""
        lowest = [float(y) for trace in self.figure.data for y in trace["y"] if y is not None]
        return min([0.0, *lowest])

    def _top(self) -> float:
        given = self.figure.layout["yaxis"].get("range")
        if given:
            return float(given[1])
        stacks: dict[float, float] = {}
        most = 0.0
        for trace in self.figure.data:
            for x, y in zip(trace["x"], trace["y"], strict=True):
                if y is None:
                    continue
                if trace["type"] == "bar" and self.is_stacked:
                    place = self._place(x)
                    stacks[place] = stacks.get(place, 0.0) + y
                most = max(most, float(y))
        marks = [shape["y0"] for shape in self.figure.layout.get("shapes", []) if shape.get("xref") == "paper"]
        return max([most, *stacks.values(), *marks]) or 1.0

    def x(self, value: Any) -> float:
        return LEFT + (self._place(value) - self.low_x) / (self.high_x - self.low_x) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.low_y) / (self.high_y - self.low_y) * (HEIGHT - self.top - BOTTOM)

    def svg(self) -> str:
        label = escape(self.figure.title)
        parts = [
            f'<svg class="fig" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">',
            f'<defs><pattern id="{self.name}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><path class="fig-hatch" d="M0 0V7"/></pattern></defs>',
            *self._axes(),
            *self._bars(),
            *(part for trace in self.figure.data if trace["type"] == "scatter" for part in self._line(trace)),
            *self._marks(),
            "</svg>",
        ]
        return "".join(parts)

    def _axes(self) -> Iterable[str]:
        is_share = "%" in str(self.figure.layout["yaxis"].get("tickformat", ""))
        for tick in self.ticks:
            at = short(self.y(tick))
            decimals = 0 if self.ticks[-1] >= (0.05 if is_share else 5) else 2
            words = self.voice.percent(tick, decimals) if is_share else self.voice.number(tick, decimals)
            yield f'<path class="fig-grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>'
            yield f'<text class="fig-tick" x="{LEFT - 8}" y="{at}" dy="4" text-anchor="end">{escape(words)}</text>'
        for x in self._labelled():
            words = self._said(x) if isinstance(x, date | str) else self.voice.number(x, 0 if x.is_integer() else 1)
            at, below = short(self.x(x)), HEIGHT - BOTTOM + 18
            yield f'<text class="fig-tick" x="{at}" y="{below}" text-anchor="middle">{escape(words)}</text>'
        middle = (LEFT + WIDTH - RIGHT) / 2
        title = escape(str(self.figure.layout["xaxis"]["title"]["text"]))
        yield f'<text class="fig-axis" x="{short(middle)}" y="{HEIGHT - 6}" text-anchor="middle">{title}</text>'
        title = escape(str(self.figure.layout["yaxis"]["title"]["text"]))
        yield f'<text class="fig-axis" x="0" y="10">{title}</text>'

    def _labelled(self) -> list[Any]:
        """Choose so many places of the axis that their words do not touch."""
        if self.words:
            return self.words
        if not self.is_date:
            is_whole = all(float(x).is_integer() for x in self.xs)
            inside = [tick for tick in ticks(self.high_x, min(self.low_x, 0.0)) if self.low_x <= tick <= self.high_x]
            return [tick for tick in inside if tick.is_integer() or not is_whole]
        places = sorted(set(self.xs))
        step = -(-len(places) // MOST_LABELS)
        return places[::step] if step else []

    def _bars(self) -> Iterable[str]:
        base: dict[float, float] = {}
        for trace in self.figure.data:
            if trace["type"] != "bar":
                continue
            widths, marker = trace.get("width"), trace["marker"]
            for place, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True)):
                if not y:
                    continue
                at = self._place(x)
                width = (widths[place] if widths else self.gap * 0.82) / (self.high_x - self.low_x)
                width *= WIDTH - LEFT - RIGHT
                below = base.get(at, 0.0) if self.is_stacked else 0.0
                base[at] = below + y
                foot, top = self.y(min(below, below + y)), self.y(max(below, below + y))
                colour = marker["color"][place] if isinstance(marker["color"], list) else marker["color"]
                box = (
                    f'x="{short(self.x(x) - width / 2)}" y="{short(top)}" '
                    f'width="{short(width)}" height="{short(max(foot - top, 0.5))}"'
                )
                words = f"{self._said(x)}: {trace.get('name', '')} {self.voice.number(float(y), 0)}"
                yield f'<rect class="fig-bar fig-{_class(colour)}" {box}><title>{escape(words)}</title></rect>'
                if marker.get("pattern", {}).get("shape"):
                    yield f'<rect class="fig-hatched" {box} fill="url(#{self.name}-hatch)"/>'

    def _said(self, x: Any) -> str:
        if isinstance(x, str):
            return x
        return self.day(x) if isinstance(x, date) else self.voice.number(float(x), 1)

    def _line(self, trace: Mapping[str, Any]) -> Iterable[str]:
        points = list(zip(trace["x"], trace["y"], strict=True))
        if trace.get("fill") == "toself":
            path = "L".join(f"{short(self.x(x))} {short(self.y(y))}" for x, y in points)
            is_stroke = bool(trace["line"].get("width"))
            kind = "fig-band-stroke" if is_stroke else "fig-band"
            yield f'<path class="{kind} fig-{_class(trace["fillcolor"])}" d="M{path}Z"/>'
            return
        if "lines" not in trace.get("mode", "lines"):
            yield from self._points(trace)
            return
        name = _class(trace["line"]["color"])
        dash = DASHES.get(trace["line"].get("dash", ""), "")
        drawn = f' stroke-dasharray="{dash}"' if dash else ""
        for stretch in stretches(points):
            path = "L".join(f"{short(self.x(x))} {short(self.y(y))}" for x, y in stretch)
            yield f'<path class="fig-line fig-{name}" d="M{path}"{drawn}/>'
        if "markers" in trace.get("mode", "lines"):
            for x, y in points:
                if y is not None:
                    words = f"{self._said(x)}: {trace.get('name', '')} {self._told(y)}"
                    yield (
                        f'<circle class="fig-dot fig-{name}" cx="{short(self.x(x))}" cy="{short(self.y(y))}" '
                        f'r="3.5"><title>{escape(words)}</title></circle>'
                    )

    def _points(self, trace: Mapping[str, Any]) -> Iterable[str]:
        """Draw points that are no line, each with its name; what stands out has another shape as well."""
        if trace["mode"] == "text":
            for x, y, words in zip(trace["x"], trace["y"], trace["text"], strict=True):
                at = f'x="{short(self.x(x))}" y="{short(self.y(y))}" dy="4" text-anchor="middle"'
                yield f'<text class="fig-axis" {at}>{escape(unescape(words))}</text>'
            return
        marker, n = trace["marker"], len(trace["x"])
        colours = marker["color"] if isinstance(marker["color"], list) else [marker["color"]] * n
        symbols = marker["symbol"] if isinstance(marker.get("symbol"), list) else ["circle"] * n
        names = [unescape(name) for name in trace.get("text") or [""] * n]
        rows = [row for row in zip(trace["x"], trace["y"], names, colours, symbols, strict=True) if row[1] is not None]
        yield from self._names([naming.Point(x=self.x(x), y=self.y(y), name=name) for x, y, name, *_ in rows if name])
        for x, y, name, colour, symbol in rows:
            across, up = self.x(x), self.y(y)
            tip = f"<title>{escape(f'{name}: {self._told(y)}'.removeprefix(': '))}</title>"
            if symbol == "diamond":
                d = f"M{short(across)} {short(up - 7)}l7 7l-7 7l-7 -7Z"
                yield f'<path class="fig-dot fig-{_class(colour)}" d="{d}">{tip}</path>'
            else:
                at = f'cx="{short(across)}" cy="{short(up)}"'
                yield f'<circle class="fig-dot fig-{_class(colour)}" {at} r="4.5">{tip}</circle>'

    def _names(self, points: list[naming.Point]) -> Iterable[str]:
        """Write the names of points, each beside its own, with a line to it where there is no room near it."""
        points.sort(key=lambda point: (point.x, point.y, point.name))
        within = naming.Box(LEFT, self.top - ROOM, WIDTH, HEIGHT - BOTTOM - 2)
        for point, name in zip(points, naming.place(points, within=within, taken=self._taken()), strict=True):
            at = f'x="{short(name.x)}" y="{short(name.y)}" dy="4" text-anchor="{name.anchor}"'
            if name.lead:
                d = f"M{short(point.x)} {short(point.y)}L{short(name.lead[0])} {short(name.lead[1])}"
                yield f'<path class="fig-lead" d="{d}"/>'
            yield f'<text class="fig-tick" {at}>{escape(point.name)}</text>'

    def _taken(self) -> Iterable[naming.Box]:
        """Return the room that is taken by the picture's own words, and by lines straight across or up."""
        for trace in self.figure.data:
            places = [(self.x(x), self.y(y)) for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
            if trace.get("mode") == "text":
                for (across, up), words in zip(places, trace["text"], strict=True):
                    yield naming.written(unescape(words), across, up, "middle")
            elif trace.get("mode") == "lines":
                for (x, y), (other_x, other_y) in pairwise(places):
                    if x == other_x or y == other_y:
                        yield naming.Box(
                            min(x, other_x) - 1, min(y, other_y) - 1, max(x, other_x) + 1, max(y, other_y) + 1
                        )

    def _told(self, y: float) -> str:
        is_share = "%" in str(self.figure.layout["yaxis"].get("tickformat", ""))
        return self.voice.percent(y) if is_share else self.voice.number(float(y), 1)

    def _marks(self) -> Iterable[str]:
        layout = self.figure.layout
        for shape in layout.get("shapes", []):
            if shape.get("xref") == "paper":
                at = short(self.y(shape["y0"]))
                path = f"M{LEFT} {at}H{WIDTH - RIGHT}"
            else:
                at = short(min(max(self.x(shape["x0"]), LEFT), WIDTH - RIGHT))
                path = f"M{at} {self.top - 6}V{HEIGHT - BOTTOM}"
            dash = DASHES.get(shape["line"].get("dash", ""), "")
            yield f'<path class="fig-mark fig-{_class(shape["line"]["color"])}" d="{path}" stroke-dasharray="{dash}"/>'
        for note in layout.get("annotations", []):
            if note.get("xref") == "paper":
                beside = 15 if note.get("yanchor") == "top" else -6
                x, y, anchor = float(WIDTH - RIGHT), self.y(note["y"]) + beside, "end"
            else:
                x, y, anchor = min(max(self.x(note["x"]), LEFT), WIDTH - RIGHT), float(self.top - 9), "middle"
            words = escape(unescape(str(note["text"])))
            tip = f"<title>{escape(unescape(note['hovertext']))}</title>" if note.get("hovertext") else ""
            yield (
                f'<text class="fig-note fig-{_class(note["font"]["color"])}" x="{short(x)}" y="{short(y)}" '
                f'text-anchor="{anchor}">{words}{tip}</text>'
            )
