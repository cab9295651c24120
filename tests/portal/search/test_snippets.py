"""The passage that is shown, and the words that are marked in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.search.analyzers import stem
from portal.search.documents import Document, Pieces
from portal.search.query import Term, Token
from portal.search.schema import Kept, pack, unpack
from portal.search.snippets import LENGTH, Marker
from tests.portal.search.making import document


def marker(*words: str) -> Marker:
    terms = [Term(token=Token(word, 0, 0), words=((stem(word), 1.0),)) for word in words]
    return Marker(terms, [1.0] * len(terms))


def kept(of: Document) -> Kept:
    return unpack(str(of.ref), pack(of))


def marked(pieces: Pieces) -> list[str]:
    return [text for text, is_hit in pieces if is_hit]


def text(pieces: Pieces) -> str:
    return "".join(piece for piece, _ in pieces)


def test_every_form_of_a_word_is_marked() -> None:
    pieces = marker("connect", "email").pieces("Connecting by e-mail: connected, disconnected")
    assert marked(pieces) == ["Connecting", "e-mail", "connected"]


def test_the_passage_with_most_of_the_query_is_shown() -> None:
    found, _ = marker("vpn", "home").best(
        kept(document("T", "The VPN is a tunnel for your work.\nAt home the VPN needs the second server of the house."))
    )
    assert found.text.startswith("At home")


def test_the_summary_is_shown_when_no_passage_says_more() -> None:
    found, _ = marker("vpn").best(kept(document("T", "Nothing about it.", summary="Mend the VPN.")))
    assert found.text == "Mend the VPN."


def test_a_document_without_summary_shows_its_beginning() -> None:
    found, _ = marker("zebra").best(kept(document("T", "First words.\nSecond words.")))
    assert found.text == "First words."


def test_a_long_passage_is_cut_around_what_was_asked_at_the_borders_of_words() -> None:
    pieces = marker("needle").around("hay " * 200 + "needle " + "straw " * 200)
    assert marked(pieces) == ["needle"]
    assert len(text(pieces)) <= LENGTH + 8
    assert text(pieces).startswith("… hay")
    assert text(pieces).endswith("straw …")


def test_markup_in_a_text_stays_text() -> None:
    pieces = marker("script").around("say <script>alert(1)</script> aloud")
    assert text(pieces) == "say <script>alert(1)</script> aloud"


@given(st.text(max_size=700), st.lists(st.sampled_from(["vpn", "home", "a", "10"]), max_size=3, unique=True))
def test_cutting_loses_no_character_of_what_is_shown(body: str, words: list[str]) -> None:
    shown = text(marker(*words).around(body))
    assert shown.removeprefix("… ").removesuffix(" …") in body or len(body) <= LENGTH
    assert text(marker(*words).pieces(body)) == body


def test_a_very_long_passage_is_kept_in_pieces() -> None:
    stored = kept(document("T", "word " * 2_000))
    assert max(len(passage.text) for passage in stored.document.passages) <= 500
    assert len(stored.stems) == len(stored.document.passages)
