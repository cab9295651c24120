"""What tests stand on: an app with a fresh database, a clock that stands still, counters and guards.

People who use the portal are in `people.py`, rows in `factories/`. A test marked `both` runs on PostgreSQL as well.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import event

from config import Settings
from tests import house
from tests.compiled import TEMPLATES
from tests.databases import SECRET_KEY, PostgresDatabases, SqliteDatabases
from tests.shared_app import SharedApp

pytest_plugins = ["tests.guards", "tests.mailing", "tests.people"]

hypothesis.settings.register_profile("bounded", derandomize=True, deadline=None, max_examples=40)
hypothesis.settings.register_profile("deep", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("deep" if os.environ.get("TORTURE") else "bounded")

MONDAY = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
"""When the clock stands still, it stands here."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both") and "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ["sqlite", "postgresql"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what is heavy on one worker, one after the other: two browsers on two cores take longer than one."""
    for item in items:
        for name in ("browser", "torture"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.xdist_group("alone"))


def pytest_collection_finish() -> None:
    """Let the collector of cycles leave alone what stays until the end: all modules, all tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server of this test run; it starts with the first database asked of it."""
    databases = PostgresDatabases()
    yield databases
    databases.stop()


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return `sqlite`, and for tests marked `both` also `postgresql`."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory, _sqlite: SqliteDatabases) -> SharedApp:
    return SharedApp(tmp_path_factory.mktemp("shared") / "home", _sqlite)


@pytest.fixture
def _own(request: pytest.FixtureRequest, engine_name: str) -> SharedApp | None:
    """The shared app, for tests on SQLite that ask for `app`."""
    is_sharing = "app" in request.fixturenames and engine_name == "sqlite"
    return request.getfixturevalue("_shared") if is_sharing else None


@pytest.fixture
def home(tmp_path: Path, _own: SharedApp | None) -> Path:
    """An empty home folder of an installation."""
    if _own is not None:
        return _own.home
    path = tmp_path / "home"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def settings(
    home: Path, _own: SharedApp | None, engine_name: str, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings of an installation with a fresh, migrated database."""
    if _own is not None:
        _own.renew()
        yield _own.settings
        _own.let_go()
        return
    databases = request.getfixturevalue("postgres" if engine_name == "postgresql" else "_sqlite")
    url = databases.make(home)
    # SQLite by its place in the home folder, as installations have it.
    yield Settings(home=home, database_url="" if engine_name == "sqlite" else url, secret_key=SECRET_KEY, testing=True)
    databases.drop(url)


@pytest.fixture
def make_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Make apps on the same installation, with some settings changed by keyword."""
    from portal.core.database import db
    from portal.factory import create_app

    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(create_app(replace(settings, **changes)))
        made[-1].jinja_env.bytecode_cache = TEMPLATES
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture(autouse=True)
def _transactions_write() -> None:
    """Begin as code outside of requests does: a test that only looked leaves its thread as one that looks."""
    if database := sys.modules.get("portal.core.database"):
        database.set_looking(False)


@pytest.fixture
def app(make_app: Callable[..., Flask], _own: SharedApp | None) -> Iterator[Flask]:
    """The portal, inside its app context."""
    made = _own.app if _own is not None else make_app()
    with made.app_context():
        yield made


@pytest.fixture
def db(app: Flask) -> Any:
    """The database of `app`; what a test adds it commits before anybody visits."""
    from portal.core.database import db as database

    return database


@pytest.fixture
def queries(db: Any) -> Callable[[], Any]:
    """Count statements: `with queries() as seen: …; assert len(seen) == 3`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting


class StoppedClock:
    """The portal's clock, standing still until it is moved."""

    def __init__(self, stack: ExitStack, at: dt.datetime) -> None:
        self._stack = stack
        self.set(at)

    def set(self, at: dt.datetime) -> None:
        from portal.core import clock

        self.now = at
        self._stack.enter_context(clock.frozen(at))

    def move(self, **by: float) -> None:
        """Move on by `hours=3`, `days=1`…"""
        self.set(self.now + dt.timedelta(**by))


@pytest.fixture
def stopped_clock() -> Iterator[StoppedClock]:
    """Let the clock stand still on a Monday morning; `stopped_clock.move(hours=3)` moves it on."""
    with ExitStack() as stack:
        yield StoppedClock(stack, MONDAY)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; a test that needs it is skipped where REAL_DATA names none."""
    named = os.environ.get("REAL_DATA")
    if not named or not Path(named).is_dir():
        pytest.skip("REAL_DATA names no folder of real data")
    return Path(named)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of a filled demo; to be copied, never changed."""
    base = tmp_path_factory.getbasetemp()
    # With several workers the folder above is the run's own, and the first of them fills the demo for all.
    return house.filled(base.parent / "house" if os.environ.get("PYTEST_XDIST_WORKER") else base / "house")
