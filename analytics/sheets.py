"""Tables somebody saved from a spreadsheet, as the calculators of `dity measure` read them (METRICS 10).

UTF-8 (with or without its mark), commas, quotes as in RFC 4180, a header row, columns in any order. Columns nobody
knows are named and left out. A bad value stops the reading with its line (the header is line 1) and column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

LARGEST = 1e100


class BadValue(ValueError):
    """A line that cannot be read, with the line's number and, where it is one, the column."""

    def __init__(self, line: int, column: str | None, trouble: str) -> None:
        self.line, self.column, self.trouble = line, column, trouble
        super().__init__(f"line {line}" + (f", column {column}: {trouble}" if column else f": {trouble}"))


@dataclass(frozen=True)
class Row:
    """One line with what stands in its columns; spaces around a value do not count."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return what must not be empty."""
        if not (found := self.cells.get(column, "")):
            raise BadValue(self.line, column, "is empty")
        return found

    def whole(self, column: str) -> int:
        found = self.text(column)
        try:
            if not found.isascii() or "_" in found:
                raise ValueError
            return int(found)
        except ValueError:
            raise BadValue(self.line, column, f"{found!r} is no whole number") from None

    def number(self, column: str) -> float:
        found = self.text(column)
        try:
            value = float(found) if found.isascii() and "_" not in found else float("nan")
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise BadValue(self.line, column, f"{found!r} is no number such as 12.5")
        if abs(value) > LARGEST:
            raise BadValue(self.line, column, f"{found!r} is too large to reckon with")
        return value


@dataclass(frozen=True)
class Sheet:
    """A table that was read whole."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]
    """Columns nobody knows."""


def read(content: bytes, *, needed: Collection[str], known: Collection[str] = ()) -> Sheet:
    """Read a table that has these columns at least; raises BadValue.

    >>> sheet = read(b"value,department,mood\\r\\n12.5,HR,fine\\r\\n", needed=("department", "value"))
    >>> sheet.rows[0].number("value"), sheet.unknown
    (12.5, ('mood',))
    """
    lines = _lines(content)
    _, header = next(lines, (1, []))
    names = [name.strip() for name in header]
    if lacking := [name for name in needed if name not in names]:
        raise BadValue(1, None, f"there is no column {lacking[0]}")
    if twice := [name for name in names if names.count(name) > 1]:
        raise BadValue(1, twice[0], "is there twice")
    rows = []
    for number, cells in lines:
        if len(cells) != len(names):
            raise BadValue(number, None, f"has {len(cells)} values, the header {len(names)}")
        rows.append(Row(number, dict(zip(names, (cell.strip() for cell in cells), strict=True))))
    return Sheet(tuple(rows), tuple(name for name in names if name not in {*needed, *known}))


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give the lines with the number of their first one, empty ones left out: values in quotes may hold line ends."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise BadValue(content.count(b"\n", 0, trouble.start) + 1, None, "is not UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            raise BadValue(number, None, f"is no line of a table ({trouble})") from None
        if cells:
            yield number, cells
        number = reader.line_num + 1
