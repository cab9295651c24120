"""`dity measure suppress`: which rows of a table of counts to hide, from a file alone (METRICS 10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from surveys.csvfile import BadFile, Row, read_csv
from surveys.privacy.suppression import LEAST, Suppression, suppress

SHEETS = "n"


@dataclass(frozen=True)
class Breakdown:
    """One table of counts: by column, by group."""

    name: str | None
    columns: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.columns[SHEETS])


@dataclass(frozen=True)
class Judged:
    """One table with what of it is hidden."""

    breakdown: Breakdown
    suppression: Suppression

    @property
    def is_total_hidden(self) -> bool:
        return SHEETS in self.suppression.columns

    def shown(self, column: str, group: str) -> int | None:
        """Return a count, None where it is hidden."""
        hidden = self.suppression
        if self.is_total_hidden or column in hidden.columns or group in hidden.rows:
            return None
        return self.breakdown.columns[column][group]

    def total(self, column: str) -> int | None:
        if self.is_total_hidden or column in self.suppression.columns:
            return None
        return sum(self.breakdown.columns[column].values())

    @property
    def hidden(self) -> tuple[str, ...]:
        """The groups to hide, by name; where there are too few in all, every group that has any."""
        if self.is_total_hidden:
            counts = self.breakdown.columns[SHEETS]
            return tuple(sorted(group for group, n in counts.items() if n))
        return tuple(sorted(self.suppression.rows))


def read_groups(lines: Iterable[str]) -> tuple[Breakdown, ...]:
    """Read `group,n`, optional `breakdown`, and further columns of counts; raises `BadFile`.

    >>> [table.columns for table in read_groups(["group,n", "HR,4", "IT,12"])]
    [{'n': {'HR': 4, 'IT': 12}}]
    """
    header, rows = read_csv(lines, needed=("group", SHEETS))
    counted = [SHEETS, *(name for name in header if name not in ("group", "breakdown", SHEETS))]
    found: dict[str | None, Breakdown] = {}
    for row in rows:
        name = row["breakdown"] if "breakdown" in header else None
        table = found.setdefault(name, Breakdown(name, {column: {} for column in counted}))
        group = row["group"]
        if group in table.columns[SHEETS]:
            raise BadFile(f"{group!r} stands here for the second time", line=row.line, column="group")
        for column in counted:
            table.columns[column][group] = _count(row, column, most=table.columns[SHEETS].get(group))
    return tuple(found.values())


def _count(row: Row, column: str, *, most: int | None) -> int:
    text = row[column]
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadFile(f"{text!r} is no whole number of people", line=row.line, column=column)
    if most is not None and int(text) > most:
        raise BadFile(f"{text} of {most} people cannot have answered", line=row.line, column=column)
    return int(text)


def judge(tables: Iterable[Breakdown], *, least: int = LEAST) -> tuple[Judged, ...]:
    """Judge each table by itself."""
    return tuple(Judged(table, suppress(table.columns, least=least)) for table in tables)


def as_object(judged: tuple[Judged, ...], *, least: int) -> dict[str, Any]:
    """Return what `--json` prints: one table as it is, several (a column `breakdown`) in a list."""
    if len(judged) == 1 and judged[0].breakdown.name is None:
        return {"min": least, **_table(judged[0])}
    return {"min": least, "tables": [{"breakdown": each.breakdown.name, **_table(each)} for each in judged]}


def _table(judged: Judged) -> dict[str, Any]:
    columns = list(judged.breakdown.columns)
    return {
        "hidden": list(judged.hidden),
        "total_hidden": judged.is_total_hidden,
        "columns_hidden": sorted(judged.suppression.columns),
        "total": _counts({column: judged.total(column) for column in columns}),
        "groups": [
            {"group": group, "state": _state(judged, group)}
            | _counts({column: judged.shown(column, group) for column in columns})
            for group in judged.breakdown.groups
        ],
    }


def _counts(counts: dict[str, int | None]) -> dict[str, Any]:
    further = {column: n for column, n in counts.items() if column != SHEETS}
    return {SHEETS: counts[SHEETS]} | ({"columns": further} if further else {})


def _state(judged: Judged, group: str) -> str:
    if group in judged.hidden:
        return "hidden"
    return "shown" if judged.breakdown.columns[SHEETS][group] else "no answers"


def as_lines(judged: tuple[Judged, ...]) -> Iterator[str]:
    """Give the table that people read."""
    for place, each in enumerate(judged):
        if place:
            yield ""
        if each.breakdown.name is not None:
            yield f"{each.breakdown.name or 'breakdown not stated'}:"
        columns = list(each.breakdown.columns)
        wide = max([len("everyone"), *(len(_named(group)) for group in each.breakdown.groups)])
        yield _line("group", columns, wide, columns)
        for group in each.breakdown.groups:
            state = _state(each, group)
            told = [_told(each.shown(column, group)) if state == "shown" else "" for column in columns]
            yield _line(_named(group), [state, *told[1:]] if state != "shown" else told, wide, columns)
        yield _line("everyone", [_told(each.total(column)) for column in columns], wide, columns)
        yield f"hidden: {', '.join(map(_named, each.hidden)) or 'none'}"


def _line(name: str, values: list[str], wide: int, columns: list[str]) -> str:
    widths = [max(10, len(column)) for column in columns]
    cells = (f"{value:>{width}}" for value, width in zip(values, widths, strict=True))
    return f"{name:<{wide}}  {'  '.join(cells)}".rstrip()


def _named(group: str) -> str:
    return group or "not stated"


def _told(n: int | None) -> str:
    return "hidden" if n is None else str(n)
