"""News of many articles that came together is one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask

from portal.kb.reading import arrivals, outline
from tests.factories import people as factory
from tests.factories.imports import bring, folder, undo
from tests.people import Visitor

PAGES: dict[str, str | bytes] = {f"rules/page-{n}.md": f"---\ntitle: Page {n}\n---\nText {n}.\n" for n in range(7)}


def told(app: Flask, who: Visitor) -> list[str]:
    found = outline.latest(who.actor, limit=5)
    with app.test_request_context():
        return [line.text for line in arrivals.lines(found, via="home")]


def test_an_import_of_many_is_one_line_that_leads_to_its_topic(
    app: Flask, db: Any, tmp_path: Path, ana: Visitor
) -> None:
    run = bring("articles", folder(tmp_path / "handbook", {**PAGES, "a.md": "---\ntitle: A\n---\nText.\n"}))
    assert told(app, ana) == ["8 articles arrived in Handbook"]
    assert ana.page("/").links["8 articles arrived in Handbook"] == "/kb/topics/handbook"
    assert "8 articles arrived in Handbook" in ana.page("/kb/").text
    (tmp_path / "handbook/a.md").write_text("---\ntitle: Another\n---\nText, and more.\n")
    bring("articles", tmp_path / "handbook")
    assert told(app, ana) == ["Another", "7 articles arrived in Rules"], "what changed alone is told alone"
    undo(run)
    assert told(app, ana) == ["Another"]


def test_a_newer_version_of_many_says_that_they_changed(app: Flask, db: Any, tmp_path: Path, ana: Visitor) -> None:
    bring("articles", folder(tmp_path / "handbook", PAGES))
    bring("articles", folder(tmp_path / "handbook", {name: f"{text!s}More.\n" for name, text in PAGES.items()}))
    assert told(app, ana) == ["7 articles changed in Handbook"]


def test_a_few_articles_are_told_by_name(app: Flask, db: Any, tmp_path: Path, ana: Visitor) -> None:
    few = dict(list(PAGES.items())[:4])
    bring("articles", folder(tmp_path / "handbook", few))
    assert sorted(told(app, ana)) == [f"Page {n}" for n in range(4)]


def test_what_is_for_others_is_neither_counted_nor_named(
    app: Flask, db: Any, tmp_path: Path, ana: Visitor, ben: Visitor
) -> None:
    factory.audience("Ben alone", ("person", str(ben.person_id)), slug="ben-alone")
    bring("articles", folder(tmp_path / "payroll", PAGES), audience="ben-alone")
    assert told(app, ben) == ["7 articles arrived in Payroll"]
    assert told(app, ana) == []
