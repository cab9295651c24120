"""What people at Ostrey & Vale handed over in the last weeks, and how Cleo and Lorna worked it, all by the verbs.

The desk itself comes first: four queues with who works them, their hours and promises, and five prepared requests.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import select

from portal.core.database import db
from portal.core.refs import Ref
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.organisation import DATA, TIMEZONE
from portal.demo.timeline import Do
from portal.kb.models import Article, Category
from portal.notifications import links
from portal.people import services as people
from portal.people.models import Person
from portal.tickets import companions, lifecycle, placing
from portal.tickets.giving_back import leaving
from portal.tickets.models import (
    BusinessHours,
    Holiday,
    Knowledge,
    Priority,
    Queue,
    QueueMember,
    RequestTemplate,
    ServiceLevel,
    Source,
    Ticket,
    TrailKind,
)

QUEUES = (
    ("desk", "Service desk", "Everything that fits nowhere else: mail, phones, passwords, access.", ("cleo", "lorna")),
    ("network", "Network", "Wireless, VPN, servers, whatever is slow for several people.", ("cleo", "lorna")),
    ("apps", "Business applications", "Orders, stock, accounts, the cutting table.", ("lorna",)),
    ("workplace", "Workplace", "Laptops, screens, printers, rooms.", ("cleo",)),
)
PROMISED = {"urgent": (30, 240), "high": (60, 480), "normal": (240, 1440), "low": (480, 4320)}
"""Working minutes until the first answer and until it is solved."""
WEEK = [[["08:00", "18:00"]]] * 4 + [[["08:00", "16:30"]], [], []]
REQUESTS: tuple[dict[str, Any], ...] = (
    {
        "slug": "software",
        "title": "Order software",
        "summary": "Something that is not in the software list yet.",
        "icon": "cart",
        "queue": "apps",
        "topic": "software",
        "fields": [
            {"name": "what", "label": "Which software?", "kind": "line", "is_required": True},
            {"name": "why", "label": "What for?", "kind": "text", "is_required": True},
            {"name": "when", "label": "Needed by", "kind": "date"},
        ],
    },
    {
        "slug": "laptop",
        "title": "A new laptop",
        "summary": "For somebody new, or because the old one is worn out.",
        "icon": "laptop",
        "queue": "workplace",
        "topic": "laptops",
        "fields": [
            {"name": "who", "label": "For whom?", "kind": "person", "is_required": True},
            {"name": "why", "label": "Why?", "kind": "text"},
            {
                "name": "size",
                "label": "Light or large?",
                "kind": "choice",
                "options": ["Light", "Large"],
                "hint": "Light for who travels, large for drawings.",
            },
        ],
    },
    {
        "slug": "folder-access",
        "title": "Access to a folder",
        "summary": "Whoever looks after the folder is asked first.",
        "icon": "folder",
        "queue": "desk",
        "topic": "files",
        "fields": [
            {"name": "folder", "label": "Which folder?", "kind": "line", "is_required": True},
            {"name": "who", "label": "Who needs it?", "kind": "person", "is_required": True},
            {"name": "how", "label": "Read or change?", "kind": "choice", "options": ["Read", "Change"]},
        ],
    },
    {
        "slug": "new-colleague",
        "title": "Somebody new joins",
        "summary": "Sign-in, mail and a desk for the first day.",
        "icon": "user",
        "queue": "apps",
        "topic": "joining-and-leaving",
        "fields": [
            {"name": "name", "label": "Who joins?", "kind": "line", "is_required": True},
            {"name": "day", "label": "First day", "kind": "date", "is_required": True},
            {"name": "needs", "label": "What do they need?", "kind": "text"},
        ],
    },
    {
        "slug": "room",
        "title": "Set up a room",
        "summary": "Screens, sound and tables for a visit or a course.",
        "icon": "monitor",
        "queue": "workplace",
        "topic": "meetings",
        "fields": [
            {"name": "room", "label": "Which room?", "kind": "line", "is_required": True},
            {"name": "day", "label": "On which day?", "kind": "date", "is_required": True},
            {"name": "what", "label": "What is needed?", "kind": "text"},
        ],
    },
)


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield the morning on which the desk opened, and every ticket of the last weeks with each step, at its time."""
    yield story.begins(at) + dt.timedelta(minutes=10), partial(open_desk, cast, at)
    for number, entry in enumerate(read()):
        opened = min(story.days_before(at, entry["days"], hour=entry["at"]), at - dt.timedelta(minutes=40))
        key = f"ticket:{number}"
        yield opened, partial(hand_over, cast, key, entry)
        for who, hours, verb, words in entry.get("then", ()):
            when = opened + dt.timedelta(hours=hours, minutes=7)
            when = story.in_office(when) if hours > 1 else when
            if when < at:
                yield when, partial(go_on, cast, key, entry, who, verb, words)


def askers() -> set[str]:
    """Return the first names of those whose latest tickets are told one by one."""
    return {entry["who"] for entry in read()}


def read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((DATA / "tickets.toml").read_text(encoding="utf-8"))["ticket"]
    return found


