from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from portal.core.actor import system
from portal.files.models import Attachment
from portal.imports import queries, working
from portal.imports.cli import everything_reader
from portal.imports.models import ImportRun
from portal.jobs.models import Job
from portal.kb.importing import importer, pages
from portal.kb.importing.work import ArticleWork
from portal.kb.models import Article, Category, Draft, Revision
from portal.kb.shelving import topics, tree
from portal.kb.syncing import exporting
from portal.kb.writing import drafts, publishing
from portal.ledger.models import LedgerEntry
from tests.factories import kb
from tests.factories import people as factory
from tests.factories.files import picture
from tests.factories.imports import begun, bring, folder, line, outcomes, plans, undo
from tests.people import Visitor

HANDBOOK: dict[str, str | bytes] = {
    "pages/index.md": "---\ntitle: Welcome\n---\nRead [the rules](rules/leave.md).\n",
    "pages/rules/leave.md": (
        "---\ntitle: Annual leave\nkeywords: Leave, time off\nredirect_from:\n  - /holiday/\nquestions:\n"
        "  - people@ostreyvale.example\n  - people-ops\n---\n"
        "Everybody has twenty days.\n\n## Carry over\n\nUntil March.\n"
    ),
    "pages/rules/travel.md": (
        '---\ntitle: Travel\n---\nSee [leave]({% page "/holiday/#carry-over" %}) and [x]({% page "/gone/" %}).'
        '\n\n{% include "steps" %}\n\n![A map](map.png)\n'
    ),
    "pages/rules/map.png": b"",
    "LICENSE.md": "Public domain.\n",
}


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    return folder(tmp_path / "handbook", {**HANDBOOK, "pages/rules/map.png": picture()})


def article(db: Any, title: str) -> Article:
    return db.session.execute(select(Article).where(Article.title == title)).scalar_one()


def test_a_folder_becomes_articles_in_topics_of_its_folders(db: Any, handbook: Path, dara: Visitor) -> None:
    run = bring("articles", handbook, owner="dara@ostreyvale.example")
    assert outcomes(run) == {
        "LICENSE.md": "skipped",
        "pages/index.md": "created",
        "pages/rules/leave.md": "created",
        "pages/rules/travel.md": "created",
    }
    leave = article(db, "Annual leave")
    assert (leave.slug, leave.status, leave.origin, leave.path, leave.owner_id) == (
        "leave", "published", "portal", "", dara.person_id,
    )  # fmt: skip
    assert [tag.tag for tag in leave.tags] == ["leave", "time-off"]
    assert leave.summary == "Everybody has twenty days."
    parent = db.session.get(Category, leave.category.parent_id)
    assert (leave.category.title, parent.title, article(db, "Welcome").category) == ("Rules", "Handbook", parent)
    assert "kb:leave" in article(db, "Welcome").body
    page = dara.page("/kb/leave")
    assert "Who to ask" in page.text
    assert "#people-ops" in page.text
    assert page.links["people@ostreyvale.example"] == "mailto:people@ostreyvale.example"


def test_links_pictures_and_tags_come_along_or_are_named(db: Any, handbook: Path, dara: Visitor) -> None:
    run = bring("articles", handbook)
    travel = article(db, "Travel")
    picture_row = db.session.execute(select(Attachment)).scalar_one()
    assert picture_row.subject == str(travel.ref)
    assert f"![A map](file:{picture_row.id})" in travel.body
    page = dara.page("/kb/travel")
    assert page.links["leave"] == "/kb/leave#md-carry-over"
    assert "{%" not in page.text
    (image,) = page.all("img", alt="A map")
    with dara.get(image.get("src", "")) as response:
        assert response.status_code == 200
    notes = {(number, text.split(":")[0]) for number, text in line(run, "pages/rules/travel.md").notes}
    assert notes == {(4, "This link leads nowhere"), (6, "This template tag was left out")}


def test_a_page_that_moved_says_where_its_text_is_now(db: Any, tmp_path: Path) -> None:
    moved = "---\ntitle: Holidays\nredirect_to: /rules/leave/\n---\n"
    bring("articles", folder(tmp_path / "handbook", {**HANDBOOK, "pages/rules/holidays.md": moved}))
    assert article(db, "Holidays").body == "This page has moved: [Holidays](kb:leave)\n"


def test_a_second_import_changes_nothing(db: Any, handbook: Path) -> None:
    bring("articles", handbook)
    counted = (Article, Revision, Attachment, Category)
    before = [db.session.execute(select(func.count()).select_from(one)).scalar_one() for one in counted]
    n_facts = db.session.execute(select(func.count()).where(LedgerEntry.name.like("article.%"))).scalar_one()
    run = bring("articles", handbook)
    assert set(outcomes(run).values()) == {"unchanged", "skipped"}
    assert [db.session.execute(select(func.count()).select_from(one)).scalar_one() for one in counted] == before
    after = db.session.execute(select(func.count()).where(LedgerEntry.name.like("article.%"))).scalar_one()
    assert after == n_facts


