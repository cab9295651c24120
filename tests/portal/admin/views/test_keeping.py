"""Keeping, backups, room and versions, as the administrator meets them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core import options
from portal.jobs.runner import Runner
from portal.ledger.models import LedgerEntry
from tests.people import Visitor


def test_days_are_chosen_and_the_dry_run_stands_beside_them(ada: Visitor) -> None:
    page = ada.page("/admin/retention")
    assert "Mail that was sent" in page.text
    assert ada.submit("/admin/retention", "/admin/retention", keep_mail_days="45").status_code == 303
    assert options.get().keep_mail_days == 45
    refused = ada.submit("/admin/retention", "/admin/retention", keep_looking_days="3")
    assert refused.status_code == 422
    assert "Between 30 and 3650 days" in refused.text


def test_what_goes_by_the_same_days_has_one_field(ada: Visitor) -> None:
    """Of two fields of one name only the first would be heard."""
    page = ada.page("/admin/retention")
    assert len(page.all("input", name="keep_looking_days")) == 1
    assert "Attempts to find help" in page.text
    assert "Goes by the days of “Who searched and read what”." in page.text


def test_a_backup_is_made_from_the_page_by_a_job(ada: Visitor, app: Flask, db: Any) -> None:
    assert "No backup has been made yet" in ada.page("/admin/backups").text
    assert ada.post("/admin/backups").status_code == 303
    assert ada.post("/admin/backups").status_code == 303
    assert "Waiting to start" in ada.page("/admin/backups").text
    assert "<html" not in ada.get("/admin/backups", headers={"HX-Request": "true"}).text
    db.session.commit()
    Runner(app).drain()
    page = ada.page("/admin/backups")
    assert "The last backup is recent" in page.text
    assert page.text.count(".tar.gz") == 1, "asked for twice, written once"
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.BACKUP_MADE)).scalars()
    assert fact.actor_id == ada.person_id


def test_room_and_versions_are_told(ada: Visitor, ana: Visitor) -> None:
    storage = ada.page("/admin/storage")
    assert "Database" in storage.text
    assert "Known from tomorrow on" in storage.text
    versions = ada.page("/admin/versions").text
    for words in ("DITY", "Python", "SQLite", "fits the code", "SQLAlchemy"):
        assert words in versions
    for path in ("storage", "versions", "backups", "retention"):
        assert ana.get(f"/admin/{path}").status_code == 403
