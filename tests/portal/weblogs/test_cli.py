"""`dity import weblog`, and a log brought by hand on the page of imports."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.errors import Conflict, Invalid
from portal.imports import services as imports
from portal.jobs.runner import Runner
from portal.weblogs import queries
from portal.weblogs.models import WebLog
from portal.weblogs.queries import Span
from tests.commands import dity
from tests.factories.weblogs import NOON, a_day, hit, log
from tests.people import Visitor

SPAN = Span(since=dt.date(2015, 1, 1), until=dt.date(2030, 1, 1))


def test_the_command_says_what_it_read_and_names_refused_lines(app: Flask, db: Any, tmp_path: Path) -> None:
    path = log(tmp_path / "access.log", [*a_day(2), "nonsense", hit(NOON)[:-1]])
    tried = dity(app, "import", "weblog", path, "--dry-run")
    assert "10 lines read: 8 parsed, 2 refused." in tried
    assert "Nothing was written." in tried
    assert db.session.scalars(select(func.count()).select_from(WebLog)).one() == 0
    db.session.rollback()
    said = dity(app, "import", "weblog", path, "--log", "Intranet")
    assert "10 lines read: 8 parsed, 2 refused. 3 addresses, 4 sessions, 6 page views in 2 visits." in said
    assert "access.log, line 9: no line of an access log" in said
    assert "access.log, line 10: no closing quote, so the line is cut off" in said
    assert "Nothing new" in dity(app, "import", "weblog", path, "--log", "intranet")


def test_a_folder_is_one_log_and_what_is_no_log_ends_with_an_error(app: Flask, db: Any, tmp_path: Path) -> None:
    place = tmp_path / "logs"
    place.mkdir()
    log(place / "a.log", a_day(2))
    log(place / "b.log.gz", a_day(2, NOON + 86_400))
    assert "“Logs brought by hand” in all: 16 lines read" in dity(app, "import", "weblog", place)
    other = log(tmp_path / "other.log", ["{}", "x"])
    assert "Not one line of it is a line of an access log" in dity(app, "import", "weblog", other, code=1)


def test_switched_off_the_command_reads_nothing(app: Flask, db: Any, ada: Visitor, tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", a_day(2))
    ada.post("/insights/logs/reading/off")
    assert "switched off" in dity(app, "import", "weblog", path, code=1)
    assert db.session.scalars(select(func.count()).select_from(WebLog)).one() == 0


def test_a_log_comes_in_by_hand_and_its_undo_says_why_not(app: Flask, db: Any, ada: Visitor, tmp_path: Path) -> None:
    path = log(tmp_path / "access.log.gz", [*a_day(3), "nonsense"])
    for is_known in (False, True):
        with path.open("rb") as file:
            run = imports.bring(ada.actor, "weblog", file, name="access.log.gz")
        offered = '<option value="Intranet"' in ada.get(f"/admin/imports/{run.id}").get_data(as_text=True)
        assert offered is is_known
        imports.choose(ada.actor, run, choices={"log": "Intranet"}, columns={})
        imports.try_out(ada.actor, run)
        db.session.commit()
        Runner(app).drain()
        db.session.refresh(run)
        assert run.state == "tried"
        imports.run_it(ada.actor, run)
        db.session.commit()
        Runner(app).drain()
        db.session.refresh(run)
        assert run.state == "done"
        page = ada.page(f"/admin/imports/{run.id}")
        assert page.links["access.log.gz"].startswith("/insights/logs?log=")
        assert "Remove the whole log." in page.text
        assert "Undo this import" not in page.text
        with pytest.raises(Conflict, match="Remove the whole log"):
            imports.undo(ada.actor, run)
        db.session.commit()
    assert queries.whole(SPAN).hits == 11
    assert [found.name for found in queries.logs()] == ["Intranet"]


@pytest.mark.parametrize("ending", ["exe", "zip"])
def test_other_files_are_not_taken(ada: Visitor, db: Any, tmp_path: Path, ending: str) -> None:
    path = log(tmp_path / f"a.{ending}", ["x"])
    with path.open("rb") as file, pytest.raises(Invalid):
        imports.bring(ada.actor, "weblog", file, name=path.name)
