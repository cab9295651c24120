"""A real server for a measurement: one gunicorn worker with eight threads on the installation of the app."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(app: Flask) -> Iterator[tuple[int, int]]:
    """Yield the port and the process id of the master while it serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = app.config["DITY"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    environ |= {"DITY_HOME": str(settings.home), "DITY_LOG_LEVEL": "error"}
    environ |= {"DITY_SEARCHES_PER_MINUTE": "1000000000", "DITY_SUGGESTIONS_PER_MINUTE": "1000000000"}
    environ |= {"DITY_DEMO": "true"} if settings.demo else {}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "portal.wsgi:app",
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "1",
        "--threads",
        "8",
    ]
    command += ["--worker-class", "gthread", "--no-control-socket", "--log-level", "error", "--keep-alive", "30"]
    server = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server to measure did not start")


def cookie_of(app: Flask, token: str) -> str:
    """Return the Cookie header of a browser that holds this session."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise SystemExit("the app has no secret key")
    value = signer.dumps({"_user_id": token, "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
