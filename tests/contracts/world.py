"""A small house in which every route can be tried: people of each role, and things that are theirs, open or hidden.

`OBJECTS` says on what a route is tried: the values of its address for each word that `roles.toml` uses behind the
endpoint. A new kind of thing is one entry here; a new route on a known kind needs none.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.factories import kb
from tests.people import ADA, ANA, BEN, CLEO, DARA, ZOE, Someone, Visitor, settle
from tools.docs.routes import COLUMNS, Row

PEOPLE: dict[str, Someone | None] = dict(zip(COLUMNS, (None, None, ANA, BEN, CLEO, DARA, ADA), strict=True))
UNKNOWN = 999_999
Objects = dict[str, dict[str, dict[str, Any]]]


def outcome(response: TestResponse, sign_in: str) -> str:
    """Return what a person met, as roles.toml says it."""
    status = response.status_code
    if status == 401 or (300 <= status < 400 and urlsplit(response.headers.get("Location", "")).path == sign_in):
        return "sign-in"
    if status < 400 or status in (409, 422):  # what was sent is looked at, so they got there
        return "yes"
    return {403: "no", 404: "none"}.get(status, str(status))


class World:
    """The house, and a visitor for each column; what one visit changes is undone before the next."""

    def __init__(self, app: Flask) -> None:
        from portal.core import options
        from portal.core.actor import system
        from portal.core.database import db

        self.app = app
        self.objects = build()
        db.session.commit()
        self.visitors = {column: self._visitor(who) for column, who in PEOPLE.items()}
        db.session.commit()
        self._database = Path(db.engine.url.database or "")
        self._private = self._keep("private")
        options.change(system("tests"), public_reading=True)
        db.session.commit()
        self._public = self._keep("public")
        with app.test_request_context():
            self.sign_in = app.url_map.bind("localhost").build("accounts.sign_in")

    def _visitor(self, who: Someone | None) -> Visitor:
        if who is None:
            return Visitor(self.app)
        visitor = Visitor(self.app, who, settle(who).id)
        visitor.sign_in()
        return visitor

    def _keep(self, name: str) -> Path:
        """Copy the database file as it is now, with everything in it."""
        from portal.core.database import db

        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        return Path(shutil.copyfile(self._database, self._database.with_name(f"{name}.copy")))

    def rewind(self, *, is_public: bool = False) -> None:
        """Put the house back as it was built."""
        from portal.core.database import db

        db.session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self._database.with_name(self._database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._public if is_public else self._private, self._database)

    def address(self, row: Row, rules: dict[tuple[str, str], Rule]) -> str:
        """Return where a row of roles.toml leads; a word that OBJECTS does not know is a mistake (KeyError)."""
        rule = rules[row.route]
        values = self.arguments(row.endpoint, row.object) if rule.arguments else {}
        wanted = {name: value for name, value in values.items() if name in rule.arguments}
        address: str = self.app.url_map.bind("localhost").build(row.endpoint, wanted, method=row.method)
        return f"{address}?{row.query}" if row.query else address

    def arguments(self, endpoint: str, word: str) -> dict[str, Any]:
        blueprint = endpoint.split(".")[0]
        for key in (endpoint, blueprint):
            if word in self.objects.get(key, {}):
                return self.objects[key][word]
        raise KeyError(f"roles.toml tries {endpoint} on {word!r}, which tests/contracts/world.py does not have")

    def visit(self, row: Row, column: str, address: str) -> str:
        """Send somebody there and return what they met."""
        self.rewind(is_public=column == "public")
        visitor = self.visitors[column]
        if row.method == "GET":
            return outcome(visitor.get(address), self.sign_in)
        send: Callable[..., TestResponse] = visitor.post
        return outcome(send(address, dict(parse_qsl(row.body, keep_blank_values=True))), self.sign_in)


def build() -> Objects:
    """Fill the house."""
    ana = settle(ANA)
    own, hidden = _keys(ana.id, settle(ZOE).id)
    articles = {
        "open": kb.article(access_key="signed-in"),
        "public": kb.article(access_key="public"),
        "own": kb.article(access_key=own),
        "hidden": kb.article(access_key=hidden),
    }
    categories = {word: kb.category(access_key=article.access_key) for word, article in articles.items()}
    return {
        "kb": {word: {"slug": a.slug} for word, a in articles.items()} | {"unknown": {"slug": "no-such-article"}},
        "kb.category": {word: {"slug": c.slug} for word, c in categories.items()}
        | {"unknown": {"slug": "no-such-topic"}},
    }


def _keys(ana_id: int, zoe_id: int) -> tuple[str, str]:
    """Return the access keys of things that are Ana's alone, and Zoe's, who has left."""
    from portal.people import audiences
    from tests.factories import people

    found = []
    for name, person_id in (("Ana alone", ana_id), ("Nobody here", zoe_id)):
        found.append(audiences.key_for([[people.audience(name, ("person", str(person_id))).id]]))
    return found[0], found[1]
