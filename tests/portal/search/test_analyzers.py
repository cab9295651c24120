"""Words: what is one, what it is indexed as."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.analysis import StemmingAnalyzer
from whoosh.analysis.filters import STOP_WORDS

from analytics.stems import SMALL
from portal.search.analyzers import STOPPED, Stems, fold, spellings, stem, stems


@pytest.mark.parametrize(
    ("typed", "also"),
    [("e-mail", "email"), ("Wi-Fi", "wifi"), ("log-in", "login"), ("café", "cafe"), ("user’s", "user"), ("2FA", "2fa")],
)
def test_two_spellings_of_a_word_are_indexed_alike(typed: str, also: str) -> None:
    assert stems(also)[0] in stems(typed)


@pytest.mark.parametrize("word", ["C++", "c#", "7", "0x80070057", "node.js", "10.15.7"])
def test_words_of_the_trade_are_words(word: str) -> None:
    assert stems(word)[0] == fold(word)


def test_stars_of_markdown_are_no_part_of_a_word() -> None:
    assert [token.text for token in Stems()("*password* and **reset**")] == ["password", "reset"]


def test_what_stands_behind_an_apostrophe_says_nothing() -> None:
    assert [stems(word) for word in ("I'd", "can't", "don’t", "they've")] == [(), (), (), ()]


@pytest.mark.parametrize(("word", "root"), [("dropping", "drop"), ("stopped", "stop"), ("policies", "polici")])
def test_doubled_letters_go_with_the_ending(word: str, root: str) -> None:
    assert stem(word) == root


def test_excellent_is_not_excel() -> None:
    assert stem("excellent") != stem("excel")


@given(st.lists(st.from_regex(r"[a-z]{2,12}", fullmatch=True), max_size=12))
def test_plain_words_come_out_as_whoosh_would_cut_them(words: list[str]) -> None:
    text = " ".join(words)
    oracle = StemmingAnalyzer(expression=r"\w+(\.?\w+)*", stoplist=STOPPED, stemfn=stem)
    assert [token.text for token in Stems()(text)] == [token.text for token in oracle(text)]


def test_small_words_are_those_that_whoosh_leaves_out() -> None:
    assert STOP_WORDS - {"tbd"} == SMALL


@given(st.text(max_size=60))
def test_any_text_can_be_cut(text: str) -> None:
    assert all(token.text for token in Stems()(text))


@pytest.mark.parametrize("piece", ["a-", "a.", "a'", "-.", "c+", "a.b-"])
def test_no_text_makes_cutting_slow(piece: str) -> None:
    """Eight times the text may take some eight times as long (QUALITY S17)."""

    def seconds(n: int) -> float:
        text = piece * n
        began = time.process_time()
        list(Stems()(text))
        return time.process_time() - began

    seconds(2_000)
    assert min(seconds(16_000), seconds(16_000)) < 30 * max(seconds(2_000), 0.001)


def test_a_very_long_word_is_kept_by_its_beginning() -> None:
    assert spellings("x" * 5_000) == ("x" * 40,)
