"""Tables for importers: read with words for what is wrong, and turned into rows of fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from portal.core import sheets
from portal.core.importing import Given, Row, Unusable

MOST_BYTES = 50_000_000
MOST_ROWS = 200_000


def read(path: Path) -> sheets.Sheet:
    """Read a table; refuses (Unusable) in words."""
    if path.is_dir() or path.stat().st_size > MOST_BYTES:
        raise Unusable(_("This is no table, or it is larger than %(n)s MB.", n=MOST_BYTES // 1_000_000))
    try:
        return sheets.read(path.read_bytes(), most=MOST_ROWS)
    except sheets.NotATable as trouble:
        raise Unusable(_("This is no table with headings in its first line (%(why)s).", why=trouble)) from trouble


@contextmanager
def rows(path: Path, given: Given) -> Iterator[Sequence[Row]]:
    """Give the lines of a table as rows of fields, by the mapping that was chosen."""
    sheet = read(path)
    fields = [given.columns.get(heading, "") for heading in sheet.headings]
    yield [_row(line, fields) for line in sheet.lines]


def _row(line: sheets.Line, fields: Sequence[str]) -> Row:
    if len(line.cells) > len(fields) and any(cell.strip() for cell in line.cells[len(fields) :]):
        return Row(line=line.number, problem=_("The line has more cells than there are headings."))
    values = {field: cell.strip() for field, cell in zip(fields, line.cells, strict=False) if field}
    if any(len(cell) > sheets.LONGEST_CELL for cell in values.values()):
        return Row(line=line.number, problem=_("A cell is far too long; a quotation mark may be missing."))
    title = values.get("email") or next((cell for cell in line.cells if cell.strip()), "")
    return Row(line=line.number, values=values, title=title[:120])
