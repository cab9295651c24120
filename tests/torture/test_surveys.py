"""Twenty people answer at the same moment while web workers are killed: nothing is lost or doubled (QUALITY R1)."""

from __future__ import annotations

import http.client
import os
import random
import signal
import sqlite3
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from portal.core.database import db
from tests.factories import pulse
from tests.portal.serve.running import Running, until
from tests.torture.stage import rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow]

AT_ONCE = 20
LONGEST = 60
"""Seconds somebody goes on trying."""
THANKED, OPENS_NOTHING = 200, 404


def send(port: int, code: str, comment: str) -> int:
    """Send a sheet as a browser does; returns the status, 0 when the answer was lost."""
    body = urllib.parse.urlencode({"code": code, "EA1": "4", "VA1": "2", "comment": comment})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null", "Sec-Fetch-Site": "same-origin"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("POST", "/survey/answers", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Crowd:
    """People who each send one sheet, all at the same moment, and send it again while they hear nothing."""

    def __init__(self, port: int, codes: dict[str, str]) -> None:
        self.heard: dict[str, list[int]] = {comment: [] for comment in codes}
        self._port, self._start = port, threading.Barrier(len(codes))
        self._threads = [threading.Thread(target=self._answer, args=pair) for pair in codes.items()]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        for thread in self._threads:
            thread.join(LONGEST + 30)

    def _answer(self, comment: str, code: str) -> None:
        self._start.wait(30)
        give_up = time.monotonic() + LONGEST
        while time.monotonic() < give_up:
            self.heard[comment].append(send(self._port, code, comment))
            if self.heard[comment][-1] in (THANKED, OPENS_NOTHING):
                return
            time.sleep(0.05)


def rows(home: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "dity.sqlite3")) as connection:
        return connection.execute(statement).fetchall()


def test_twenty_at_once_lose_nothing_and_store_nothing_twice(make_app: Callable[..., Flask], home: Path) -> None:
    """The first twenty in peace; then web workers are killed among them."""
    app, chance = make_app(), random.Random(20)
    n_rounds = rounds(3, 40)
    with app.app_context():
        _, invited = pulse.open_wave(AT_ONCE * n_rounds)
        db.session.commit()
        codes = [one.code for one in invited]
        db.session.remove()
        db.engine.dispose()
    (home / "secret.key").write_text(app.config["SECRET_KEY"])
    heard: dict[str, list[int]] = {}
    running = Running(home)
    try:
        for n in range(n_rounds):
            mine = {f"sheet {n}-{k}": code for k, code in enumerate(codes[n * AT_ONCE : (n + 1) * AT_ONCE])}
            with Crowd(running.port, mine) as crowd:
                if n:
                    time.sleep(0.02 + 0.15 * chance.random())
                    for pid in running.workers:
                        os.kill(pid, signal.SIGKILL)
            heard |= crowd.heard
            until(lambda: running.status(seconds=2) == 200, what="nobody answers any more")
    finally:
        running.stop()
    stored = Counter(comment for (comment,) in rows(home, "SELECT comment FROM sheet"))
    assert [one for one, n in stored.items() if n > 1] == [], "stored twice"
    assert [one for one, met in heard.items() if THANKED in met and one not in stored] == [], "acknowledged, and lost"
    # Told that the code opens nothing: only whoever's first answer got lost on its way back, and was kept.
    assert [one for one, met in heard.items() if met[-1] == OPENS_NOTHING and one not in stored] == []
    assert [one for one, met in heard.items() if met[-1] not in (THANKED, OPENS_NOTHING)] == [], "never got through"
    assert all(met == [THANKED] for one, met in heard.items() if one.startswith("sheet 0-")), "kept waiting in peace"
    assert rows(home, "SELECT count(*) FROM invitation WHERE is_used") == [(len(stored),)]
    assert len(stored) == AT_ONCE * n_rounds
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
    assert rows(home, "SELECT count(*) FROM ledger_entry WHERE name LIKE 'survey%'") == [(0,)]
