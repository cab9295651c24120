from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import sheets
from portal.imports import services
from portal.imports.models import ImportLine, ImportRun
from portal.jobs.runner import Runner
from portal.people.models import Person
from portal.people.queries import by_email
from portal.weblogs.models import WebLog
from tests.factories.imports import bring, folder
from tests.factories.weblogs import a_day
from tests.people import Visitor

PEOPLE = "Full Name;Correo;Nº;Abteilung\n=Tom Reed;tom@ostreyvale.example;7;IT\nNia;nia.example;8;IT\n"


def send(ada: Visitor, content: str = PEOPLE, name: str = "people.csv", kind: str = "people") -> Any:
    data = {"file": (io.BytesIO(content.encode("cp1252")), name)}
    return ada.post(f"/admin/imports/{kind}", data, content_type="multipart/form-data")


def test_a_table_is_brought_mapped_looked_at_imported_and_undone(app: Flask, db: Any, ada: Visitor) -> None:
    where = send(ada).headers["Location"]
    page = ada.page(where)
    form = page.form(f"{where}/try")
    assert [form[f"column_{n}"] for n in range(4)] == ["name", "email", "", "department"]
    assert "such as “7”" in page.text
    tried = {**form, "column_2": "staff_number"}
    assert ada.post(f"{where}/try", tried).status_code == 303
    page = ada.page(where)
    assert "Being checked" in page.text
    assert page.links["Check again"] == where
    Runner(app).drain()
    page = ada.page(where)
    assert "What would happen" in page.text
    assert "This does not look like a mail address." in page.text
    assert by_email("tom@ostreyvale.example") is None
    assert ada.submit(where, f"{where}/run").status_code == 303
    Runner(app).drain()
    person = by_email("tom@ostreyvale.example")
    assert (person.name, person.staff_number) == ("=Tom Reed", "7")  # type: ignore[union-attr]
    assert ada.page(f"{where}?show=failed").heading == "people.csv"
    report = sheets.read(ada.get(f"{where}/report.csv").data, most=10)
    assert [line.cells[1:5] for line in report.lines] == [
        ("2", "=Tom Reed", "New", ""),
        ("3", "nia.example", "Failed", "This does not look like a mail address."),
    ]
    assert "'=Tom Reed" in ada.get(f"{where}/report.csv").text
    ada.submit(where, f"{where}/undo")
    Runner(app).drain()
    assert "Everything was taken back." in ada.page(where).text
    assert by_email("tom@ostreyvale.example") is None
    assert not any(services.folder().iterdir()), "what was brought is deleted when it is through"


def test_what_is_wrong_with_a_file_or_a_choice_is_said_where_it_was_made(db: Any, ada: Visitor) -> None:
    refused = send(ada, name="people.xlsx")
    assert (refused.status_code, "Choose a file that ends in .csv" in refused.text) == (422, True)
    assert ada.post("/admin/imports/people").status_code == 422
    where = send(ada).headers["Location"]
    form = ada.page(where).form(f"{where}/try")
    twice = ada.post(f"{where}/try", {**form, "column_0": "email"})
    assert (twice.status_code, "Two columns cannot both be “Mail address”." in twice.text) == (422, True)
    assert ada.post(f"{where}/undo", form).status_code == 409


def test_a_hostile_archive_is_refused_on_its_own_page(app: Flask, db: Any, ada: Visitor) -> None:
    where = send(ada, "no archive", "handbook.zip", "articles").headers["Location"]
    form = ada.page(where).form(f"{where}/try")
    ada.post(f"{where}/try", form)
    Runner(app).drain()
    assert "This is not a .zip, .tar or .tar.gz archive" in ada.page(where).text


def test_an_import_goes_on_when_its_worker_is_gone(app: Flask, db: Any, ada: Visitor, stopped_clock: Any) -> None:
    where = send(ada).headers["Location"]
    ada.post(f"{where}/try", ada.page(where).form(f"{where}/try"))
    stopped_clock.move(minutes=10)
    page = ada.page(where)
    assert "This import has stopped." in page.text
    assert ada.submit(where, f"{where}/go-on").status_code == 303


def test_the_list_of_imports_asks_as_much_for_thirty_as_for_two(db: Any, ada: Visitor, queries: Any) -> None:
    def seen() -> int:
        with queries() as statements:
            assert ada.get("/admin/imports").status_code == 200
        return len(statements)

    seen()
    counts = []
    for n in (2, 28):
        for i in range(n):
            more = {"choices": {}, "columns": {}, "by_id": ada.person_id}
            db.session.add(ImportRun(kind="people", name=f"{n}-{i}", source="", **more))
        db.session.commit()
        counts.append(seen())
    assert counts[0] == counts[1]
    assert db.session.execute(select(Person)).scalars().all()


