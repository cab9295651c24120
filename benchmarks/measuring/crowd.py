"""People at work on a real server: each reads, notes down, hands over; paced, or as fast as the server lets them."""

from __future__ import annotations

import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from portal.accounts import sessions
from portal.core import once
from portal.core.actor import system
from portal.core.database import db
from portal.kb.models import Article
from portal.people import services as people

RAW = "5eed" * 10
"""Of the tokens of all forms: nobody but these clients meets this installation."""
PATIENCE = 30.0
"""Seconds after which an answer that has not come is none."""
DONE = (200, 302, 303)


@dataclass(frozen=True)
class Form:
    """Something a form does: `path` is where it is sent, `fields` what stands in it."""

    path: str
    fields: tuple[tuple[str, str], ...]


def cookies(app: Flask, n: int) -> list[str]:
    """Add so many people to the installation, sign each in, and return their Cookie headers."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise SystemExit("the app has no secret key")
    found = []
    with app.app_context():
        for k in range(n):
            person = people.add_person(system("benchmark"), email=f"w{k}@ostreyvale.example", name=f"Worker {k}")
            _row, token = sessions.open_session(person.id, is_remembered=True, user_agent="benchmark", address=None)
            value = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": RAW})
            found.append(f"{app.config['SESSION_COOKIE_NAME']}={value}")
        db.session.commit()
        db.session.remove()
    return found


def signer_of(app: Flask) -> Callable[[], str]:
    """Return what makes tokens that forms are accepted with; each is good for an hour."""
    signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    return lambda: str(signer.dumps(RAW))


@dataclass
class Crowd:
    """Clients of one server. `pace` is how many requests a second all of them make together; 0: without a pause."""

    port: int
    cookies: Sequence[str]
    sign: Callable[[], str]
    works: Sequence[str | Form]
    """What each does in turn: a path is read, a form is sent."""
    n_clients: int = 8
    pace: float = 0.0
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "written": []})
    statuses: Counter[int] = field(default_factory=Counter)
    """Of all answers; 0 for none."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(self.n_clients)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def taken(self) -> tuple[dict[str, list[float]], Counter[int]]:
        """Return what was measured since the last time."""
        with self._lock:
            found = self.seconds, self.statuses
            self.seconds, self.statuses = {"read": [], "written": []}, Counter()
        return found

    @staticmethod
    def failed(statuses: Counter[int]) -> int:
        return sum(n for status, n in statuses.items() if status not in DONE)

    def _work(self, number: int) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.monotonic() + (number / self.pace if self.pace else 0)
        for n in count():
            if self.pace and self._stop.wait(max(0.0, began + n * self.n_clients / self.pace - time.monotonic())):
                break
            if self._stop.is_set():
                break
            turn = number + n * self.n_clients
            # One person does a whole round, so that everybody writes as often as everybody else.
            work, cookie = self.works[turn % len(self.works)], self.cookies[turn // len(self.works) % len(self.cookies)]
            start = time.perf_counter()
            status = self._done(connection, work, cookie)
            took = time.perf_counter() - start
            with self._lock:
                self.statuses[status] += 1
                self.seconds["read" if isinstance(work, str) else "written"].append(took)
        connection.close()

    def _done(self, connection: HTTPConnection, work: str | Form, cookie: str) -> int:
        try:
            if isinstance(work, str):
                connection.request("GET", work, headers={"Cookie": cookie})
            else:
                fields = {**dict(work.fields), "csrf_token": self.sign(), "form_token": once.new_token()}
                kind = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", work.path, urllib.parse.urlencode(fields), kind)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, HTTPException):
            connection.close()
            return 0


def first_article(app: Flask) -> str:
    """Return the address of some article."""
    with app.app_context():
        slug = db.session.execute(select(Article.slug).order_by(Article.id).limit(1)).scalar_one()
        db.session.remove()
    return f"/kb/{slug}"


def some_work(article: str) -> list[str | Form]:
    """Return a round of what people do: of sixteen, thirteen look and three write."""
    note = Form(f"{article}/notes", (("body", "It is the second button from the left."),))
    solved = Form(f"{article}/solved", (("solved", "yes"),))
    ticket = Form(
        "/tickets/new",
        (
            ("subject", "Screen stays black"),
            ("body", "Since this **morning**."),
        ),
    )
    looks = [
        "/",
        article,
        "/search?q=laptop+screen+black",
        "/search/suggest?q=laptop+scr",
        article,
        "/kb/",
        "/tickets/",
    ]
    return [*looks, note, *looks[:3], solved, *looks[1:4], ticket]
