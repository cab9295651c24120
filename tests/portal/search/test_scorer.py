"""Ranking: as Whoosh's own, fields apart, lines without burying anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.search_scale import measure
from portal.search.documents import Document
from tests.portal.search.making import EVERYBODY, ask, document, engine, refs, titles


@pytest.mark.slow
def test_rankings_are_those_of_whoosh_for_less_work() -> None:
    found = measure(400, 25)
    assert found.n_same == found.n_queries
    assert found.ratio > 2


def test_a_word_in_the_title_says_more_than_in_the_text(tmp_path: Path) -> None:
    found = engine(
        tmp_path,
        [document("Mail", "Open the printer menu and wait."), document("Printer", "Open the menu of mail and wait.")],
    )
    assert titles(ask(found, "printer"))[0] == "Printer"


def test_a_word_that_few_documents_have_says_more(tmp_path: Path) -> None:
    common = [document(f"Laptop {n}", "The laptop is here.") for n in range(8)]
    found = engine(tmp_path, [*common, document("Recovery key", "It starts the laptop.")])
    assert titles(ask(found, "laptop recovery"))[0] == "Recovery key"


def test_words_that_stand_together_say_more_than_words_apart(tmp_path: Path) -> None:
    apart = document("First", "The train is late today.\nWe drink coffee.\nThe tunnel is long.")
    together = document("Second", "The train is in the tunnel.\nWe drink coffee today.\nIt is late and long.")
    found = engine(tmp_path, [apart, together])
    assert titles(ask(found, "train tunnel"))[0] == "Second"


def cold_and_warm(lines: tuple[str, ...]) -> list[Document]:
    return [
        document("Tray two stays empty", "Load paper.", number=1, lines=lines),
        document("Printer prints blank sheets", "Change the drum.", number=2),
        document("Scan to mail", "Press scan.", number=3),
    ]


def test_a_settled_question_leads_to_what_settled_it(tmp_path: Path) -> None:
    found = engine(tmp_path, cold_and_warm(("machine eats my letterhead",)))
    assert refs(ask(found, "letterhead eaten by machine"))[0] == "article:1"


def test_learning_a_line_moves_no_other_document(tmp_path: Path) -> None:
    question = "blank sheets from the printer"
    before = ask(engine(tmp_path / "a", cold_and_warm(())), question)
    after = ask(engine(tmp_path / "b", cold_and_warm(("blank page", "empty tray of the printer"))), question)
    assert before.hits[0].ref == after.hits[0].ref
    assert before.hits[0].score == pytest.approx(after.hits[0].score)


def test_many_lines_count_no_more_than_the_best_of_them(tmp_path: Path) -> None:
    one = ask(engine(tmp_path / "a", cold_and_warm(("paper jam in tray",))), "paper jam")
    many = ask(engine(tmp_path / "b", cold_and_warm(("paper jam in tray",) * 20)), "paper jam")
    assert one.hits[0].score == pytest.approx(many.hits[0].score)


def test_lines_go_when_their_document_goes(tmp_path: Path) -> None:
    found = engine(tmp_path, cold_and_warm(("machine eats my letterhead",)))
    found.update([cold_and_warm(())[0].ref], lambda _refs: [])
    assert not ask(found, "letterhead").hits
    assert found.check().n_documents == 2
    assert "article:1" not in refs(ask(found, "paper tray", EVERYBODY))
