"""Did the gap close? Thirty and ninety days after delivery the figures are asked again, and what they say stands there.

What a survey said is told first by who runs it: a check that rests on one waits until its outcome is published.

Proven is an item of which every gap has closed, by the whole interval of its figure; all others are unproven. At ninety
days the tickets of its slices are set beside those before delivery, and beside what was foretold.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from analytics.rates import Span
from analytics.readouts import CHECKS, Answer, Calibration, ReadOut, Reason, calibration, check_due, is_proven, read_out
from portal.core import clock
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.measures import daily
from portal.roadmap import asking, evidence, items, notes, sight, telling
from portal.roadmap.evidence import Known
from portal.roadmap.models import FINISHED, EvidenceReading, Item, ItemState, StatusNote

LAST = CHECKS[-1]


def run() -> int:
    """Check every item that is due, each in the order of its checks; returns how many were."""
    query = select(Item).where(Item.state.in_(FINISHED), Item.delivered_at.is_not(None))
    rows = list(db.session.execute(query.options(joinedload(Item.category)).order_by(Item.id)).scalars())
    done = _done(rows)
    n = 0
    for item in rows:
        made = done.get(item.id, set())
        while (days := check_due(_delivered_on(item), asking.until(), done=made)) is not None:
            if waits(item, made):
                break
            check(item, days)
            made.add(days)
            n += 1
    return n


def waits(item: Item, done: set[int]) -> bool:
    """Whether the next check is due and would tell what everybody may not know yet: it waits for that."""
    days = check_due(_delivered_on(item), asking.until(), done=done)
    rows = [each.row for each in evidence.of([item.id]).get(item.id, ())] if days is not None else []
    return days is not None and not sight.is_public(rows, _read_on(item, days))


def next_check(item: Item, done: set[int]) -> dt.date | None:
    """Return when the figures are asked next; None when all is asked."""
    days = next((days for days in CHECKS if days not in done), None)
    if item.delivered_at is None or days is None:
        return None
    return _delivered_on(item) + dt.timedelta(days=days)


def is_more_to_come(item: Item) -> bool:
    """Whether the last check still lies ahead, by the calendar."""
    return clock.today() < _delivered_on(item) + dt.timedelta(days=LAST)


def _delivered_on(item: Item) -> dt.date:
    return (item.delivered_at or clock.now()).date()


def _read_on(item: Item, days: int) -> dt.date:
    return min(asking.until(), _delivered_on(item) + dt.timedelta(days=days))


def _done(rows: list[Item]) -> dict[int, set[int]]:
    query = select(StatusNote.subject, StatusNote.before, StatusNote.at).where(
        StatusNote.field == notes.CHECK, StatusNote.subject.in_([str(row.ref) for row in rows])
    )
    delivered = {row.id: row.delivered_at for row in rows}
    found: dict[int, set[int]] = {}
    for subject, days, at in db.session.execute(query) if rows else ():
        number = Ref.parse(subject).id
        since = delivered[number]
        if since is not None and at >= since:
            found.setdefault(number, set()).add(int(days))
    return found


def check(item: Item, days: int) -> StatusNote:
    """Ask the figures of an item as of so many days after delivery, and say it. Records `item.checked`."""
    who = system("roadmap")
    delivered_on = _delivered_on(item)
    on = _read_on(item, days)
    known = evidence.of([item.id]).get(item.id, [])
    asked = [Known(each.row, each.measure, asking.read(each.row, on=on)) for each in known]
    told = [_read_out(each, delivered_on) for each in asked]
    is_closed = is_proven(told)
    after = ItemState.PROVEN.value if is_closed else ItemState.UNPROVEN.value
    item.state = after
    item.version += 1
    copies = [{**each.frozen, "reason": out.reason.value} for each, out in zip(asked, told, strict=True)]
    kept: dict[str, Any] = {"evidence": copies, "delivered_on": delivered_on.isoformat()}
    if days == LAST:
        kept |= _foretold(item, asked, delivered_on)
    words = sentence({each.reason for each in told})
    note = notes.write(
        who, item.ref, field=notes.CHECK, before=str(days), after=after, reason=words, is_public=True, frozen=kept
    )
    db.session.flush()
    ledger.record(
        Name.ITEM_CHECKED, actor=who, subject=item.ref, topic=items.topic_of(item), days=days, is_proven=is_closed
    )
    telling.of_check(who, item, is_proven=is_closed, words=words)
    return note


def _read_out(each: Known, delivered_on: dt.date) -> ReadOut:
    reading = each.reading or EvidenceReading(on=delivered_on, n=0)
    answer = Answer(on=reading.on, value=reading.value, n=reading.n, low=reading.low, high=reading.high)
    return read_out(each.question, answer, delivered_on=delivered_on)


def _foretold(item: Item, known: list[Known], delivered_on: dt.date) -> dict[str, Any]:
    """Return what was foretold of tickets, and how many there were less than in the ninety days before."""
    if item.foretold is None:
        return {}
    span, until = dt.timedelta(days=LAST), asking.until()
    measured = 0.0
    for of in {each.row.slice for each in known}:
        before = daily.totals(delivered_on - span, delivered_on, of)
        after = daily.totals(delivered_on, min(until, delivered_on + span), of)
        if not before or not after:  # days nobody counted are not days without tickets
            return {}
        measured += before.get("tickets.opened", 0.0) - after.get("tickets.opened", 0.0)
    return {
        "foretold": [item.foretold, item.foretold_low, item.foretold_high],
        "measured": measured,
    }


def reasons_of(note: StatusNote) -> set[Reason]:
    """Return why a check said what it said."""
    return {Reason(each["reason"]) for each in note.frozen.get("evidence", ()) if each.get("reason") in set(Reason)}


def sentence(reasons: set[Reason]) -> str:
    """Say in one sentence what came of it, by the reason that stands most in the way."""
    for reason, words in (
        (Reason.STILL_OPEN, _("The gap is still open.")),
        (Reason.WITHIN_CHANCE, _("The figure moved, but not further than chance alone could move it.")),
        (Reason.NO_INTERVAL, _("The figure comes without an interval, so chance cannot be ruled out.")),
        (Reason.TOO_EARLY, _("Some of the days that count lie before delivery. It is too early to say.")),
        (Reason.TOO_LITTLE, _("There is not enough data to say.")),
    ):
        if reason in reasons:
            return words
    if not reasons:
        return _("It was tied to no figure, so nobody can say.")
    return _(
        "The gap has closed. Before and after are compared, nothing else: what changed besides may have closed it."
    )


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """What was foretold of one item, and what was measured."""

    item: Item
    span: Span
    measured: float
    at: dt.datetime


def foretold(actor: Actor) -> tuple[Calibration, list[Foretold]]:
    """Return how what was foretold compares with what was measured, over everything delivered ninety days ago."""
    query = select(StatusNote).where(StatusNote.field == notes.CHECK, StatusNote.before == str(LAST))
    checks = db.session.execute(query.order_by(StatusNote.at.desc())).scalars()
    rows = [row for row in checks if "measured" in row.frozen]
    ids = {Ref.parse(row.subject).id for row in rows}
    there = {}
    if ids:
        found = select(Item).where(Item.id.in_(ids)).options(joinedload(Item.category))
        there = {item.id: item for item in db.session.execute(found).scalars()}
    told = []
    for row in rows:
        item = there.get(Ref.parse(row.subject).id)
        if item is None or (item.category is not None and not actor.sees(item.category.access_key)):
            continue
        told.append(Foretold(item=item, span=Span(*row.frozen["foretold"]), measured=row.frozen["measured"], at=row.at))
    return calibration((one.span, one.measured) for one in told), told
