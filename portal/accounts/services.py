"""Signing in and out, passwords, and everything that ends with an account."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import acting, attempts, hashing, links, passwords, queries, sessions, tokens
from portal.accounts.models import Credential, Purpose, SignInSession
from portal.core import actor as actors
from portal.core import clock, limits, options
from portal.core.actor import Actor, system
from portal.core.database import db, looking
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission, Role
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Person

SEND_RESET = "accounts.send_reset"


def sign_in(
    actor: Actor, *, email: str, password: str, is_remembered: bool, browser: attempts.Browser | None
) -> Person:
    """Sign this browser in; refuse (Invalid) in the same words and time whatever was wrong.

    The try was counted and committed before (`attempts.spend`). The caller commits after a refusal too, since that
    is recorded. The password is checked between two transactions: forty milliseconds are long for a write lock.
    """
    person_id, is_active, stored = _known_of(email)
    is_right = hashing.matches(stored, password)
    subject = Ref("person", person_id) if person_id else None
    if is_right and (other := _goes_on_as(person_id)):
        ledger.record(Name.SIGN_IN_FAILED, actor=actor, subject=subject, reason="inactive")
        raise Invalid(_("This account was merged with another one of yours. Sign in with %(email)s.", email=other))
    if not (is_right and is_active):
        reason = "unknown" if person_id is None else "inactive" if not is_active else "wrong_password"
        ledger.record(Name.SIGN_IN_FAILED, actor=actor, subject=subject, reason=reason)
        raise Invalid(_("This address and this password do not belong together."))
    attempts.give_back(email, browser)
    person = people.get_person(person_id)
    if stored and hashing.is_outdated(stored):
        db.session.get_one(Credential, person.id).hash = hashing.hash_password(password)
    start_session(person, method="password", is_remembered=is_remembered)
    return person


def _known_of(email: str) -> tuple[int | None, bool, str | None]:
    """Return person id, whether the account is open, and the stored hash, without holding the write lock."""
    query = (
        select(Person.id, Person.is_active, Credential.hash)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Person.email == email.strip().lower())
    )
    with looking():
        row = db.session.execute(query).first()
        db.session.rollback()
    return (row[0], row[1], row[2]) if row else (None, False, None)


def _goes_on_as(person_id: int | None) -> str | None:
    """Return the address of the account that one was merged into; told to nobody without its password."""
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None or person.merged_into_id is None:
        return None
    return people.get_person(person.merged_into_id).email


def note_too_many(actor: Actor, *, email: str, browser: attempts.Browser | None) -> None:
    """Record that guessing was stopped, once for each run of it."""
    if attempts.is_first_refusal(email, browser):
        person = people_queries.by_email(email)
        subject = person.ref if person else None
        ledger.record(Name.SIGN_IN_FAILED, actor=actor, subject=subject, reason="too_many")


def start_session(person: Person, *, method: str, is_remembered: bool = False) -> SignInSession:
    """Sign this browser in as an active person whose identity is proven; the door of every way to sign in."""
    if not person.is_active:
        raise NotFound(_("There is no such person."))
    row = sessions.enter(person, is_remembered=is_remembered)
    ledger.record(
        Name.SESSION_STARTED,
        actor=actors.current(),
        subject=person.ref,
        session=row.id,
        method=method,
        is_remembered=is_remembered,
    )
    return row


def sign_out(actor: Actor) -> None:
    """End the session this request came with, on the server and in the browser."""
    if actor.session_id is not None:
        row = db.session.get_one(SignInSession, actor.session_id)
        if row.is_acting and row.own_session_id is not None:  # whoever acts for somebody leaves both
            row = db.session.get_one(SignInSession, row.own_session_id)
        _end(actor, [row], reason="signed_out")
    sessions.leave()


def end_session(actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions, or one in which somebody acts for them. Refuses others' (NotFound)."""
    actor.require_self()
    row = db.session.get(SignInSession, session_id)
    if row is None or row.person_id != actor.person_id or row.ended_at is not None:
        raise NotFound("")
    if row.id == actor.session_id:
        sign_out(actor)
    else:
        _end(actor, [row], reason="ended_elsewhere")


def end_other_sessions(actor: Actor) -> int:
    """End all of the actor's sessions but this one; returns how many."""
    actor.require_self()
    return end_sessions(actor, actor.person_id or 0, reason="ended_elsewhere", keep=actor.session_id)


