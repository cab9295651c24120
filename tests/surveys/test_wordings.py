"""A translation says what its original says, no more and no less, and changes nothing that is reckoned."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from surveys import flaws
from surveys.instrument import Phase
from surveys.loading import FOLDER, load, names
from surveys.wordings import BadWording, languages, rules, translate, translate_rules, wording

TEXT = (FOLDER / "pulse-1.de.toml").read_text(encoding="utf-8")
RULES = flaws.FILE.with_suffix(".de.toml").read_text(encoding="utf-8")
DIGEST = "1ae326f6accc84d5d2be5f9ee7950ce20c75069f9f040b5d76b3883ea5835ec2"


def test_the_german_wording_of_the_first_edition_is_never_edited() -> None:
    assert sha256(TEXT.encode()).hexdigest() == DIGEST


def test_every_language_of_every_instrument_can_be_read_and_counts_like_the_original() -> None:
    for name in names():
        original = load(name)
        for language in languages(name):
            said = wording(name, language)
            assert said.digest == original.digest
            assert said.rules == original.rules
            assert [item.code for item in said.items] == [item.code for item in original.items]
            assert [item.changes_at_go_live for item in said.items] == [
                item.changes_at_go_live for item in original.items
            ]
            assert [stage.dimensions for stage in said.stages] == [stage.dimensions for stage in original.stages]


def test_german_people_read_german_throughout() -> None:
    english, german = load("pulse-1"), wording("pulse-1", "de")
    for phase in Phase:
        alike = [item.code for item in german.items if item.wording(phase) == english.item(item.code).wording(phase)]
        assert alike == []
    assert german.scale.labels[0] == "Stimme gar nicht zu"
    assert {flaw.code for flaw in rules("de")} == {flaw.code for flaw in flaws.rules()}
    assert not {flaw.name for flaw in rules("de")} & {flaw.name for flaw in flaws.rules()}


@pytest.mark.parametrize("locale", ["fr", "en_GB", "../x", "", "de.x"])
def test_an_unknown_language_falls_back_to_the_original(locale: str) -> None:
    assert wording("pulse-1", locale) is load("pulse-1")
    assert rules(locale) == flaws.rules()


def test_no_translation_is_taken_for_an_instrument() -> None:
    assert "pulse-1.de" not in names()


@pytest.mark.parametrize(
    ("pattern", "new", "trouble"),
    [
        (r"SK1 = .*\n", "", "items: 'SK1' is missing"),
        (r"SK1 = \{ same", "SK1 = { before", "items, SK1: the original has no 'before'"),
        (r"AW1 = ", "XX1 = {}\nAW1 = ", "items: the original has no 'XX1'"),
        (r'"Stimme gar nicht zu", ', "", "scale: 'labels' must be 5 texts"),
        (r'name = "Nutzen"', 'name = " "', "dimension, VA: 'name' is missing"),
        (r'name = "pulse-1"', 'name = "pulse-2"', "`name` must be pulse-1"),
        (r'question = "Wollen', 'phase = "after"\nquestion = "Wollen', "stage, idea: the original has no 'phase'"),
        (r'AW = "Niemand.*\n', "", "stage, idea, why: 'AW' is missing"),
        (r'name = "pulse-1"', "name = ", "this is no TOML"),
    ],
)
def test_what_a_translation_lacks_or_adds_is_named_with_its_place(pattern: str, new: str, trouble: str) -> None:
    text, n = re.subn(pattern, new, TEXT, count=1)
    assert n == 1
    with pytest.raises(BadWording, match=re.escape(trouble)):
        translate(load("pulse-1"), text, file="pulse-1.de.toml")


def test_what_is_worded_anew_at_go_live_is_so_in_every_language() -> None:
    text = re.sub(r'EA3R = \{ before = "[^"]*", after = "[^"]*"', 'EA3R = { before = "x", after = "x"', TEXT)
    with pytest.raises(BadWording, match="EA3R: `before` and `after` say the same"):
        translate(load("pulse-1"), text, file="pulse-1.de.toml")


def test_a_flaw_has_as_many_handles_in_every_language() -> None:
    with pytest.raises(BadWording, match="not_able: 'handles' must be 3 texts"):
        translate_rules(flaws.rules(), RULES.replace('  "Ein Kurs von zwanzig Minuten",\n', ""), file="flaws.de.toml")
