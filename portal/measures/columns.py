"""From the ledger and the tickets to the two tables that everything is measured from.

Nobody's name comes along: people go by the pseudonym the ledger knows them by, departments and sites as they were when
it happened. What somebody did before signing in stays with the visit; from the sign-in on it is theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Row, Select, select

from analytics.blotting import blot
from analytics.events import Name
from analytics.table import KINDS, SURFACES, EventTable, TicketTable, events, tickets
from portal.community.models import Question
from portal.core.actor import Actor, Kind
from portal.core.database import db
from portal.kb.models import Article
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.tickets.models import Link, Source, Ticket, TicketArticle

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)
LATE = dt.timedelta(hours=24 + 48)
"""What was written down later than this after it happened changes no figure any more (METRICS 1.9)."""
NAMES = tuple(name for name in Name if name.exchange_type is not None)
BATCH = 5_000
CALLED = ("view", "result_click", "suggest_click", "ask")
"""Types of events in which the title of the object may resemble the subject of a ticket."""
TOPIC = "category"

Titles = Mapping[str, str]


def at_ms(moment: dt.datetime) -> int:
    """Return a moment as milliseconds since 1970.

    >>> at_ms(dt.datetime(1970, 1, 1, 0, 0, 2, tzinfo=dt.UTC))
    2000
    """
    return (moment - EPOCH) // MILLISECOND


def midnight(day: dt.date) -> dt.datetime:
    """Return the beginning of a day in UTC."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def titles() -> dict[str, str]:
    """Return what articles and questions are called, by their refs."""
    found: dict[str, str] = {}
    for kind, model in (("article", Article), ("question", Question)):
        rows = db.session.execute(select(model.id, model.title))
        found |= {f"{kind}:{number}": title for number, title in rows}
    return found


def read_events(since: dt.datetime | None, until: dt.datetime, called: Titles) -> EventTable:
    """Read what happened in a stretch of time; `until` is not in it."""
    return events(event_rows(since, until, called))


def event_rows(since: dt.datetime | None, until: dt.datetime, called: Titles) -> Iterator[dict[str, Any]]:
    """Give the rows of the table of events, one a fact that can be measured."""
    for found in db.session.execute(_facts(since, until).execution_options(yield_per=BATCH)):
        row = _event(found, called)
        if row is not None:
            yield row


def _facts(since: dt.datetime | None, until: dt.datetime) -> Select[Any]:
    entry = LedgerEntry.__table__.c  # rows of the table, not objects: a day may hold tens of thousands
    query = select(
        *(entry.id, entry.at, entry.recorded_at, entry.name, entry.visitor, entry.actor_kind, entry.department_id),
        *(entry.site_id, entry.subject, entry.topic, entry.visit, entry.props),
    ).where(entry.name.in_([name.value for name in NAMES]), entry.at < until)
    if since is not None:
        query = query.where(entry.at >= since)
    return query.order_by(entry.at, entry.id)


def _event(found: Row[Any], called: Titles) -> dict[str, Any] | None:
    """Turn one fact into a row; None for what is no event of anybody, was taken back, or came too late."""
    if found.actor_kind not in KINDS or found.recorded_at - found.at > LATE:
        return None
    name = Name(found.name)
    props: Mapping[str, Any] = found.props
    if props.get("is_on") is False or props.get("is_import"):
        return None
    kind, _, number = (found.subject or "").partition(":")
    row: dict[str, Any] = {
        "id": f"{found.id:012d}",
        "at": at_ms(found.at),
        "type": name.exchange_type,
        "kind": found.actor_kind,
        "actor": found.visitor,
        "session": found.visit,
        "department": _text(found.department_id),
        "site": _text(found.site_id),
        "object_type": kind or None,
        "object": number or None,
        "topic": found.topic,
        "rank": props.get("rank"),
        "source": _key(props.get("search")),
        "surface": _surface(props),
    }
    if row["type"] in CALLED:
        row["title"] = called.get(found.subject or "")
    special = SPECIAL.get(name)
    return row if special is None or special(row, props) else None


def _key(search: str | None) -> str | None:
    """Return the id of the event of a search: its key, so that what came from it can name it."""
    return f"s-{search}" if search else None


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _surface(props: Mapping[str, Any]) -> str | None:
    surface = props.get("surface")
    return surface if surface in SURFACES else None


