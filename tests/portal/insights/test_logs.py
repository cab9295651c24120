"""The pages of web-server logs, as people meet them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import actor as actors
from portal.weblogs import services
from portal.weblogs.models import WebLog
from portal.weblogs.services import About
from tests.factories.weblogs import NOON, a_day, log
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def filled(db: Any, tmp_path: Path) -> WebLog:
    system = actors.system("import")
    web = services.add(system, About(name="Intranet", hosts=("portal.example",)))
    db.session.commit()
    for day in range(3):
        path = log(tmp_path / f"{day}.log", [*a_day(12, NOON + 86_400 * day), "nonsense"])
        for _step in services.bring(system, web, path):
            db.session.commit()
    return web


def test_before_any_log_was_read_the_page_teaches_how(mia: Visitor, eli: Visitor, ada: Visitor) -> None:
    page = mia.page("/insights/logs")
    assert "No log was read yet" in page.text
    assert "dity import weblog" in page.text
    assert "/insights/logs/files" not in page.html
    for who in (eli, ada):
        assert "/insights/logs/files" in who.page("/insights/logs").html


def test_eli_reads_visits_pages_errors_and_what_was_left_out(eli: Visitor, filled: WebLog) -> None:
    page = eli.page("/insights/logs?days=28")
    assert page.heading == "Web-server logs"
    for words in (
        "36 visits with 3.0 pages each, robots left out",
        "117 lines were read in all: 114 parsed, 3 refused.",
        "no line of an access log: 3.",
        "intranet.example/it",
        "portal.example/kb/vpn",
        "/gone",
        "vpn",
        "not identified as robots",
        "line 39: no line of an access log",
    ):
        assert words in page.text, words
    assert "<svg" in page.html
    assert "style=" not in page.html
    assert "203.0.113" not in page.html


def test_every_list_is_a_table_file(eli: Visitor, ana: Visitor, filled: WebLog) -> None:
    for name in ("days", "pages", "errors", "referrers", "terms", "opened-portal", "opened-ticket"):
        found = eli.get(f"/insights/logs/{name}.csv?log={filled.id}")
        assert found.status_code == 200
        assert found.mimetype == "text/csv"
        assert len(found.get_data(as_text=True).splitlines()) > 1, name
    assert eli.get("/insights/logs/addresses.csv").status_code == 404
    assert ana.get("/insights/logs/pages.csv").status_code == 403


def test_ada_adds_changes_and_removes_a_log(
    app: Flask, ada: Visitor, mia: Visitor, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No folder of this machine may be watched" in ada.page("/insights/logs/files").text
    monkeypatch.setitem(app.config, "DITY", replace(app.config["DITY"], weblog_folders=("/var/log",)))
    assert mia.get("/insights/logs/files").status_code == 403
    assert "No log is known yet" in ada.page("/insights/logs/files").text
    values = {
        "name": "Proxy",
        "path": "/var/log/nginx/access.log",
        "pace": "hourly",
        "hosts": "portal.example",
        "below": "help/",
    }
    ada.post("/insights/logs/files", values)
    web = db.session.scalars(select(WebLog)).one()
    assert (web.path, web.pace, web.hosts, web.below) == (values["path"], "hourly", ["portal.example"], "/help")
    db.session.rollback()
    refused = ada.post("/insights/logs/files", values | {"name": "proxy", "path": "logs/x"})
    assert refused.status_code == 422
    assert "There is a log of this name already." in refused.get_data(as_text=True)
    assert "logs/x" in refused.get_data(as_text=True)
    ada.post(f"/insights/logs/files/{web.id}", values | {"pace": "never", "path": ""})
    assert "brought by hand" in ada.page("/insights/logs/files").text
    ada.post(f"/insights/logs/files/{web.id}/remove")
    assert db.session.scalars(select(WebLog)).all() == []


def test_switched_off_every_page_says_so_and_shows_nothing(eli: Visitor, ada: Visitor, filled: WebLog) -> None:
    assert eli.post("/insights/logs/reading/off").status_code == 403
    ada.post("/insights/logs/reading/off")
    for page in (eli.page("/insights/logs"), ada.page("/insights/logs/files")):
        assert "Logs are not read here" in page.text
        assert "/gone" not in page.html
    assert eli.get("/insights/logs/pages.csv").status_code == 404
    ada.post("/insights/logs/reading/on")
    assert "36 visits" in eli.page("/insights/logs").text


def test_the_page_asks_no_more_of_the_database_with_more_logs(
    eli: Visitor, filled: WebLog, db: Any, queries: Any, tmp_path: Path
) -> None:
    with queries() as few:
        eli.get("/insights/logs")
    for number in range(8):
        services.add(actors.system("import"), About(name=f"Log {number}"))
    db.session.commit()
    with queries() as many:
        eli.get("/insights/logs")
    assert len(many) <= len(few)
