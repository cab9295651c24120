"""The files of `dity measure pulse`: sheets and headcounts as CSV (METRICS 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.csvfile import BadFile, Row, read_csv
from surveys.groups import Headcount, named
from surveys.instrument import Instrument
from surveys.scoring import Sheet

MISSING = ("", "na")
UNIT, WAVE = "department", "wave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A file of sheets."""

    sheets: Mapping[str | None, tuple[Sheet, ...]]
    """By wave, in order of their labels; None where the file names none."""
    asked: Mapping[str | None, tuple[str, ...]]
    """Items of the file that anybody answered in that wave."""
    unknown: tuple[str, ...]
    """Columns left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A file of headcounts."""

    lines: Mapping[tuple[str, str | None], Headcount]
    """By unit and wave; None for every wave that has no line of its own."""
    unknown: tuple[str, ...]

    def of(self, wave: str | None) -> dict[str, Headcount]:
        """Return the headcounts that hold for a wave."""
        general = {unit: line for (unit, label), line in self.lines.items() if label is None}
        return general | {unit: line for (unit, label), line in self.lines.items() if label == wave}


def read_answers(lines: Iterable[str], instrument: Instrument) -> Answers:
    """Read a line a sheet: raw answers by item, department, and perhaps wave; raises `BadFile`.

    >>> from surveys.loading import load
    >>> found = read_answers(["AW1,AW3R,department", "5,na,HR"], load("pulse-1"))
    >>> found.sheets[None][0].answers, found.asked[None]
    ({'AW1': 5}, ('AW1',))
    """
    header, rows = read_csv(lines, needed=())
    items = [item.code for item in instrument.items if item.code in header]
    if not items:
        raise BadFile(f"no column is an item of {instrument.name}, such as {instrument.items[0].code}", line=1)
    if not rows:
        raise BadFile("there is no sheet in it", line=1)
    ticks = {str(point): point for point in range(instrument.scale.low, instrument.scale.high + 1)}
    found: dict[str | None, list[Sheet]] = {}
    for row in rows:
        wave = row[WAVE] if WAVE in header else None
        if wave == "":
            raise BadFile("no wave is named, though other lines name one", line=row.line, column=WAVE)
        answers = {code: tick for code in items if (tick := _tick(row, code, ticks)) is not None}
        sheet = Sheet(answers=answers, unit=row[UNIT] if UNIT in header else "")
        found.setdefault(wave, []).append(sheet)
    order = sorted(found, key=lambda wave: wave or "")
    return Answers(
        sheets={wave: tuple(found[wave]) for wave in order},
        asked={
            wave: tuple(code for code in items if any(code in sheet.answers for sheet in found[wave])) for wave in order
        },
        unknown=tuple(name for name in header if name not in {*items, UNIT, WAVE}),
    )


def _tick(row: Row, code: str, ticks: Mapping[str, int]) -> int | None:
    text = row[code]
    if text in MISSING:
        return None
    if text not in ticks:
        raise BadFile(f"{text!r} is no answer: {', '.join(ticks)}, na or empty", line=row.line, column=code)
    return ticks[text]


def read_roster(lines: Iterable[str]) -> Roster:
    """Read headcounts: department, eligible, delivered, and perhaps wave; raises `BadFile`.

    >>> read_roster(["department,eligible,delivered", "HR,40,38"]).of("2026-1")
    {'HR': Headcount(eligible=40, delivered=38)}
    """
    header, rows = read_csv(lines, needed=(UNIT, "eligible", "delivered"))
    found: dict[tuple[str, str | None], Headcount] = {}
    for row in rows:
        key = (named(row[UNIT]), (row[WAVE] or None) if WAVE in header else None)
        if key in found:
            raise BadFile(f"{row[UNIT]!r} stands here for the second time", line=row.line, column=UNIT)
        found[key] = Headcount(eligible=_count(row, "eligible"), delivered=_count(row, "delivered"))
    return Roster(lines=found, unknown=tuple(n for n in header if n not in {UNIT, WAVE, "eligible", "delivered"}))


def _count(row: Row, column: str) -> int:
    text = row[column]
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadFile(f"{text!r} is no whole number of people", line=row.line, column=column)
    return int(text)
