"""What somebody may not see changes nothing of what they are told.

Two indexes are asked the same: one with documents behind a key the asker lacks, one without. Every answer has to be
the same to the last digit: hits, order, scores, counts, facets, snippets, suggestions, spelling, loosening.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.search.documents import Document, SearchRequest
from portal.search.engines.whoosh import WhooshEngine
from tests.portal.search.making import ask, document, engine

KEYS = frozenset({"public", "signed-in"})
KINDS = ("article", "question", "tip")
WORDS = ["vpn", "drops", "calendar", "calender", "phone", "salary", "salaries", "merger", "mergers"]
WORDS += ["printer", "jam", "plan", "planet", "e-mail"]

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
open_documents = st.builds(
    lambda title, body, key, category, kind: (title, body, {"access_key": key, "category": category, "kind": kind}),
    texts,
    texts,
    st.sampled_from(sorted(KEYS)),
    st.sampled_from(["network", "network/vpn", "people"]),
    st.sampled_from(KINDS),
)
hidden_documents = st.builds(
    lambda title, body, lines, kind: (
        title,
        body,
        {"access_key": "a7", "category": "people/board", "tags": ("board",), "lines": tuple(lines), "kind": kind},
    ),
    texts,
    texts,
    st.lists(texts, max_size=2),
    st.sampled_from(KINDS),
)
questions = st.one_of(
    texts, st.sampled_from(["salery", "merg", "calnder", "vnp drops", "boar", "pla", "salary merger"])
)


def made(rows: Iterable[tuple[str, str, dict[str, object]]], first: int) -> list[Document]:
    return [document(title, body, number=first + n, **kw) for n, (title, body, kw) in enumerate(rows)]


def told(of: WhooshEngine, text: str) -> tuple[object, ...]:
    suggested = of.suggest(SearchRequest(text=text, size=5), KEYS)
    filtered = ask(of, text, KEYS, category="people")
    of_kind = ask(of, text, KEYS, kind="question")
    return ask(of, text, KEYS), ask(of, text, KEYS, is_exact=True), filtered, of_kind, suggested


OPEN = {"access_key": "public", "category": "network"}
HIDDEN = {"access_key": "a7", "category": "people/board"}


@settings(max_examples=30)
@example([("vpn drops", "calendar", OPEN), ("vpn", "phone", OPEN)], [("vpn", "drops", HIDDEN)], ["vpn drops"])
@example([("vpn drops", "calendar", OPEN)], [("salary", "salary", HIDDEN)], ["salery"])
@given(
    st.lists(open_documents, min_size=1, max_size=6),
    st.lists(hidden_documents, min_size=1, max_size=4),
    st.lists(questions, min_size=1, max_size=4),
)
def test_a_hidden_document_changes_no_answer(
    visible: list[tuple[str, str, dict[str, object]]],
    hidden: list[tuple[str, str, dict[str, object]]],
    asked: list[str],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        without = engine(folder / "without", made(visible, 1))
        among = engine(folder / "among", [*made(hidden[:1], 100), *made(visible, 1), *made(hidden[1:], 200)])
        for text in asked:
            assert told(among, text) == told(without, text)


def test_whoever_has_the_key_finds_it(tmp_path: Path) -> None:
    found = engine(tmp_path, made([("Merger plan", "Nobody knows.", {"access_key": "a7"})], 1))
    assert not ask(found, "merger", KEYS).hits
    assert ask(found, "merger", KEYS | {"a7"}).total == 1


def test_a_document_without_a_key_is_found_by_nobody(tmp_path: Path) -> None:
    found = engine(tmp_path, made([("Merger plan", "Nobody knows.", {"access_key": ""})], 1))
    assert not ask(found, "merger", KEYS | {""}).hits


def test_only_the_ledger_may_know_that_something_was_hidden(tmp_path: Path) -> None:
    found = engine(tmp_path, made([("Merger plan", "Nobody knows.", {"access_key": "a7"})], 1))
    request = SearchRequest(text="merger")
    assert found.is_hidden(request, KEYS)
    assert not found.is_hidden(request, KEYS | {"a7"})
    assert not found.is_hidden(SearchRequest(text="bicycle"), KEYS)
