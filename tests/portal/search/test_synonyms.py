"""The list of words for the same thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.search.synonyms import NEAR_WEIGHT, SAME_WEIGHT, load


def test_our_own_list_can_be_read() -> None:
    assert dict(load().of("wifi"))["wlan"] == SAME_WEIGHT
    assert dict(load().of("phone"))["android"] == NEAR_WEIGHT


def test_a_phrase_is_found_among_other_words() -> None:
    ((start, size, same),) = load().of_phrases(["the", "second", "factor", "fails"])
    assert (start, size) == (1, 2)
    assert "mfa" in dict(same)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[same]]\nphrases = ["wi fi"]', "same 1: needs words"),
        ('[[near]]\nwords = ["a1"]\n[[near]]\nwords = ["b1"]\nfor = "x"', "near 2: needs words"),
        ('[[same]]\nwords = ["mfa"]\nphrases = ["factor"]', "is no phrase"),
        ('[[alike]]\nwords = ["mfa"]', r"not alike"),
    ],
)
def test_a_list_of_another_form_is_refused_by_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load(path)
