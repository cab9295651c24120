"""From what was typed to what is looked for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.documents import QUERY_LIMIT
from portal.search.query import TERM_LIMIT, Query, parse, read
from portal.search.synonyms import Synonyms, load


@dataclass
class Words:
    """A lexicon of a few stems."""

    known: frozenset[str] = frozenset()
    near: dict[str, str] | None = None

    def has(self, word: str) -> bool:
        return word in self.known

    def nearest(self, word: str) -> str | None:
        return (self.near or {}).get(word)

    def family(self, word: str, limit: int) -> tuple[str, ...]:
        return tuple(sorted(w for w in self.known if w != word and w.startswith(word)))[:limit]

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        return tuple(sorted(w for w in self.known if w.startswith(prefix)))[:limit]


NONE = Synonyms({}, {})


def asked(query: Query) -> list[dict[str, float]]:
    return [dict(term.words) for term in query.terms]


def test_small_words_are_not_looked_for() -> None:
    assert asked(parse("how do I connect to the vpn", Words(), NONE)) == [{"connect": 1.0}, {"vpn": 1.0}]


def test_a_word_typed_twice_is_asked_for_once() -> None:
    assert len(parse("vpn VPN vpns", Words(), NONE).terms) == 1


def test_the_mended_query_keeps_everything_else_as_it_was_typed() -> None:
    query = parse("My calender (on Phone)", Words(frozenset({"phone"}), {"calender": "calendar"}), NONE)
    assert query.corrected == "My calendar (on Phone)"
    assert [(c.typed, c.meant) for c in query.corrections] == [("calender", "calendar")]


def test_exactly_means_nothing_is_mended_or_added() -> None:
    words = Words(frozenset({"wlan"}), {"wifii": "wifi"})
    assert asked(parse("wifii wlan", words, load(), is_exact=True)) == [{"wifii": 1.0}, {"wlan": 1.0}]


def test_a_known_word_is_never_mended() -> None:
    assert not parse("mode", Words(frozenset({"mode"}), {"mode": "model"}), NONE).corrections


def test_a_word_known_by_another_name_is_not_mended() -> None:
    assert not parse("wlan", Words(frozenset({"wifi"}), {"wlan": "plan"}), load()).corrections


@pytest.mark.parametrize(("typed", "word"), [("pass word", "password"), ("log in", "login"), ("wi fi", "wifi")])
def test_two_words_find_the_one_that_documents_write_together(typed: str, word: str) -> None:
    query = parse(typed, Words(frozenset({word, "pass"})), NONE)
    assert all(word in dict(term.words) for term in query.terms)
    assert query.terms


def test_a_compound_of_two_telling_parts_asks_for_both() -> None:
    assert [set(words) for words in asked(parse("two-factor", Words(), NONE))] == [
        {"two", "twofactor"},
        {"factor", "twofactor"},
    ]


def test_a_synonym_counts_for_less_than_the_word_itself() -> None:
    (words,) = asked(parse("wifi", Words(), load()))
    assert words["wifi"] == 1.0
    assert 0 < words["wlan"] < 1


def test_a_phrase_leads_to_the_word_for_it() -> None:
    assert "mfa" in asked(parse("second factor", Words(), load()))[0]


def test_the_last_word_may_be_unfinished() -> None:
    words = Words(frozenset({"printer", "printing", "vpn"}))
    query = parse("vpn prin", words, NONE, is_unfinished=True)
    assert [term.is_prefix for term in query.terms] == [False, True]
    assert set(dict(query.terms[1].words)) == {"printer", "print"}


def test_a_finished_last_word_is_taken_as_it_is() -> None:
    assert [t.is_prefix for t in parse("printer.", Words(), NONE, is_unfinished=True).terms] == [False]


@pytest.mark.parametrize(
    "text",
    [
        '"vpn',
        "vpn AND NOT",
        "vpn*",
        "title:vpn",
        "vpn~2",
        "(vpn",
        "vpn^5",
        "vpn NEAR/3 home",
        "[[[vpn",
        "vpn OR OR",
        "--",
        "*",
    ],
)
def test_there_is_no_query_language_to_get_wrong(text: str) -> None:
    assert parse(text, Words(), NONE).text == text


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    query = parse(" ".join(f"word{n}" for n in range(5_000)), Words(), NONE)
    assert len(query.text) <= QUERY_LIMIT
    assert len(query.terms) <= TERM_LIMIT


@given(st.text(max_size=600))
def test_any_text_can_be_read(text: str) -> None:
    found = read(text)
    assert len(found) <= QUERY_LIMIT
    assert "\n" not in found
    assert read(found) == found
    parse(text, Words(), load(), is_unfinished=True)