def test_what_was_edited_in_the_portal_since_is_kept(db: Any, handbook: Path, dara: Visitor) -> None:
    bring("articles", handbook)
    edited, written = article(db, "Annual leave"), article(db, "Travel")
    draft = drafts.edit(dara.actor, edited)
    drafts.save(dara.actor, draft, {"body": "Thirty days."}, lock=draft.lock)
    publishing.publish(dara.actor, draft)
    drafts.edit(dara.actor, written)
    db.session.commit()
    (handbook / "pages/rules/leave.md").write_text("---\ntitle: Annual leave\n---\nTen days.\n")
    (handbook / "pages/rules/travel.md").write_text("---\ntitle: Travel\n---\nWalk.\n")
    run = bring("articles", handbook)
    assert line(run, "pages/rules/leave.md").reason == "It was edited in the portal since."
    assert line(run, "pages/rules/travel.md").reason == "Somebody is writing a new text of it."
    assert edited.body == "Thirty days."


@pytest.mark.both
def test_a_changed_file_changes_its_article_and_undoing_puts_it_back(db: Any, handbook: Path) -> None:
    bring("articles", handbook)
    (handbook / "pages/rules/travel.md").write_text("---\ntitle: Travelling\n---\nWalk.\n")
    (handbook / "pages/new.md").write_text("---\ntitle: New here\n---\nText.\n")
    run = bring("articles", handbook)
    travel, new = article(db, "Travelling"), article(db, "New here")
    assert (outcomes(run)["pages/rules/travel.md"], travel.n_revisions, travel.slug) == ("changed", 2, "travel")
    undo(run)
    assert (travel.title, travel.n_revisions, new.status) == ("Travel", 3, "archived")
    again = bring("articles", handbook)
    assert (outcomes(again)["pages/rules/travel.md"], outcomes(again)["pages/new.md"]) == ("changed", "created")
    assert (travel.title, new.status) == ("Travelling", "published")


def test_undoing_leaves_what_was_changed_since_and_names_it(db: Any, handbook: Path, dara: Visitor) -> None:
    run = bring("articles", handbook)
    edited = article(db, "Annual leave")
    draft = drafts.edit(dara.actor, edited)
    drafts.save(dara.actor, draft, {"body": "Thirty days."}, lock=draft.lock)
    publishing.publish(dara.actor, draft)
    undo(run)
    assert [one.path for one in queries.lines(run, show="not-undone")] == ["pages/rules/leave.md"]
    assert (edited.status, article(db, "Travel").status) == ("published", "archived")


def test_undoing_takes_the_topics_it_made_along_and_the_next_import_is_new_again(
    app: Flask, db: Any, handbook: Path, dara: Visitor, ada: Visitor
) -> None:
    there = kb.category(slug="house", title="Rules of the house")
    db.session.commit()
    before = bring("articles", handbook)
    slugs = [row.slug for row in db.session.execute(select(Category).order_by(Category.id)).scalars()]
    leave = article(db, "Annual leave")
    undo(before)
    db.session.expire_all()
    assert queries.stays(before) == []
    assert [one.topic.slug for one in tree.branches(dara.actor)] == [there.slug], "no empty topic is left"
    assert "Everything was taken back." in ada.page(f"/admin/imports/{before.id}").text
    assert dara.get(f"/kb/{leave.slug}").status_code == 404
    assert [slug for slug, _way in importer._topics()] == ["", there.slug], "nobody is offered what holds the texts"
    assert [name for name, _content in exporting.members(everything_reader())] == ["categories.toml"]
    again = bring("articles", handbook)
    assert (again.counts["created"], again.counts.get("changed")) == (3, None)
    found = select(Category.slug).where(Category.slug != tree.TAKEN_BACK).order_by(Category.id)
    assert sorted(slugs) == sorted(db.session.execute(found).scalars())
    leave = article(db, "Annual leave")
    assert (leave.status, leave.slug, dara.get("/kb/leave").status_code) == ("published", "leave", 200)
    undo(again)
    assert [one.topic.slug for one in tree.branches(dara.actor)] == [there.slug]


def test_undoing_says_which_topics_stay_and_why(db: Any, handbook: Path, dara: Visitor, ada: Visitor) -> None:
    run = bring("articles", handbook)
    rules = db.session.execute(select(Category).where(Category.slug == "rules")).scalar_one()
    draft = drafts.begin(dara.actor, title="Written since", category=rules)
    db.session.commit()
    undo(run)
    assert draft.article.category_id == rules.id
    page = ada.page(f"/admin/imports/{run.id}").text
    assert "Everything was taken back." not in page
    assert "Rules: There is 1 article in it." in page
    assert "Handbook: There is a topic below it." in page


