"""A real organisation's handbook, as its own generator left it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.kb.models import Article, Category
from portal.search import jobs as search
from tests.factories import people as factory
from tests.factories.imports import bring, line
from tests.hostile import oracle
from tests.people import Visitor

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

DOCUMENTED_IN_ITSELF = {"components", "shortcodes", "updating-the-handbook"}
"""Pages that explain template tags, and show them on purpose."""


def test_a_whole_handbook_arrives_is_known_again_and_stays_with_whom_it_is_for(
    app: Flask, db: Any, real_data: Path, ben: Visitor, ana: Visitor
) -> None:
    factory.audience("Ben alone", ("person", str(ben.person_id)), slug="ben-alone")
    handbook = real_data / "handbook.tar.gz"
    run = bring("articles", handbook, audience="ben-alone")
    assert {name: n for name, n in run.counts.items() if name != "notes"} == {"created": 246, "skipped": 1}
    licence = line(run, "LICENSE.md")
    assert (licence.outcome, "no front matter" in licence.reason) == ("skipped", True)
    articles = list(db.session.execute(select(Article)).scalars())
    assert [row.slug for row in articles if oracle.live_things(row.html)] == []
    shown = {row.slug for row in articles if "{%" in row.html or "{{" in row.html}
    assert shown == DOCUMENTED_IN_ITSELF
    assert [row.slug for row in articles if "&lt;td" in row.html or "&lt;br" in row.html] == []
    assert [31, "This picture is missing: _img/ocelot.png"] in line(
        run, "pages/updating-the-handbook/shortcodes.md"
    ).notes
    assert ben.get("/voluntary-leave-transfer-program/").headers["Location"].startswith("/kb/")
    assert ana.get("/voluntary-leave-transfer-program/").status_code == 404
    assert set(bring("articles", handbook, audience="ben-alone").counts) - {"notes"} == {"unchanged", "skipped"}
    _keeps_to_ben(db, articles, ben, ana)


def _keeps_to_ben(db: Any, articles: list[Article], ben: Visitor, ana: Visitor) -> None:
    search.rebuild({})
    db.session.commit()
    title = next(row for row in articles if row.slug == "code-of-conduct").title
    found, hidden = (who.get("/search?q=code+of+conduct+harassment").text for who in (ben, ana))
    assert title in found
    for row in articles:
        assert f"/kb/{row.slug}?" not in hidden
        assert f'/kb/{row.slug}"' not in hidden
    assert title not in ana.get("/search/suggest?q=code+of+con").text
    assert {ana.get(f"/kb/{row.slug}").status_code for row in articles[:20]} == {404}
    for topic in db.session.execute(select(Category)).scalars():
        assert topic.title not in ana.get("/kb/").text
