"""Reads about webhooks and deliveries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.permissions import Permission
from portal.webhooks.models import Delivery, State, Webhook

PAGE = 30


@dataclass(frozen=True)
class Line:
    """A webhook with how it goes."""

    webhook: Webhook
    n_waiting: int
    last: Delivery | None


def lines() -> list[Line]:
    """Return all webhooks by name, with how many deliveries wait and the last that was tried; three queries."""
    hooks = list(db.session.execute(select(Webhook).order_by(Webhook.label, Webhook.id)).scalars())
    waiting = dict(
        db.session.execute(
            select(Delivery.webhook_id, func.count())
            .where(Delivery.state == State.WAITING.value)
            .group_by(Delivery.webhook_id)
        ).all()
    )
    latest = select(func.max(Delivery.id)).where(Delivery.tried_at.is_not(None)).group_by(Delivery.webhook_id)
    query = select(Delivery).where(Delivery.id.in_(latest)).options(defer(Delivery.body), defer(Delivery.answer))
    last = {row.webhook_id: row for row in db.session.execute(query).scalars()}
    return [Line(hook, waiting.get(hook.id, 0), last.get(hook.id)) for hook in hooks]


def deliveries(webhook: Webhook, *, before: int | None = None) -> list[Delivery]:
    """Return a page of what was sent, the latest first, one more than a page when there are older ones; one query."""
    query = select(Delivery).where(Delivery.webhook_id == webhook.id)
    query = query.options(defer(Delivery.body), defer(Delivery.answer))
    if before is not None:
        query = query.where(Delivery.id < before)
    return list(db.session.execute(query.order_by(Delivery.id.desc()).limit(PAGE + 1)).scalars())


def on() -> list[Webhook]:
    return list(db.session.execute(select(Webhook).where(Webhook.is_on).order_by(Webhook.id)).scalars())


def head(webhook_id: int) -> Delivery | None:
    """Return the first delivery in line, whether or not it is due: the others wait behind it."""
    query = select(Delivery).where(
        Delivery.webhook_id == webhook_id,
        Delivery.state == State.WAITING.value,
        Delivery.entry_id.is_not(None),
    )
    query = query.options(joinedload(Delivery.webhook)).order_by(Delivery.id).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def is_due(webhook_id: int) -> bool:
    found = head(webhook_id)
    return found is not None and found.due_at <= clock.now()


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return webhooks for who looks after them; one query."""
    if not actor.can(Permission.WEBHOOK_MANAGE):
        return {}
    rows = db.session.execute(select(Webhook).where(Webhook.id.in_(ids))).scalars()
    return {
        row.id: Thing(ref=row.ref, title=row.label, url=url_for("webhooks.webhook", webhook_id=row.id)) for row in rows
    }