def open_desk(cast: Cast, at: dt.datetime) -> None:
    """Name the queues, who works them, when, and what they promise."""
    hours = BusinessHours(name="Harbour House", timezone=TIMEZONE, week=WEEK)
    hours.holidays = [
        Holiday(on=dt.date(year, month, day), name=name)
        for year in range(at.year - 2, at.year + 2)
        for month, day, name in ((1, 1, "New Year’s Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day"))
    ]
    topics = dict(db.session.execute(select(Category.slug, Category.id)).all())
    queues: dict[str, Queue] = {}
    for position, (slug, name, summary, members) in enumerate(QUEUES):
        queue = Queue(slug=slug, name=name, summary=summary, hours=hours, position=position, is_default=position == 0)
        queue.members = [QueueMember(person_id=cast.actor(who).person_id) for who in members]
        queue.levels = [
            ServiceLevel(priority=priority, first_response_minutes=first, resolution_minutes=resolution)
            for priority, (first, resolution) in PROMISED.items()
        ]
        queues[slug] = queue
    db.session.add_all(queues.values())
    db.session.flush()
    for position, one in enumerate(REQUESTS):
        row = {key: value for key, value in one.items() if key not in ("queue", "topic")}
        category_id, queue_id = topics.get(one["topic"]), queues[one["queue"]].id
        db.session.add(RequestTemplate(**row, category_id=category_id, queue_id=queue_id, position=position))
    db.session.flush()


def hand_over(cast: Cast, key: str, entry: dict[str, Any]) -> None:
    """Let somebody open a ticket, or the desk log a call."""
    source = Source(entry.get("source", "portal"))
    opener = cast.actor("cleo") if source in (Source.CALL, Source.WALK_IN) else cast.actor(entry["who"])
    request = lifecycle.Request(
        subject=entry["subject"],
        body=entry["body"],
        requester=people.get_person(cast.actor(entry["who"]).person_id),
        source=source,
        queue=_one(Queue, entry["queue"]),
        category=_one(Category, entry["topic"]),
        priority=Priority(entry.get("priority", "normal")),
        template=_one(RequestTemplate, entry["template"]) if "template" in entry else None,
        given=entry.get("given", {}),
        people=[_person(cast, who) for who in entry.get("people", ())],
        trail=[_tried(cast, one) for one in entry.get("tried", ())],
    )
    ticket = lifecycle.open_ticket(opener, request)
    cast.put(key, "ticket", ticket.id)


def _one(model: Any, slug: str) -> Any:
    return db.session.execute(select(model).where(model.slug == slug)).scalar_one()


def _person(cast: Cast, who: str) -> Person:
    return people.get_person(cast.actor(who).person_id)


def _tried(cast: Cast, words: str) -> lifecycle.Tried:
    if words.startswith("? "):
        return lifecycle.Tried(kind=TrailKind.SEARCH, text=words[2:])
    ref = cast.ref(f"article:{words}")
    title = db.session.get_one(Article, ref.id).title
    return lifecycle.Tried(kind=TrailKind.READ, text=title, subject=ref)


def go_on(cast: Cast, key: str, entry: dict[str, Any], who: str, verb: str, words: str) -> None:
    """Let somebody do the next thing to a ticket."""
    ticket = db.session.get_one(Ticket, cast.ref(key).id)
    actor = cast.actor(who)
    verbs: dict[str, Callable[[], object]] = {
        "assign": lambda: placing.assign(actor, ticket, person=_person(cast, words)),
        "reply": lambda: lifecycle.reply(actor, ticket, body=words),
        "wait": lambda: lifecycle.reply(actor, ticket, body=words, wait=True),
        "note": lambda: lifecycle.note(actor, ticket, body=words),
        "reopen": lambda: lifecycle.reopen(actor, ticket, body=words),
        "rate": lambda: companions.rate(actor, ticket, rating=int(words[0]), comment=words[2:]),
        "withdraw": lambda: lifecycle.withdraw(actor, ticket, solved_by=_article(cast, entry), body=words),
        "resolve": lambda: _resolve(cast, ticket, entry, who, words),
    }
    verbs[verb]()


def _article(cast: Cast, entry: dict[str, Any]) -> Ref | None:
    return cast.ref(f"article:{entry['article']}") if "article" in entry else None


def _resolve(cast: Cast, ticket: Ticket, entry: dict[str, Any], who: str, words: str) -> None:
    article = _article(cast, entry)
    if entry.get("knowledge") == Knowledge.DRAFTED:
        # The editor's page, to which a draft leads, has an address only while somebody asks for one.
        with links.addressable():
            leaving.resolve(cast.actor(who), ticket, leaving.Left(knowledge=Knowledge.DRAFTED), body=words)
        return
    lifecycle.resolve(
        cast.actor(who),
        ticket,
        body=words,
        knowledge=Knowledge(entry["knowledge"]) if "knowledge" in entry else None,
        reason=entry.get("reason", ""),
        articles=[article] if article else [],
    )
