"""Sending the mails of a wave: who is next, what became of each, and what comes after. The jobs speak to the server.

A mailing goes through its invitations in rounds. What a server puts off, and who is not to be disturbed now, is left
for the next round; what it refuses for good is marked and leaves every denominator. Nothing of a mail is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import joinedload

from portal.core import clock, options
from portal.core.database import db
from portal.jobs import queries as jobs
from portal.notifications import queries as preferences
from portal.notifications import quiet
from portal.notifications import services as notifications
from portal.notifications.models import Channel, QuietHours
from portal.people.models import Person
from portal.pulse import keys, letters, mailings, news, tokens
from portal.pulse.letters import Reader
from portal.pulse.models import Invitation, MailKind, Wave, WaveMailing, WaveState

PAUSES = tuple(dt.timedelta(minutes=n) for n in (1, 2, 5, 10, 30, 60))
"""Before the next round, by rounds in a row that sent nothing; the last one repeats."""
BATCH = 20
"""Mails between two notes of what was sent: so many at most go twice after a crash, as the same mail."""


@dataclass(frozen=True)
class Letter:
    """A mail that is next: for whom, with which token and name."""

    invitation_id: int
    reader: Reader
    token: str
    message_id: str


@dataclass
class Batch:
    """The next few of a mailing."""

    writer: letters.Writer
    letters: list[Letter] = field(default_factory=list)
    last_id: int = 0
    n_not_now: int = 0
    renewed: dict[int, str] = field(default_factory=dict)
    """Digests of tokens that are others than at the launch: accounts were joined, or the portal has a new secret."""


@dataclass
class Outcome:
    """What became of a batch."""

    sent: list[int] = field(default_factory=list)
    refused: dict[int, tuple[int, str]] = field(default_factory=dict)
    put_off: int = 0
    trouble: str = ""
    is_away: bool = False
    """Several in a row were put off: the server, not the addresses."""


def get(mailing_id: int) -> WaveMailing | None:
    """Return the mailing if there is still something to be sent."""
    row = db.session.get(WaveMailing, mailing_id, options=[joinedload(WaveMailing.wave)])
    is_over = row is None or row.ended_at is not None or row.wave.state != WaveState.OPEN or _is_late(row.wave)
    return None if is_over else row


def _is_late(wave: Wave) -> bool:
    today = clock.today(options.get().default_timezone)
    return wave.closes_on is not None and wave.closes_on < today


def begin(mailing: WaveMailing) -> None:
    mailing.began_at = mailing.began_at or clock.now()


def next_batch(mailing: WaveMailing, *, most: int = BATCH) -> Batch | None:
    """Return the next few of this round; None when it is through, or the wave is over."""
    key = keys.of(mailing.wave_id)
    rows = _next(mailing, most) if key is not None else []
    if key is None or not rows:
        return None
    opts, kind = options.get(), MailKind(mailing.kind)
    batch = Batch(letters.Writer(mailing.wave, kind, opts), last_id=rows[-1].id)
    unwilling = _unwilling(rows, kind)
    sleeping = _not_now([row.person for row in rows])
    for row in rows:
        if row.person_id in unwilling or not row.person.is_active:
            continue
        if row.person_id in sleeping:
            batch.n_not_now += 1
            continue
        name = letters.message_id(key, wave_id=row.wave_id, invitation_id=row.id, kind=mailing.kind)
        token, reader = keys.token_of(key, row), reader_of(row.person)
        if row.token_hash != tokens.digest(token):
            batch.renewed[row.id] = tokens.digest(token)
        batch.letters.append(Letter(row.id, reader, token, name))
        batch.writer.prepare(reader.locale)
    return batch


def _next(mailing: WaveMailing, most: int) -> Sequence[Invitation]:
    query = select(Invitation).where(_waits(mailing), Invitation.id > mailing.cursor)
    query = query.options(joinedload(Invitation.person).joinedload(Person.site))
    return db.session.execute(query.order_by(Invitation.id).limit(most)).scalars().all()


def _waits(mailing: WaveMailing) -> ColumnElement[bool]:
    """Return the SQL for "has not got this mail, and is to have it"."""
    mine = and_(Invitation.wave_id == mailing.wave_id, Invitation.is_bounced.is_(False), Invitation.is_test.is_(False))
    kind, is_open = MailKind(mailing.kind), Invitation.is_used.is_(False)
    if kind is MailKind.INVITATION:
        return and_(mine, is_open, Invitation.sent_at.is_(None))
    return and_(mine, is_open, Invitation.sent_at.is_not(None), Invitation.n_reminders < kind.n_before)


def _unwilling(rows: Sequence[Invitation], kind: MailKind) -> set[int]:
    """Return who wants no reminders."""
    if kind is MailKind.INVITATION:
        return set()
    ways = preferences.channels([row.person_id for row in rows], news.REMINDER)
    return {person_id for person_id, channels in ways.items() if Channel.MAIL not in channels}


def _not_now(people: Collection[Person]) -> set[int]:
    """Return who has quiet hours at this moment."""
    by_id = {person.id: person for person in people}
    now, zone = clock.now(), options.get().default_timezone
    found = set()
    for hours in db.session.execute(select(QuietHours).where(QuietHours.person_id.in_(by_id))).scalars():
        person = by_id[hours.person_id]
        theirs = ZoneInfo(person.timezone or (person.site.timezone if person.site else "") or zone)
        if quiet.release_at(now, starts=hours.starts, ends=hours.ends, zone=theirs) > now:
            found.add(person.id)
    return found


def reader_of(person: Person) -> Reader:
    return Reader(person.email, person.first_name, person.locale or options.get().default_locale)


def renew(batch: Batch) -> None:
    """Let the tokens open their invitations that the mails of this batch carry."""
    for invitation_id, digest in batch.renewed.items():
        mine = (Invitation.id == invitation_id, Invitation.is_used.is_(False))
        db.session.execute(update(Invitation).where(*mine).values(token_hash=digest))


def note(mailing: WaveMailing, batch: Batch, outcome: Outcome) -> None:
    """Keep what became of a batch. Two workers at once count nothing twice."""
    mailing.n_sent += _mark_sent(mailing, outcome.sent)
    mailing.n_refused += _mark_refused(outcome.refused)
    mailing.n_left += outcome.put_off + batch.n_not_now
    if not outcome.is_away:
        mailing.cursor = max(mailing.cursor, batch.last_id)
    mailing.trouble = outcome.trouble[:400] if outcome.trouble else mailing.trouble
    db.session.flush()


def _mark_sent(mailing: WaveMailing, ids: Sequence[int]) -> int:
    if not ids:
        return 0
    kind = MailKind(mailing.kind)
    values = {"sent_at": clock.now()} if kind is MailKind.INVITATION else {"n_reminders": kind.n_before}
    marked = update(Invitation).where(Invitation.id.in_(ids), _not_marked(kind)).values(values)
    return int(db.session.execute(marked).rowcount)  # type: ignore[attr-defined]


def _not_marked(kind: MailKind) -> ColumnElement[bool]:
    if kind is MailKind.INVITATION:
        return Invitation.sent_at.is_(None)
    return Invitation.n_reminders < kind.n_before


def _mark_refused(refused: dict[int, tuple[int, str]]) -> int:
    n = 0
    for invitation_id, (code, error) in refused.items():
        row = db.session.get(Invitation, invitation_id)
        if row is not None and not row.is_bounced:
            row.is_bounced = True
            notifications.note_refusal(row.person, address=row.person.email, code=str(code), error=error)
            n += 1
    return n


def end_round(mailing: WaveMailing) -> None:
    """Close the round: what was left waits for the next one; with nothing left, the mailing is over."""
    if mailing.n_left == 0:
        mailing.ended_at, mailing.trouble = clock.now(), ""
        return
    mailing.cursor, mailing.n_left = 0, 0
    put_off(mailing)


def put_off(mailing: WaveMailing) -> None:
    """Wait a while, longer each time nothing could be sent."""
    mailing.n_rounds += 1
    mailing.due_at = clock.now() + PAUSES[min(mailing.n_rounds, len(PAUSES)) - 1]


def go_on(mailing: WaveMailing, *, after: dt.timedelta) -> None:
    """Plan the next step of a mailing; the one that was worked is over."""
    mailing.due_at = max(mailing.due_at, clock.now() + after)
    mailing.step += 1
    db.session.flush()
    mailings.put_to_work(mailing)


def end(mailing_id: int) -> None:
    """Note that a mailing is over because its wave is."""
    row = db.session.get(WaveMailing, mailing_id)
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()


def plan_forgotten(slot: str) -> int:
    """Plan mailings again whose job is gone, because its workers died each time; returns how many."""
    waiting = {(job["mailing"], job["step"]) for job in jobs.in_hand(mailings.SEND)}
    late = (WaveMailing.ended_at.is_(None), WaveMailing.due_at < clock.now() - dt.timedelta(minutes=5))
    rows = db.session.execute(select(WaveMailing).where(*late)).scalars().all()
    forgotten = [row for row in rows if (row.id, row.step) not in waiting]
    for row in forgotten:
        mailings.put_to_work(row, slot=f":{slot}")
    return len(forgotten)


def came_back(message_ids: Collection[str], code: str, error: str) -> None:
    """Note that a mail of a wave came back: whom it does not reach is out of every denominator."""
    name = letters.named(message_ids)
    key = keys.of(name.wave_id) if name else None
    if name is None or key is None or not letters.is_ours(key, name):
        return
    row = db.session.get(Invitation, name.invitation_id)
    if row is None or row.wave_id != name.wave_id or row.is_bounced or row.is_used:
        return
    row.is_bounced = True
    notifications.note_refusal(row.person, address=row.person.email, code=code, error=error or _("came back"))
    db.session.flush()
