"""Reads about what people were told and how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.registry import load_things, registry
from portal.notifications import kinds, links
from portal.notifications.models import Channel, Notification, OutboxMail, Preference, QuietHours, State
from portal.people import queries as people

PAGE = 50


@dataclass(frozen=True)
class News:
    """One line behind the bell, as this reader may see it."""

    id: int
    text: str
    icon: str
    url: str
    """Empty when there is nothing to open."""
    at: dt.datetime
    is_new: bool


def unread(person_id: ColumnElement[Any] | Any) -> ScalarSelect[int]:
    """Return the number of unread news as a piece of another query, so that the bell costs no query of its own."""
    mine = (Notification.person_id == person_id) & Notification.read_at.is_(None)
    return select(func.count()).select_from(Notification).where(mine).scalar_subquery()


def news(actor: Actor, *, before_id: int | None = None, limit: int = PAGE) -> list[News]:
    """Return the newest news of a person; what has become invisible to them is told without its title."""
    query = select(Notification).where(Notification.person_id == actor.person_id)
    if before_id is not None:
        query = query.where(Notification.id < before_id)
    rows = list(db.session.execute(query.order_by(Notification.id.desc()).limit(limit)).scalars())
    names = people.names({row.by_id for row in rows if row.by_id})
    return _told(actor, rows, names)


def _told(actor: Actor, rows: list[Notification], names: dict[int, str]) -> list[News]:
    with links.addressable():
        things = load_things(actor, [row.subject for row in rows if row.subject])
    told = []
    for row in rows:
        if row.kind not in kinds.KINDS:  # of a feature this installation no longer has
            continue
        kind = kinds.get(row.kind)
        thing = things.get(row.subject) if row.subject else None
        is_hidden = row.subject is not None and row.subject.kind in registry().things and thing is None
        words = {
            **row.data,
            "who": names.get(row.by_id or 0, _("Somebody")),
            "title": thing.title if thing else "",
        }
        text = _("Something that you can no longer see") if is_hidden else kinds.words(kind, words)
        url = thing.url if thing else ""
        told.append(News(row.id, text, "lock" if is_hidden else kind.icon, url, row.created_at, row.read_at is None))
    return told


def channels(person_ids: Collection[int], kind: kinds.Kind) -> dict[int, frozenset[Channel]]:
    """Return how each of these people is to be told of this kind; one query."""
    told: dict[int, set[Channel]] = {person_id: set(kind.channels) for person_id in person_ids}
    if not kind.is_account_matter:
        for person_id, channel, is_on in db.session.execute(_chosen(), {"kind": kind.key, "ids": list(person_ids)}):
            (told[person_id].add if is_on else told[person_id].discard)(Channel(channel))
    return {person_id: frozenset(ways) for person_id, ways in told.items()}


@cache
def _chosen() -> Select[int, str, bool]:
    mine = (Preference.kind == bindparam("kind")) & Preference.person_id.in_(bindparam("ids", expanding=True))
    return select(Preference.person_id, Preference.channel, Preference.is_on).where(mine)


def preferences(person_id: int) -> dict[tuple[str, Channel], bool]:
    """Return every choice a person has, as it stands: (kind, channel) to yes or no."""
    rows = db.session.execute(select(Preference).where(Preference.person_id == person_id)).scalars()
    own = {(row.kind, row.channel): row.is_on for row in rows}
    return {
        (kind.key, channel): own.get((kind.key, channel.value), channel in kind.channels)
        for kind in kinds.chosen()
        for channel in Channel
    }


def quiet_hours(person_id: int) -> QuietHours | None:
    return db.session.get(QuietHours, person_id)


def outbox_page(
    *,
    before_id: int | None = None,
    state: State | None = None,
    person_id: int | None = None,
    to: str | None = None,
    limit: int = PAGE,
) -> list[OutboxMail]:
    """Return the newest mails of the outbox, older than `before_id` when given."""
    query = select(OutboxMail)
    if before_id is not None:
        query = query.where(OutboxMail.id < before_id)
    if state is not None:
        query = query.where(OutboxMail.state == state.value)
    if person_id is not None:
        query = query.where(OutboxMail.person_id == person_id)
    if to is not None:
        query = query.where(OutboxMail.to == to)
    return list(db.session.execute(query.order_by(OutboxMail.id.desc()).limit(limit)).scalars())


def latest_to(person_id: int, *, kind: str) -> int:
    """Return the number of the mail of a kind that was last written to somebody; 0 for none."""
    query = select(func.max(OutboxMail.id)).where(OutboxMail.person_id == person_id, OutboxMail.kind == kind)
    return db.session.execute(query).scalar() or 0


def outbox_counts() -> dict[State, int]:
    """Return how many mails there are in each state."""
    rows = db.session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state))
    return dict.fromkeys(State, 0) | {State(state): n for state, n in rows}


def oldest_due() -> int:
    """Return how many seconds the longest due mail has been waiting; 0 when none is."""
    due = select(func.min(OutboxMail.next_at)).where(
        OutboxMail.state == State.WAITING.value, OutboxMail.next_at <= clock.now()
    )
    oldest = db.session.execute(due).scalar()
    return int((clock.now() - oldest).total_seconds()) if oldest else 0
