"""What a mail says, in its reader's language, as text and as HTML, and nothing else."""

from __future__ import annotations

import doctest
import re

import html5lib
import pytest
from flask import Flask

from portal.notifications import kinds, letters
from portal.notifications.kinds import Kind

HOSTILE = '<script>alert(1)</script> & "quotes" {{ 7 * 7 }} \r\nBcc: eve@evil.example'


def compose(key: str, **values: str) -> letters.Letter:
    given = {"who": "Dara Voss", "title": "Connect to the VPN", "name": "Ana", "words": "Try the other door."}
    given |= {"minutes": "30", "number": "17", "url": "http://127.0.0.1:8000/kb/vpn"}
    given |= dict.fromkeys(("closes_on", "sender", "why", "code", "address", "least", "is_last"), "this")
    return letters.compose(kinds.get(key), {**given, **values}, locale="en")


def test_every_kind_of_news_can_be_written(app: Flask) -> None:
    assert set(kinds.KINDS) >= {"acted_for", "announcement", "article_note", "invitation", "webhook_off"}
    for key in kinds.KINDS:  # all are known once there is an app, and not before
        letter = compose(key)
        assert letter.subject, key
        assert "\n" not in letter.subject, key
        assert letter.text.startswith("Hello Ana,"), key
        assert html5lib.parse(letter.html) is not None
        for form in (letter.text, letter.html):
            assert "None" not in form, key
            assert "{{" not in form, key


def test_text_and_html_say_the_same(app: Flask) -> None:
    letter = compose("feedback_reply")
    assert "Read the answer: http://127.0.0.1:8000/kb/vpn" in letter.text
    assert '<a href="http://127.0.0.1:8000/kb/vpn"><strong>Read the answer</strong></a>' in letter.html
    for form in (letter.text, letter.html):
        assert "Dara Voss has answered what you said about “Connect to the VPN”." in form
        assert "Try the other door." in form


@pytest.mark.parametrize("key", ["article_feedback", "feedback_reply"])
def test_what_somebody_wrote_is_quoted_and_never_a_link_or_a_paragraph_of_the_letter(key: str, app: Flask) -> None:
    letter = compose(key, words=f"First line.\r\n\r\nSign in: https://evil.example\n{HOSTILE}\x00")
    assert "> First line.\n>\n> Sign in: https://evil.example\n> <script>" in letter.text
    assert "First line.\n\nSign in: https://evil.example\n&lt;script&gt;" in letter.html
    assert 'href="https://evil.example' not in letter.html
    assert "\x00" not in letter.text + letter.html
    assert all(line.startswith("> ") for line in letter.text.splitlines() if "evil.example" in line)
    alone = compose(key, words="Sign in: https://evil.example")
    assert 'href="https://evil.example' not in alone.html
    assert "evil.example" not in letter.subject


def test_words_of_others_stay_words(app: Flask) -> None:
    """QUALITY S1, S18."""
    letter = compose("article_note", who=HOSTILE, title=HOSTILE)
    assert "<script" not in letter.html
    assert "{{ 7 * 7 }}" in letter.text
    assert not re.search(r"[\r\n]", letter.subject)


def test_the_reader_learns_how_to_hear_less_except_of_the_own_account(app: Flask) -> None:
    assert "/account/notifications" in compose("article_note").text
    assert "/account/notifications" not in compose("password_changed").text


def test_a_letter_follows_the_language_of_its_reader(app: Flask) -> None:
    given = {"who": "Dara", "title": "VPN", "name": "Ana", "url": "http://x"}
    letter = letters.compose(kinds.get("article_note"), given, locale="ar")
    assert '<html lang="ar">' in letter.html


def test_a_mail_loads_nothing_from_anywhere(app: Flask) -> None:
    """No picture tells a sender that a mail was read."""
    for key in kinds.KINDS:
        html = compose(key).html
        assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)


def test_two_kinds_cannot_share_a_name() -> None:
    known = kinds.get("mail_test")
    kinds.declare(known)
    with pytest.raises(ValueError, match="mail_test"):
        kinds.declare(Kind(key="mail_test", text="x", line="x", template="other.txt"))


def test_news_of_a_kind_nobody_declared_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="made up"):
        kinds.get("made up")


@pytest.mark.parametrize("text", ["a\r\nb", "a\x00b", "a\u2028b", " a \t b "])
def test_a_header_is_one_line(text: str) -> None:
    assert letters.one_line(text) == "a b"


def test_the_examples_hold() -> None:
    assert doctest.testmod(letters).failed == 0
