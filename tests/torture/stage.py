"""A real portal with real clients: what the kill tests act on.

Each client is a signed-in colleague who writes notes below one article, hands over tickets, answers one question and
says again and again whether another answer is useful, over connections of their own. A text or a vote is
*acknowledged* when the portal answered the form with a redirect. A form whose answer was lost is sent again with
the same token, as a person would press the button again.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from portal.core import once
from tests.people import Visitor

MOST_TICKETS, MOST_ANSWERS = 15, 50
"""Of one person in an hour, so that nobody meets a limit."""
IS_LONG = bool(os.environ.get("TORTURE"))


def rounds(bounded: int, full: int) -> int:
    """Return how often: the bounded form in every run, the full one by `make torture`."""
    return full if IS_LONG else bounded


@dataclass
class Colleague:
    """A browser as plain HTTP: the cookie of a session, and a token its forms are accepted with."""

    cookie: str
    csrf_token: str

    @classmethod
    def of(cls, visitor: Visitor) -> Colleague:
        token = visitor.csrf_token()  # puts its raw half into the cookie, so it comes first
        name = visitor.app.config["SESSION_COOKIE_NAME"]
        found = visitor.client.get_cookie(name)
        assert found is not None
        return cls(f"{name}={found.value}", token)

    def post(self, port: int, path: str, fields: dict[str, str], seconds: float = 15) -> int:
        """Send a form and return the status, 0 when the answer was lost."""
        body = urllib.parse.urlencode({"csrf_token": self.csrf_token, **fields})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def get(self, port: int, path: str, seconds: float = 15) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("GET", path, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


@dataclass
class Crowd:
    """Colleagues who write notes, answer, vote and hand over, until they are told to stop."""

    port: int
    slug: str
    colleagues: list[Colleague]
    question: str = ""
    """Where the question stands, and the answer that is voted for."""
    useful: str = ""
    acknowledged: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    last_answers: dict[int, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    last_votes: dict[int, str] = field(default_factory=dict)
    n_lost_answers: int = 0
    refused: list[int] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(len(self.colleagues))]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        n = 0
        while not self._stop.is_set():
            n += 1
            note = f"note {number}-{n}"
            self._send(number, f"/kb/{self.slug}/notes", {"body": note, "form_token": once.new_token()})
            self.acknowledged.append(note)
            answer = "yes" if n % 2 else "no"
            self._send(number, f"/kb/{self.slug}/solved", {"solved": answer, "form_token": once.new_token()})
            self.last_answers[number] = answer
            if n <= MOST_TICKETS:
                subject = f"ticket {number}-{n}"
                form = {"subject": subject, "body": "Broken", "form_token": once.new_token()}
                self._send(number, "/tickets/new", form)
                self.tickets.append(subject)
            if self.question:
                self._help(number, n)

    def _help(self, number: int, n: int) -> None:
        """Answer the question, and find the other answer useful or not any more."""
        if n <= MOST_ANSWERS:
            said = f"answer {number}-{n}"
            self._send(number, f"{self.question}/answers", {"body": said, "form_token": once.new_token()})
            self.answers.append(said)
        on = "yes" if n % 2 else "no"
        self._send(number, self.useful, {"on": on})
        self.last_votes[number] = on

    def _send(self, number: int, path: str, fields: dict[str, str]) -> None:
        """Send one form until it is acknowledged; the same form each time."""
        until = time.monotonic() + 60
        while True:
            status = self.colleagues[number].post(self.port, path, fields)
            if status in (302, 303):
                return
            if status == 0:
                self.n_lost_answers += 1
            elif status != 503:  # too busy is an honest answer: nothing was stored, try again
                self.refused.append(status)
            assert time.monotonic() < until, f"{path} was never answered (last status {status})"
            time.sleep(0.05)


def ask(app: Flask) -> tuple[str, str]:
    """Put a question with an answer into a portal; returns where it stands, and where that answer is voted for."""
    from portal.core.database import db
    from tests.factories import community, people

    with app.app_context():
        answer = community.answer(community.question(), author_id=people.person("Somebody else").id)
        where = f"/questions/{answer.question_id}"
        useful = f"{where}/answers/{answer.id}/useful"
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return where, useful


def furnish(app: Flask, home: Path, n_people: int) -> tuple[str, list[Visitor]]:
    """Put an article and colleagues into a portal; returns the article's slug and the signed-in colleagues."""
    from portal.core.database import db
    from tests.factories import kb, people

    with app.app_context():
        article = kb.article()
        rows: list[Any] = [people.person(f"Colleague {n}") for n in range(n_people)]
        db.session.commit()
        slug: str = article.slug
        visitors = [Visitor(app, None, row.id) for row in rows]
        for visitor in visitors:
            visitor.sign_in()
        db.session.remove()
        db.engine.dispose()
    (home / "secret.key").write_text(app.config["SECRET_KEY"])
    return slug, visitors
