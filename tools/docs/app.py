"""An app to read routes and commands from: every feature, an empty home, no database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from config import Settings
from portal.core.database import db
from portal.factory import create_app


@contextmanager
def reference_app() -> Iterator[Flask]:
    """Build the portal with everything it can show, the demo's pages included, and throw its home away again."""
    with tempfile.TemporaryDirectory(prefix="dity-docs-") as home:
        app = create_app(Settings(home=Path(home), testing=True))
        yield app
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
