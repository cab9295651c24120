"""`make demo-check`: what a stranger sees after `make demo`, looked at by a program.

Starts the demo on a free port with a home of its own, opens the sign-in page, signs in as each person on its cards,
searches, stops it by Ctrl-C, and starts it again: that has to be quick and keep what was done.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_START = 240.0
SECOND_START = 20.0
PEOPLE = ("Ana", "Ben", "Dara", "Cleo", "Sam", "Eli", "Mia", "Ada")


class Wrong(Exception):
    """The demo does not do what it promises."""


class Demo:
    """The running demo; `address` is what it printed behind `Ready:`."""

    def __init__(self, home: Path, limit: float) -> None:
        environment = {**os.environ, "DITY_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "demo", "--port", "0"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.address = self._wait(limit)
        self.seconds = time.monotonic() - started

    def _wait(self, limit: float) -> str:
        said, until = "", time.monotonic() + limit
        stream = self.process.stdout
        if stream is None:
            raise Wrong("it has no output")
        while time.monotonic() < until:
            if not select.select([stream], [], [], 0.5)[0]:
                continue
            if not (chunk := os.read(stream.fileno(), 65536).decode(errors="replace")):
                break
            sys.stdout.write(chunk)
            sys.stdout.flush()
            said += chunk
            if found := re.search(r"Ready: (http://\S+)\s", said):
                return found[1]
        self.process.kill()
        raise Wrong(f"it was not ready within {limit:.0f} s")

    def stop(self) -> None:
        """End it as Ctrl-C does; it has twelve seconds."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(12)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Wrong("it did not end within 12 s of Ctrl-C") from None


class Visitor:
    """A browser without script."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str) -> str:
        with self._opener.open(urllib.parse.urljoin(self.address, path), timeout=30) as answer:
            page: str = answer.read().decode()
            return page

    def post(self, path: str, **fields: str) -> str:
        data = urllib.parse.urlencode(fields).encode()
        with self._opener.open(urllib.parse.urljoin(self.address, path), data, timeout=30) as answer:
            page: str = answer.read().decode()
            return page


def sign_in(address: str, name: str) -> Visitor:
    """Pick a person's card on the sign-in page."""
    visitor = Visitor(address)
    page = visitor.get("/sign-in")
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if f"Be {name}<" in form:
            fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form))
            action = re.search(r'action="([^"]+)"', form)
            visitor.post(action[1] if action else "/sign-in", **fields)
            if name not in visitor.get("/"):
                raise Wrong(f"the card of {name} does not sign in")
            return visitor
    raise Wrong(f"the sign-in page has no card for {name}")


def look(address: str) -> None:
    for name in PEOPLE:
        visitor = sign_in(address, name)
    ana = sign_in(address, "Ana")
    page = ana.get("/search?" + urllib.parse.urlencode({"q": "cant conect to vpn from home"}))
    if "VPN" not in page:
        raise Wrong("searching for the VPN finds nothing of it")
    found = re.search(r'href="(/kb/[a-z0-9-]+)', page)
    if not found or "<h1" not in ana.get(found[1]):
        raise Wrong("the first result does not open")
    visitor.get("/admin/")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="dity-demo-") as folder:
        try:
            demo = Demo(Path(folder), FIRST_START)
            try:
                look(demo.address)
            finally:
                demo.stop()
            again = Demo(Path(folder), SECOND_START)
            try:
                sign_in(again.address, "Ana")
            finally:
                again.stop()
        except (Wrong, OSError) as wrong:
            print(f"demo-check: {wrong}", file=sys.stderr)
            return 1
    print(f"demo-check: ready after {demo.seconds:.1f} s, the second time after {again.seconds:.1f} s; all doors open.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
