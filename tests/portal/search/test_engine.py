"""The index: what is put in is found, what is taken out is not, and damage is told."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.core.refs import Ref
from portal.search.documents import Document, SearchRequest
from portal.search.engine import IndexBusy, IndexUnusable, State
from portal.search.engines import whoosh
from portal.search.engines.store import MANIFEST, POINTER
from portal.search.engines.whoosh import WhooshEngine
from tests.portal.search.making import EVERYBODY, ask, document, engine, refs, titles

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def shelf() -> list[Document]:
    return [
        document("VPN drops every few minutes", "Keep the network card awake.", number=1, category="network/vpn"),
        document("VPN on the train", "Use the second server.", number=2, category="network/vpn", tags=("travel",)),
        document("Guest Wi-Fi", "Ask for a code.", number=3, category="network", platforms=("phone",)),
        document("Scan to mail", "Press scan.", number=4, category="printing", platforms=("windows", "phone")),
        document("How do I split a PDF?", "Use the tool.", number=5, kind="question", category="files"),
    ]


@pytest.fixture
def found(tmp_path: Path) -> WhooshEngine:
    return engine(tmp_path / "index", shelf())


def test_what_is_put_in_is_found(found: WhooshEngine) -> None:
    results = ask(found, "vpn")
    assert refs(results) == ["article:2", "article:1"]
    assert results.hits[0].category == "network/vpn"
    assert results.hits[0].tags == ("travel",)


def test_a_changed_document_is_found_by_its_new_words_only(found: WhooshEngine) -> None:
    changed = document("Visitors get online", "Ask at the desk.", number=3)
    found.update([changed.ref], lambda _refs: [changed])
    assert refs(ask(found, "visitors")) == ["article:3"]
    assert not ask(found, "guest wi-fi").hits


def test_a_document_that_is_gone_is_dropped(found: WhooshEngine) -> None:
    found.update([Ref("article", 1)], lambda _refs: [])
    assert refs(ask(found, "vpn")) == ["article:2"]
    assert found.check().n_documents == 4


def test_dropping_what_was_never_there_changes_nothing(found: WhooshEngine) -> None:
    found.update([Ref("article", 99)], lambda _refs: [])
    assert found.check().n_documents == 5


def test_building_twice_gives_the_same_answers(tmp_path: Path) -> None:
    first, second = engine(tmp_path / "a", shelf()), engine(tmp_path / "b", shelf())
    for text in ("vpn", "network card", "scan mail", "pdf"):
        assert ask(first, text) == ask(second, text)


def test_an_index_grown_by_changes_answers_as_a_fresh_one(tmp_path: Path) -> None:
    grown = engine(tmp_path / "a")
    for one in reversed(shelf()):
        grown.update([one.ref], lambda _refs, one=one: [one])
    fresh = engine(tmp_path / "b", shelf())
    for text in ("vpn", "network", "phone scan", "how do i"):
        # Which document stands as the example of a topic does not matter.
        assert replace(ask(grown, text), examples={}) == replace(ask(fresh, text), examples={})
    grown.optimise()
    assert refs(ask(grown, "vpn")) == refs(ask(fresh, "vpn"))


def test_equal_documents_come_by_name(tmp_path: Path) -> None:
    twins = [document("Same title", "Same text.", number=n) for n in (3, 1, 2)]
    assert refs(ask(engine(tmp_path, twins), "same")) == ["article:1", "article:2", "article:3"]


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    assert ask(engine(tmp_path), "vpn").total == 0
    assert engine(tmp_path / "b").suggest(SearchRequest(text="vpn"), EVERYBODY).total == 0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "question"}, []),
        ({"category": "network"}, ["article:1", "article:2"]),
        ({"category": "network/vpn"}, ["article:1", "article:2"]),
        ({"tag": "travel"}, ["article:2"]),
        ({"platform": "phone"}, []),
        ({"category": "nowhere"}, []),
    ],
)
def test_filters_only_narrow(found: WhooshEngine, filters: dict[str, str], expected: list[str]) -> None:
    results = ask(found, "vpn", **filters)
    assert sorted(refs(results)) == expected
    assert results.n_unfiltered == 2


def test_a_facet_promises_what_its_filter_gives(found: WhooshEngine) -> None:
    everything = ask(found, "network vpn scan pdf wi-fi")
    for facet, counts in everything.facets.items():
        for value, n in counts.items():
            assert ask(found, "network vpn scan pdf wi-fi", **{facet: value}).total == n


def test_facets_leave_their_own_filter_out(found: WhooshEngine) -> None:
    assert ask(found, "vpn", tag="travel").facets["category"] == {"network": 1, "network/vpn": 1}
    assert ask(found, "vpn", category="printing").facets["category"] == {"network": 2, "network/vpn": 2}


def test_pages_follow_each_other_without_gap_or_repetition(tmp_path: Path) -> None:
    found = engine(tmp_path, [document(f"Laptop {n}", "A laptop.", number=n) for n in range(1, 26)])
    pages = [refs(ask(found, "laptop", page=page)) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len({ref for page in pages for ref in page}) == 25


def test_nothing_found_tells_what_comes_near_and_what_to_leave_out(tmp_path: Path) -> None:
    found = engine(tmp_path, [document("Where the drawing templates live", "On the shelf."), *shelf()])
    results = ask(found, "flange template")
    assert (results.hits, results.total) == ((), 0)
    assert [(r.left_out, r.query, r.n_results) for r in results.relaxations] == [("flange", "template", 1)]
    assert "".join(text for text, _ in results.close[0].title) == "Where the drawing templates live"


def test_small_words_go_with_the_word_they_belong_to(tmp_path: Path) -> None:
    found = engine(
        tmp_path,
        [document("Calendar on the phone", "It syncs."), *(document(f"Calendar {n}", "A calendar.") for n in range(9))],
    )
    (loosened, *_) = ask(found, "calendar on the phone").relaxations
    assert (loosened.left_out, loosened.query) == ("on the phone", "calendar")
    assert loosened.n_results == ask(found, loosened.query).total


def test_an_unfinished_word_is_completed(found: WhooshEngine) -> None:
    assert refs(found.suggest(SearchRequest(text="vpn tra"), EVERYBODY))[0] == "article:2"
    assert titles(found.suggest(SearchRequest(text="gue", size=5), EVERYBODY)) == ["Guest Wi-Fi"]


def test_a_clear_answer_is_strong_and_an_even_match_is_not(found: WhooshEngine) -> None:
    assert ask(found, "vpn drops every few minutes").is_strong
    assert not ask(found, "vpn").is_strong


def test_two_engines_on_one_folder_see_each_others_changes(found: WhooshEngine, tmp_path: Path) -> None:
    other = WhooshEngine(tmp_path / "index")
    assert not ask(other, "keyboard").hits
    new = document("Keyboard types wrong letters", number=9)
    found.update([new.ref], lambda _refs: [new])
    assert refs(ask(other, "keyboard")) == ["article:9"]
    found.rebuild(lambda _refs: [new], "second")
    assert not ask(other, "vpn").hits


def test_a_second_writer_waits_and_then_says_busy(found: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh, "WRITER_WAIT", 0.05)
    inside, go_on = threading.Event(), threading.Event()

    def slowly(_refs: object) -> list[Document]:
        inside.set()
        go_on.wait(10)
        return []

    writer = threading.Thread(target=found.update, args=([Ref("article", 1)], slowly))
    writer.start()
    inside.wait(10)
    try:
        with pytest.raises(IndexBusy):
            found.update([Ref("article", 2)], lambda _refs: [])
        assert found.check().state is State.GOOD
        assert len(refs(ask(found, "vpn"))) == 2
    finally:
        go_on.set()
        writer.join()


def test_a_rebuild_that_fails_leaves_the_old_index_in_place(found: WhooshEngine) -> None:
    def broken(_refs: object) -> list[Document]:
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        found.rebuild(broken, "broken")
    assert len(refs(ask(found, "vpn"))) == 2


def _current(folder: Path) -> Path:
    return folder / (folder / POINTER).read_text()


def flip(folder: Path) -> None:
    (segment,) = _current(folder).glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 0xFF
    segment.write_bytes(content)


def cut(folder: Path) -> None:
    (segment,) = _current(folder).glob("*.seg")
    segment.write_bytes(segment.read_bytes()[:-100])


def lose_a_file(folder: Path) -> None:
    next(_current(folder).glob("*.toc")).unlink()


def garble_the_manifest(folder: Path) -> None:
    (_current(folder) / MANIFEST).write_text('{"build": 3')


def point_nowhere(folder: Path) -> None:
    (folder / POINTER).write_text("../elsewhere")


@pytest.mark.parametrize("harm", [flip, cut, lose_a_file, garble_the_manifest, point_nowhere])
def test_harm_is_told_by_the_check_and_by_a_fresh_process(
    found: WhooshEngine, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    harm(tmp_path / "index")
    assert found.check().state is not State.GOOD
    with pytest.raises(IndexUnusable):
        ask(WhooshEngine(tmp_path / "index"), "vpn")


def test_an_index_that_was_never_made_is_missing(tmp_path: Path) -> None:
    nothing = WhooshEngine(tmp_path / "none")
    assert nothing.check().state is State.MISSING
    with pytest.raises(IndexUnusable) as refusal:
        ask(nothing, "vpn")
    assert refusal.value.state is State.MISSING
    with pytest.raises(IndexUnusable):
        nothing.update([Ref("article", 1)], lambda _refs: [])


def test_a_rebuild_mends_whatever_was_wrong(found: WhooshEngine, tmp_path: Path) -> None:
    flip(tmp_path / "index")
    found.rebuild(lambda _refs: shelf(), "second")
    assert found.check().state is State.GOOD
    assert len(refs(ask(found, "vpn"))) == 2
    assert [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()] == ["second"]


def opened(folder: Path) -> list[str]:
    """Return the files below this folder that this process has open, in memory or by a descriptor."""
    targets = [os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    mapped = [line.split(maxsplit=5)[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
    return [name for name in (*targets, *mapped) if name.startswith(str(folder))]


@on_linux
def test_of_an_index_only_what_answers_is_held_in_memory(found: WhooshEngine, tmp_path: Path) -> None:
    """Neither mapped nor copied: one descriptor for each segment, and the arrays."""
    ask(found, "vpn")
    assert len(opened(tmp_path)) == 1
    found.update([Ref("article", 98)], lambda _refs: [document("Door", number=98)])
    ask(found, "vpn")
    assert len(opened(tmp_path)) == 2


@on_linux
def test_files_are_closed_with_the_last_that_answers_from_them(found: WhooshEngine, tmp_path: Path) -> None:
    ask(found, "vpn")
    answering = found._open()
    found.rebuild(lambda _refs: shelf(), "second")
    ask(found, "vpn")
    assert len(opened(tmp_path)) == 2
    assert answering.stored(0)["ref"] == "article:1", "who still answers from the old index can go on"
    del answering
    gc.collect()
    assert len(opened(tmp_path)) == 1


def test_a_forked_process_opens_files_of_its_own(found: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inherited ones share their position with those of the parent: both would read what the other looks for."""
    before = found._open()
    assert found._open() is before
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert found._open() is not before
    assert set(found._segments.values()).isdisjoint(segment for segment, _ in before._parts)
