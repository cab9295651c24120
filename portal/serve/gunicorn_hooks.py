"""What gunicorn calls at the turns of a worker's life. Loaded by name, in gunicorn's own process."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
from typing import Any

from portal.serve.web import READY_DESCRIPTOR

M_ARENA_MAX = -8
"""The number glibc knows this setting of its memory by."""


def on_starting(server: Any) -> None:
    """Let the threads of a worker share one heap; glibc gives each its own, and each keeps what was freed in it.

    Threads hardly ever wait for it: Python lets one at a time run. Other libraries of C have no such setting.
    """
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def pre_fork(server: Any, worker: Any) -> None:
    """Leave what was loaded before the fork out of every later search for garbage: it stays, and stays shared."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Drop database connections that were opened before the fork: two processes must not share one."""
    from portal.core.database import db

    with server.app.wsgi().app_context():  # loaded once, before the first fork
        db.engine.dispose(close=False)


def post_worker_init(worker: Any) -> None:
    """Tell the supervisor that this worker answers from now on."""
    if READY_DESCRIPTOR in os.environ:
        with contextlib.suppress(OSError):  # nobody reads any more, or the pipe is full of earlier news
            os.write(int(os.environ[READY_DESCRIPTOR]), b".")
