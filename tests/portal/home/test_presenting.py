"""The words of the front door."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask, g

from portal.core import clock
from portal.core.actor import ANONYMOUS
from portal.core.refs import Ref
from portal.home import presenting
from portal.notifications.models import Notification
from tests.factories.people import actor


@pytest.mark.parametrize(
    ("utc", "zone", "part"),
    [
        ("04:59", "UTC", "evening"),
        ("05:00", "UTC", "morning"),
        ("11:59", "UTC", "morning"),
        ("12:00", "UTC", "afternoon"),
        ("18:00", "UTC", "evening"),
        ("23:30", "Asia/Tokyo", "morning"),
        ("10:30", "America/New_York", "morning"),
        ("09:30", "America/New_York", "morning"),
        ("09:30", "Asia/Tokyo", "evening"),
    ],
)
def test_the_greeting_follows_the_clock_on_the_readers_wall(app: Flask, utc: str, zone: str, part: str) -> None:
    at = dt.datetime.fromisoformat(f"2026-03-09T{utc}:00+00:00")
    with app.test_request_context(), clock.frozen(at):
        g.actor = replace(actor(), timezone=zone)
        assert presenting.greeting(g.actor) == f"Good {part}, Ana. What’s in the way?"


def test_strangers_are_asked_without_a_name(app: Flask) -> None:
    with app.test_request_context():
        assert presenting.greeting(ANONYMOUS) == "What’s in the way?"


def test_news_of_what_became_hidden_is_not_told(app: Flask) -> None:
    row = Notification(kind="feedback_reply", ref="article:7", data={}, created_at=clock.now())
    assert presenting.told(row, "Dara", {}) is None


def test_news_of_a_kind_nobody_knows_any_more_is_left_out(app: Flask) -> None:
    row = Notification(kind="prize_won", ref=None, data={}, created_at=clock.now())
    assert presenting.told(row, "Dara", {Ref("article", 7): None}) is None  # type: ignore[dict-item]
