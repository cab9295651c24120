"""Names are taken out of comments before anybody reads them."""

from __future__ import annotations

import time

import pytest

from surveys.privacy.redaction import Known, Redactor, Words

REDACT = Redactor.of(
    [
        Known(name="Ana Ruiz", also=("aruiz", "4711")),
        Known(name="Sean O'Neil"),
        Known(name="Will Smith"),
        Known(name="Jörg-Peter Müller"),
        Known(name="Jo van der Berg"),
        Known(name="山田 太郎"),
        Known(name="Łukasz Ødegård"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ana Ruiz helped me, ana always does.", "[name] helped me, [name] always does."),
        ("Ask A. Ruiz or Ana R. first", "Ask [name] or [name] first"),
        ("Ruiz, Ana", "[name]"),
        ("ANA RUÍZ'S desk", "[name]'S desk"),
        ("Anas Rechner", "[name] Rechner"),
        ("l'Ana", "[name]"),
        ("banana and analysis", "banana and analysis"),
        ("an\u200ba rui\u00adz", "[name]"),
        ("Ana\u0301 Ruiz", "[name]"),
        ("o’neil, ONeil and Neil", "[name] and [name]"),
        ("I will ask Will, he will know", "I will ask [name], he will know"),
        ("the smith at the gate", "the smith at the gate"),
        ("Jörg, joerg, JORG-PETER, mueller", "[name]"),
        ("Jo van der Berg in the van", "[name] in the van"),
        ("山田さんに聞いた", "[name]さんに聞いた"),
        ("lukasz odegard", "[name]"),
        ("aruiz on 4711, or room 47110", "[name] on [name], or room 47110"),
        ("mail ana.ruiz@ostreyvale.example or boss [at] other [dot] example now", "mail [address] or [address] now"),
        ("call +49 (170) 123 45 67 or 0171/1234567", "call [number] or [number]"),
        ("@cleo knows", "[address] knows"),
        ("my ticket 1234, #88 and INC0012", "my [ticket], [ticket] and [ticket]"),
        ("2 of 3 clicks, error 0x80070057, Windows 11", "2 of 3 clicks, error 0x80070057, Windows 11"),
        ("", ""),
    ],
)
def test_what_names_somebody_is_taken_out(typed: str, shown: str) -> None:
    assert REDACT(typed) == shown


def test_addresses_and_numbers_go_even_when_nobody_is_known() -> None:
    assert Redactor()("Ana: x@y.example, 0170 1234567") == "Ana: [address], [number]"


def test_the_words_in_their_place_can_be_said_in_any_language() -> None:
    told = Redactor.of([Known(name="Ana Ruiz")], words=Words(name="[Name]", address="[Adresse]"))
    assert told("Ana: a@b.example") == "[Name]: [Adresse]"


def test_taking_out_twice_changes_nothing() -> None:
    for typed in ("Ana Ruiz, #12, a@b.example, +49 170 1234567", "[name] [ticket]"):
        once = REDACT(typed)
        assert REDACT(once) == once


@pytest.mark.parametrize("bad", ["a", "1 ", "a@", "A. ", "ana ", "#", "(1", "ticket ", "a@b.c.", "ana-", "+", "[at]"])
def test_a_long_comment_takes_no_longer_than_its_length(bad: str) -> None:
    started = time.process_time()
    REDACT(bad * (40_000 // len(bad)))
    assert time.process_time() - started < 2
