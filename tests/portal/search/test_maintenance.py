"""The index follows the rows, and what is wrong with it is noticed and mended (QUALITY R8)."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.core import health
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.jobs import services as job_queue
from portal.jobs.models import Job
from portal.jobs.runner import Runner
from portal.search import jobs, maintenance, services
from portal.search.documents import SearchRequest
from portal.search.engine import IndexUnusable
from portal.search.models import IndexRow
from tests.factories import kb, people
from tests.portal.search.test_engine import flip

Index = Callable[[], None]


@pytest.fixture
def reader(app: Flask) -> Actor:
    return people.actor("Ana Ruiz")


@pytest.fixture
def folder(app: Flask) -> Path:
    return app.config["DITY"].home / maintenance.FOLDER


def found(actor: Actor, text: str) -> services.Found:
    with current_app.test_request_context():
        try:
            return services.search(actor, SearchRequest(text=text))
        finally:
            db.session.rollback()


def titles(actor: Actor, text: str) -> list[str]:
    return [thing.title for _, thing in found(actor, text).rows]


def finding() -> health.Health:
    return next(outcome for check, outcome in health.findings() if check.name == "search")


@pytest.mark.both
def test_a_changed_article_is_found_after_its_job(app: Flask, index: Index, reader: Actor) -> None:
    article = kb.article("Scanner sends blank pages")
    index()
    article.title = "Plotter sends blank pages"
    job_queue.enqueue("search.update", {"refs": [str(article.ref)]})
    db.session.commit()
    assert Runner(app).drain() == 1
    assert titles(reader, "plotter") == ["Plotter sends blank pages"]
    assert db.session.get(IndexRow, 1).changes == 1


def test_an_article_that_was_withdrawn_is_not_found(index: Index, reader: Actor) -> None:
    article = kb.article("Scanner sends blank pages")
    index()
    article.status = "archived"
    db.session.commit()
    assert titles(reader, "scanner") == []  # not even before the index knows
    jobs.update({"refs": [str(article.ref)]})
    db.session.commit()
    assert maintenance.status().n_documents == 0


def test_the_first_change_of_a_new_portal_builds_the_index(reader: Actor) -> None:
    article = kb.article("Scanner sends blank pages")
    db.session.commit()
    jobs.update({"refs": [str(article.ref)]})
    db.session.commit()
    assert titles(reader, "scanner") == ["Scanner sends blank pages"]
    assert maintenance.status().is_ok


def test_a_name_that_is_none_is_refused(index: Index) -> None:
    index()
    with pytest.raises(ValueError):
        jobs.update({"refs": ["article/1"]})


def test_without_an_index_people_still_find_their_very_words(reader: Actor) -> None:
    kb.article("Scanner sends blank pages")
    db.session.commit()
    answer = found(reader, "blank pages")
    assert answer.results.is_fallback
    assert [thing.title for _, thing in answer.rows] == ["Scanner sends blank pages"]


def test_looking_without_an_index_asks_for_one(app: Flask, reader: Actor) -> None:
    kb.article("Scanner sends blank pages")
    db.session.commit()
    for _ in range(3):
        found(reader, "blank")
    app.extensions["dity-buffer"].flush()
    (job,) = db.session.execute(select(Job).where(Job.kind == "search.watch")).scalars()
    db.session.commit()
    Runner(app).drain()
    assert job.kind == "search.watch"
    assert not found(reader, "blank").results.is_fallback


def test_flipped_bytes_are_noticed_and_mended_while_people_search(
    app: Flask, index: Index, reader: Actor, folder: Path
) -> None:
    kb.article("Scanner sends blank pages")
    index()
    flip(folder)
    assert not finding().is_ok
    assert "damaged" in finding().detail
    app.extensions.pop(maintenance.EXTENSION)  # as a fresh process would
    assert found(reader, "scanner").results.is_fallback
    jobs.watch({})
    db.session.commit()
    assert finding().is_ok
    assert not found(reader, "scanner").results.is_fallback


def test_an_old_copy_put_back_is_stale(app: Flask, index: Index, reader: Actor, folder: Path) -> None:
    article = kb.article("Scanner sends blank pages")
    index()
    shutil.copytree(folder, folder.with_name("copy"))
    article.title = "Plotter sends blank pages"
    db.session.commit()
    jobs.update({"refs": [str(article.ref)]})
    db.session.commit()
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)
    assert maintenance.status().state == "stale"
    assert found(reader, "scanner").results.is_fallback
    with pytest.raises(IndexUnusable):
        maintenance.update([article.ref])
    jobs.watch({})
    db.session.commit()
    assert titles(reader, "plotter") == ["Plotter sends blank pages"]
    assert maintenance.status().is_ok


def test_the_index_of_another_installation_is_stale(index: Index) -> None:
    index()
    db.session.delete(db.session.get(IndexRow, 1))
    db.session.commit()
    assert maintenance.status().state == "stale"


def test_an_index_a_moment_ahead_of_the_database_is_not_stale(index: Index, reader: Actor) -> None:
    """The runner writes the index first and the database after; people search in between."""
    article = kb.article("Scanner sends blank pages")
    index()
    maintenance.update([article.ref])
    db.session.rollback()
    assert maintenance.status().is_ok
    build = maintenance.plan_rebuild()
    db.session.commit()
    maintenance.rebuild(build)
    db.session.rollback()
    assert not found(reader, "scanner").results.is_fallback


def test_watching_a_sound_index_builds_nothing(index: Index) -> None:
    index()
    build = db.session.get(IndexRow, 1).build
    jobs.watch({})
    assert db.session.get(IndexRow, 1).build == build


def test_the_first_start_without_an_index_is_no_warning_but_damage_is(
    index: Index, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger=jobs.__name__):
        jobs.watch({})
        kb.article("Scanner sends blank pages")
        index()
        flip(folder)
        jobs.watch({})
    seen = [(row.levelname, row.__dict__["state"]) for row in caplog.records if row.name == jobs.__name__]
    assert seen == [("INFO", "missing"), ("WARNING", "damaged")]


def test_tidying_keeps_every_answer(index: Index, reader: Actor) -> None:
    index()
    for n in range(4):
        article = kb.article(f"Scanner {n}")
        db.session.commit()
        jobs.update({"refs": [str(article.ref)]})
        db.session.commit()
    jobs.optimise({})
    assert len(titles(reader, "scanner")) == 4
    assert maintenance.status().is_ok


def test_tidying_without_an_index_builds_it(reader: Actor) -> None:
    kb.article("Scanner sends blank pages")
    db.session.commit()
    jobs.optimise({})
    db.session.commit()
    assert titles(reader, "scanner") == ["Scanner sends blank pages"]


def test_a_source_that_gives_what_was_not_asked_for_is_a_mistake() -> None:
    from tests.portal.search.making import document

    with pytest.raises(ValueError, match="not asked for"):
        list(maintenance._only_those([document("A", number=2)], "article", {1}))


def test_refs_of_kinds_nobody_declares_are_dropped(index: Index) -> None:
    index()
    assert maintenance.update([Ref("poem", 3)]).n_documents == 0
