"""Sync: files become rows, all or nothing, and only what changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import ANONYMOUS, system
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.jobs.models import Job
from portal.kb.models import Article, ArticleRedirect, Category, Revision
from portal.kb.reading import services
from portal.kb.syncing.sync import Report, SyncRefused, sync
from portal.ledger.models import LedgerEntry
from portal.people import audiences
from tests.factories.kb import BODY, write_file
from tests.factories.people import actor, audience, department, person

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def dara(app: Flask) -> Any:
    row = person("Dara Voss", email="dara@ostreyvale.example")
    db.session.commit()
    return row


def run(folder: Path, **kw: Any) -> Report:
    report = sync(system("sync"), folder, **kw)
    db.session.commit()
    return report


def row(slug: str = "vpn-drops") -> Article:
    return db.session.execute(select(Article).where(Article.slug == slug)).scalar_one()


def test_a_new_file_is_published_recorded_and_sent_to_the_index(tmp_path: Path, dara: Any) -> None:
    write_file(tmp_path, verified_on="2026-03-01", review_by="2026-06-01")
    assert run(tmp_path).created == ["vpn-drops"]
    article = row()
    assert (article.owner_id, article.n_steps, article.version) == (dara.id, 2, 1)
    assert article.published_at is not None
    assert article.html.count('class="step-tick"') == 2
    assert article.verified_by_id == dara.id
    names = set(db.session.execute(select(LedgerEntry.name)).scalars())
    assert {"article.synced", "article.published"} <= names
    job = db.session.execute(select(Job).where(Job.kind == "search.update")).scalar_one()
    assert job.payload == {"refs": [str(article.ref)]}


def test_a_second_sync_changes_nothing(tmp_path: Path) -> None:
    write_file(tmp_path)
    run(tmp_path)
    n_before = len(db.session.execute(select(LedgerEntry.id)).all())
    report = run(tmp_path)
    assert (report.created, report.changed, report.n_unchanged) == ([], [], 1)
    assert len(db.session.execute(select(LedgerEntry.id)).all()) == n_before


def test_one_bad_file_keeps_everything_as_it_was(tmp_path: Path) -> None:
    write_file(tmp_path)
    run(tmp_path)
    write_file(tmp_path, title="VPN drops all the time")
    write_file(tmp_path, "other", status="hidden")
    with pytest.raises(SyncRefused) as refusal:
        sync(system("sync"), tmp_path)
    db.session.rollback()
    assert str(refusal.value.problems[0]).startswith("network/other.md:6: status must be")
    assert row().title == "VPN drops every few minutes"


def test_an_owner_nobody_knows_is_named_unless_somebody_stands_in(tmp_path: Path, dara: Any) -> None:
    write_file(tmp_path, owner="nobody@ostreyvale.example")
    with pytest.raises(SyncRefused) as refusal:
        sync(system("sync"), tmp_path)
    db.session.rollback()
    assert "network/vpn-drops.md:5: nobody here has the address" in str(refusal.value.problems[0])
    run(tmp_path, fallback_owner="dara@ostreyvale.example")
    assert row().owner_id == dara.id


def test_an_audience_nobody_named_is_refused(tmp_path: Path) -> None:
    write_file(tmp_path, audience="[finance]")
    with pytest.raises(SyncRefused, match="1 problems"):
        sync(system("sync"), tmp_path)


def test_a_small_change_keeps_answers_and_a_large_one_asks_anew(tmp_path: Path) -> None:
    write_file(tmp_path)
    run(tmp_path)
    write_file(tmp_path, body=BODY.replace("A menu opens", "A menu comes up"))
    assert run(tmp_path).changed == ["vpn-drops"]
    assert (row().version, row().n_revisions) == (1, 2)
    write_file(tmp_path, body="## Something else entirely\n\n1. Restart the laptop and sign in again.\n")
    run(tmp_path)
    assert (row().version, row().n_revisions) == (2, 3)
    texts = db.session.execute(select(Revision.body).order_by(Revision.n)).scalars().all()
    assert texts[0] == BODY, "the first text is kept"


def test_a_file_that_is_gone_archives_its_article(tmp_path: Path) -> None:
    path = write_file(tmp_path)
    run(tmp_path)
    path.unlink()
    assert run(tmp_path).archived == ["vpn-drops"]
    assert row().status == "archived"
    assert db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.ARTICLE_ARCHIVED.value)).scalar()
    write_file(tmp_path)
    run(tmp_path)
    assert row().status == "published"


def test_an_old_name_leads_to_the_new_one(tmp_path: Path) -> None:
    write_file(tmp_path, replaces="[vpn-disconnects]")
    run(tmp_path)
    assert db.session.get(ArticleRedirect, "vpn-disconnects") is not None
    moved = services.moved_to(actor(), "vpn-disconnects")
    assert moved is not None
    assert moved.slug == "vpn-drops"
    assert services.moved_to(ANONYMOUS, "vpn-disconnects") is None


def test_audiences_of_article_and_categories_add_up(tmp_path: Path) -> None:
    unit = department()
    finance = audience("Finance", ("department", str(unit.id)), slug="finance")
    mill = audience("Mill", ("site", "7"), slug="mill")
    (tmp_path / "network").mkdir()
    (tmp_path / "categories.toml").write_text(
        '[[category]]\nslug = "money"\ntitle = "Money"\naudience = ["finance"]\n'
        '[[category]]\nslug = "network"\ntitle = "Cheques"\nparent = "money"\n'
    )
    write_file(tmp_path, audience="[mill]")
    run(tmp_path)
    both = actor("Ana", department_id=unit.id, site_id=None)
    assert not both.sees(row().access_key)
    assert row().access_key == audiences.key_for([[mill.id], None, [finance.id]])


def test_verifying_in_the_portal_outlives_an_older_date_in_the_file(tmp_path: Path, dara: Any) -> None:
    write_file(tmp_path, verified_on="2026-03-01", review_by="2026-06-01")
    run(tmp_path)
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    row().verified_at = at
    db.session.commit()
    write_file(tmp_path, title="New title", verified_on="2026-03-01", review_by="2026-06-01")
    run(tmp_path)
    assert row().verified_at == at


def test_only_those_who_may_can_sync(tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        sync(actor(), tmp_path)


def test_categories_follow_their_file(tmp_path: Path) -> None:
    write_file(tmp_path)
    run(tmp_path)
    (tmp_path / "categories.toml").write_text('[[category]]\nslug = "network"\ntitle = "Wires"\nicon = "wifi"\n')
    run(tmp_path)
    category = db.session.execute(select(Category)).scalar_one()
    assert (category.title, category.icon) == ("Wires", "wifi")


def test_our_own_articles_sync() -> None:
    for slug in ("finance", "hr", "managers"):
        audience(slug, slug=slug)
    report = run(Path(__file__).parents[4] / "kb_articles", fallback_owner="dara@ostreyvale.example")
    assert len(report.created) >= 60
    assert not any("dead-link" in article.html for article in db.session.execute(select(Article)).scalars())
