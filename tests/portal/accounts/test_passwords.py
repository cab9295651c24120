"""QUALITY S10: what is refused is what is guessed first; nothing else is."""

from __future__ import annotations

import doctest
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import passwords
from portal.accounts.passwords import Weakness, weakness

ADA = ["Ada Demir", "ada@ostreyvale.example", "Ostrey & Vale", "dity"]


def test_the_examples_hold() -> None:
    assert doctest.testmod(passwords).failed == 0


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "tulip-anchor-river-42",
        "x7Gq2!mzT",
        "wardrobe on fire",
        "Kaffee um neun",
        "Ich fahre jeden Tag mit dem Rad",
        "дождь идёт с самого утра",
        "雨が降っている朝の庭に猫がいる",
        "a" * 30 + "nd then a sentence of its own",
        "the meeting with Ada starts at noon",
    ],
)
def test_a_good_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert weakness(password, ADA) is None


@pytest.mark.parametrize("password", ["", "Ab1!", "sevench", "ａｂｃ"])
def test_fewer_than_eight_characters_are_too_few(password: str) -> None:
    assert weakness(password) is Weakness.SHORT


def test_a_sentence_of_128_characters_is_taken_and_one_of_300_is_not() -> None:
    sentence = "every heron in the long marsh stands on one leg until the tide returns " * 5
    assert weakness(sentence[:128]) is None
    assert weakness(sentence[:300]) is Weakness.LONG


@pytest.mark.parametrize(
    "password",
    [
        *("password", "Password1", "P@ssw0rd!", "passwordpassword", "drowssap", "letmein123", "Welcome2026!"),
        *("12345678", "123456789012", "87654321", "11111111", "aaaaaaaaaaaa", "abcabcabc", "abcdefgh", "11223344"),
        *("qwertyuiop", "1qaz2wsx", "qazwsxedc", "asdfghjkl", "zaq12wsx", "1q2w3e4r", "qwertz123", "azertyuiop"),
        *("iloveyou", "iloveyou2", "sunshine", "Sunshine7!", "football1", "liverpool1892", "superman", "starwars"),
        *("jennifer", "michael1", "Charlie2024", "princess", "chocolate", "monkey12", "dragon99", "trustno1"),
        *("01011990", "19901231", "31121999", "summer2026", "Winter2025!", "Juli2026", "Monday01", "january2026"),
        *("whatever", "computer", "internet", "changeme", "administrator", "qwerty12345", "abc12345", "aa123456"),
        *("ghbdtnrf", "fktrcfylh", "пароль123", "contraseña", "motdepasse", "passwort1", "hallo123"),
    ],
)
def test_what_guessing_programs_try_first_is_refused(password: str) -> None:
    assert weakness(password) is Weakness.COMMON


@pytest.mark.parametrize(
    "password",
    [
        *("adademir", "AdaDemir2026", "4d4d3m1r!!", "demir.ada1", "ada@ostreyvale.example"),
        *("ostreyvale", "OstreyVale#1", "0streyV4le2026", "Ostrey & Vale", "dityditydity", "vale-ostrey-9"),
    ],
)
def test_what_everybody_knows_of_its_owner_is_refused(password: str) -> None:
    assert weakness(password, ADA) is Weakness.OWN


def test_capitals_digits_and_symbols_are_never_demanded() -> None:
    assert weakness("only lower case letters here") is None


@given(st.text(min_size=8, max_size=60))
def test_a_longer_password_is_never_made_of_fewer_pieces_for_its_case(password: str) -> None:
    assert passwords.pieces(password.casefold()) <= len(password.casefold())
    assert weakness(password) == weakness(password.casefold())


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789!?", min_size=250, max_size=256))
def test_judging_takes_a_moment_whatever_is_typed(password: str) -> None:
    began = time.process_time()
    weakness(password, ADA)
    assert time.process_time() - began < 1
