"""Which word was meant."""

from __future__ import annotations

import pytest

from portal.search.speller import Speller

KNOWN = {
    "calendar": 9,
    "connect": 8,
    "vpn": 20,
    "battery": 5,
    "printer": 7,
    "print": 9,
    "right": 4,
    "mode": 3,
    "pin": 6,
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(KNOWN)


def meant(speller: Speller, word: str) -> str | None:
    return speller.nearest(word, lambda near: KNOWN.get(near, 0))


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("calender", "calendar"),
        ("conect", "connect"),
        ("connnect", "connect"),
        ("conenct", "connect"),
        ("baterry", "battery"),
        ("callender", "calendar"),
        ("vnp", "vpn"),
        ("prinetr", "printer"),
    ],
)
def test_slips_of_the_hand_are_mended(speller: Speller, typed: str, word: str) -> None:
    assert meant(speller, typed) == word


@pytest.mark.parametrize("typed", ["vpm", "pan", "xxxxx", "flange", "kb5034441", "no"])
def test_what_is_no_slip_stays(speller: Speller, typed: str) -> None:
    assert meant(speller, typed) is None


def test_a_letter_that_neither_hand_nor_ear_mistakes_makes_another_word(speller: Speller) -> None:
    assert meant(speller, "qight") is None
    assert meant(speller, "eight") == "right"  # next to each other on the keys


def test_a_word_nobody_may_see_is_never_offered(speller: Speller) -> None:
    assert speller.nearest("calender", lambda near: 0) is None


def test_of_two_words_as_near_the_more_frequent_is_meant() -> None:
    speller = Speller(["share", "shape"])
    assert speller.nearest("shae", {"share": 2, "shape": 5}.__getitem__) == "shape"
    assert speller.nearest("shae", {"share": 6, "shape": 5}.__getitem__) == "share"


def test_an_empty_vocabulary_mends_nothing() -> None:
    assert Speller([]).nearest("calender", lambda near: 1) is None