def _search(row: dict[str, Any], props: Mapping[str, Any]) -> bool:
    row["id"] = _key(props["search"])
    row["source"] = _key(props.get("of"))
    row["query"] = props["query"] or None
    # While the index lags behind, nothing found says nothing about what there is.
    row["n_results"] = None if props.get("is_behind") else props["n_results"]
    row["value"] = "trimmed" if props.get("is_trimmed") else None
    return True


def _shown(row: dict[str, Any], props: Mapping[str, Any]) -> bool:
    row["id"] = _key(props.get("search")) or row["id"]
    row["source"] = None
    row["n_results"] = props["n_results"]
    return True


def _view(row: dict[str, Any], props: Mapping[str, Any]) -> bool:
    # Where the search is known, its click is a fact of its own, with the rank; a view on the surface "search"
    # would count as a second click without one.
    if props.get("via") == "search" and not props.get("search"):
        row["surface"] = "search"
    row["rank"] = None
    row["n_results"] = props.get("n_results")
    return True


def _read(row: dict[str, Any], props: Mapping[str, Any]) -> bool:
    row["seconds"] = float(props["seconds"])
    if props.get("place") == "answer":
        row["object_type"] = "snippet"
    return True


def _yes_or_no(row: dict[str, Any], props: Mapping[str, Any], *, prop: str) -> bool:
    row["value"] = "yes" if props[prop] else "no"
    return True


def _form(row: dict[str, Any], props: Mapping[str, Any]) -> bool:
    """A ticket that came by mail or by a call went through no form; the table of tickets holds it."""
    return bool(props["source"] == Source.PORTAL)


SPECIAL: dict[Name, Callable[[dict[str, Any], Mapping[str, Any]], bool]] = {
    Name.SEARCH_PERFORMED: _search,
    Name.SUGGESTION_SHOWN: _shown,
    Name.ARTICLE_VIEWED: _view,
    Name.QUESTION_VIEWED: _view,
    Name.TIP_VIEWED: _view,
    Name.ARTICLE_READ: _read,
    Name.SOLUTION_MARKED: partial(_yes_or_no, prop="solved"),
    Name.INTENT_STATED: partial(_yes_or_no, prop="would_have_called"),
    Name.TICKET_OPENED: _form,
}
"""What facts of one name have of their own; False leaves the fact out."""


def read_tickets(since: dt.datetime | None, until: dt.datetime) -> TicketTable:
    """Read the tickets opened in a stretch of time; `until` is not in it."""
    return tickets(ticket_rows(since, until))


def ticket_rows(since: dt.datetime | None, until: dt.datetime) -> Iterator[dict[str, Any]]:
    """Give the rows of the table of tickets; of two that were made one, the first is a report of the second."""
    query = select(
        *(Ticket.id, Ticket.opened_at, Ticket.requester_id, Ticket.sender_email, Ticket.source, Ticket.category_id),
        *(Ticket.subject, Ticket.parent_id, Ticket.merged_into_id, Ticket.resolved_at, Ticket.reopened_n),
    ).where(Ticket.opened_at < until)
    linked = select(TicketArticle.ticket_id, TicketArticle.subject).where(TicketArticle.kind != Link.DRAFTED)
    if since is not None:
        query = query.where(Ticket.opened_at >= since)
        linked = linked.join(Ticket, Ticket.id == TicketArticle.ticket_id).where(Ticket.opened_at >= since)
    articles: dict[int, list[str]] = {}
    for number, subject in db.session.execute(linked.order_by(TicketArticle.id)):
        if subject.startswith("article:"):
            articles.setdefault(number, []).append(subject.partition(":")[2])
    people: dict[int, str] = {}
    for found in db.session.execute(query.order_by(Ticket.id)):
        parent = found.merged_into_id or found.parent_id
        yield {
            "id": str(found.id),
            "at": at_ms(found.opened_at),
            "requester": _requester(found.requester_id, found.sender_email, people),
            "source": found.source,
            "topic": f"{TOPIC}:{found.category_id}" if found.category_id is not None else None,
            "subject": blot(found.subject),
            "parent": _text(parent),
            "resolved_at": at_ms(found.resolved_at) if found.resolved_at else None,
            "reopened_n": found.reopened_n,
            "linked_articles": articles.get(found.id),
        }


def _requester(person_id: int | None, sender: str, known: dict[int, str]) -> str:
    if person_id is None:
        return ledger.visitor_of(Actor(kind=Kind.ANON, visit=f"mail:{sender.casefold()}"))
    if person_id not in known:
        known[person_id] = ledger.visitor_of(Actor(person_id=person_id))
    return known[person_id]
