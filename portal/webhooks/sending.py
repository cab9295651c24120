"""From the ledger into the line, and from the line out: at least once, in order, whoever else runs at the same time.

Nothing waits for another machine inside a transaction: a delivery is taken, the transaction ends, the other side is
asked, and what came of it is written down. A sender that dies in between leaves the delivery in line.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable

from sqlalchemy import delete, func, or_, select, update

from analytics.events import Name
from portal.core import clock, targets
from portal.core.actor import system
from portal.core.database import db
from portal.core.outgoing import Answer
from portal.core.targets import Reason
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.notifications import services as notifications
from portal.people import queries as people
from portal.webhooks import events, queries, services, signing
from portal.webhooks.models import Delivery, State, Webhook

BATCH = 500
SETTLES = dt.timedelta(minutes=10)
"""A fact may be stored later than one with a higher number. Those of the last minutes are looked at again; the unique
key of a delivery keeps each from being sent twice."""
PAUSES = tuple(dt.timedelta(minutes=n) for n in (1, 5, 30, 120, 360))
"""Until the next attempt, by attempts made; the last one repeats."""
LONGEST = dt.timedelta(hours=24)
DISABLED_AFTER = dt.timedelta(days=7)
KEPT = dt.timedelta(days=30)
LEASE = dt.timedelta(seconds=90)
TIMEOUT = 5.0
EXCERPT = 1000

Send = Callable[..., Answer]


def collect(webhook: Webhook) -> int:
    """Put what happened since in line; returns how much. Safe to run twice."""
    names = events.names_of(webhook.events)
    query = select(LedgerEntry).where(LedgerEntry.id > webhook.cursor, LedgerEntry.name.in_(names))
    entries = list(db.session.execute(query.order_by(LedgerEntry.id).limit(BATCH)).scalars())
    known = select(Delivery.entry_id).where(Delivery.webhook_id == webhook.id, Delivery.entry_id > webhook.cursor)
    in_line = set(db.session.execute(known).scalars())
    fresh = [entry for entry in entries if entry.id not in in_line]
    told = events.payloads(fresh)
    for entry in fresh:
        if entry.id in told:
            services.deliver(webhook, told[entry.id], entry_id=entry.id)
    webhook.cursor = _settled(webhook.cursor, up_to=entries[-1].id if len(entries) == BATCH else None)
    db.session.flush()
    return len(told)


def _settled(cursor: int, *, up_to: int | None) -> int:
    """Return the highest fact before which none can appear any more."""
    query = select(func.max(LedgerEntry.id)).where(
        LedgerEntry.id > cursor, LedgerEntry.recorded_at < clock.now() - SETTLES
    )
    if up_to is not None:
        query = query.where(LedgerEntry.id <= up_to)
    return max(cursor, db.session.execute(query).scalar() or 0)


def take(webhook_id: int) -> bool:
    """Become the one who sends for this webhook, for the length of the lease. The caller commits at once."""
    now = clock.now()
    free = update(Webhook).where(
        Webhook.id == webhook_id, Webhook.is_on, or_(Webhook.busy_until.is_(None), Webhook.busy_until < now)
    )
    return db.session.execute(free.values(busy_until=now + LEASE)).rowcount == 1  # type: ignore[attr-defined]


def release(webhook_id: int) -> None:
    db.session.execute(update(Webhook).where(Webhook.id == webhook_id).values(busy_until=None))


def next_due(webhook_id: int) -> Delivery | None:
    """Return the first in line when it is due; while it waits for another attempt, all wait."""
    found = queries.head(webhook_id)
    return found if found is not None and found.due_at <= clock.now() else None


def ask(url: str, headers: dict[str, str], body: str, *, send: Send) -> tuple[Answer | None, Reason | None, int]:
    """Send one body; returns the answer or the reason for none, and how many milliseconds it took."""
    began = time.monotonic()
    answer, reason = None, None
    try:
        answer = send("POST", url, body=body.encode(), headers=headers, timeout=TIMEOUT, max_bytes=4 * EXCERPT)
    except targets.Failed as failed:
        reason = failed.reason
    return answer, reason, round((time.monotonic() - began) * 1000)


def headers_of(delivery: Delivery) -> dict[str, str]:
    """Return what goes along with a body, signed for this very moment."""
    return {
        "Content-Type": "application/json",
        "Dity-Event": delivery.event,
        "Dity-Delivery": delivery.key,
        signing.HEADER: signing.header(delivery.webhook, at=clock.now(), body=delivery.body),
    }


def withhold(delivery: Delivery) -> bool:
    """Give up what may not be told any more, and keep nothing of it but its number; False when it still may be."""
    told = json.loads(delivery.body)
    if events.is_still_told(told["about"]):
        return False
    told["about"] = {name: told["about"][name] for name in ("kind", "id")}
    delivery.body, delivery.state = json.dumps(told, ensure_ascii=False), State.GIVEN_UP.value
    db.session.flush()
    return True


def settle(delivery: Delivery, answer: Answer | None, reason: Reason | None, took_ms: int, *, is_in_line: bool) -> bool:
    """Write down what came of an attempt: taken, another attempt later, or given up. True when it was taken."""
    now = clock.now()
    delivery.attempts += 1
    delivery.tried_at, delivery.took_ms = now, took_ms
    delivery.status = answer.status if answer is not None else None
    delivery.reason = reason.value if reason is not None else ""
    delivery.answer = _excerpt(answer)
    is_taken = answer is not None and 200 <= answer.status < 300
    webhook = delivery.webhook
    if is_taken:
        delivery.state = State.TAKEN.value
        if is_in_line:
            webhook.failing_since = webhook.told_at = None
    elif not is_in_line:
        if delivery.entry_id is None:  # a test is tried once; what waits in line goes on waiting
            delivery.state = State.GIVEN_UP.value
    else:
        webhook.failing_since = webhook.failing_since or now
        _later(delivery, now)
    db.session.flush()
    return is_taken


def _excerpt(answer: Answer | None) -> str:
    if answer is None:
        return ""
    text = answer.body[: 4 * EXCERPT].decode("utf-8", "replace")
    return "".join(char if char.isprintable() or char == "\n" else "·" for char in text)[:EXCERPT]


def _later(delivery: Delivery, now: dt.datetime) -> None:
    """Plan the next attempt, or give up after a day and tell whoever looks after the webhook."""
    webhook = delivery.webhook
    due = now + PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    if due <= delivery.created_at + LONGEST:
        delivery.due_at = due
        return
    delivery.state = State.GIVEN_UP.value
    if webhook.failing_since is not None and now - webhook.failing_since >= DISABLED_AFTER:
        _switch_off(webhook)
    elif webhook.told_at is None:
        webhook.told_at = now
        _tell(webhook, "webhook_failing")


def _switch_off(webhook: Webhook) -> None:
    webhook.is_on, webhook.switched_off_at = False, clock.now()
    services.give_up_waiting(webhook)
    ledger.record(Name.WEBHOOK_SWITCHED_OFF, actor=system("webhooks"), subject=webhook.ref)
    _tell(webhook, "webhook_off")


def _tell(webhook: Webhook, kind: str) -> None:
    """Tell whoever looks after it; when they are gone, the administrators."""
    owner = webhook.owner
    told = [owner] if owner is not None and owner.is_active else people.with_role("admin")
    notifications.tell(told, kind, subject=webhook.ref, actor=system("webhooks"))


def sweep() -> int:
    """Forget deliveries a month after they were made."""
    old = delete(Delivery).where(Delivery.created_at < clock.now() - KEPT, Delivery.state != State.WAITING.value)
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
