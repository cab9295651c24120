"""The overview: is the portal well?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.core import clock, doctor
from portal.core.version import VERSION
from portal.jobs import services as jobs
from portal.jobs.models import State
from tests.people import Visitor


def test_it_opens_with_what_wants_a_look_and_what_to_do(ada: Visitor, db: Any) -> None:
    job = jobs.enqueue("search.update", {})
    assert job is not None
    job.state, job.finished_at = State.DEAD.value, clock.now()
    page = ada.page("/admin/")
    assert "want" in page.heading
    assert "See Administration, Jobs" in page.text


def test_it_counts_people_and_tells_versions_and_room(ada: Visitor, ana: Visitor, zoe: Visitor) -> None:
    text = ada.page("/admin/").text
    assert "1 has left" in text
    assert VERSION in text
    assert "Database" in text


def test_it_tells_when_the_last_backup_was(ada: Visitor, home: Path) -> None:
    assert "There never was one" in ada.page("/admin/").text
    (home / doctor.LAST_BACKUP).touch()
    assert "There never was one" not in ada.page("/admin/").text


def test_a_reader_reads_why_not_and_who_can(ana: Visitor, ada: Visitor) -> None:
    page = ana.page("/admin/", status=403)
    assert "Ask Ada Demir" in page.text
