"""The letter that stands in for a door: nothing is lost on the way, and no text breaks out of it."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from portal.home import doors


def test_a_letter_carries_the_words_and_says_who_writes(app: object) -> None:
    assert doors.letter("vpn drops", [], name="Ana Ruiz") == "vpn drops\n\nAna Ruiz"


def test_a_mail_link_is_read_back_as_it_was_meant() -> None:
    words = "Ä & b? c=d #e\r\nBcc: x@example.org"
    link = doors.mail_to("desk@ostreyvale.example", words=doors.clean(words), text="First\n\nÄ & b = c?")
    parts = urlsplit(link)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "desk@ostreyvale.example")
    said = parse_qs(parts.query, strict_parsing=True)
    assert said == {"subject": ["Ä & b? c=d #e Bcc: x@example.org"], "body": ["First\r\n\r\nÄ & b = c?"]}


def test_an_address_cannot_bring_fields_of_its_own() -> None:
    assert "?bcc" not in doors.mail_to("desk@ostreyvale.example?bcc=x@example.org", words="w", text="t").lower()


@pytest.mark.parametrize(("typed", "shown"), [("  a \t b\n", "a b"), ("a\x00b", "a b"), ("x" * 999, "x" * 300)])
def test_words_are_kept_on_one_line_of_bearable_length(typed: str, shown: str) -> None:
    assert doors.clean(typed) == shown


@pytest.mark.parametrize(
    ("words", "looser"),
    [
        ("flange sheet template", "flange template"),
        ("why can I not print from home", "print home"),
        ("calendar not syncing on phone since the update", "calendar syncing update"),
        ("vpn", ""),
        ("", ""),
    ],
)
def test_a_looser_search_keeps_the_telling_words(words: str, looser: str) -> None:
    assert doors.looser(words) == looser


def test_a_number_is_dialled_without_its_decoration() -> None:
    assert doors.call("+44 20 1234-4400") == "tel:+442012344400"
