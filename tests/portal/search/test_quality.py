"""The bars of the search benchmark, held by the suite: everyday questions and other people's wordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import search_in_product, search_quality, unasked

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_everyday_questions_find_their_article_first() -> None:
    judged = sorted((ROOT / "tests" / "judged").glob("*.tsv"))
    assert search_quality.main(["--judged", *map(str, judged)]) == 0


def test_what_nobody_asked_for_is_offered_only_where_it_is_likely_to_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert unasked.main(["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["loud"] > 40, "these subjects share words with articles, or they would prove nothing"
    assert told["kept"] >= 0.98 * told["found"] > 150


@pytest.mark.slow
@pytest.mark.real_data
def test_other_peoples_wordings_and_slips_find_the_right_thread(real_data: Path) -> None:
    folder = real_data / "stackfaq"
    arguments = ["--questions", str(folder / "questions.jsonl"), "--queries", str(folder / "queries.tsv"), "--typos"]
    assert search_quality.main(arguments) == 0


@pytest.mark.slow
@pytest.mark.real_data
def test_they_find_it_through_the_whole_product_too(real_data: Path, demo_home: Path) -> None:
    folder = real_data / "stackfaq"
    arguments = ["--questions", str(folder / "questions.jsonl"), "--queries", str(folder / "queries.tsv")]
    assert search_in_product.main([*arguments, "--home", str(demo_home)]) == 0


def test_a_missed_bar_fails_the_benchmark(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"id": "a", "title": "Printer", "answers": ["Switch it on."]}\n')
    (tmp_path / "queries.tsv").write_text("a\tcoffee machine\n")
    arguments = ["--questions", str(tmp_path / "questions.jsonl"), "--queries", str(tmp_path / "queries.tsv"), "--json"]
    assert search_quality.main(arguments) == 1


def test_slips_are_the_same_in_every_run() -> None:
    asked = [search_quality.Asked("printer prints blank pages", frozenset({"a"}))] * 5
    assert search_quality.with_slips(asked) == search_quality.with_slips(asked)
    assert all(one.query != "printer prints blank pages" for one in search_quality.with_slips(asked))