def test_columns_that_are_missing_are_named_beside_those_that_are_there(app: Flask, db: Any, ada: Visitor) -> None:
    where = send(ada, "Vorname;Post;Team\nTom;tom@ostreyvale.example;IT\n").headers["Location"]
    page = ada.page(where)
    told = "No column is chosen for: Mail address. The table has these columns: Vorname, Post, Team."
    assert told in page.text
    form = page.form(f"{where}/try")
    refused = ada.post(f"{where}/try", form)
    assert (refused.status_code, told in refused.text) == (422, True)
    assert ada.post(f"{where}/try", {**form, "column_1": "email"}).status_code == 303
    Runner(app).drain()
    assert "Mail address. The table has" not in ada.page(where).text


def test_a_file_that_is_no_table_says_what_it_lacks(app: Flask, db: Any, ada: Visitor) -> None:
    where = send(ada, 'Name;Mail\n"Tom;tom@ostreyvale.example\n' + "x" * 200_000).headers["Location"]
    ada.post(f"{where}/try", ada.page(where).form(f"{where}/try"))
    Runner(app).drain()
    assert "cannot be read as part of a table. Is a quotation mark missing there?" in ada.page(where).text


def test_a_long_path_may_break_at_its_slashes(db: Any, ada: Visitor) -> None:
    run = ImportRun(kind="articles", name="h.zip", source="", choices={}, columns={}, state="tried", n_rows=1, n_done=1)
    run.counts = {"failed": 1}
    db.session.add(run)
    db.session.flush()
    line = {"path": "pages/<b>/leave.md", "line": 3, "title": "", "outcome": "failed", "reason": "Torn", "notes": []}
    db.session.add(ImportLine(run_id=run.id, n=1, before={}, **line))
    db.session.commit()
    assert "pages/<wbr>&lt;b&gt;/<wbr>leave.md:3" in ada.get(f"/admin/imports/{run.id}").text


def test_a_run_says_what_the_search_has_yet_to_take_in(app: Flask, db: Any, ada: Visitor, tmp_path: Path) -> None:
    run = bring("articles", folder(tmp_path / "h", {"a.md": "---\ntitle: A\n---\nText.\n"}))
    told = "New articles are being added to the search (1 waiting)."
    assert told in ada.page(f"/admin/imports/{run.id}").text
    Runner(app).drain()
    assert told not in ada.page(f"/admin/imports/{run.id}").text


def test_an_analyst_imports_logs_of_web_servers_and_nothing_else(
    app: Flask, db: Any, eli: Visitor, ada: Visitor, mia: Visitor
) -> None:
    people = send(ada).headers["Location"]
    page = eli.page("/admin/imports")
    assert "Log of a web server" in page.text
    for foreign in ("people.csv", "/admin/imports/people", "/admin/imports/articles", "/admin/exports/"):
        assert foreign not in page.html, foreign
    for kind in ("people", "articles", "questions", "tickets"):
        assert send(eli, kind=kind).status_code == 403, kind
    assert eli.post("/admin/exports/people").status_code == 403
    assert eli.get(people).status_code == 404
    for verb in ("try", "run", "undo", "go-on"):
        assert eli.post(f"{people}/{verb}").status_code == 404, verb
    assert eli.get(f"{people}/report.csv").status_code == 404
    where = send(eli, "\n".join(a_day(6)), "access.log", "weblog").headers["Location"]
    form = eli.page(where).form(f"{where}/try")
    assert eli.post(f"{where}/try", form).status_code == 303
    Runner(app).drain()
    assert eli.submit(where, f"{where}/run").status_code == 303
    Runner(app).drain()
    assert db.session.scalar(select(WebLog.name)) == "Logs brought by hand"
    assert "access.log" in eli.page("/admin/imports").text
    assert "access.log" in ada.page("/admin/imports").text
    assert (mia.get("/admin/imports").status_code, mia.get(where).status_code) == (403, 403)


def test_an_analyst_names_a_log_and_has_it_looked_at(
    app: Flask, db: Any, eli: Visitor, mia: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DITY", replace(app.config["DITY"], weblog_folders=("/var/log",)))
    form = {**eli.page("/insights/logs/files").form("/insights/logs/files"), "name": "Intranet", "pace": "hourly"}
    assert eli.post("/insights/logs/files", {**form, "path": "/var/log/nginx/access.log"}).status_code == 303
    assert "Intranet" in eli.page("/insights/logs/files").text
    assert eli.post("/insights/logs/reading/off").status_code == 403, "the switch is the administrator's"
    assert mia.get("/insights/logs/files").status_code == 403
