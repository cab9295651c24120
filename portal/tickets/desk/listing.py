"""One page of the queue: a view, narrowed by filters and words, in an order, from a place on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload, load_only

from portal.core import clock
from portal.core.actor import Actor
from portal.core.arguments import ROW
from portal.core.database import db
from portal.people.models import Department, Person
from portal.tickets import policies
from portal.tickets.desk import scopes
from portal.tickets.models import Message, Priority, Source, Ticket, TrailItem, TrailKind
from portal.tickets.policies import Reach

PAGE = 40
MOST_WORDS = 6
WORDS = 200
AGES = (1, 3, 7, 30)
"""Filters by age, in days: at least so old."""
FILTERS = ("queue", "topic", "priority", "assignee", "source", "age")
NOBODY = "0"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_rank = case(*[(Ticket.priority == one.value, place) for place, one in enumerate(Priority)], else_=len(Priority))
_due = func.coalesce(scopes.due, scopes.NEVER)
SORTS: dict[str, tuple[SQLColumnExpression[Any], bool]] = {
    "due": (_due, True),
    "priority": (_rank, True),
    "oldest": (Ticket.id, True),
    "newest": (Ticket.id, False),
    "changed": (Ticket.updated_at, False),
}
"""What each order goes by, and whether it ascends."""


SHOWN = (
    load_only(
        *(Ticket.id, Ticket.subject, Ticket.requester_id, Ticket.sender_email, Ticket.source, Ticket.assignee_id),
        *(Ticket.priority, Ticket.status, Ticket.first_response_at, Ticket.first_response_due_at),
        *(Ticket.resolution_due_at, Ticket.resolved_at, Ticket.closed_at),
    ),
    joinedload(Ticket.assignee).load_only(Person.name),
    joinedload(Ticket.requester).load_only(Person.name, Person.department_id),
    joinedload(Ticket.requester).joinedload(Person.department).load_only(Department.name),
)
"""What a line of the list shows of a ticket."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asked the queue for; anything unreadable is left out."""

    view: str = "mine"
    sort: str = "due"
    words: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    after: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Wanted:
        view, sort = arguments.get("view", ""), arguments.get("sort", "")
        return cls(
            view=view if view in scopes.NAMES else "mine",
            sort=sort if sort in SORTS else "newest" if view in ("resolved", "all") else "due",
            words=" ".join(arguments.get("q", "").replace("\x00", "").split())[:WORDS],
            filters={name: value for name in FILTERS if _is_value(name, value := arguments.get(name, ""))},
            after=arguments.get("after", "")[:64],
        )

    def arguments(self, **changes: str) -> dict[str, str]:
        """Return what the address says for this, changed; an empty value leaves its part out, and a change goes back
        to the first page.
        """
        said = {"view": self.view, "sort": self.sort, "q": self.words, **self.filters, **changes}
        if said["sort"] == ("newest" if said["view"] in ("resolved", "all") else "due"):
            said["sort"] = ""
        return {name: value for name, value in said.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.filters)


def _is_value(name: str, value: str) -> bool:
    if name == "priority":
        return value in tuple(Priority)
    if name == "source":
        return value in tuple(Source)
    is_number = value.isascii() and value.isdigit() and len(value) <= 10 and int(value) <= ROW
    return is_number and (name != "age" or int(value) in AGES)


