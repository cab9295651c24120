"""A real portal with real clients: what the kill tests act on.

Each client is a signed-in colleague who writes notes below one article, hands over tickets, talks on them with the
desk, answers one question and says again and again whether another answer is useful, over connections of their own. A
text or a vote is *acknowledged* when the portal answered the form with a redirect. A form whose answer was lost is sent
again with the same token, as a person would press the button again.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
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
ROOT = Path(__file__).resolve().parents[2]
NOT_DONE = frozenset({"backup", "set-up", "address"})
IS_LONG = bool(os.environ.get("TORTURE"))


def rounds(bounded: int, full: int) -> int:
    """Return how often: the bounded form in every run, the full one by `make torture`."""
    return full if IS_LONG else bounded


@dataclass(frozen=True)
class Answered:
    """What the portal said to a form: its status, 0 when the answer was lost, and where it leads."""

    status: int
    location: str = ""


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

    def post(self, port: int, path: str, fields: dict[str, str], seconds: float = 15) -> Answered:
        body = urllib.parse.urlencode({"csrf_token": self.csrf_token, **fields})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return Answered(answer.status, answer.getheader("Location") or "")
        except (OSError, http.client.HTTPException):
            return Answered(0)
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
    desk: Colleague | None = None
    """Somebody of the service desk, who answers every ticket."""
    acknowledged: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    replies: dict[str, bool] = field(default_factory=dict)
    """What was said on tickets, and whether the desk said it."""
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
            self._send(
                self.colleagues[number], f"/kb/{self.slug}/notes", {"body": note, "form_token": once.new_token()}
            )
            self.acknowledged.append(note)
            answer = "yes" if n % 2 else "no"
            self._send(
                self.colleagues[number], f"/kb/{self.slug}/solved", {"solved": answer, "form_token": once.new_token()}
            )
            self.last_answers[number] = answer
            if n <= MOST_TICKETS:
                subject = f"ticket {number}-{n}"
                form = {"subject": subject, "body": "Broken", "form_token": once.new_token()}
                where = self._send(self.colleagues[number], "/tickets/new", form)
                self.tickets.append(subject)
                self._talk(number, where, f"{number}-{n}")
            if self.question:
                self._help(number, n)

    def _talk(self, number: int, where: str, which: str) -> None:
        """Add a line to one's ticket, and let the desk answer."""
        path = where.partition("?")[0].partition("#")[0]
        lines = [(self.colleagues[number], path, f"also {which}", False)]
        if self.desk:
            lines.append((self.desk, f"/queue{path}", f"try again {which}", True))
        for who, page, said, is_by_desk in lines:
            self._send(who, f"{page}/reply", {"body": said, "anyway": "y", "form_token": once.new_token()})
            self.replies[said] = is_by_desk

    def _help(self, number: int, n: int) -> None:
        """Answer the question, and find the other answer useful or not any more."""
        if n <= MOST_ANSWERS:
            said = f"answer {number}-{n}"
            self._send(
                self.colleagues[number], f"{self.question}/answers", {"body": said, "form_token": once.new_token()}
            )
            self.answers.append(said)
        on = "yes" if n % 2 else "no"
        self._send(self.colleagues[number], self.useful, {"on": on})
        self.last_votes[number] = on

    def _send(self, who: Colleague, path: str, fields: dict[str, str]) -> str:
        """Send one form until it is acknowledged, the same form each time; returns where it leads."""
        until = time.monotonic() + 60
        while True:
            answered = who.post(self.port, path, fields)
            if answered.status in (302, 303):
                return answered.location
            if answered.status == 0:
                self.n_lost_answers += 1
            elif answered.status != 503:  # too busy is an honest answer: nothing was stored, try again
                self.refused.append(answered.status)
            assert time.monotonic() < until, f"{path} was never answered (last status {answered.status})"
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


def service_desk(app: Flask) -> Visitor:
    """Put somebody into a portal who may answer every ticket, signed in."""
    from portal.core.database import db
    from portal.core.permissions import Role
    from tests.factories import people

    with app.app_context():
        visitor = Visitor(app, None, people.person("Cleo Okafor", Role.ADMIN).id)
        db.session.commit()
        visitor.sign_in()
        db.session.remove()
        db.engine.dispose()
    return visitor


def complaints_of_doctor(home: Path) -> list[str]:
    """Return what `dity doctor` finds wrong, but for what only an administrator can have done."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    command = [sys.executable, "-m", "portal.cli", "doctor"]
    done = subprocess.run(
        command, cwd=ROOT, env={**environment, "DITY_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    assert any(line.startswith("ok") and "tickets" in line for line in lines), done.stdout + done.stderr
    return [line for line in lines if line.startswith("LOOK") and line.split()[1] not in NOT_DONE]


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
    (home / "secret.key").chmod(0o600)
    return slug, visitors
