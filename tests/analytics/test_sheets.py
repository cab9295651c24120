"""Tables from spreadsheets, read whole or not at all (METRICS 10)."""

from __future__ import annotations

import pytest

from analytics.sheets import BadValue, Row, read


def rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in read(content, needed=("a", "b")).rows]


def test_the_mark_of_utf8_quotes_spaces_and_the_order_of_columns_do_not_matter() -> None:
    assert rows('\ufeffb, a\r\n"1,5",  ä \r\n'.encode()) == [(2, {"a": "ä", "b": "1,5"})]


def test_a_line_keeps_its_number_after_empty_ones_and_after_line_ends_in_quotes() -> None:
    assert [line for line, _ in rows(b'a,b\n\n"one\ntwo",2\n3,4\n')] == [3, 5]


def test_columns_nobody_knows_are_named_and_those_that_may_be_there_are_not() -> None:
    assert read(b"a,b,c,d\n1,2,3,4\n", needed=("a", "b"), known=("c",)).unknown == ("d",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: there is no column a"),
        (b"a\n1\n", "line 1: there is no column b"),
        (b"a,b,a\n1,2,3\n", "line 1, column a: is there twice"),
        (b"a,b\n1,2\n1,2,3\n", "line 3: has 3 values, the header 2"),
        (b"a,b\n1,2\n\xff,2\n", "line 3: is not UTF-8"),
        (b'a,b\n1,"2\n', "line 2: is no line of a table"),
        (b'a,b\n1,"2"x\n', "line 2: is no line of a table"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(content: bytes, said: str) -> None:
    with pytest.raises(BadValue) as caught:
        rows(content)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("text", ["", "x", "1,5", "1_000", "nan", "inf", "1e999", "1e200", "٣", "0x10"])
def test_only_plain_numbers_are_numbers(text: str) -> None:
    with pytest.raises(BadValue, match="line 7, column a"):
        Row(7, {"a": text}).number("a")


@pytest.mark.parametrize("text", ["", "1.0", "1e3", "1_0", "٣", "9" * 5000])
def test_only_plain_whole_numbers_are_whole(text: str) -> None:
    with pytest.raises(BadValue, match="line 7, column a"):
        Row(7, {"a": text}).whole("a")


def test_signs_and_exponents_are_read() -> None:
    assert (Row(2, {"a": "-1.5e2"}).number("a"), Row(2, {"a": "+7"}).whole("a")) == (-150, 7)
