"""Tables for importers: read with words for what is wrong, and turned into rows of fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import sheets
from portal.core.importing import Given, Row, Unusable

MOST_BYTES = 50_000_000
MOST_ROWS = 200_000

_WHY = {
    "binary": _l("This is no table but something else, such as a workbook. Save it as CSV first."),
    "long": _l("The table has more than %(n)s lines. Bring it in two parts."),
    "line": _l("Line %(n)s cannot be read as part of a table. Is a quotation mark missing there?"),
    "headings": _l("The first line must hold the names of the columns, such as “Name” and “Mail address”."),
}


def read(path: Path) -> sheets.Sheet:
    """Read a table; refuses (Unusable) in words."""
    if path.is_dir() or path.stat().st_size > MOST_BYTES:
        raise Unusable(_("This is no table, or it is larger than %(n)s MB.", n=MOST_BYTES // 1_000_000))
    try:
        return sheets.read(path.read_bytes(), most=MOST_ROWS)
    except sheets.NotATable as trouble:
        raise Unusable(_WHY.get(trouble.reason, _WHY["line"]) % {"n": trouble.n or MOST_ROWS}) from trouble


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
