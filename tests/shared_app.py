"""One app for most tests of a process: building one costs more than the average test does.

Each test gets it as if it were new: an empty home folder with a freshly copied database, no connection, no cached
reading of another database, nothing buffered, the configuration it was built with. A test that changes the app itself
(routes, hooks) builds its own with `make_app`.
"""

from __future__ import annotations

import functools
import inspect
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask

from config import Settings
from tests.compiled import TEMPLATES
from tests.databases import SECRET_KEY, SqliteDatabases


class SharedApp:
    """The app and its home folder; `renew` makes both as good as new."""

    def __init__(self, home: Path, databases: SqliteDatabases) -> None:
        from portal.factory import create_app

        self.home, self._databases = home, databases
        home.mkdir(mode=0o700)
        self.settings = Settings(home=home, secret_key=SECRET_KEY, testing=True)
        self.app = create_app(self.settings)
        self.app.jinja_env.bytecode_cache = TEMPLATES
        self._config, self._extensions = dict(self.app.config), dict(self.app.extensions)

    def renew(self) -> Flask:
        """Return the app on an empty home folder with a fresh database."""
        from portal.core import buffer

        self.let_go()
        shutil.rmtree(self.home)
        self.home.mkdir(mode=0o700)
        self._databases.make(self.home)
        for mapping, kept in ((self.app.config, self._config), (self.app.extensions, self._extensions)):
            mapping.clear()
            mapping.update(kept)
        buffer.install(self.app, is_threaded=False)
        for cached in _readings():
            cached.cache_clear()
        return self.app

    def let_go(self) -> None:
        """Close what holds the database's file."""
        from portal.core.database import db

        with self.app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def _readings() -> Iterator[Any]:
    """Yield the functions that remember what they read from a database: those with a parameter of that name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("portal."):
            for value in vars(module).values():
                if (
                    isinstance(value, functools._lru_cache_wrapper)
                    and "database" in inspect.signature(value).parameters
                ):
                    yield value
