"""Files come in once, whatever they are called and however they grow; what is kept names nobody."""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from portal.core import actor as actors
from portal.core import backup, options
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid
from portal.ledger.models import LedgerEntry
from portal.weblogs import intake, queries, services, settling, watching
from portal.weblogs.intake import Intake, Reading
from portal.weblogs.models import LogAddresses, LogBatch, LogDay, LogFile, LogRow, Pace, RowKind, WebLog
from portal.weblogs.queries import Span
from portal.weblogs.services import About
from tests.conftest import StoppedClock
from tests.databases import SECRET_KEY
from tests.factories.weblogs import NOON, a_day, hit, log
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")
SPAN = Span(since=dt.date(2015, 1, 1), until=dt.date(2030, 1, 1))


@pytest.fixture
def system() -> Actor:
    return actors.system("import")


@pytest.fixture
def web(system: Actor, db: Any) -> WebLog:
    found = services.add(system, About(name="Intranet", hosts=("portal.example",)))
    db.session.commit()
    return found


@pytest.fixture
def may_be_watched(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    def name(folder: Path) -> None:
        monkeypatch.setitem(app.config, "DITY", replace(app.config["DITY"], weblog_folders=(str(folder),)))

    return name


def read(db: Any, web: WebLog, path: Path, name: str | None = None) -> Reading:
    found = Reading()
    for reading in services.bring(actors.system("import"), web, path, name=name):
        found = reading
        db.session.commit()
    return found


def figures() -> tuple[int, int, int, int]:
    found = queries.whole(SPAN)
    return (found.hits, found.sessions, found.views, found.visits)


@pytest.mark.real_data
@pytest.mark.both
def test_the_real_log_gives_its_figures_once(db: Any, web: WebLog, real_data: Path) -> None:
    path = real_data / "weblog" / "apache_access.log.gz"
    found = read(db, web, path)
    assert (found.n_parsed, found.n_refused, found.examples[0][0]) == (9_999, 1, 8899)
    assert (found.n_addresses, found.n_sessions, found.n_views, found.n_visits) == (1_753, 3_223, 1_718, 1_130)
    assert figures() == (9_999, 3_223, 1_718, 1_130)
    assert [(row.name, row.n) for row in queries.top(SPAN, RowKind.PAGE, most=2)] == [
        ("/projects/xdotool/", 203),
        ("/projects/xdotool/xdotool.xhtml", 143),
    ]
    again = read(db, web, path)
    assert (again.n_read, again.is_known) == (0, True)
    assert figures() == (9_999, 3_223, 1_718, 1_130)


@pytest.mark.real_data
def test_two_halves_in_turn_give_the_same_and_the_whole_adds_nothing(
    db: Any, web: WebLog, real_data: Path, tmp_path: Path
) -> None:
    whole = real_data / "weblog" / "apache_access.log.gz"
    lines = gzip.decompress(whole.read_bytes()).decode().split("\n")
    halves = [log(tmp_path / "a.log", lines[:5_000]), log(tmp_path / "b.log.gz", lines[5_000:], end="")]
    for half in halves:
        read(db, web, half)
    told = queries.in_all(web.id)
    assert (told.n_parsed, told.n_addresses, told.n_sessions) == (9_999, 1_753, 3_223)
    assert figures() == (9_999, 3_223, 1_718, 1_130)
    assert read(db, web, whole).n_read == 0
    assert figures() == (9_999, 3_223, 1_718, 1_130)


@pytest.mark.real_data
def test_what_is_no_access_log_brings_nothing_but_its_refusals(db: Any, web: WebLog, real_data: Path) -> None:
    found = read(db, web, real_data / "weblog" / "not_an_access_log.json.gz")
    assert (found.n_read, found.n_parsed, found.n_refused) == (500, 0, 500)
    assert figures() == (0, 0, 0, 0)
    assert queries.imported().refused == [("JSON without time, address, request or status", 500)]


def test_a_log_that_grows_is_read_on_and_its_last_line_waits_for_its_end(db: Any, web: WebLog, tmp_path: Path) -> None:
    lines = [hit(NOON + 600 * n) for n in range(3)]
    path = log(tmp_path / "access.log", lines[:1])
    path.write_text(path.read_text() + lines[1][:50])
    assert read(db, web, path).n_read == 1
    log(path, lines)
    assert read(db, web, path).n_read == 2
    assert figures() == (3, 1, 3, 1)


def test_a_log_that_was_rotated_and_packed_goes_on_where_it_was(db: Any, web: WebLog, tmp_path: Path) -> None:
    first, later, new = ([hit(NOON + 60 * n + 7_200 * part) for n in range(20)] for part in range(3))
    path = log(tmp_path / "access.log", first)
    read(db, web, path)
    log(tmp_path / "access.log.1", first + later)
    log(path, new)
    assert read(db, web, tmp_path / "access.log.1").n_read == 20
    assert read(db, web, path).n_read == 20
    log(tmp_path / "access.log.2.gz", first + later)
    assert read(db, web, tmp_path / "access.log.2.gz").n_read == 0
    assert figures()[0] == 60


def test_a_file_that_was_cut_off_and_began_anew_is_another(db: Any, web: WebLog, tmp_path: Path) -> None:
    path = log(tmp_path / "access.log", [hit(NOON + n) for n in range(50)])
    read(db, web, path)
    log(path, [hit(NOON + 9_000)])
    assert read(db, web, path).n_read == 1
    assert figures()[0] == 51


def test_two_people_who_send_the_same_line_are_two_hits(db: Any, web: WebLog, tmp_path: Path) -> None:
    assert read(db, web, log(tmp_path / "a.log", [hit(NOON)] * 3)).n_parsed == 3
    assert figures() == (3, 1, 3, 1)


def test_a_packed_file_that_breaks_off_is_read_on_once_it_is_whole(db: Any, web: WebLog, tmp_path: Path) -> None:
    lines = [hit(NOON + n, f"/page/{n * 7919 % 1000}") for n in range(2_000)]
    path = log(tmp_path / "a.log.gz", lines)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    found = read(db, web, path)
    assert found.is_broken
    assert found.n_read < 2_000
    assert db.session.scalars(select(LogBatch.is_broken)).all() == [True]
    db.session.rollback()
    path.write_bytes(whole)
    read(db, web, path)
    assert figures()[0] == 2_000


def test_nothing_that_is_kept_names_anybody(db: Any, web: WebLog, tmp_path: Path) -> None:
    secret = ("203.0.113.77", "Telltale/9", "ana.ruiz", "zzsecretzz")
    line = hit(
        NOON,
        "/kb/vpn?session=zzsecretzz",
        agent="Telltale/9",
        came_from="https://ana.ruiz:zzsecretzz@intranet.example/x?zzsecretzz=1",
    )
    read(db, web, log(tmp_path / "a.log", [line.replace("- - [", "- ana.ruiz [")]))
    dump = b""
    for table in inspect(db.engine).get_table_names():
        for row in db.session.execute(db.text(f'SELECT * FROM "{table}"')):  # noqa: S608 - names of our own tables
            dump += repr(tuple(row)).encode()
    assert b"intranet.example/x" in dump
    assert not [word for word in secret if word.encode() in dump]


def test_keys_and_salts_are_gone_after_two_days_and_counts_stay(
    db: Any, web: WebLog, tmp_path: Path, stopped_clock: StoppedClock
) -> None:
    read(db, web, log(tmp_path / "a.log", a_day()))
    stopped_clock.move(hours=47)
    assert services.forget_keys() == 0
    before = figures()
    stopped_clock.move(hours=2)
    assert services.forget_keys() > 0
    db.session.commit()
    assert db.session.execute(select(LogDay.salt, LogDay.visitors_kept)).all() == [(None, None)]
    assert db.session.scalars(select(WebLog.salt)).all() == [None]
    assert db.session.scalars(select(func.count()).select_from(LogAddresses)).one() == 0
    db.session.rollback()
    assert figures() == before
    late = read(db, web, log(tmp_path / "b.log", [hit(NOON + 30, address="203.0.113.1")]))
    assert late.n_sessions == 1, "whose keys are gone is somebody new"


@pytest.mark.both
def test_backups_hold_the_counts_and_neither_salt_nor_key(db: Any, web: WebLog, home: Path, tmp_path: Path) -> None:
    read(db, web, log(tmp_path / "a.log", a_day()))
    archive, new = tmp_path / "b.tar.gz", tmp_path / "new"
    backup.write(archive, engine=db.engine, home=home, secret=SECRET_KEY, made_at="2026-03-09T09:00:00+00:00")
    new.mkdir()
    with backup.opened(f"sqlite:///{new / 'dity.sqlite3'}") as engine:
        backup.restore(archive, engine=engine, home=new, secret_file=new / "secret.key")
        with engine.connect() as connection:
            days = connection.execute(select(LogDay.hits, LogDay.salt, LogDay.visitors_kept)).all()
            assert days == [(38, None, None)]
            assert connection.execute(select(WebLog.salt)).scalars().all() == [None]
            assert set(connection.execute(select(LogAddresses.packed)).scalars()) == {b""}
    assert db.session.scalars(select(LogDay.salt)).one() is not None, "the original is changed"


def test_rare_words_are_never_among_the_counts(db: Any, web: WebLog, tmp_path: Path) -> None:
    read(db, web, log(tmp_path / "a.log", a_day()))
    assert [(row.name, row.n) for row in queries.top(SPAN, RowKind.TERM)] == [("vpn", 4)]
    assert "secret" not in "".join(db.session.scalars(select(LogRow.name)))


def test_pages_from_which_portal_and_ticket_form_were_opened(db: Any, web: WebLog, tmp_path: Path) -> None:
    read(db, web, log(tmp_path / "a.log", a_day(3)))
    assert [(row.name, row.n) for row in queries.top(SPAN, RowKind.OPENER, note="ticket")] == [
        ("portal.example/kb/vpn", 3)
    ]
    assert [(row.name, row.n) for row in queries.top(SPAN, RowKind.OPENER, note="portal")] == [
        ("intranet.example/it", 3)
    ]
    assert [(row.name, row.note) for row in queries.top(SPAN, RowKind.ERROR)] == [("/gone", "404")]


def test_two_readings_of_one_log_never_mix(db: Any, web: WebLog, tmp_path: Path) -> None:
    path = log(tmp_path / "a.log", a_day())
    db.session.rollback()
    late = Reading()
    portions = list(Intake(intake.log_of(web.id)).read(path, "a.log", late))
    read(db, web, path)
    before = figures()
    db.session.rollback()
    with pytest.raises(Conflict):
        settling.settle(web.id, portions[0])
    db.session.rollback()
    assert figures() == before


def test_a_kill_between_portions_loses_nothing_and_takes_nothing_twice(
    db: Any, web: WebLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [hit(NOON + 40 * n, address=f"203.0.113.{n % 9}") for n in range(3_000)]
    alone = log(tmp_path / "whole.log", lines)
    other = services.add(actors.system("import"), About(name="Whole"))
    db.session.commit()
    read(db, other, alone)
    wanted = queries.whole(Span(since=SPAN.since, until=SPAN.until, weblog_id=other.id))
    monkeypatch.setattr(intake, "LINES", 500)
    monkeypatch.setattr("analytics.weblog.lines.BLOCK", 20_000)
    monkeypatch.setattr("analytics.weblog.lines.blocks.__kwdefaults__", {"is_whole": False, "size": 20_000})
    for kills_after in (1, 2, 99):
        steps = services.bring(actors.system("import"), web, alone)
        for n, _step in enumerate(steps, start=1):
            if n > kills_after:
                db.session.rollback()
                steps.close()
                break
            db.session.commit()
    assert queries.whole(Span(since=SPAN.since, until=SPAN.until, weblog_id=web.id)) == wanted


def test_a_watched_folder_is_read_and_what_did_not_change_is_not_opened(
    db: Any, system: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_be_watched: Callable[[Path], None]
) -> None:
    place = tmp_path / "logs"
    place.mkdir()
    may_be_watched(place)
    log(place / "access.log", a_day(2))
    log(place / "access.log.1.gz", a_day(2, NOON - 86_400))
    web = services.add(system, About(name="Proxy", path=str(place / "access.log"), pace=Pace.HOURLY))
    db.session.commit()
    assert list(watching.due(Pace.HOURLY)) == [web.id]
    for _step in watching.look(system, web):
        db.session.commit()
    assert figures()[0] == 16
    db.session.rollback()
    monkeypatch.setattr(watching, "bring", None)
    for _step in watching.look(system, db.session.get_one(WebLog, web.id)):
        db.session.commit()
    assert db.session.get_one(WebLog, web.id).trouble == ""
    shutil.rmtree(place)
    for _step in watching.look(system, db.session.get_one(WebLog, web.id)):
        db.session.commit()
    assert "no file" in db.session.get_one(WebLog, web.id).trouble
    found = watching.check()
    assert not found.is_ok
    assert "Proxy: There is no file" in found.detail


def test_only_folders_that_were_named_are_watched_wherever_links_lead(
    db: Any, system: Actor, tmp_path: Path, may_be_watched: Callable[[Path], None]
) -> None:
    place, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    for folder in (place, elsewhere):
        folder.mkdir()
    secret, own = log(elsewhere / "secret.log", a_day(2)), log(place / "access.log", a_day(2))
    (place / "access.log.1").symlink_to(secret)
    (place / "beside").symlink_to(elsewhere)
    (tmp_path / "logs-too").mkdir()
    with pytest.raises(Invalid, match="No folder of this machine may be watched"):
        services.add(system, About(name="Proxy", path=str(own)))
    may_be_watched(place)
    for path in (secret, tmp_path / "logs-too", place / ".." / "elsewhere", place / "beside" / "secret.log", Path("/")):
        with pytest.raises(Invalid, match="It has to lie in one of these folders"):
            services.add(system, About(name="Proxy", path=str(path)))
    web = services.add(system, About(name="Proxy", path=str(place / "access.log*"), pace=Pace.HOURLY))
    db.session.commit()
    for _step in watching.look(system, web):
        db.session.commit()
    assert list(db.session.scalars(select(LogFile.name))) == [str(own)]
    web.path = str(secret)
    db.session.commit()
    for _step in watching.look(system, web):
        db.session.commit()
    assert "one of these folders" in db.session.get_one(WebLog, web.id).trouble
    assert list(db.session.scalars(select(LogFile.name))) == [str(own)]


def test_a_watched_file_that_is_no_log_says_so_until_one_line_of_its_log_is(
    db: Any, system: Actor, tmp_path: Path, may_be_watched: Callable[[Path], None]
) -> None:
    may_be_watched(tmp_path)
    path = log(tmp_path / "status.json", ["{}", "{}"])
    web = services.add(system, About(name="Proxy", path=str(path), pace=Pace.HOURLY))
    db.session.commit()

    def trouble_after(*lines: str) -> str:
        with path.open("a") as file:
            file.writelines(f"{line}\n" for line in lines)
        for _step in watching.look(system, db.session.get_one(WebLog, web.id)):
            db.session.commit()
        return db.session.get_one(WebLog, web.id).trouble

    assert trouble_after() == "status.json: Not one line of it is a line of an access log."
    assert trouble_after(*a_day(2)) == ""
    assert trouble_after("nonsense") == ""


def test_a_watched_log_that_never_ends_says_so_and_keeps_what_it_held(
    db: Any, system: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_be_watched: Callable[[Path], None]
) -> None:
    may_be_watched(tmp_path)
    monkeypatch.setattr("analytics.weblog.lines.ENDLESS", 1 << 20)
    path = tmp_path / "access.log.gz"
    path.write_bytes(gzip.compress("\n".join([*a_day(2), "x" * (16 << 20)]).encode()))
    web = services.add(system, About(name="Proxy", path=str(path), pace=Pace.HOURLY))
    db.session.commit()
    for _look in range(2):
        for _step in watching.look(system, db.session.get_one(WebLog, web.id)):
            db.session.commit()
        assert "access.log.gz: One line goes on for more than" in db.session.get_one(WebLog, web.id).trouble
        assert figures()[0] == 8
        db.session.rollback()


def test_switched_off_nothing_is_read_and_keys_are_destroyed(
    db: Any, web: WebLog, ada: Visitor, tmp_path: Path
) -> None:
    path = log(tmp_path / "a.log", a_day())
    read(db, web, path)
    services.switch(ada.actor, is_on=False)
    db.session.commit()
    assert db.session.execute(select(LogDay.salt, LogDay.visitors_kept)).all() == [(None, None)]
    log(path, a_day(20))
    with pytest.raises(services.SwitchedOff):
        read(db, web, path)
    assert options.get().read_logs is False
    assert db.session.scalars(select(func.count()).select_from(LogBatch)).one() == 1


def test_a_log_goes_with_everything_that_was_counted_of_it(db: Any, web: WebLog, system: Actor, tmp_path: Path) -> None:
    read(db, web, log(tmp_path / "a.log", a_day()))
    services.remove(system, db.session.get_one(WebLog, web.id))
    db.session.commit()
    for model in (LogDay, LogRow, LogBatch, LogFile, LogAddresses):
        assert db.session.scalars(select(func.count()).select_from(model)).one() == 0
    names = db.session.scalars(select(LedgerEntry.name).where(LedgerEntry.name.startswith("weblog"))).all()
    assert list(names) == ["weblog.added", "weblog.read", "weblog.removed"]


def test_what_fills_a_day_with_names_is_put_together(
    db: Any, web: WebLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_ROWS", 5)
    lines = [hit(NOON + n, f"/page/{n}") for n in range(8)]
    read(db, web, log(tmp_path / "a.log", [*lines, lines[0]]))
    read(db, web, log(tmp_path / "b.log", [hit(NOON + 99, "/page/0"), hit(NOON + 99, "/page/new")]))
    found = {row.name: row.n for row in queries.top(SPAN, RowKind.PAGE)}
    assert (found["/page/0"], found["…"], len(found), sum(found.values())) == (3, 4, 6, 11)
