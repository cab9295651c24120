"""The web workers: gunicorn on an inherited socket, waitress on Windows, and how we learn that they answer."""

from __future__ import annotations

import os
import select
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.serve.children import Child

ROOT = Path(__file__).resolve().parents[2]
APP = "portal.wsgi:app"
WORKER = "portal.serve.patient.PatientWorker"
READY_DESCRIPTOR = "SERVE_READY_DESCRIPTOR"
GRACE_SECONDS = 8
SILENT_SECONDS = 60


@dataclass(frozen=True)
class Web:
    """The web child with the question whether it answers already; `close` forgets what that question needs."""

    child: Child
    is_ready: Callable[[], bool]
    close: Callable[[], None]


def web(listening: socket.socket, *, workers: int, threads: int, environment: Mapping[str, str]) -> Web:
    """Build (not start) the web workers on this socket."""
    environment = with_root(environment)
    if os.name == "nt":
        return _waitress(listening, threads=workers * threads, environment=environment)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.serve.gunicorn_hooks", "--preload"]
    command += ["--bind", f"fd://{listening.fileno()}", "--worker-class", WORKER, "--no-control-socket"]
    command += ["--workers", str(workers), "--threads", str(threads), "--log-level", "warning"]
    command += ["--graceful-timeout", str(GRACE_SECONDS), "--timeout", str(SILENT_SECONDS)]
    command += ["--forwarded-allow-ips", "", "--worker-tmp-dir", _heartbeat_folder(), APP]
    child = Child(
        name="web workers",
        command=command,
        environment={**environment, READY_DESCRIPTOR: str(writing)},
        descriptors=(listening.fileno(), writing),
    )

    def close() -> None:
        os.close(reading)
        os.close(writing)  # kept open until now, since a restart inherits it again

    return Web(child, lambda: bool(select.select([reading], [], [], 0)[0]), close)


def with_root(environment: Mapping[str, str]) -> dict[str, str]:
    """Let a child find the portal's packages wherever it is started from."""
    path = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH", "")]))
    return {**environment, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _heartbeat_folder() -> str:
    """A folder in memory where there is one: heartbeats on a busy disk make gunicorn kill healthy workers."""
    in_memory = "/dev/shm"  # noqa: S108 - only its existence is asked; gunicorn makes unnamed files there
    return in_memory if os.access(in_memory, os.W_OK) else tempfile.gettempdir()


def _waitress(listening: socket.socket, *, threads: int, environment: Mapping[str, str]) -> Web:
    host, port = listening.getsockname()[:2]
    listening.close()  # a socket cannot be handed over there; opening it has shown that the port is free
    command = [sys.executable, "-m", "waitress", f"--listen={host}:{port}", f"--threads={threads}", APP]

    def answers() -> bool:
        with socket.socket() as tried:
            return tried.connect_ex((host, port)) == 0

    return Web(Child(name="web worker", command=command, environment=environment), answers, lambda: None)
