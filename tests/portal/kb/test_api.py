"""Articles for programs: the same rules as on the pages, the same texts, nothing overwritten."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.core.scopes import Scope
from portal.kb.models import Article, ArticleRedirect
from portal.kb.writing import drafts
from portal.talk import solutions
from tests.factories import kb
from tests.people import Visitor
from tests.programs import program

WRITING = (Scope.READ, Scope.WRITE)


@pytest.mark.both
def test_a_list_is_read_to_its_end_and_what_comes_meanwhile_shifts_nothing(ana: Visitor) -> None:
    for n in range(5):
        with clock.frozen(clock.now() - dt.timedelta(days=9 - n)):
            kb.article(slug=f"old-{n}")
    by, found, query = program(ana), [], "?limit=2"
    while query:
        page = by.get(f"/articles{query}").json
        found += [item["slug"] for item in page["items"]]
        if len(found) == 2:
            kb.article(slug="new", title="Came meanwhile")
            with clock.frozen(clock.now() - dt.timedelta(days=30)):
                kb.article(slug="older", title="Was there before, and not missed by whoever begins now")
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert found == [*(f"old-{n}" for n in range(5)), "new"]


def test_filters_narrow_and_what_is_hidden_is_not_there(ana: Visitor, queries: object) -> None:
    above = kb.category(slug="network")
    below = kb.category(slug="vpn", parent_id=above.id)
    shown = kb.article(slug="shown", category=below, tags=("vpn", "phone"))
    kb.article(slug="hidden", category=below, access_key="a7")
    kb.article(slug="unwritten", category=below, status="draft")
    shown.changed_at = clock.now() + dt.timedelta(days=1)
    by = program(ana)
    later = (clock.now() + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for query in ("", "?category=network", "?tag=Phone", f"?changed_since={later}"):
        assert [item["slug"] for item in by.get(f"/articles{query}").json["items"]] == ["shown"]
    for query in ("?category=finance", "?tag=wifi"):
        assert by.get(f"/articles{query}").json["items"] == []
    tree = by.get("/categories").json["items"]
    assert {item["slug"]: (item["parent"], item["n_articles"]) for item in tree} == {
        "network": (None, 1),
        "vpn": ("network", 1),
    }
    hidden, unknown = by.get("/articles/hidden"), by.get("/articles/none")
    assert {**hidden.json, "instance": ""} == {**unknown.json, "instance": ""}


def test_a_list_costs_the_same_however_long_it_is(ana: Visitor, queries: object) -> None:
    by = program(ana)
    kb.article()
    by.get("/articles")
    with queries() as few:  # type: ignore[operator]
        by.get("/articles?limit=100")
    for _ in range(20):
        kb.article(tags=("vpn", "wifi"))
    with queries() as many:  # type: ignore[operator]
        by.get("/articles?limit=100")
    assert len(many) <= len(few) + 1


def test_an_article_comes_with_its_text_and_again_only_when_it_changed(ana: Visitor) -> None:
    article = kb.article(slug="vpn", body="## Steps\n\nOpen **it**.\n")
    by = program(ana)
    found = by.get("/articles/vpn")
    assert found.json["markdown"] == "## Steps\n\nOpen **it**.\n"
    assert "<strong>it</strong>" in found.json["html"]
    known = {"If-None-Match": found.headers["ETag"]}
    assert by.get("/articles/vpn", headers=known).status_code == 304
    article.title = "Another title"
    assert by.get("/articles/vpn", headers=known).status_code == 200


def test_a_former_name_leads_to_the_present_one(ana: Visitor) -> None:
    article = kb.article(slug="vpn")
    db.session.add(ArticleRedirect(slug="old-vpn", article_id=article.id))
    moved = program(ana).get("/articles/old-vpn")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/api/v1/articles/vpn")


def test_an_article_is_begun_changed_and_published(dara: Visitor, ana: Visitor) -> None:
    category = kb.category(slug="network")
    by = program(dara, *WRITING)
    begun = by.post("/articles", {"title": "Reset the  VPN app", "category": "network", "tags": ["VPN"]})
    assert (begun.status_code, begun.json["slug"], begun.json["title"]) == (
        201,
        "reset-the-vpn-app",
        "Reset the VPN app",
    )
    where = begun.headers["Location"]
    assert by.get(where).headers["ETag"] == begun.headers["ETag"]
    assert program(ana).get("/articles/reset-the-vpn-app").status_code == 404
    refused = by.post("/articles/reset-the-vpn-app/publish", headers={"If-Match": begun.headers["ETag"]})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["summary"])
    text = {"summary": "Sign out and in.", "markdown": "## Steps\n\n1. Sign out.\n", "category": "network"}
    changed = by.patch("/articles/reset-the-vpn-app", text, etag=begun.headers["ETag"])
    assert changed.status_code == 200
    published = by.post("/articles/reset-the-vpn-app/publish", headers={"If-Match": changed.headers["ETag"]})
    assert (published.status_code, published.json["status"]) == (200, "published")
    assert published.json["slug"] == begun.json["slug"] == "reset-the-vpn-app"
    assert program(ana).get(f"/articles/{published.json['slug']}").json["summary"] == "Sign out and in."
    assert db.session.scalars(select(Article)).one().category_id == category.id


def test_nothing_is_overwritten_that_was_not_seen(dara: Visitor, ada: Visitor) -> None:
    article = kb.article(slug="vpn", summary="First")
    by, other = program(dara, *WRITING), program(ada, *WRITING)
    seen = by.get("/articles/vpn/draft")
    assert (seen.json["is_begun"], seen.headers["ETag"]) == (False, '"revision-0"')
    assert other.patch("/articles/vpn", {"summary": "Ada's"}, etag=seen.headers["ETag"]).status_code == 200
    late = by.patch("/articles/vpn", {"summary": "Dara's"}, etag=seen.headers["ETag"])
    assert (late.status_code, late.json["type"]) == (412, "urn:dity:problem:changed-meanwhile")
    assert (late.json["theirs"]["summary"], late.json["yours"]) == ("Ada's", {"summary": "Dara's"})
    for blind in ("", "*"):
        assert by.patch("/articles/vpn", {"summary": "Dara's"}, etag=blind).status_code == 428
    assert by.patch("/articles/vpn", {"summary": "Dara's"}, etag=late.json["etag"]).status_code == 200
    draft = drafts.open_draft(article)
    assert draft is not None
    assert (draft.summary, article.summary) == ("Dara's", "First")


def test_the_same_request_sent_twice_makes_one_article(dara: Visitor) -> None:
    kb.category(slug="network")
    by = program(dara, *WRITING)
    sent = {"title": "Reset the VPN app", "category": "network"}
    first, again = (by.post("/articles", sent, headers={"Idempotency-Key": "import-2026-03"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 303)
    assert again.headers["Location"] == first.headers["Location"]
    assert len(db.session.scalars(select(Article)).all()) == 1
    other = program(dara, *WRITING)  # a key is good for its own token
    assert other.post("/articles", sent, headers={"Idempotency-Key": "import-2026-03"}).status_code == 201


def test_a_topic_that_may_not_be_known_and_one_that_is_not_there_are_refused_alike(dara: Visitor) -> None:
    kb.category(slug="secret", access_key="a7")
    by = program(dara, *WRITING)
    hidden, unknown = (by.post("/articles", {"title": "T", "category": slug}).json for slug in ("secret", "none"))
    assert {**hidden, "instance": ""} == {**unknown, "instance": ""}


def test_four_eyes_hold_for_programs_too(ada: Visitor) -> None:
    kb.article(slug="vpn", category=kb.category(needs_second=True))
    by = program(ada, *WRITING)
    changed = by.patch("/articles/vpn", {"summary": "Other"}, etag='"revision-0"')
    refused = by.post("/articles/vpn/publish", headers={"If-Match": changed.headers["ETag"]})
    assert refused.status_code == 403


def test_a_person_says_whether_it_solved_it_and_editors_read_it_without_names(ana: Visitor, dara: Visitor) -> None:
    article = kb.article(slug="vpn")
    by = program(ana, Scope.FEEDBACK)
    said = by.post("/articles/vpn/feedback", {"solved": False, "reason": "out_of_date", "comment": "The button moved."})
    assert (said.status_code, said.json["reason"]) == (200, "out_of_date")
    assert solutions.of(ana.actor, article.ref, version=1) is not None
    wrong = by.post("/articles/vpn/feedback", {"solved": "no"})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["solved"])
    assert by.get("/feedback").status_code == 403
    read = program(dara, Scope.FEEDBACK).get("/feedback")
    assert [item["comment"] for item in read.json["items"]] == ["The button moved."]
    assert "Ana" not in read.text
    assert "person" not in read.text


def test_feedback_is_paged_and_leaves_out_what_is_hidden(dara: Visitor, ana: Visitor, ben: Visitor) -> None:
    open_, hidden = kb.article(slug="open"), kb.article(slug="hidden", access_key="a7")
    for article, who in ((open_, ana), (hidden, ben), (open_, ben)):
        solutions.mark(who.actor, article.ref, version=1, solved=False, comment="Words")
    by = program(dara, Scope.FEEDBACK)
    first = by.get("/feedback?limit=1").json
    assert len(first["items"]) == 1
    rest = by.get(f"/feedback?limit=1&cursor={first['next']}").json
    last = by.get(f"/feedback?limit=1&cursor={rest['next']}").json
    assert [item["article"] for item in first["items"] + rest["items"] + last["items"]] == ["open", "open"]
    assert last["next"] is None
