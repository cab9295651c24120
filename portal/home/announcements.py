"""What people do with announcements. Each change and its fact in the ledger are one transaction.

The sender is a person who agreed, or a department for which somebody may speak; never the portal.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock, markup, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.home import announced, policies, services
from portal.home.announced import STAMP
from portal.home.models import Announcement
from portal.jobs import services as jobs
from portal.kb import texts
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import audiences
from portal.people import queries as people
from portal.people import services as people_services
from portal.people.models import Department, Person

TITLE = 120
LASTS = dt.timedelta(days=14)
LONGEST = dt.timedelta(days=366)
SKEW = dt.timedelta(minutes=5)
TOLD_AT_ONCE = 200
"""People who get the news in one job, so that none of them takes long."""
TELL = "home.tell_announcement"
READ = ("title", "body", "article_id", "audience", "sender_id", "department_id")
"""What the sender agrees to; after a change of it they are asked again."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to announce; times are aware."""

    title: str
    body: str
    since: dt.datetime
    until: dt.datetime
    sender: Ref | None = None
    """A person or a department; nothing for whoever writes."""
    audience: tuple[str, ...] = ()
    article_id: int | None = None


def get(actor: Actor, announcement_id: int) -> Announcement:
    """Return the announcement to who may read it, now or early (else NotFound)."""
    row = db.session.get(Announcement, announcement_id)
    if row is None or not (announced.is_told_to(actor, row) or policies.can_see_early(actor, row)):
        raise NotFound("")
    return row


def get_to_change(actor: Actor, announcement_id: int) -> Announcement:
    """Return the announcement to who may change it; refuses others (Forbidden)."""
    if not policies.can_announce(actor):
        _refuse_announcing(actor)
    row = get(actor, announcement_id)
    if not policies.can_change_announcement(actor, row):
        raise Forbidden(_("Only who wrote an announcement, and its sender, change it."))
    return row


def _refuse_announcing(actor: Actor) -> NoReturn:
    if policies.announces(actor):
        actor.require_self()
    raise Forbidden(_("Editors and HR write announcements."))


def make(actor: Actor, wanted: Wanted) -> Announcement:
    """Write an announcement. Records `announcement.made`; a sender who is somebody else is asked first.

    Refuses who may not (Forbidden), and a text, time, audience or sender that cannot be (Invalid, by field).
    """
    if not policies.can_announce(actor):
        _refuse_announcing(actor)
    row = Announcement(created_at=clock.now(), created_by_id=actor.person_id, n_changes=0, **_checked(actor, wanted))
    row.agreed_at = None if _has_to_agree(actor, row) else clock.now()
    db.session.add(row)
    _changed()
    ledger.record(
        Name.ANNOUNCEMENT_MADE, actor=actor, subject=row.ref, title=row.title, sender=str(policies.sender_of(row))
    )
    _ask_or_tell(actor, row)
    return row


def change(actor: Actor, row: Announcement, wanted: Wanted, *, seen: int) -> None:
    """Change an announcement; `seen` is the `n_changes` the writer had before them. Records `announcement.changed`.

    Refuses what is over and what a colleague changed meanwhile (Conflict).
    """
    db.session.refresh(row, with_for_update=True)
    if row.state == "over":
        raise Conflict(_("This announcement is over. Write a new one."))
    if seen != row.n_changes:
        raise Conflict(_("A colleague has changed this announcement meanwhile. Please look at it again."))
    values = _checked(actor, wanted, row)
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return
    for name in before:
        setattr(row, name, values[name])
    row.n_changes += 1
    if before.keys() & set(READ):
        row.declined_at = None
        row.agreed_at = None if _has_to_agree(actor, row) else clock.now()
    _changed()
    told = [name for name in before if name not in ("html", "access_key")]
    ledger.record(
        Name.ANNOUNCEMENT_CHANGED,
        actor=actor,
        subject=row.ref,
        before={name: _plain(before[name]) for name in told},
        after={name: _plain(values[name]) for name in told},
    )
    _ask_or_tell(actor, row)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _changed() -> None:
    options.touch(STAMP)
    db.session.flush()


def _checked(actor: Actor, wanted: Wanted, row: Announcement | None = None) -> dict[str, Any]:
    title, body = " ".join(wanted.title.split()), wanted.body.replace("\r\n", "\n").strip()
    if not title:
        raise Invalid(_("Say in a few words what it is about."), field="title")
    if len(title) > TITLE:
        raise Invalid(_("Please keep it under %(n)s characters.", n=TITLE), field="title")
    if not body:
        raise Invalid(_("Say what people should know."), field="body")
    _check_times(wanted, row)
    known = people.audience_ids()
    if any(slug not in known for slug in wanted.audience):
        raise Invalid(_("Choose an audience from the list."), field="audience")
    level = texts.level(wanted.audience, known)
    return {
        "title": title,
        "body": body,
        "html": markup.render_comment_safely(body, links=texts.address_for(actor)).html,
        "from_at": wanted.since,
        "ends_at": wanted.until,
        "audience": sorted(wanted.audience),
        "access_key": audiences.key_for([level]),
        "article_id": services.readable(actor, wanted.article_id),
        **_sender(actor, wanted.sender, row),
    }