def _narrowing(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return which tickets of a view are wanted: by its filters and words."""
    found: list[ColumnElement[bool]] = []
    chosen = wanted.filters
    if "queue" in chosen:
        found.append(Ticket.queue_id == int(chosen["queue"]))
    if "topic" in chosen:
        found.append(Ticket.category_id == int(chosen["topic"]))
    if "priority" in chosen:
        found.append(Ticket.priority == chosen["priority"])
    if "source" in chosen:
        found.append(Ticket.source == chosen["source"])
    if "assignee" in chosen:
        nobody = chosen["assignee"] == NOBODY
        found.append(Ticket.assignee_id.is_(None) if nobody else Ticket.assignee_id == int(chosen["assignee"]))
    if "age" in chosen:
        found.append(Ticket.opened_at <= clock.now() - dt.timedelta(days=int(chosen["age"])))
    return found + [_says(word) for word in wanted.words.split()[:MOST_WORDS]]


def condition(actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """Return which tickets are wanted, of those the actor works."""
    return and_(scopes.condition(wanted.view, actor), *_narrowing(wanted))


def _says(word: str) -> ColumnElement[bool]:
    """Return the condition that a ticket has this word: its number, subject, people, or what was said on it."""
    said = select(Message.ticket_id).where(Message.body.icontains(word, autoescape=True))
    named = select(Person.id).where(Person.name.icontains(word, autoescape=True))
    found: list[ColumnElement[bool]] = [
        Ticket.subject.icontains(word, autoescape=True),
        Ticket.requester_id.in_(named),
        Ticket.sender_email.icontains(word, autoescape=True),
        Ticket.id.in_(said),
    ]
    digits = word.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        found.append(Ticket.id == int(digits))
    return or_(*found)


@dataclass(frozen=True)
class Tried:
    """How much the requester tried before, in numbers."""

    n_searches: int = 0
    n_read: int = 0
    n_not_yet: int = 0
    steps: str = ""


@dataclass(frozen=True)
class Page:
    """Some tickets in order, what was tried before each, and where the next page begins."""

    tickets: Sequence[Ticket]
    tried: Mapping[int, Tried]
    after: str = ""


def page(actor: Actor, wanted: Wanted) -> Page:
    """Return a page of the queue; two queries whatever its size."""
    key, is_up = SORTS[wanted.sort]
    query = _in_order(wanted.sort, wanted.view, policies.reach(actor))
    if wanted.is_narrowed:
        query = query.where(*_narrowing(wanted))
    if (start := _place(wanted)) is not None:
        value, number = start
        beyond = key > value if is_up else key < value
        same = and_(key == value, Ticket.id > number if is_up else Ticket.id < number)
        query = query.where(or_(beyond, same))
    rows = db.session.execute(query, scopes.given(actor)).all()
    tickets = [ticket for ticket, _key in rows[:PAGE]]
    after = _cursor(rows[PAGE - 1][1], tickets[-1].id) if len(rows) > PAGE else ""
    return Page(tickets, _tried([one.id for one in tickets]), after)


@cache
def _in_order(sort: str, view: str, reach: Reach) -> Select[Ticket, Any]:
    """Return the statement for the first tickets of a view in an order, put together once."""
    key, is_up = SORTS[sort]
    order = (key, Ticket.id) if is_up else (key.desc(), Ticket.id.desc())
    query: Select[Ticket, Any] = select(Ticket, key.label("key")).options(*SHOWN).where(scopes.of_view(view, reach))
    return query.order_by(*order).limit(PAGE + 1)


def _cursor(value: Any, number: int) -> str:
    if isinstance(value, dt.datetime):
        value = (value - _EPOCH) // dt.timedelta(microseconds=1)
    return f"{value}-{number}"


def _place(wanted: Wanted) -> tuple[Any, int] | None:
    """Return after which value and number a page begins; nothing for an address that says something else."""
    value, _dash, number = wanted.after.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (value, number)) or int(number) > ROW:
        return None
    if wanted.sort not in ("due", "changed"):
        return (int(value), int(number)) if int(value) <= ROW else None
    if int(value) > (scopes.NEVER - _EPOCH) // dt.timedelta(microseconds=1):
        return None
    return _EPOCH + dt.timedelta(microseconds=int(value)), int(number)


@cache
def _trails() -> Select[int, str, str]:
    query = select(TrailItem.ticket_id, TrailItem.kind, TrailItem.text)
    return query.where(TrailItem.ticket_id.in_(bindparam("ids", expanding=True))).order_by(TrailItem.position)


def _tried(ids: Sequence[int]) -> dict[int, Tried]:
    if not ids:
        return {}
    found: dict[int, dict[str, list[str]]] = {}
    for ticket_id, kind, text in db.session.execute(_trails(), {"ids": ids}):
        found.setdefault(ticket_id, {}).setdefault(kind, []).append(text)
    return {
        number: Tried(
            n_searches=len(kinds.get(TrailKind.SEARCH, ())),
            n_read=len(kinds.get(TrailKind.READ, ())),
            n_not_yet=len(kinds.get(TrailKind.NOT_YET, ())),
            steps=kinds[TrailKind.STEP][0].split(":")[0] if TrailKind.STEP in kinds else "",
        )
        for number, kinds in found.items()
    }
