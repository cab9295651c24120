from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import sheets

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '"=1',
    ";=1",
    ", =1",
    "'=1",
    " =1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    written = "".join(sheets.write(["a"], [[text]]))
    ((_heading,), (cell,)) = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert cell == f"'{text}"
    assert all(line.startswith('"') for line in written.removeprefix("\ufeff").split("\r\n")[:1])


TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=30)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_what_goes_out_comes_in_as_it_was(rows: list[tuple[str, str]]) -> None:
    written = "".join(sheets.write(["one", "two"], rows)).encode()
    read = sheets.read(written, most=10)
    assert read.headings == ("one", "two")
    assert [line.cells for line in read.lines] == [row for row in rows if any(cell.strip() for cell in row)]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(encoding: str, name: str, delimiter: str) -> None:
    text = f'Name{delimiter}"Mail, work"\nJosé Peña{delimiter}"a\nb"\n\nÀ{delimiter}z\n'
    found = sheets.read(text.encode(encoding), most=10)
    assert (found.encoding, found.delimiter) == (name, delimiter)
    assert found.headings == ("Name", "Mail, work")
    assert [(line.number, line.cells) for line in found.lines] == [(2, ("José Peña", "a\nb")), (5, ("À", "z"))]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b\0\n1,2\n" * 3, b"a\n" * 30, b"a," * 200])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(sheets.NotATable):
        sheets.read(content, most=20)