def _check_times(wanted: Wanted, row: Announcement | None) -> None:
    now = clock.now()
    if wanted.until <= now:
        raise Invalid(_("This time has passed. Until when should it be read?"), field="until")
    if wanted.until <= wanted.since:
        raise Invalid(_("It has to end after it begins."), field="until")
    if wanted.until > max(now, wanted.since) + LONGEST:
        raise Invalid(_("An announcement stays for a year at most."), field="until")
    is_kept = row is not None and abs(wanted.since - row.from_at) < dt.timedelta(minutes=1)
    if wanted.since < now - SKEW - dt.timedelta(minutes=1) and not is_kept:
        raise Invalid(_("It cannot begin in the past."), field="since")
    if wanted.since > now + LONGEST:
        raise Invalid(_("That is more than a year ahead."), field="since")


def _sender(actor: Actor, sender: Ref | None, row: Announcement | None) -> dict[str, int | None]:
    """Return who sends it, as columns; refuses whom the actor may not name (Invalid)."""
    sender = sender or (Ref("person", actor.person_id) if actor.person_id else None)
    if row is not None and sender == policies.sender_of(row):
        return {"sender_id": row.sender_id, "department_id": row.department_id}
    if sender is None or not policies.can_name(actor, sender):
        raise Invalid(_("Choose yourself, or somebody you may speak for."), field="sender")
    if sender.kind == "department":
        if db.session.get(Department, sender.id) is None:
            raise Invalid(_("Choose a department from the list."), field="sender")
        return {"sender_id": None, "department_id": sender.id}
    person = db.session.get(Person, sender.id)
    if person is None or not person.is_active:
        raise Invalid(_("Nobody here has this address."), field="sender_mail")
    return {"sender_id": person.id, "department_id": None}


def _has_to_agree(actor: Actor, row: Announcement) -> bool:
    return row.sender_id is not None and row.sender_id != actor.person_id


def _ask_or_tell(actor: Actor, row: Announcement) -> None:
    if row.agreed_at is None:
        notifications.tell([row.sender_id], "announcement_asked", subject=row.ref, words=row.body, actor=actor)
    elif row.told_at is None:
        key = f"announcement:{row.id}:{row.n_changes}"
        jobs.enqueue(TELL, {"announcement": row.id}, key=key, run_at=max(row.from_at, clock.now()))


def answer(actor: Actor, row: Announcement, *, agrees: bool) -> None:
    """Say whether it may appear in one's name; who wrote it is told. Records `announcement.agreed`.

    Refuses everybody but the sender (Forbidden), and what is over (Conflict).
    """
    if not policies.can_answer(actor, row):
        actor.require_self()
        raise Forbidden(_("Only who is to be its sender answers that."))
    db.session.refresh(row, with_for_update=True)
    if row.state == "over":
        raise Conflict(_("This announcement is over."))
    if row.state not in ("asked", "declined"):
        return
    row.agreed_at, row.declined_at = (clock.now(), None) if agrees else (None, clock.now())
    _changed()
    ledger.record(Name.ANNOUNCEMENT_AGREED, actor=actor, subject=row.ref, answer="yes" if agrees else "no")
    notifications.mark_read(actor, "announcement_asked", subject=row.ref)
    kind = "announcement_agreed" if agrees else "announcement_declined"
    notifications.tell([row.created_by_id], kind, subject=row.ref, actor=actor)
    if agrees:
        _ask_or_tell(actor, row)


def end(actor: Actor, row: Announcement) -> None:
    """Take an announcement down; one that is over stays as it is. Records `announcement.ended`."""
    if not policies.can_end(actor, row):
        raise Forbidden(_("Editors and HR take announcements down."))
    db.session.refresh(row, with_for_update=True)
    if row.state == "over":
        return
    row.ended_at = clock.now()
    _changed()
    ledger.record(Name.ANNOUNCEMENT_ENDED, actor=actor, subject=row.ref, title=row.title)


def tell_readers(announcement_id: int, *, after_id: int = 0) -> int:
    """Put it behind the bells of some of its readers, and plan the next of them; returns how many were told.

    Nothing happens when it was taken down, put off or is not agreed to any more: whatever brought that plans anew.
    """
    row = db.session.get(Announcement, announcement_id, with_for_update=True)
    if row is None or row.state != "up" or (row.told_at is not None and not after_id):
        return 0
    row.told_at = row.told_at or clock.now()
    query = select(Person).where(Person.is_active, Person.id > after_id).order_by(Person.id).limit(TOLD_AT_ONCE)
    some = list(db.session.execute(query).scalars())
    if len(some) == TOLD_AT_ONCE:
        last = some[-1].id
        payload = {"announcement": row.id, "after": last}
        jobs.enqueue(TELL, payload, key=f"announcement:{row.id}:after:{last}")
    author = db.session.get(Person, row.sender_id or row.created_by_id)
    if author is None:
        return 0
    sender = replace(people_services.actor_of(author), name=row.sender_name)  # mails say in whose name it is
    readers = [person for person in some if _reads(person, row)]
    data = {"sender": row.sender_name}
    return notifications.tell(readers, "announcement", subject=row.ref, data=data, actor=sender)


def _reads(person: Person, row: Announcement) -> bool:
    reader = people_services.actor_for(person.id)
    return reader is not None and announced.is_told_to(reader, row)
