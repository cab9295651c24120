"""Telling people, and the life of a mail in the outbox."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, select, update

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import NotFound
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things, registry
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.notifications import kinds, letters, links, queries, quiet
from portal.notifications.conversations import Conversation
from portal.notifications.models import Channel, Notification, OutboxMail, QuietHours, State
from portal.people import services as people
from portal.people.models import Person

DELIVER = "notifications.deliver"
BACKOFF = tuple(dt.timedelta(minutes=n) for n in (1, 2, 5, 10, 30, 60, 120, 240, 360))
"""Pause before the next attempt, by attempts made; the last one repeats."""
GIVE_UP_AFTER = dt.timedelta(days=5)


def tell(
    who: Iterable[int | None] | Iterable[Person],
    kind_key: str,
    *,
    subject: Ref | None = None,
    data: Mapping[str, str] | None = None,
    words: str = "",
    actor: Actor,
    conversation: Conversation | None = None,
    mail: Mapping[str, Any] | None = None,
) -> int:
    """Tell active people, each by the channels they chose, in the transaction of the change; returns how many.

    Nobody is told of their own doing, nor of a thing they may not see. `data` holds words for the line and the mail;
    names and titles are looked up when read, so they are never stale and never leak. `words` is what somebody wrote:
    the mail quotes it, the bell leads to it. With a `conversation` the mails stand together as one thread. `mail` is
    more for the mail's template, and kept nowhere else.
    """
    kind = kinds.get(kind_key)
    recipients = _recipients(who, kind, actor)
    ways = queries.channels([person.id for person in recipients], kind)
    n = 0
    for person, hours in recipients.items():
        reader = people.actor_for(person.id) or people.actor_of(person)
        thing = _thing(reader, subject)
        if thing is None and subject is not None and subject.kind in registry().things:
            continue
        n += 1
        if Channel.PORTAL in ways[person.id]:
            _hang_behind_bell(person, kind, subject=subject, data=dict(data or {}), actor=actor)
        if Channel.MAIL in ways[person.id]:
            values = {**(data or {}), "words": words, "who": actor.name, **(mail or {})}
            values["title"] = thing.title if thing else ""
            values["url"] = links.absolute(thing.url) if thing else links.base() + "/"
            _post(
                person,
                reader,
                kind,
                hours=hours,
                values=values,
                secret_ref=subject if kind.secret_link else None,
                conversation=conversation,
            )
    db.session.flush()
    return n


def overtake(who: Collection[int | None], kind_keys: Collection[str], subject: Ref) -> None:
    """Mark as read what these people were told of a thing and is not so any more; it stays in their list."""
    theirs = Notification.person_id.in_([one for one in who if one is not None]) & Notification.read_at.is_(None)
    stale = update(Notification).where(theirs, Notification.ref == str(subject), Notification.kind.in_(kind_keys))
    db.session.execute(stale.values(read_at=clock.now()))


def _recipients(who: Iterable[Any], kind: kinds.Kind, actor: Actor) -> dict[Person, QuietHours | None]:
    """Return who is told, each with the hours in which mail waits."""
    ids = {one.id if isinstance(one, Person) else one for one in who} - {None}
    if not (kind.is_account_matter or kind.tells_doer):
        ids.discard(actor.person_id)
    if not ids:
        return {}
    return dict(db.session.execute(_with_hours(), {"ids": list(ids)}).all())


@cache
def _with_hours() -> Select[Person, QuietHours | None]:
    query = select(Person, QuietHours).outerjoin(QuietHours, QuietHours.person_id == Person.id)
    return query.where(Person.id.in_(bindparam("ids", expanding=True)), Person.is_active).order_by(Person.id)


def _thing(reader: Actor, subject: Ref | None) -> Thing | None:
    if subject is None:
        return None
    with links.addressable():
        return load_things(reader, [subject]).get(subject)


def _hang_behind_bell(
    person: Person, kind: kinds.Kind, *, subject: Ref | None, data: dict[str, str], actor: Actor
) -> None:
    db.session.add(
        Notification(
            person_id=person.id,
            kind=kind.key,
            ref=str(subject) if subject else None,
            by_id=actor.person_id,
            data=data,
            created_at=clock.now(),
        )
    )


def _post(
    person: Person,
    reader: Actor,
    kind: kinds.Kind,
    *,
    hours: QuietHours | None,
    values: dict[str, Any],
    secret_ref: Ref | None,
    conversation: Conversation | None,
) -> OutboxMail:
    """Put a mail into the outbox with the job that sends it."""
    if secret_ref:
        values["url"] = letters.SECRET_LINK
    letter = letters.compose(kind, {**values, "name": person.first_name}, locale=reader.locale)
    mail = _mail(person.email, kind, letter, conversation)
    mail.person_id, mail.secret_ref = person.id, str(secret_ref) if secret_ref else None
    if not kind.is_account_matter:
        mail.next_at = _release_at(hours, reader, mail.created_at)
    return _put(mail)


def _mail(to: str, kind: kinds.Kind, letter: letters.Letter, conversation: Conversation | None) -> OutboxMail:
    now = clock.now()
    return OutboxMail(
        message_id=conversation.new_id() if conversation else f"<{kind.key}.{secrets.token_hex(12)}@{links.domain()}>",
        to=to,
        kind=kind.key,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        about=str(conversation.about) if conversation else None,
        refers_to=conversation.refers_to if conversation else "",
        reply_to=conversation.reply_to if conversation else "",
        state=State.WAITING.value,
        attempts=0,
        next_at=now,
        created_at=now,
    )


def _put(mail: OutboxMail) -> OutboxMail:
    db.session.add(mail)
    db.session.flush()
    _plan(mail)
    return mail


def write_outside(
    address: str, kind_key: str, *, values: Mapping[str, Any], conversation: Conversation | None = None
) -> OutboxMail:
    """Put a mail into the outbox for somebody who has no account, with nothing in it that `values` does not hold."""
    kind = kinds.get(kind_key)
    letter = letters.compose(kind, {**values, "name": ""}, locale=options.get().default_locale)
    return _put(_mail(address, kind, letter, conversation))


def _release_at(hours: QuietHours | None, reader: Actor, now: dt.datetime) -> dt.datetime:
    if hours is None:
        return now
    return quiet.release_at(now, starts=hours.starts, ends=hours.ends, zone=ZoneInfo(reader.timezone))


def _plan(mail: OutboxMail, *, slot: str = "") -> None:
    key = f"mail:{mail.id}:{mail.attempts}{slot}"
    jobs.enqueue(DELIVER, {"mail": mail.id}, key=key, run_at=mail.next_at)


def send_test(actor: Actor, person: Person) -> None:
    """Send a mail that says the settings work; whether it left shows in the outbox."""
    actor.require(Permission.OPTION_CHANGE)
    tell([person], "mail_test", actor=actor)


def filled(mail: OutboxMail) -> tuple[str, str]:
    """Return text and HTML as the recipient gets them, the one-time address included. For sending, and the demo."""
    if not mail.secret_ref:
        return mail.text, mail.html
    make = kinds.get(mail.kind).secret_link
    link = make(Ref.parse(mail.secret_ref)) if make else ""
    return mail.text.replace(letters.SECRET_LINK, link), mail.html.replace(letters.SECRET_LINK, link)


def mark_sent(mail: OutboxMail) -> None:
    """Note that the mail was taken; an address that gave trouble before is well again."""
    mail.state, mail.sent_at, mail.last_error = State.SENT.value, clock.now(), None
    mail.attempts += 1
    _note_trouble(mail, None)
    db.session.flush()


def put_off(mail: OutboxMail, error: str) -> None:
    """Plan the next attempt, later each time; after five days a person has to look."""
    mail.attempts += 1
    mail.last_error = error
    if clock.now() - mail.created_at > GIVE_UP_AFTER:
        mail.state = State.FAILED.value
        _note_trouble(mail, error)
        return
    mail.next_at = clock.now() + BACKOFF[min(mail.attempts, len(BACKOFF)) - 1]
    db.session.flush()
    _plan(mail)


def give_up(mail: OutboxMail, *, code: int, error: str) -> None:
    """Note that the address does not take our mail; it stands on the person until a mail gets through."""
    mail.attempts += 1
    _failed(mail, code=str(code), error=error)


def came_back(message_ids: Collection[str], *, code: str, error: str) -> OutboxMail | None:
    """Note that a mail came back that had been taken; returns it, or nothing when none of these is ours."""
    mail = by_message_id(message_ids)
    if mail is not None and mail.state != State.FAILED.value:
        _failed(mail, code=code, error=error)
    if mail is None:
        for hook in _on_return:
            hook(message_ids, code, error)
    return mail


def by_message_id(message_ids: Collection[str]) -> OutboxMail | None:
    """Return the mail of ours that has one of these names."""
    query = select(OutboxMail).where(OutboxMail.message_id.in_(list(message_ids)[:200])).limit(1)
    return db.session.execute(query).scalars().first()


def _failed(mail: OutboxMail, *, code: str, error: str) -> None:
    mail.state, mail.last_error = State.FAILED.value, error
    _note_trouble(mail, error)
    subject = Ref("person", mail.person_id) if mail.person_id else None
    ledger.record(Name.MAIL_BOUNCED, actor=system("mail"), subject=subject, code=code, is_permanent=True)
    for hook in _on_failure:
        hook(mail)


_on_failure: list[Callable[[OutboxMail], None]] = []


def on_failure(hook: Callable[[OutboxMail], None]) -> None:
    """Let `hook(mail)` run in the transaction that notes of a mail that it will not arrive."""
    if hook not in _on_failure:
        _on_failure.append(hook)


_on_return: list[Callable[[Collection[str], str, str], None]] = []


def on_return(hook: Callable[[Collection[str], str, str], None]) -> None:
    """Let `hook(message_ids, code, error)` look at mail that came back and never stood in the outbox."""
    if hook not in _on_return:
        _on_return.append(hook)


def note_refusal(person: Person, *, address: str, code: str, error: str) -> None:
    """Note on a person that an address does not take mail that was sent past the outbox. Records `mail.bounced`."""
    if person.email == address:
        person.mail_trouble, person.mail_trouble_at = error, clock.now()
    ledger.record(Name.MAIL_BOUNCED, actor=system("mail"), subject=person.ref, code=code, is_permanent=True)


def _note_trouble(mail: OutboxMail, error: str | None) -> None:
    person = db.session.get(Person, mail.person_id) if mail.person_id else None
    if person is None or person.email != mail.to or (error is None and person.mail_trouble is None):
        return
    person.mail_trouble = error
    person.mail_trouble_at = clock.now() if error else None


def retry(actor: Actor, mail_id: int) -> OutboxMail:
    """Send a failed mail again, now."""
    actor.require(Permission.JOB_MANAGE)
    mail = db.session.get(OutboxMail, mail_id)
    if mail is None or mail.state != State.FAILED.value:
        raise NotFound(_("There is no such failed mail."))
    mail.state, mail.created_at, mail.next_at = State.WAITING.value, clock.now(), clock.now()
    db.session.flush()
    _plan(mail, slot=f":{secrets.token_hex(4)}")
    return mail


def plan_forgotten(slot: str) -> int:
    """Plan mails again whose job is gone, because its workers died each time; returns how many.

    One whose job is merely late gets a second job: whichever comes later finds the mail sent.
    """
    late = clock.now() - dt.timedelta(minutes=15)
    query = select(OutboxMail).where(OutboxMail.state == State.WAITING.value, OutboxMail.next_at < late)
    mails = list(db.session.execute(query.order_by(OutboxMail.next_at).limit(500)).scalars())
    for mail in mails:
        _plan(mail, slot=f":{slot}")
    return len(mails)


def sweep() -> int:
    """Forget mails and read news after the days the administrator chose."""
    opts, now = options.get(), clock.now()
    return forget_sent(now - dt.timedelta(days=opts.keep_mail_days)) + forget_read(
        now - dt.timedelta(days=opts.keep_news_days)
    )


def count_sent(before: dt.datetime) -> int:
    return db.session.execute(select(func.count()).select_from(OutboxMail).where(_sent(before))).scalar_one()


def forget_sent(before: dt.datetime) -> int:
    """Forget mail that was sent before; what waits or failed stays."""
    return int(db.session.execute(delete(OutboxMail).where(_sent(before))).rowcount)  # type: ignore[attr-defined]


def _sent(before: dt.datetime) -> ColumnElement[bool]:
    return and_(OutboxMail.state == State.SENT.value, OutboxMail.sent_at < before)


def count_read(before: dt.datetime) -> int:
    query = select(func.count()).select_from(Notification).where(Notification.read_at < before)
    return db.session.execute(query).scalar_one()


def forget_read(before: dt.datetime) -> int:
    """Forget news that was read before."""
    old = delete(Notification).where(Notification.read_at < before)
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]


def open_news(actor: Actor, news_id: int) -> str:
    """Mark one of the actor's news as read and return where it leads, empty for nowhere. Refuses others' (NotFound)."""
    row = db.session.get(Notification, news_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound("")
    if row.kind not in _kept_new(actor):
        row.read_at = row.read_at or clock.now()
    db.session.flush()
    thing = _thing(actor, row.subject)
    return thing.url if thing else ""


def mark_read(actor: Actor, kind_key: str, *, subject: Ref) -> None:
    """Mark what the actor was told of this thing as read: they have dealt with it."""
    mine = (Notification.person_id == actor.person_id) & Notification.read_at.is_(None)
    this = (Notification.kind == kind_key) & (Notification.ref == str(subject))
    db.session.execute(update(Notification).where(mine, this).values(read_at=clock.now()))


def _kept_new(actor: Actor) -> list[str]:
    """Return the kinds that stay new while somebody acts for the person: what happens to the account is for them."""
    return [kind.key for kind in kinds.KINDS.values() if kind.is_account_matter] if actor.is_acting_for else []


def read_all(actor: Actor) -> None:
    """Mark everything the actor was told so far as read; who acts for them leaves what is about the account."""
    mine = (Notification.person_id == actor.person_id) & Notification.read_at.is_(None)
    mine &= Notification.kind.not_in(_kept_new(actor))
    db.session.execute(update(Notification).where(mine).values(read_at=clock.now()))
