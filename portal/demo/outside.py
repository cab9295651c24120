"""Other systems Ostrey & Vale has let in or keeps informed. What is on hears of rare things: the demo calls nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.accounts import tokens
from portal.accounts.models import ServiceToken
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Role
from portal.core.scopes import Scope
from portal.demo.organisation import DOMAIN
from portal.people import queries as people_queries
from portal.people.services import actor_of
from portal.webhooks import services as webhooks
from portal.webhooks.models import Delivery, State, Webhook

CHAT = f"https://chat.{DOMAIN}/hooks/service-desk"
WALL = f"https://screens.{DOMAIN}/hall"


def connect(at: dt.datetime) -> None:
    """Let Ada have let two programs in and told two systems of what happens; Dara has a token of her own."""
    ada, dara = (people_queries.by_email(f"{name}@{DOMAIN}") for name in ("ada", "dara"))
    if ada is None or dara is None:
        return
    who, began = actor_of(ada), at - dt.timedelta(days=40)
    rare = ["incident.declared", "incident.ended"]
    with clock.frozen(at):  # facts follow each other in the ledger; the rows alone are older
        directory = _let_in(who, "Staff directory", {Scope.PEOPLE}, Role.ADMIN)
        hall = _let_in(who, "Screen in the hall", {Scope.READ})
        own, _text = tokens.make(actor_of(dara), label="Notes on my laptop", days=90, scopes={Scope.READ, Scope.WRITE})
        chat, _secret = webhooks.add(who, label="Chat of the service desk", url=CHAT, chosen=rare)
        wall, _secret = webhooks.add(who, label="Screen in the hall", url=WALL, chosen=["article.published"])
        webhooks.switch(who, wall, on=False)
    for row in (directory, hall, own, chat, wall):
        row.created_at = began
    directory.last_used_on = at.date()
    wall.switched_off_at = at - dt.timedelta(days=1)
    for days, event, status in ((31, "test", 200), (12, "incident.declared", 204), (12, "incident.ended", 204)):
        _sent(chat, event, at - dt.timedelta(days=days), status=status)
    for days in (9, 8):
        _sent(wall, "article.published", at - dt.timedelta(days=days), status=None)
    db.session.flush()


def _let_in(who: Actor, label: str, scopes: set[Scope], *roles: Role) -> ServiceToken:
    return tokens.make_service(who, label=label, days=365, roles=roles, scopes=scopes)[0]


def _sent(webhook: Webhook, event: str, at: dt.datetime, *, status: int | None) -> Delivery:
    """Put a delivery into the log as it was left: taken, or given up after a day without an answer."""
    payload: dict[str, Any] = {"event": event, "at": at.isoformat(), "about": {}, "data": {}}
    with clock.frozen(at):
        delivery = webhooks.deliver(webhook, payload)
    delivery.state = State.TAKEN.value if status else State.GIVEN_UP.value
    delivery.attempts, delivery.status = (1, status) if status else (8, None)
    delivery.reason, delivery.answer = ("", "ok") if status else ("connection", "")
    delivery.tried_at = at + (dt.timedelta(0) if status else dt.timedelta(hours=21))
    delivery.took_ms = 84 if status else 2003
    return delivery
