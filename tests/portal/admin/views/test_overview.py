"""The overview: is the portal well?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from portal.admin import condition
from portal.core import clock, doctor, options
from portal.core.actor import system
from portal.core.version import VERSION
from portal.jobs import services as jobs
from portal.jobs.models import State
from tests.factories import kb
from tests.people import Visitor


def test_it_opens_with_what_wants_a_look_and_what_to_do(ada: Visitor, db: Any) -> None:
    job = jobs.enqueue("search.update", {})
    assert job is not None
    job.state, job.finished_at = State.DEAD.value, clock.now()
    page = ada.page("/admin/")
    assert "attention" in page.heading
    assert "See Administration, Background jobs" in page.text


def test_it_counts_people_and_tells_versions_and_room(ada: Visitor, ana: Visitor, zoe: Visitor) -> None:
    text = ada.page("/admin/").text
    assert "1 has left" in text
    assert VERSION in text
    assert "Database" in text


def test_a_portal_without_a_backup_is_not_well_and_says_what_to_do(ada: Visitor, home: Path) -> None:
    page = ada.page("/admin/")
    assert page.heading != "Everything is in order"
    assert "Backup: none has been made yet" in page.text
    assert "Make one now" in page.text
    assert 'href="/admin/backups">Show details' in ada.get("/admin/").text
    (home / doctor.LAST_BACKUP).touch()
    assert "none has been made yet" not in ada.page("/admin/").text


def test_a_demo_without_a_backup_says_so_too(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.config, "DITY", replace(app.config["DITY"], demo=True))
    (told,) = [health for check, health in condition.findings() if check.name == "backup"]
    assert (told.is_ok, "Make one now" in told.advice) == (False, True)


def test_a_reader_reads_why_not_and_who_can(ana: Visitor, ada: Visitor) -> None:
    page = ana.page("/admin/", status=403)
    assert "Ask Ada Demir" in page.text


def test_a_new_administrator_reads_what_to_do_first(ada: Visitor) -> None:
    page = ada.page("/admin/")
    assert "What to do first" in page.text
    assert page.links["Invite people"] == "/admin/people/invite"
    assert page.links["Make the first backup"] == "/admin/backups"
    assert "./dity kb sync --owner ada@ostreyvale.example" in page.text


def test_what_is_done_is_not_named_again(ada: Visitor) -> None:
    options.change(system("tests"), desk_mail="desk@ostreyvale.example", public_reading=True)
    text = ada.page("/admin/").text
    assert "Name the service desk" not in text
    assert "Decide who may read" not in text
    assert "Publish articles" in text


def test_with_articles_and_people_the_first_steps_are_gone(ada: Visitor, ana: Visitor, ben: Visitor) -> None:
    kb.article()
    assert "What to do first" not in ada.page("/admin/").text