def test_a_topic_somebody_tended_since_stays(db: Any, handbook: Path, dara: Visitor) -> None:
    run = bring("articles", handbook)
    rules = db.session.execute(select(Category).where(Category.slug == "rules")).scalar_one()
    topics.change(dara.actor, rules, topics.as_wanted(rules, summary="What we agreed on."), is_sure=True)
    db.session.commit()
    undo(run)
    assert queries.stays(run) == [
        ("Handbook", "There is a topic below it."),
        ("Rules", "It was changed in the portal since."),
    ]


def test_two_runners_of_one_import_make_its_topics_once(db: Any, handbook: Path) -> None:
    run = begun("articles", handbook)
    start = working.given(run)
    with pages.read(handbook, start) as rows:
        works = [ArticleWork(system("tests"), rows, start) for _n in range(2)]
        made = [[one.title for one in work.prepare()] for work in works]
        db.session.commit()
        assert made == [["Handbook", "Rules"], []]
        assert db.session.execute(select(func.count()).select_from(Category)).scalar_one() == 2
        one, other = (work.check(rows[2]).content.place for work in works)
    assert one.topic_id == other.topic_id is not None


def test_a_page_offers_drafts_first_and_a_newer_version_of_what_is_read_stays_published(
    db: Any, handbook: Path
) -> None:
    choice = next(one for one in importer.IMPORTER.choices if one.name == "status")
    assert choice.options is not None
    assert (choice.default, [value for value, _label in choice.options()]) == ("draft", ["draft", "published"])
    bring("articles", handbook)
    (handbook / "pages/rules/leave.md").write_text("---\ntitle: Annual leave\n---\nThirty days.\n")
    (handbook / "pages/rules/new.md").write_text("---\ntitle: New here\n---\nText.\n")
    bring("articles", handbook, status="draft")
    assert (article(db, "Annual leave").status, article(db, "New here").status) == ("published", "draft")


def test_where_a_second_person_looks_nothing_appears_by_being_imported(db: Any, handbook: Path, ada: Visitor) -> None:
    asks = kb.category("Rules", needs_second=True)
    tree.rekey()
    bring("articles", handbook, topic=asks.slug)
    bring("articles", handbook)
    inside = db.session.execute(select(Article).where(Article.title == "Welcome").order_by(Article.id)).scalars().all()
    assert [(row.category_id == asks.id, row.status) for row in inside] == [(True, "draft"), (False, "published")]
    topics.change(ada.actor, inside[1].category, topics.as_wanted(inside[1].category, needs_second=True))
    (handbook / "pages/index.md").write_text("---\ntitle: Welcome\n---\nNobody else has seen this.\n")
    run = bring("articles", handbook)
    assert (outcomes(run)["pages/index.md"], "Nobody else" in inside[1].body) == ("kept", False)


BROKEN: dict[str, tuple[str | bytes, int, str]] = {
    "yaml.md": ("---\ntitle: A\nkey: [1, 2\n---\nText.\n", 4, "not YAML"),
    "billion.md": ("---\na: &a [1]\ntitle: *a\n---\nText.\n", 3, "other values"),
    "deep.md": ("---\ntitle: " + "[" * 3000 + "\n---\n", 2, "not YAML"),
    "latin.md": (b"---\ntitle: A\n---\nCaf" + b"\xe9\n", 4, "UTF-8"),
    "long.md": ("---\ntitle: A\n---\n" + "x" * 100_001, 4, "longer than"),
    "open.md": ("---\ntitle: A\nText.\n", 1, "never closed"),
    "untitled.md": ("---\nname: A\n---\nText.\n", 1, "no title"),
    "heavy.md": ("---\ntitle: A\n---\n" + "* a\n" * 20_000, 1, "too many"),
}


