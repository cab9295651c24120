"""The file of `dity measure effect`, and what is told of it (METRICS 9, 10)."""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf
from typing import Any

from analytics import sheets
from analytics.effects.before import ByAge
from analytics.effects.groups import Cell
from analytics.effects.judging import Effect, Verdict
from analytics.effects.panel import BadPanel, Panel
from analytics.rates import Span
from analytics.sheets import BadValue

COLUMNS = ("department", "period", "value", "start")

SAID = {
    Verdict.DETECTED: "An effect in the direction that was meant.",
    Verdict.NOT_DETECTABLE: "No detectable effect.",
    Verdict.WRONG_WAY: "An effect against the direction that was meant.",
    Verdict.TOO_FEW: "No detectable effect: no order of so few departments could show one.",
    Verdict.APART_BEFORE: "No effect may be told: departments were drifting apart before they started.",
    Verdict.NOT_ESTIMABLE: "No effect can be told: nobody is under way, or nobody is left to compare with.",
}


def read_panel(content: bytes) -> tuple[Panel, tuple[str, ...]]:
    """Read a panel and the columns nobody knows; raises BadValue with line and column, BadPanel for the whole.

    >>> panel, _unknown = read_panel(b"department,period,value,start\\nA,1,4,2\\nA,2,5,2\\nB,1,4,\\nB,2,4,\\n")
    >>> panel.departments, panel.starts.tolist()
    (('A', 'B'), [1, -1])
    """
    sheet = sheets.read(content, needed=COLUMNS)
    values: dict[str, dict[int, float]] = {}
    starts: dict[str, int | None] = {}
    for row in sheet.rows:
        name, period = row.text("department"), row.whole("period")
        start = row.whole("start") if row.cells["start"] else None
        own = values.setdefault(name, {})
        if period in own:
            raise BadValue(row.line, "period", f"{name} has period {period} already")
        if starts.setdefault(name, start) != start:
            raise BadValue(row.line, "start", f"{name} starts in another period on another line")
        own[period] = row.number("value")
    if not values:
        raise BadPanel("there is no line but the header")
    return Panel.of(values, starts), sheet.unknown


def as_object(found: Effect) -> dict[str, Any]:
    """Tell everything, unrounded: counts, figures with their interval, then each cell."""
    panel = found.panel
    return {
        "counts": {
            "departments": len(panel.departments),
            "periods": len(panel.periods),
            "cells": len(found.cells),
            "not_estimable": len(found.not_estimable),
            "left_out": len(panel.left_out),
            "handouts": found.n_handouts,
            "handouts_tried": found.n_tried,
        },
        "verdict": found.verdict.value,
        "direction": found.direction.value,
        "randomised": found.is_randomised,
        "effect": _span(found.mean),
        "p": found.p,
        "placebo_rank": found.placebo_rank,
        "fixed_effects": found.fixed_effects,
        "by_age": [_by_age(each) for each in found.by_age],
        "before": {
            "trend": found.before.trend.value,
            "drift": found.before.drift,
            "share_as_far": found.before.share_as_far,
            "by_age": [_by_age(each) for each in found.before.by_age],
        },
        "cells": [{**_cell(panel, cell), "value": value} for cell, value in found.cells],
        "not_estimable": [_cell(panel, cell) for cell in found.not_estimable],
        "left_out": list(panel.left_out),
        "departments": {
            name: panel.periods[start] if start >= 0 else None
            for name, start in zip(panel.departments, panel.starts.tolist(), strict=True)
        },
    }


def as_lines(found: Effect) -> Iterator[str]:
    """Tell the same as a table for people, rounded."""
    panel = found.panel
    yield SAID[found.verdict]
    yield ""
    if found.mean is not None:
        yield f"{'effect':28}{found.mean.point:>10.4f}  [{_end(found.mean.low)}, {_end(found.mean.high)}]"
        called = "p" if found.is_randomised else "placebo rank"
        tried = found.n_handouts if found.n_tried == found.n_handouts else found.n_tried
        yield f"{called:28}{found.share_as_far:>10.4f}  of {tried} ways to hand the starts out"
    if found.fixed_effects is not None:
        yield f"{'regression (to compare)':28}{found.fixed_effects:>10.4f}  weighs early and late starts wrongly"
    for each in (*found.before.by_age, *found.by_age):
        yield f"{f'{each.age:+d} periods from the start':28}{each.value:>10.4f}  n {each.n}"
    yield f"{'before the starts':28}{found.before.trend.value.replace('_', ' '):>10}"
    yield ""
    yield f"{'start':>8}{'period':>8}{'effect':>12}  departments (controls)"
    for cell, value in found.cells:
        yield f"{_place(panel, cell)}{value:>12.4f}  {_names(panel, cell.members)} ({len(cell.controls)})"
    for cell in found.not_estimable:
        yield f"{_place(panel, cell)}{'-':>12}  {_names(panel, cell.members)}: not estimable, nobody to compare with"
    for name in panel.left_out:
        yield f"{name}: left out, under way in the first period"


def _span(found: Span | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    ends = {"low": found.low, "high": found.high}
    return {"value": found.point, **{name: None if isinf(end) else end for name, end in ends.items()}}


def _by_age(found: ByAge) -> dict[str, float]:
    return {"age": found.age, "value": found.value, "n": found.n}


def _cell(panel: Panel, cell: Cell) -> dict[str, Any]:
    return {
        "start": panel.periods[cell.start],
        "period": panel.periods[cell.period],
        "departments": [panel.departments[place] for place in cell.members],
        "controls": [panel.departments[place] for place in cell.controls],
    }


def _place(panel: Panel, cell: Cell) -> str:
    return f"{panel.periods[cell.start]:>8}{panel.periods[cell.period]:>8}"


def _names(panel: Panel, places: tuple[int, ...]) -> str:
    return ", ".join(panel.departments[place] for place in places)


def _end(value: float) -> str:
    return "no bound" if isinf(value) else f"{value:.4f}"
