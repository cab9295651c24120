"""Logs read apart from requests, and keys forgotten."""

from __future__ import annotations

from typing import Any

from portal.core import actor as actors
from portal.core.database import db
from portal.weblogs import services, watching
from portal.weblogs.models import Pace, WebLog


def read(payload: dict[str, Any]) -> None:
    """Look at one log's path, a transaction for each portion; after a kill the next attempt goes on behind the last."""
    log = db.session.get(WebLog, int(payload["weblog"]))
    if log is None or not services.is_on():
        return
    for _step in watching.look(actors.system("weblogs"), log):
        db.session.commit()


def hourly(payload: dict[str, Any]) -> None:
    _read_all(Pace.HOURLY)


def nightly(payload: dict[str, Any]) -> None:
    _read_all(Pace.NIGHTLY)


def _read_all(pace: Pace) -> None:
    if not services.is_on():
        return
    for weblog_id in watching.due(pace):
        read({"weblog": weblog_id})


def forget(payload: dict[str, Any]) -> None:
    """Destroy keys and salts whose time is over; safe to run twice."""
    services.forget_keys()