def test_a_broken_file_is_named_by_line_and_reason_while_the_rest_goes_on(db: Any, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {name: content for name, (content, _n, _why) in BROKEN.items()}
    run = bring("articles", folder(tmp_path / "mixed", {**files, "fine.md": "---\ntitle: Fine\n---\nText.\n"}))
    assert outcomes(run) == {**dict.fromkeys(BROKEN, "failed"), "fine.md": "created"}
    for name, (_content, number, why) in BROKEN.items():
        found = line(run, name)
        assert (name, found.line, why in found.reason) == (name, number, True), found.reason


def test_a_dry_run_says_the_same_and_writes_nothing(db: Any, handbook: Path) -> None:
    n_jobs = db.session.execute(select(func.count()).select_from(Job)).scalar_one()
    found = {plan.row.path: (plan.outcome.value, len(plan.notes)) for plan in plans("articles", handbook)}
    for model in (Article, Category, ImportRun, Attachment):
        assert db.session.execute(select(func.count()).select_from(model)).scalar_one() == 0
    assert db.session.execute(select(func.count()).select_from(Job)).scalar_one() == n_jobs
    run = bring("articles", handbook)
    assert {one.path: (one.outcome, one.n_notes) for one in queries.all_lines(run)} == found


def test_an_old_address_leads_whoever_may_read_to_the_article(
    db: Any, handbook: Path, ben: Visitor, ana: Visitor, stranger: Visitor
) -> None:
    factory.audience("Ben alone", ("person", str(ben.person_id)), slug="ben-alone")
    bring("articles", handbook, audience="ben-alone")
    for address in ("/holiday/", "/holiday", "/Holiday/index.html", "/rules/leave/"):
        assert ben.get(address).headers.get("Location") == "/kb/leave", address
        assert ana.get(address).status_code == stranger.get(address).status_code == 404
    assert ben.post("/holiday/").status_code == 404


def test_a_restricted_import_restricts_its_topics_too(db: Any, handbook: Path, ben: Visitor, ana: Visitor) -> None:
    factory.audience("Ben alone", ("person", str(ben.person_id)), slug="ben-alone")
    bring("articles", handbook, audience="ben-alone")
    slugs = db.session.execute(select(Category.slug)).scalars().all()
    assert len(slugs) == 2
    for slug in slugs:
        assert (ben.get(f"/kb/topics/{slug}").status_code, ana.get(f"/kb/topics/{slug}").status_code) == (200, 404)
    assert (ben.get("/kb/leave").status_code, ana.get("/kb/leave").status_code) == (200, 404)
    run = bring("articles", handbook)
    assert set(outcomes(run).values()) == {"changed", "skipped"}, "opening is a change, and is reported as one"


def test_an_unknown_audience_or_owner_refuses_the_whole(db: Any, handbook: Path) -> None:
    assert bring("articles", handbook, owner="nobody@ostreyvale.example").state == "refused"
    assert db.session.execute(select(func.count()).select_from(Article)).scalar_one() == 0


def test_imported_drafts_keep_their_address_when_they_are_published(db: Any, handbook: Path, dara: Visitor) -> None:
    bring("articles", handbook, status="draft")
    leave = article(db, "Annual leave")
    assert (leave.status, bring("articles", handbook, status="draft").counts["unchanged"]) == (
        "draft",
        3,
    )
    draft = db.session.execute(select(Draft).where(Draft.article_id == leave.id)).scalar_one()
    publishing.publish(dara.actor, draft)
    assert (leave.status, leave.slug) == ("published", "leave")


def test_the_same_file_below_another_topic_is_another_article(db: Any, handbook: Path) -> None:
    bring("articles", handbook)
    kb.category("Elsewhere", slug="elsewhere")
    bring("articles", handbook, topic="elsewhere")
    assert sorted(db.session.execute(select(Article.slug).where(Article.title == "Annual leave")).scalars()) == [
        "leave",
        "leave-2",
    ]


def test_an_archive_is_known_again_whatever_folder_it_was_packed_from(db: Any, tmp_path: Path) -> None:
    for version in ("handbook-1", "handbook-2"):
        with tarfile.open(tmp_path / "handbook.tar.gz", "w:gz") as archive:
            content = b"---\ntitle: A\n---\nText.\n"
            header = tarfile.TarInfo(f"{version}/rules/a.md")
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
        run = bring("articles", tmp_path / "handbook.tar.gz")
    assert set(outcomes(run).values()) == {"unchanged"}


def test_a_picture_that_is_none_is_a_remark_and_no_failure(db: Any, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    files = {"a.md": "---\ntitle: A\n---\n![x](b.png) ![y](c.png)\n", "b.png": b"no picture", "c.png": out.getvalue()}
    run = bring("articles", folder(tmp_path / "f", files))
    assert outcomes(run) == {"a.md": "created"}
    assert [text for _n, text in line(run, "a.md").notes] == [
        "b.png: The content of this file is not what its name says."
    ]
    assert db.session.execute(select(func.count()).select_from(Attachment)).scalar_one() == 1


def test_one_job_brings_the_index_in_step(db: Any, handbook: Path) -> None:
    bring("articles", handbook)
    jobs = db.session.execute(select(Job).where(Job.kind == "search.update")).scalars().all()
    assert [len(job.payload["refs"]) for job in jobs] == [3]


def test_who_imports_is_who_wrote_it(db: Any, handbook: Path, ada: Visitor) -> None:
    bring("articles", handbook, actor=ada.actor)
    assert set(db.session.execute(select(Revision.author_id)).scalars()) == {ada.person_id}
    assert set(db.session.execute(select(Article.owner_id)).scalars()) == {ada.person_id}
