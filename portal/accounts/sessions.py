"""Sessions: which person a request acts for. The only module that knows of Flask-Login.

The cookie holds a random name; the row of that hash says whose session it is and until when. So signing out, a new
password or a deactivation ends it at once, whatever the browser keeps.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from flask import Flask, Response, current_app, flash, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import update

from portal.accounts import access, devices, hashing, programs, queries, standing_in
from portal.accounts.models import SignInSession
from portal.core import actor as actors
from portal.core import clock, options
from portal.core.access import is_nameless
from portal.core.actor import Actor, Kind
from portal.core.buffer import Buffer
from portal.core.database import db
from portal.core.permissions import ANONYMOUS_PERMISSIONS
from portal.people import services as people
from portal.people.audiences import PUBLIC
from portal.people.models import Person

IDLE = {False: dt.timedelta(hours=12), True: dt.timedelta(days=30)}
"""How long nobody may have been seen, by whether the person asked to stay signed in."""
LONGEST = {False: dt.timedelta(days=7), True: dt.timedelta(days=90)}
"""How long a session lives however busy it is."""
ACTING = "acting"
"""In the cookie of who acts for somebody: their own number, and the other's name."""
SEEN_EVERY = dt.timedelta(minutes=5)


class SignedIn:
    """What Flask-Login calls a user: an actor, and the name of the session it came with."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self._token = token

    def get_id(self) -> str:
        return self._token


class _Sessions(SecureCookieSessionInterface):
    """The cookie of the session, which pages for the nameless neither read nor write."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not is_nameless():
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Hook the question "who is this?" before every request."""
    app.config["PERMANENT_SESSION_LIFETIME"] = LONGEST[True]
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address; the row in the database is what counts
    manager.user_loader(_by_session)
    app.session_interface = _Sessions()
    app.before_request(identify)


def identify() -> None:
    """Say who acts in this request. Machines that ask after our health are nobody, and cost no query."""
    if access.is_for_machines():
        return
    for left in ("_login_user", "actor", "n_new"):  # an app context around several requests is shared by them
        g.pop(left, None)
    if is_nameless():
        g.actor = actors.ANONYMOUS
        session.clear()  # for this request alone: `_Sessions` keeps what the browser holds as it is
        return
    if programs.opens(request):
        g.actor = programs.enter(request)
        return
    programs.refuse_astray(request)
    user = current_user._get_current_object()
    g.actor = user.actor if isinstance(user, SignedIn) else _stranger()


def _by_session(token: str) -> SignedIn | None:
    found = queries.entered(hashing.digest(token))
    now = clock.now()
    if found is None or found.is_over(now):
        return None
    person = people.actor_for(found.person_id)
    actor = standing_in.in_place(person, found) if person else None
    if actor is None:
        return None
    if now - found.last_seen_at > SEEN_EVERY:
        _buffer().add(_write_seen, (found.session_id, now))
    g.n_new = found.n_new
    return SignedIn(replace(actor, session_id=found.session_id, visit=f"s{found.session_id}"), token)


def _buffer() -> Buffer:
    buffer: Buffer = current_app.extensions["dity-buffer"]
    return buffer


def _write_seen(rows: list[tuple[int, dt.datetime]]) -> None:
    for session_id, at in dict(rows).items():
        mark = update(SignInSession).where(SignInSession.id == session_id, SignInSession.last_seen_at < at)
        db.session.execute(mark.values(last_seen_at=at))


def _stranger() -> Actor:
    """Return somebody who is not signed in, named by the visit so that the ledger can tell browsers apart."""
    visit = session.get("visit")
    if not isinstance(visit, str):
        visit = session["visit"] = secrets.token_hex(8)
    kind = Kind.BOT if _is_robot(request.user_agent.string) else Kind.ANON
    if not options.get().public_reading:
        return Actor(kind=kind, visit=visit)
    return Actor(kind=kind, visit=visit, keys=frozenset({PUBLIC}), permissions=ANONYMOUS_PERMISSIONS)


@cache
def _robots() -> Any:
    from crawlerdetect import CrawlerDetect

    return CrawlerDetect()


def _is_robot(user_agent: str) -> bool:
    """Tell crawlers, whose reading counts in no figure. Only where reading is open: elsewhere they see nothing."""
    return options.get().public_reading and _is_crawler(user_agent[:1000])


@lru_cache(maxsize=1024)
def _is_crawler(user_agent: str) -> bool:
    return bool(_robots().is_crawler(user_agent))


def enter(person: Person, *, is_remembered: bool = False) -> SignInSession:
    """Sign this browser in as the person: a new session with a new name; nothing of what the browser held stays."""
    row, token = open_session(
        person.id,
        is_remembered=is_remembered,
        user_agent=request.user_agent.string,
        address=request.remote_addr,
    )
    was_acting = acting_that_ended()
    carry(people.actor_of(person), row, token)
    if was_acting and was_acting[0] == person.id:
        flash(_("You no longer act for %(name)s: that has ended. You are yourself again.", name=was_acting[1]), "info")
    return row


def acting_that_ended() -> tuple[int, str] | None:
    """Return which administrator acted in this browser, and for whom, where that ended without their doing."""
    found = session.get(ACTING)
    if not isinstance(found, list) or len(found) != 2 or actors.current().is_signed_in:
        return None
    return int(found[0]), str(found[1])


def note_acting(actor: Actor) -> None:
    """Have this browser remember whom somebody acts for in it, to be told of the end when the hour is over."""
    session[ACTING] = [actor.acted_by_id, actor.name]


def open_session(
    person_id: int,
    *,
    is_remembered: bool = False,
    user_agent: str = "",
    address: str | None = None,
    lives: dt.timedelta | None = None,
) -> tuple[SignInSession, str]:
    """Store a session and return it with its secret name, which exists nowhere else."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = SignInSession(
        token_hash=hashing.digest(token),
        person_id=person_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (lives or LONGEST[is_remembered]),
        idle_seconds=int((lives or IDLE[is_remembered]).total_seconds()),
        is_remembered=is_remembered,
        browser=devices.browser_of(user_agent),
        system=devices.system_of(user_agent),
        address=devices.coarse(address),
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def rename(person: Person, session_id: int) -> None:
    """Give the session this request came with a new name, after which the old one opens nothing."""
    token = secrets.token_urlsafe(32)
    row = db.session.get_one(SignInSession, session_id)
    row.token_hash = hashing.digest(token)
    db.session.flush()
    carry(people.actor_of(person), row, token)


def carry(actor: Actor, row: SignInSession, token: str) -> None:
    """Put the session's name into this browser's cookie."""
    session.clear()
    session.permanent = row.is_remembered
    actor = replace(actor, session_id=row.id, visit=f"s{row.id}")
    login_user(SignedIn(actor, token))
    g.actor = actor


def leave() -> None:
    """Forget everything this browser held. The session's row is ended by `services.sign_out`."""
    logout_user()
    session.clear()
    g.actor = actors.ANONYMOUS
