"""Tables as CSV: written so that no spreadsheet runs a cell, read whoever wrote them.

A cell that a spreadsheet would take for a formula gets an apostrophe before it; reading takes it off again, so that
what goes out comes in as it was (QUALITY S15).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

_FORMULA = re.compile(r"[\s\"';,|]*[=+\-@＝＋－＠]|[\t\r\n]")
_DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000
MOST_COLUMNS = 100


class NotATable(Exception):
    """The file is no table: `binary`, `long`, `headings`, or `line` with the number of the line."""

    def __init__(self, reason: str, n: int = 0) -> None:
        super().__init__(f"{reason} {n}" if n else reason)
        self.reason, self.n = reason, n


@dataclass(frozen=True)
class Line:
    """One row of a table, with the line of the file at which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table with its headings."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    delimiter: str
    encoding: str


def safe(cell: object) -> str:
    """Return the cell as text that no spreadsheet computes.

    >>> safe("=1+1"), safe("Ana"), safe("; =1")
    ("'=1+1", 'Ana', "'; =1")
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """Return the cell without the apostrophe that `safe` put before it.

    >>> plain("'=1+1"), plain("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def write(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the table line by line, every cell quoted; UTF-8 with a mark, so that spreadsheets know."""
    yield "\ufeff"
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in chain([headings], rows):
        writer.writerow([safe(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def read(content: bytes, *, most: int) -> Sheet:
    """Read a table whose encoding and delimiter are found out; empty lines are left out.

    Refuses (NotATable) what has no headings, is no text, or has more than `most` rows.
    """
    text, encoding = _decode(content)
    if "\0" in text:
        raise NotATable("binary")
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(Line(begins, tuple(plain(cell) for cell in cells)))
            begins = reader.line_num + 1
            if len(lines) > most + 1:
                raise NotATable("long")
    except csv.Error as trouble:
        raise NotATable("line", reader.line_num) from trouble
    if not lines or len(lines[0].cells) > MOST_COLUMNS:
        raise NotATable("headings")
    headings = tuple(" ".join(cell.split()) for cell in lines[0].cells)
    return Sheet(headings, tuple(lines[1:]), delimiter, encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """UTF-8 is certain when it fits; UTF-16 tells by its mark or its zeros; what is left is Windows' old encoding."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding.removesuffix("-sig")
    head = content[:400]
    if len(head) > 3 and head.count(b"\0") > len(head) // 4:
        encoding = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "windows-1252"


def _delimiter(text: str) -> str:
    """Return the delimiter that parts the first line most often, quoted cells apart."""
    first = re.sub(r'"[^"]*"', "", text.lstrip()[:LONGEST_CELL].splitlines()[0] if text.strip() else "")
    return max(_DELIMITERS, key=lambda mark: (first.count(mark), -_DELIMITERS.index(mark)))
