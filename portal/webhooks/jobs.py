"""The work of webhooks apart from requests. Each commits before it asks another machine, and after."""

from __future__ import annotations

import time
from typing import Any

from portal.core import outgoing
from portal.core.database import db
from portal.jobs import services as jobs
from portal.webhooks import queries, sending
from portal.webhooks.models import Delivery
from portal.webhooks.sending import Send

SEND = "webhooks.send"
BUDGET = 20.0
"""Seconds one run sends for one webhook before others have their turn."""


def collect(payload: dict[str, Any]) -> None:
    """Put what happened in line for every webhook, and let each line be sent."""
    for webhook in queries.on():
        sending.collect(webhook)
        if queries.is_due(webhook.id):
            jobs.enqueue(SEND, {"webhook": webhook.id}, key=f"{SEND}:{webhook.id}:{payload.get('slot', '')}")
        db.session.commit()


def send(payload: dict[str, Any], *, ask: Send = outgoing.send) -> None:
    """Send what is due for one webhook, one after the other, until something fails or the time is up."""
    webhook_id = int(payload["webhook"])
    is_taken = sending.take(webhook_id)
    db.session.commit()
    if not is_taken:
        return
    ends = time.monotonic() + BUDGET
    try:
        while time.monotonic() < ends and (delivery := sending.next_due(webhook_id)) is not None:
            if not _attempt(delivery, is_in_line=True, ask=ask):
                break
        if sending.next_due(webhook_id) is not None:
            jobs.enqueue(SEND, {"webhook": webhook_id})
    finally:
        db.session.rollback()
        sending.release(webhook_id)
        db.session.commit()


def send_one(payload: dict[str, Any], *, ask: Send = outgoing.send) -> None:
    """Send one delivery beside the line: a test, or one that a person wants sent again."""
    delivery = db.session.get(Delivery, int(payload["delivery"]))
    if delivery is not None:
        _attempt(delivery, is_in_line=False, ask=ask)


def _attempt(delivery: Delivery, *, is_in_line: bool, ask: Send) -> bool:
    """Ask the other side outside any transaction, and write down what came of it.

    False when the line has to wait; what may not be told any more is passed over.
    """
    if sending.withhold(delivery):
        db.session.commit()
        return True
    delivery_id, url, body = delivery.id, delivery.webhook.url, delivery.body
    headers = sending.headers_of(delivery)
    db.session.commit()
    found = sending.ask(url, headers, body, send=ask)
    fresh = db.session.get(Delivery, delivery_id)
    if fresh is None:  # removed meanwhile
        return False
    is_taken = sending.settle(fresh, *found, is_in_line=is_in_line)
    db.session.commit()
    return is_taken


def sweep(payload: dict[str, Any]) -> None:
    sending.sweep()
