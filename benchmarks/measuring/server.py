"""A real server for a measurement: gunicorn on the installation of the app, started as `dity serve` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(app: Flask, *, workers: int = 1) -> Iterator[tuple[int, int]]:
    """Yield the port and the process id of the master while it serves."""
    settings = app.config["DITY"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.serve.gunicorn_hooks", "--preload"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--no-control-socket"]
    command += ["--workers", str(workers), "--threads", str(settings.threads), "--log-level", "error"]
    command += ["--keep-alive", "30", "portal.wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(app))
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)


def environment(app: Flask) -> dict[str, str]:
    """Return the environment of a process that serves this installation, without what a developer's shell adds.

    An installation has its modules compiled (`make install` does it), so a shell that forbids it is not followed.
    """
    settings = app.config["DITY"]
    kept = {n: value for n, value in os.environ.items() if not n.startswith("DITY_") and n != "PYTHONDONTWRITEBYTECODE"}
    kept |= {"DITY_HOME": str(settings.home), "DITY_LOG_LEVEL": "error", "PYTHONPATH": str(ROOT)}
    kept |= {"DITY_SEARCHES_PER_MINUTE": "1000000000", "DITY_SUGGESTIONS_PER_MINUTE": "1000000000"}
    return kept | ({"DITY_DEMO": "true"} if settings.demo else {})


def _wait(port: int) -> None:
    for _ in range(300):
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError):
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the server to measure did not start")


def cookie_of(app: Flask, token: str) -> str:
    """Return the Cookie header of a browser that holds this session."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise SystemExit("the app has no secret key")
    value = signer.dumps({"_user_id": token, "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
