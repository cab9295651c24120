"""The people who use the portal, each a fixture: a signed-in browser without script.

Ana asks (finance), Ben is her colleague, Dara owns articles, Cleo is an agent, Sam a specialist, Eli (HR) runs
adoption, Mia manages, Ada administers, Zoe left the company and still has her cookie.

    def test_zoe_sees_nothing(zoe):
        assert zoe.get("/").status_code == 302
"""

from __future__ import annotations

import contextvars
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.permissions import Role
from tests.pages import Page


@dataclass(frozen=True)
class Someone:
    """A person of the demo organisation."""

    name: str
    department: str
    site: str = "Harbour House"
    roles: tuple[Role, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@ostreyvale.example"


ANA = Someone("Ana Ruiz", "Finance")
BEN = Someone("Ben Kaya", "Finance")
DARA = Someone("Dara Voss", "IT", roles=(Role.EDITOR,))
CLEO = Someone("Cleo Okafor", "IT", roles=(Role.AGENT,))
SAM = Someone("Sam Brandt", "IT", roles=(Role.SPECIALIST,))
ELI = Someone("Eli Lindqvist", "HR", roles=(Role.ANALYST,))
MIA = Someone("Mia Duarte", "Workshop", site="Old Mill", roles=(Role.MANAGER,))
ADA = Someone("Ada Demir", "IT", roles=(Role.ADMIN,))
ZOE = Someone("Zoe Hart", "Sales")


class Visitor:
    """A browser without script. What the test itself wrote is committed before each visit."""

    def __init__(self, app: Flask, who: Someone | None = None, person_id: int | None = None) -> None:
        self.app = app
        self.who = who
        self.person_id = person_id
        self.client: FlaskClient = app.test_client()

    @property
    def person(self) -> Any:
        """The row, fresh from the database."""
        from portal.core.database import db
        from portal.people.models import Person

        return db.session.get(Person, self.person_id, populate_existing=True)

    @property
    def actor(self) -> Any:
        """The person as services take them."""
        from portal.people.services import actor_of

        return actor_of(self.person)

    def get(self, path: str, **kw: Any) -> TestResponse:
        return self.open(path, method="GET", **kw)

    def page(self, path: str, *, status: int = 200, **kw: Any) -> Page:
        """Visit a page and read it; anything but the expected status is a failure that shows what came instead."""
        response = self.get(path, follow_redirects=True, **kw)
        assert response.status_code == status, f"{path}: {response.status_code}\n{response.text[:2000]}"
        return Page(response.text)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, with_token: bool = True, **kw: Any
    ) -> TestResponse:
        """Send a form as a browser does, with the token of its page unless told not to."""
        kw.setdefault("headers", {"Origin": "http://localhost"})
        token = {"csrf_token": self.csrf_token()} if with_token else {}
        return self.open(path, **{"method": "POST", "data": {**token, **(data or {})}, **kw})

    def submit(self, path: str, action: str, **changes: Any) -> TestResponse:
        """Open a page, fill in its form to `action`, and send it."""
        sent = {**self.page(path).form(action), **changes}
        return self.open(action, method="POST", data=sent)

    def open(self, path: str, **kw: Any) -> TestResponse:
        from portal.core.database import db

        if _cv_app.get(None):
            db.session.commit()
        # In a context without the test's own app context, or `g` would outlive the request; the clock comes along.
        context = contextvars.copy_context()
        context.run(_cv_app.set, None)  # type: ignore[arg-type]
        response: TestResponse = context.run(self.client.open, path, **kw)
        if _cv_app.get(None):
            db.session.expire_all()
        return response

    def csrf_token(self) -> str:
        """Return a token that the portal will accept from this browser."""
        with self.client.session_transaction() as session:
            raw: str = session.setdefault("csrf_token", secrets.token_hex(20))
        signed = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(raw)
        return str(signed)

    def sign_in(self) -> None:
        """Give this browser a session of its person."""
        from portal.accounts import sessions
        from portal.core.database import db

        if self.person_id is None:
            raise ValueError("nobody to sign in")
        _, token = sessions.open_session(self.person_id, user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
        db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True


def settle(who: Someone) -> Any:
    """Return the person's row, made with department and site when it is not there."""
    from portal.core.database import db
    from portal.people.models import Department, Person, Site
    from tests.factories import people

    found = db.session.execute(select(Person).where(Person.email == who.email)).scalar_one_or_none()
    if found:
        return found
    unit = db.session.scalar(select(Department).where(Department.name == who.department))
    unit = unit or people.department(who.department, slug=who.department.lower())
    site = db.session.scalar(select(Site).where(Site.name == who.site)) or people.site(who.site)
    return people.person(who.name, *who.roles, email=who.email, department_id=unit.id, site_id=site.id)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Let somebody in: `visit(ANA)`, or a person's row; every call is another browser."""
    from portal.core.database import db

    def make(who: Any) -> Visitor:
        row = settle(who) if isinstance(who, Someone) else who
        db.session.commit()
        visitor = Visitor(app, who if isinstance(who, Someone) else None, row.id)
        visitor.sign_in()
        return visitor

    return make


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def client(stranger: Visitor) -> Visitor:
    return stranger


def _fixture(who: Someone) -> Callable[[Callable[..., Visitor]], Visitor]:
    @pytest.fixture(name=who.name.split()[0].lower())
    def someone(visit: Callable[..., Visitor]) -> Visitor:
        return visit(who)

    return someone


ana = _fixture(ANA)
ben = _fixture(BEN)
dara = _fixture(DARA)
cleo = _fixture(CLEO)
sam = _fixture(SAM)
eli = _fixture(ELI)
mia = _fixture(MIA)
ada = _fixture(ADA)


@pytest.fixture
def zoe(visit: Callable[..., Visitor]) -> Visitor:
    """She was signed in when she left; her browser still holds the cookie."""
    from portal.core.actor import system
    from portal.core.database import db
    from portal.people import services as people

    visitor = visit(ZOE)
    people.deactivate(system("tests"), visitor.person)
    db.session.commit()
    return visitor
