"""Files of the calculators: CSV with a header, refused with line and column, never half read (METRICS 10)."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


class BadFile(ValueError):
    """A file that cannot be used, with the line (the header is line 1) and the column that show it."""

    def __init__(self, trouble: str, *, line: int, column: str | None = None) -> None:
        self.trouble, self.line, self.column = trouble, line, column
        super().__init__(f"line {line}{f', column {column}' if column else ''}: {trouble}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, by column; blanks around a value do not count."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_csv(lines: Iterable[str], *, needed: Collection[str]) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns and the rows; blank lines are skipped, a byte order mark is put up with.

    A line of nothing but commas is a row: somebody handed in an empty sheet.

    >>> header, rows = read_csv(["group,n", '"Sales, North",7'], needed=["n"])
    >>> header, rows[0].line, rows[0]["group"]
    (('group', 'n'), 2, 'Sales, North')
    """
    reader = csv.reader(lines, strict=True)
    start = 1
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not header:
                header = _header(cells, needed)
            elif len(cells) > 1 or any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    raise BadFile(f"{len(cells)} values stand under {len(header)} columns", line=line)
                rows.append(Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as trouble:
        raise BadFile(f"this is no CSV: {trouble}", line=start) from None
    if not header:
        raise BadFile("the file is empty", line=1)
    return header, rows


def _header(cells: list[str], needed: Collection[str]) -> tuple[str, ...]:
    names = tuple(cell.removeprefix("\ufeff").strip() for cell in cells)
    for name in needed:
        if name not in names:
            raise BadFile(f"the column {name!r} is missing", line=1, column=name)
    for name in names:
        if names.count(name) > 1:
            raise BadFile("the column is there twice", line=1, column=name)
    return names
