"""The demo organisation for tests that need a house with people in it: filled once a run, copied for each who asks.

Browser tests, the crawl of all pages and the contact sheet stand on it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from config import Settings
from tests.compiled import TEMPLATES

ROOT = Path(__file__).resolve().parents[1]


def filled(folder: Path) -> Path:
    """Return a home folder with the demo, made by whichever process comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "demo"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo.done").exists():
            environment = {k: v for k, v in os.environ.items() if not k.startswith("DITY_")}
            command = [sys.executable, "-m", "portal.cli", "demo", "--prepare"]
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={**environment, "DITY_HOME": str(home), "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"the demo could not be filled:\n{done.stdout}\n{done.stderr}")
            (folder / "demo.done").touch()
    return home


def copy(home: Path, target: Path) -> Path:
    """Copy the filled home, so that what a test does stays its own."""
    shutil.copytree(home, target)
    target.chmod(0o700)
    return target


def build(home: Path, **changes: Any) -> Flask:
    """Build the demo's app as tests want it: nothing in threads, what is observed is written when asked."""
    from portal.factory import create_app

    settings: dict[str, Any] = {"home": home, "demo": True, "testing": True, "kb_path": ROOT / "kb_articles", **changes}
    app = create_app(Settings(**settings))
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


@contextmanager
def opened(filled_home: Path, home: Path) -> Iterator[Flask]:
    """Build the demo's app on a copy of its home, and let go of the database in the end."""
    from portal.core.database import db

    app = build(copy(filled_home, home))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class QuietHandler(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            super().log(type, message, *args)


def whole(app: Flask) -> Callable[..., list[bytes]]:
    """Give every answer in one piece: this server leaves files open whose browser went away in the middle."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with ExitStack() as stack:
            pieces = app(environ, start_response)
            stack.callback(getattr(pieces, "close", lambda: None))
            return [b"".join(pieces)]

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the app on a free port of this machine; yields its address."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
