"""Searching for programs: what the page of results finds, in pieces, and page by page."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core.database import db
from portal.ledger.models import LedgerEntry
from portal.search import jobs
from tests.factories import kb
from tests.people import Visitor
from tests.programs import Program, program


def index(app: Flask) -> None:
    jobs.rebuild({})
    db.session.commit()


def test_pages_follow_each_other_and_count_as_one_search(app: Flask, ana: Visitor) -> None:
    for n in range(5):
        kb.article(f"VPN drops in room {n}", slug=f"room-{n}")
    kb.article("VPN drops in a hidden room", slug="hidden", access_key="a7")
    index(app)
    by, found, cursor = program(ana), [], ""
    while True:
        page = by.get(f"/search?q=vpn+drops&limit=2{cursor}").json
        assert page["total"] == 5
        found += [item["slug"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(found) == [f"room-{n}" for n in range(5)]
    app.extensions["dity-buffer"].flush()
    facts = db.session.scalars(select(LedgerEntry).where(LedgerEntry.name == "search.performed")).all()
    assert [fact.props.get("page") for fact in facts] == [None, 2, 3]
    assert {fact.props.get("of") for fact in facts[1:]} == {facts[0].props["search"]}
    assert {fact.props["surface"] for fact in facts} == {"api"}


def test_a_hit_leads_to_the_article_and_to_its_passage(app: Flask, ana: Visitor) -> None:
    kb.article("Keep the network card awake", slug="awake")
    index(app)
    by = program(ana)
    (hit,) = by.get("/search?q=device+manager").json["items"]
    assert (hit["slug"], hit["kind"]) == ("awake", "article")
    assert hit["url"].startswith("http://127.0.0.1:8000/kb/awake")
    assert by.get(f"/articles/{hit['slug']}").status_code == 200
    assert [one["slug"] for one in by.get("/suggest?q=netw").json["items"]] == ["awake"]


def test_searches_have_the_limit_that_people_have_for_each_token(make_app: Any, ana: Visitor) -> None:
    tokens = [program(ana).token for _ in range(2)]
    db.session.commit()
    tight = make_app(searches_per_minute=1)
    for token in tokens:
        by = Program(tight, token)
        assert [by.get("/search?q=vpn").status_code for _ in range(2)] == [200, 429]