def end_sessions(actor: Actor, person_id: int, *, reason: str, keep: int | None = None) -> int:
    """End a person's sessions, and those in which they act for others; returns how many of their own.

    For services: who may is theirs to know.
    """
    query = select(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    rows = [row for row in db.session.execute(query).scalars() if row.id != keep]
    _end(actor, rows, reason=reason)
    if keep is None:
        acting_for_others = (SignInSession.acted_by_id == person_id) & SignInSession.ended_at.is_(None)
        _end(actor, db.session.execute(select(SignInSession).where(acting_for_others)).scalars().all(), reason=reason)
    return len(rows)


def _end(actor: Actor, rows: Collection[SignInSession], *, reason: str) -> None:
    """End sessions, and with each those in which its browser acts for somebody else."""
    ids = [row.id for row in rows]
    open_ones = (SignInSession.own_session_id.in_(ids)) & SignInSession.ended_at.is_(None)
    from_there = db.session.execute(select(SignInSession).where(open_ones)).scalars().all()
    for row in {*rows, *from_there}:
        if row.ended_at is None and row.is_acting:
            acting.end(actor, row)
        elif row.ended_at is None:
            row.ended_at = clock.now()
            subject = Ref("person", row.person_id)
            ledger.record(Name.SESSION_ENDED, actor=actor, subject=subject, session=row.id, reason=reason)
    db.session.flush()


def change_password(actor: Actor, *, current: str, new: str) -> int:
    """Replace the own password; other sessions end, this one gets a new name. Returns how many ended.

    The caller commits after a refusal (Invalid) too: tries at the current password are counted.
    """
    actor.require_self()
    limits.spend("password", str(actor.person_id), limit=attempts.FROM_ONE_PLACE, seconds=attempts.SECONDS)
    person = people.get_person(actor.person_id)
    stored = queries.credential(person.id)
    if not hashing.matches(stored.hash if stored else None, current):
        raise Invalid(_("This is not your current password."), field="current_password")
    set_password(person, new, field="new_password")
    n = end_sessions(actor, person.id, reason="password_changed", keep=actor.session_id)
    if actor.session_id is not None:
        sessions.rename(person, actor.session_id)
    ledger.record(Name.PASSWORD_CHANGED, actor=actor, subject=person.ref, sessions_ended=n)
    notifications.tell([person], "password_changed", actor=actor)
    return n


def set_password(person: Person, password: str, *, field: str = "password") -> None:
    """Store a password that keeps the rules (else Invalid); every open link of the person becomes useless."""
    own_words = [person.name, person.email, options.get().portal_name, "dity"]
    if (weakness := passwords.weakness(password, own_words)) is not None:
        raise Invalid(_explain(weakness), field=field)
    row = queries.credential(person.id) or Credential(person_id=person.id)
    row.hash, row.changed_at = hashing.hash_password(password), clock.now()
    db.session.add(row)
    links.void_all(person.id)
    db.session.flush()


def _explain(weakness: passwords.Weakness) -> str:
    return {
        passwords.Weakness.SHORT: _("At least 8 characters, please; a sentence of 15 or more is better."),
        passwords.Weakness.LONG: _("At most 256 characters, please."),
        passwords.Weakness.COMMON: _(
            "This one is easy to guess: many people use it, or its pattern. Try a short sentence."
        ),
        passwords.Weakness.OWN: _(
            "This one is made of your name, your address or the portal's name. Try a short sentence."
        ),
    }[weakness]


def request_reset(email: str) -> None:
    """Take a request for a reset mail; the same work for every address. Who has an account a job finds out later."""
    jobs.enqueue(SEND_RESET, {"email": email.strip().lower()[:254]})


def send_reset(actor: Actor, person: Person, *, by: str) -> None:
    """Put the mail with the link into the outbox."""
    link = links.make(Purpose.RESET, person=person)
    notifications.tell([person], "password_reset", subject=link.ref, actor=actor)
    ledger.record(Name.PASSWORD_RESET_REQUESTED, actor=actor, subject=person.ref, by=by)


def start_reset(actor: Actor, person: Person) -> None:
    """Send somebody a reset mail. An administrator can do no more about another person's password."""
    actor.require(Permission.PERSON_MANAGE)
    send_reset(actor, person, by="admin")


def reset_password(token: str, *, password: str) -> Person:
    """Set a new password by the link from a mail, once; every session of the person ends."""
    link, person = links.find(Purpose.RESET, token)
    if person is None:
        raise NotFound("")
    links.use(link)
    set_password(person, password)
    actor = people.actor_of(person)
    n = end_sessions(actor, person.id, reason="password_changed")
    ledger.record(Name.PASSWORD_RESET, actor=actor, subject=person.ref, sessions_ended=n)
    notifications.tell([person], "password_changed", actor=actor)
    return person


def invite(actor: Actor, person: Person) -> None:
    """Send somebody the link by which they choose their first password."""
    actor.require(Permission.PERSON_MANAGE)
    if not person.is_active or queries.has_password(person.id):
        raise Invalid(_("%(name)s has chosen a password already, or is deactivated.", name=person.name))
    link = links.make(Purpose.INVITATION, person=person)
    notifications.tell([person], "invitation", subject=link.ref, actor=actor)


def accept_invitation(token: str, *, name: str, password: str) -> Person:
    """Choose name and first password by the link from the invitation, once."""
    link, person = links.find(Purpose.INVITATION, token)
    if person is None:
        raise NotFound("")
    links.use(link)
    set_password(person, password)
    actor = people.actor_of(person)
    people.change_profile(actor, name=name, locale=person.locale, timezone=person.timezone, theme=person.theme)
    return person


def choose_theme(actor: Actor, theme: str) -> None:
    """Keep light, dark or automatic for the person."""
    person = people.get_person(actor.person_id)
    people.change_profile(actor, name=person.name, locale=person.locale, timezone=person.timezone, theme=theme)


def set_roles(actor: Actor, person: Person, roles: Collection[Role]) -> None:
    """Give somebody exactly these roles; who has others than before signs in anew, so that no session outlives them."""
    before = person.role_set
    people.set_roles(actor, person, roles)
    if person.role_set == before:
        return
    end_sessions(actor, person.id, reason="roles_changed", keep=actor.session_id)
    if person.id == actor.person_id and actor.session_id is not None:
        sessions.rename(person, actor.session_id)


def deactivate(actor: Actor, person: Person) -> None:
    """Shut somebody out: account, sessions, tokens, those they made for services, and open links end together."""
    people.deactivate(actor, person)
    end_sessions(actor, person.id, reason="deactivated")
    tokens.revoke_all(actor, person.id)
    tokens.revoke_services_of(actor, person.id)
    links.void_all(person.id)


def sweep() -> None:
    """Forget limits whose window is over. What is kept for some days goes with `retention`."""
    limits.sweep()


def send_requested_reset(email: str) -> None:
    """Work off `request_reset`: send the mail when the address is that of an open account, else nothing."""
    person = people_queries.by_email(email)
    if person is not None and person.is_active:
        send_reset(system("accounts"), person, by="self")
