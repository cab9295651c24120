"""Tickets of another system, from a table: what was asked, by whom, when, and how it ended. Nobody is told of them.

A line is found again by its number there. What somebody has worked on in the portal since stays as it is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock, options, tables
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.importing import Choice, Column, Done, Given, Ground, Importer, Known, Note, Outcome, Plan, Row
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.people import queries as people
from portal.people.importing import bare
from portal.people.services import clean_email
from portal.tickets import queues, unmaking
from portal.tickets.holding import BODY
from portal.tickets.mail import plain
from portal.tickets.models import Knowledge, Message, MessageKind, Priority, Source, Status, Ticket
from portal.tickets.opening import SUBJECT

STATUSES = {
    Status.NEW: "new unassigned neu nouveau nuevo",
    Status.OPEN: "open active assigned in-progress offen in-bearbeitung ouvert abierto aperto",
    Status.WAITING: "waiting pending on-hold hold wartend en-attente pendiente",
    Status.RESOLVED: "resolved solved done fixed answered gelöst erledigt résolu resuelto risolto",
    Status.CLOSED: "closed geschlossen fermé cerrado chiuso gesloten kapalı",
    Status.WITHDRAWN: "withdrawn cancelled canceled rejected zurückgezogen annulé cancelado",
}
_STATUS = {word.replace("-", " "): status for status, words in STATUSES.items() for word in words.split()}
_PRIORITY: dict[str, Priority] = {
    **{one.value: one for one in Priority},
    **{"critical": Priority.URGENT, "medium": Priority.NORMAL},
    **dict(zip("1234", Priority, strict=True)),
}
_DATES = {"dmy": "%d.%m.%Y", "mdy": "%m.%d.%Y", "iso": "%Y.%m.%d"}
ENDED = (Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN)
KEY = 64


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a line says."""

    external_id: str
    email: str
    person_id: int | None
    subject: str
    body: str
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    status: Status
    priority: Priority
    category_id: int | None
    queue_id: int | None

    @property
    def checksum(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


class TicketsWork:
    """See `core.importing.Work`."""

    def __init__(self, actor: Actor, rows: Sequence[Row], given: Given) -> None:
        actor.require(Permission.IMPORT_RUN)
        actor.require(Permission.TICKET_MANAGE)
        self._actor, self._given = actor, given
        self._zone = _zone(given.choice("zone"))
        self._statuses = _meanings(given.choice("statuses"))
        self._queue_words, self._topic_words = _meanings(given.choice("queues")), _meanings(given.choice("topics"))
        self._people = people.ids_by_email({row.values.get("email", "").lower() for row in rows})
        self._queues = {bare(word): one.id for one in queues.active() for word in (one.name, one.slug)}
        topics = db.session.execute(select(Category.id, Category.title, Category.slug)).all()
        self._topics = {bare(word): number for number, *words in topics for word in words}
        imported = (Ticket.source == Source.IMPORT) & Ticket.external_id.is_not(None)
        found = db.session.execute(select(Ticket.external_id, Ticket.id, Ticket.version).where(imported)).all()
        self._there = {key: (number, version) for key, number, version in found}
        self._lines: dict[str, int] = {}

    # Looking

    def check(self, row: Row) -> Plan:
        asked, notes = self._read(row)
        first = self._lines.setdefault(asked.external_id, row.line)
        if first != row.line:
            raise Invalid(_("The same number stands in line %(n)s.", n=first))
        plan = Plan(row=row, outcome=Outcome.CREATED, title=asked.subject, content=asked, notes=notes)
        there = self._there.get(asked.external_id)
        if there is None:
            return plan
        known = self._given.known.get(asked.external_id)
        if known is not None and known.checksum == asked.checksum:
            return replace(plan, outcome=Outcome.UNCHANGED, content=None)
        if there[1] > 1:
            return replace(plan, outcome=Outcome.KEPT, reason=_("Somebody has worked on it in the portal since."))
        return replace(plan, outcome=Outcome.CHANGED)

    def _read(self, row: Row) -> tuple[Asked, tuple[Note, ...]]:
        values, notes = row.values, []
        email = clean_email(values.get("email", ""))
        person_id = self._people.get(email)
        if person_id is None:
            notes.append(Note(row.line, _("Nobody here has the address %(mail)s.", mail=email)))
        subject = " ".join(values.get("subject", "").split())
        if not subject:
            raise Invalid(_("There is no subject."))
        opened_at = self._moment(values.get("opened", ""))
        if opened_at is None:
            raise Invalid(_("It does not say when it was opened."))
        status = self._status(values.get("status", ""), has_ended=bool(values.get("resolved")))
        ended_at = self._moment(values.get("resolved", ""))
        if status in ENDED and ended_at is None:
            ended_at = opened_at
            notes.append(Note(row.line, _("It does not say when it was resolved; the day it was opened is taken.")))
        if ended_at is not None and ended_at < opened_at:
            raise Invalid(_("It was resolved before it was opened."))
        if max(opened_at, ended_at or opened_at) > clock.now() + dt.timedelta(days=1):
            raise Invalid(_("Its date lies ahead."))
        topic = self._topic_words.get(bare(values.get("category", "")), values.get("category", ""))
        category_id = self._topics.get(bare(topic))
        if topic and category_id is None:
            notes.append(Note(row.line, _("There is no topic “%(name)s”; it has none now.", name=topic[:80])))
        external_id = values.get("external_id", "") or _made_up(email, subject, opened_at)
        if len(external_id) > KEY:
            raise Invalid(_("Its number is longer than %(n)s characters.", n=KEY))
        asked = Asked(
            external_id=external_id,
            email=email,
            person_id=person_id,
            subject=subject[:SUBJECT],
            body=values.get("body", "").replace("\x00", "")[:BODY],
            opened_at=opened_at,
            ended_at=ended_at if status in ENDED else None,
            status=status,
            priority=_PRIORITY.get(bare(values.get("priority", "")), Priority.NORMAL),
            category_id=category_id,
            queue_id=self._queue(values.get("queue", "")),
        )
        return asked, tuple(notes)

    def _status(self, words: str, *, has_ended: bool) -> Status:
        if not words:
            return Status.CLOSED if has_ended else Status.OPEN
        meant = self._statuses.get(bare(words), words)
        found = _STATUS.get(bare(meant).replace("-", " ").replace("_", " "))
        if found is None:
            raise Invalid(_("What does the status “%(name)s” mean? Say so in the mapping.", name=words[:80]))
        return found

    def _queue(self, words: str) -> int | None:
        if not words:
            words = self._given.choice("queue")
        if not words:
            return None
        found = self._queues.get(bare(self._queue_words.get(bare(words), words)))
        if found is None:
            raise Invalid(_("There is no queue “%(name)s”.", name=words[:80]))
        return found

    def _moment(self, words: str) -> dt.datetime | None:
        """Return a date with or without a time, in the zone of the file; refuses what is none (Invalid)."""
        if not words:
            return None
        try:
            found = dt.datetime.fromisoformat(words)
        except ValueError:
            found = self._written(words)
        if found.tzinfo is None:
            found = found.replace(tzinfo=self._zone)
        return found.astimezone(dt.UTC)

    def _written(self, words: str) -> dt.datetime:
        day, _space, time = words.replace("/", ".").replace("-", ".").strip().partition(" ")
        form = _DATES.get(self._given.choice("dates") or "dmy", _DATES["dmy"])
        for clock_form in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"):
            try:
                return dt.datetime.strptime(f"{day} {time}".strip(), form + clock_form)  # noqa: DTZ007 - zone follows
            except ValueError:
                continue
        raise Invalid(_("“%(words)s” is no date we can read.", words=words[:40]))

    def rest(self) -> Iterable[Plan]:
        return ()

    # Doing

    def prepare(self) -> Sequence[Ground]:
        queues.default()
        db.session.flush()
        return ()

    def apply(self, plans: Sequence[Plan]) -> Sequence[Done]:
        return [self._carry_out(plan) for plan in plans]

    def _carry_out(self, plan: Plan) -> Done:
        if plan.outcome not in (Outcome.CREATED, Outcome.CHANGED):
            return Done(plan=plan)
        asked: Asked = plan.content
        same = (Ticket.source == Source.IMPORT) & (Ticket.external_id == asked.external_id)
        ticket = db.session.execute(select(Ticket).where(same)).scalar_one_or_none()
        if ticket is not None and ticket.version > 1:
            return Done(plan=replace(plan, outcome=Outcome.KEPT, content=None))
        is_new = ticket is None
        before = unmaking.picture(ticket) if ticket is not None else {}
        if ticket is None:
            ticket = Ticket(source=Source.IMPORT.value, external_id=asked.external_id, version=1)
        self._fill(ticket, asked, is_new=is_new)
        if is_new:
            self._record(ticket)
        left = {"checksum": asked.checksum}
        return Done(
            plan=replace(plan, content=None),
            subject=ticket.ref,
            before=before,
            key=asked.external_id,
            known=Known(subject=ticket.ref, checksum=asked.checksum, left=left),
        )

    def _fill(self, ticket: Ticket, asked: Asked, *, is_new: bool) -> None:
        ticket.subject, ticket.status, ticket.priority = asked.subject, asked.status.value, asked.priority.value
        ticket.requester_id = asked.person_id
        ticket.sender_email = "" if asked.person_id is not None else asked.email
        ticket.category_id = asked.category_id
        ticket.queue_id = asked.queue_id or queues.default().id
        ticket.opened_at, ticket.updated_at = asked.opened_at, asked.ended_at or asked.opened_at
        ticket.resolved_at = asked.ended_at if asked.status in (Status.RESOLVED, Status.CLOSED) else None
        ticket.closed_at = asked.ended_at if asked.status in (Status.CLOSED, Status.WITHDRAWN) else None
        if ticket.resolved_at is not None:
            ticket.knowledge, ticket.knowledge_reason = Knowledge.NOT_REUSABLE.value, _("Imported from another system")
        db.session.add(ticket)
        db.session.flush()
        first = None if is_new else unmaking.first_message(ticket)
        if first is None:
            first = Message(ticket_id=ticket.id, kind=MessageKind.REQUEST.value, via=Source.IMPORT.value)
        first.author_id, first.sender_email, first.at = asked.person_id, ticket.sender_email, asked.opened_at
        first.body, first.html = asked.body, plain.html(asked.body)
        db.session.add(first)
        db.session.flush()

    def _record(self, ticket: Ticket) -> None:
        """Write the facts as of when they were; only the moment of writing them down is now."""
        requester = ledger.visitor_of(Actor(person_id=ticket.requester_id)) if ticket.requester_id else None
        opened = {"source": Source.IMPORT.value, "requester": requester, "queue": ticket.queue_id}
        self._fact(Name.TICKET_OPENED, ticket, ticket.opened_at, **opened)
        if ticket.resolved_at is not None:
            self._fact(Name.TICKET_RESOLVED, ticket, ticket.resolved_at, knowledge=ticket.knowledge)
        if ticket.closed_at is not None:
            is_closed = ticket.status == Status.CLOSED
            self._fact(Name.TICKET_CLOSED if is_closed else Name.TICKET_WITHDRAWN, ticket, ticket.closed_at)

    def _fact(self, name: Name, ticket: Ticket, at: dt.datetime, **props: Any) -> None:
        topic = Ref("category", ticket.category_id) if ticket.category_id is not None else None
        row = ledger.row(name, actor=self._actor, at=at, visit=None, subject=ticket.ref, topic=topic, props=props)
        ledger.write([row | {"recorded_at": clock.now()}])

    def finish(self, subjects: Iterable[Ref]) -> None:
        """Nothing follows: tickets are in no index, and nobody is told."""


def _made_up(email: str, subject: str, at: dt.datetime) -> str:
    return hashlib.sha256(f"{email}\n{subject}\n{at.isoformat()}".encode()).hexdigest()[:40]


def _zone(name: str) -> ZoneInfo:
    name = name.strip() or options.get().default_timezone
    if name not in clock.timezones():
        raise Invalid(_("This is not a time zone we know."), field="zone")
    return ZoneInfo(name)


def _meanings(text: str) -> Mapping[str, str]:
    """Read `Their word = ours; Another = ours` by what is compared."""
    pairs = (piece.partition("=") for piece in text.replace("\n", ";").split(";"))
    return {bare(theirs): ours.strip() for theirs, equals, ours in pairs if equals and theirs.strip()}


def _dates() -> Sequence[tuple[str, Any]]:
    return [("dmy", _("31.12.2026")), ("mdy", _("12/31/2026")), ("iso", _("2026-12-31"))]


_HINT = _l("Their word = ours, apart by semicolons.")

IMPORTER = Importer(
    kind="tickets",
    label=_l("Tickets"),
    hint=_l("A table as .csv, with one line for each ticket of another system. Nobody is told of them."),
    endings=(".csv", ".txt", ".tsv"),
    read=tables.rows,
    plan=TicketsWork,
    undo=unmaking.undo,
    after_undo=unmaking.after,
    columns=(
        Column(name="external_id", label=_l("Number there"), words=("id", "number", "ticket", "key", "Nummer", "no")),
        Column(
            name="email",
            label=_l("Mail address of who asked"),
            words=("requester", "requester email", "requester e-mail", "from", "e-mail", "mail", "customer", "Melder"),
        ),
        Column(name="subject", label=_l("What is wrong"), words=("title", "summary", "Betreff", "Titel", "sujet")),
        Column(name="body", label=_l("What happened"), words=("description", "details", "text", "Beschreibung")),
        Column(name="opened", label=_l("Opened"), words=("created", "opened at", "created at", "date", "Erstellt")),
        Column(name="resolved", label=_l("Resolved"), words=("solved", "resolved at", "closed", "closed at", "Gelöst")),
        Column(name="status", label=_l("Status"), words=("state", "Zustand", "statut", "estado")),
        Column(name="category", label=_l("Topic"), words=("category", "topic", "Kategorie", "Thema", "catégorie")),
        Column(name="queue", label=_l("Queue"), words=("team", "group", "assignment group", "Gruppe", "Warteschlange")),
        Column(name="priority", label=_l("Priority"), words=("urgency", "Priorität", "priorité")),
    ),
    needed=(frozenset({"email"}), frozenset({"subject"}), frozenset({"opened"})),
    choices=(
        Choice(name="zone", label=_l("Time zone of the dates"), hint=_l("Empty: that of the portal.")),
        Choice(name="dates", label=_l("How dates are written"), options=_dates, default="dmy"),
        Choice(name="queue", label=_l("Queue of lines that name none"), hint=_l("Empty: the one for everything.")),
        Choice(name="statuses", label=_l("What their statuses mean"), hint=_HINT),
        Choice(name="queues", label=_l("Which queues their teams are"), hint=_HINT),
        Choice(name="topics", label=_l("Which topics their categories are"), hint=_HINT),
    ),
    batch=200,
)
