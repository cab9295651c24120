"""What administrators do with webhooks. Each change is recorded; the caller commits."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from analytics.events import Name
from portal.core import clock, targets
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.webhooks import events, policies, signing
from portal.webhooks.models import Delivery, State, Webhook

BOTH_SIGN = dt.timedelta(hours=24)
"""How long a replaced secret still signs beside the new one."""
SEND_ONE = "webhooks.send_one"
MOST = 50


def get(actor: Actor, webhook_id: int) -> Webhook:
    policies.require(actor)
    found = db.session.get(Webhook, webhook_id)
    if found is None:
        raise NotFound("")
    return found


def get_delivery(actor: Actor, webhook_id: int, delivery_id: int) -> Delivery:
    """Return a delivery of this very webhook or refuse (NotFound)."""
    found = db.session.get(Delivery, delivery_id)
    if get(actor, webhook_id) is None or found is None or found.webhook_id != webhook_id:
        raise NotFound("")
    return found


def add(actor: Actor, *, label: str, url: str, chosen: Collection[str]) -> tuple[Webhook, str]:
    """Add a webhook and return it with its secret, which is shown once. It hears of what happens from now on."""
    policies.require(actor)
    if db.session.execute(select(func.count()).select_from(Webhook)).scalar_one() >= MOST:
        raise Invalid(_("There are %(n)s webhooks already. Remove one first.", n=MOST))
    webhook = Webhook(
        **_values(label, url, chosen),
        seed=signing.new_seed(),
        is_on=True,
        cursor=_now_in_ledger(),
        owner_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(webhook)
    db.session.flush()
    ledger.record(
        Name.WEBHOOK_ADDED, actor=actor, subject=webhook.ref, url=_host(webhook.url), events=list(webhook.events)
    )
    return webhook, signing.secret(webhook.seed)


def _values(label: str, url: str, chosen: Collection[str]) -> dict[str, object]:
    label, url = " ".join(label.split()), url.strip()
    if not label or len(label) > 80:
        raise Invalid(_("Please say in a few words what it is for."), field="label")
    if not chosen or not set(chosen) <= set(events.PUBLIC_EVENTS):
        raise Invalid(_("Choose at least one event."), field="events")
    try:
        to = targets.check(url)
    except targets.Refused as refusal:
        raise Invalid(str(targets.WORDS[refusal.reason]), field="url") from None
    if len(url) > 1000:
        raise Invalid(_("Please keep it under %(n)s characters.", n=1000), field="url")
    if to.scheme != "https" and not to.is_allowed_inside:
        raise Invalid(_("The address must begin with https://, so that nobody reads along."), field="url")
    return {"label": label, "url": url, "events": [key for key in events.PUBLIC_EVENTS if key in set(chosen)]}


def _host(url: str) -> str:
    """Return what the audit log keeps of an address: its path may hold a secret."""
    return targets.target(url).host


def _now_in_ledger() -> int:
    return db.session.execute(select(func.max(LedgerEntry.id))).scalar() or 0


def change(actor: Actor, webhook: Webhook, *, label: str, url: str, chosen: Collection[str]) -> None:
    policies.require(actor)
    values = _values(label, url, chosen)
    fields = sorted(name for name, value in values.items() if getattr(webhook, name) != value)
    for name in fields:
        setattr(webhook, name, values[name])
    if fields:
        db.session.flush()
        ledger.record(Name.WEBHOOK_CHANGED, actor=actor, subject=webhook.ref, fields=fields)


def switch(actor: Actor, webhook: Webhook, *, on: bool) -> None:
    """Switch it on or off. What happened while it was off is not told afterwards; what waited is given up."""
    policies.require(actor)
    if webhook.is_on == on:
        return
    if on:
        webhook.cursor = _now_in_ledger()
        webhook.failing_since = webhook.told_at = webhook.switched_off_at = None
    else:
        give_up_waiting(webhook)
    webhook.is_on = on
    db.session.flush()
    ledger.record(Name.WEBHOOK_CHANGED, actor=actor, subject=webhook.ref, fields=["is_on"])


def give_up_waiting(webhook: Webhook) -> None:
    waiting = update(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.state == State.WAITING.value)
    db.session.execute(waiting.values(state=State.GIVEN_UP.value))


def renew_secret(actor: Actor, webhook: Webhook) -> str:
    """Give it a new secret and return that, to be shown once; the old one signs too for a day."""
    policies.require(actor)
    webhook.old_seed, webhook.old_until = webhook.seed, clock.now() + BOTH_SIGN
    webhook.seed = signing.new_seed()
    db.session.flush()
    ledger.record(Name.WEBHOOK_CHANGED, actor=actor, subject=webhook.ref, fields=["secret"])
    return signing.secret(webhook.seed)


def remove(actor: Actor, webhook: Webhook) -> None:
    """Remove it with its log; the audit log keeps that it was there."""
    policies.require(actor)
    ledger.record(Name.WEBHOOK_REMOVED, actor=actor, subject=webhook.ref, url=_host(webhook.url))
    db.session.execute(Delivery.__table__.delete().where(Delivery.webhook_id == webhook.id))  # type: ignore[attr-defined]
    db.session.delete(webhook)
    db.session.flush()


def test(actor: Actor, webhook: Webhook) -> Delivery:
    """Send a test, at once and beside the line."""
    policies.require(actor)
    delivery = deliver(webhook, events.trial(clock.now().isoformat()))
    jobs.enqueue(SEND_ONE, {"delivery": delivery.id})
    return delivery


def send_again(actor: Actor, delivery: Delivery) -> None:
    """Send one once more, at once and beside the line; the other side knows it again by its key."""
    policies.require(actor)
    jobs.enqueue(SEND_ONE, {"delivery": delivery.id})


def deliver(webhook: Webhook, payload: dict[str, object], *, entry_id: int | None = None) -> Delivery:
    """Put a delivery in line, with its body as it will be sent however often."""
    key = str(uuid.uuid4())
    now = clock.now()
    delivery = Delivery(
        webhook_id=webhook.id,
        key=key,
        entry_id=entry_id,
        event=str(payload["event"]),
        body=json.dumps({"id": key, **payload}, ensure_ascii=False),
        state=State.WAITING.value,
        attempts=0,
        created_at=now,
        due_at=now,
    )
    db.session.add(delivery)
    db.session.flush()
    return delivery
