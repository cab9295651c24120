"""What the pages of webhooks say in words."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask_babel import gettext as _

from portal.core import targets
from portal.webhooks.events import PUBLIC_EVENTS, TEST
from portal.webhooks.models import Delivery, State

STATE_KINDS = {State.TAKEN: "good", State.WAITING: "neutral", State.GIVEN_UP: "danger"}
STATE_ICONS = {State.TAKEN: "check", State.WAITING: "clock", State.GIVEN_UP: "warning"}


def event_words(event: str) -> str:
    if event == TEST:
        return _("A test")
    return str(PUBLIC_EVENTS[event].text) if event in PUBLIC_EVENTS else event


def state_words(delivery: Delivery) -> str:
    return {
        State.TAKEN: _("Taken"),
        State.WAITING: _("Waiting"),
        State.GIVEN_UP: _("Given up"),
    }[State(delivery.state)]


def state_kind(delivery: Delivery) -> str:
    return STATE_KINDS[State(delivery.state)]


def state_icon(delivery: Delivery) -> str:
    return STATE_ICONS[State(delivery.state)]


def outcome(delivery: Delivery) -> str:
    """Say what came back last: a status with its name, or why nothing did; empty before the first attempt."""
    if delivery.reason in set(targets.Reason):
        return str(targets.WORDS[targets.Reason(delivery.reason)])
    if delivery.status is None:
        return ""
    try:
        return f"{delivery.status} {HTTPStatus(delivery.status).phrase}"
    except ValueError:
        return str(delivery.status)


def readable(body: str) -> str:
    """Return a body with a line for each field."""
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
