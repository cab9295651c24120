"""Tickets that an article would have spared (METRICS 3.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analytics.adoption.coaching import Handed, avoidable

AT = datetime(2026, 3, 9, 10, tzinfo=UTC)
TICKET = Handed(department="IT", requester="p0", at=AT, linked_public_since=AT - timedelta(days=3))


@pytest.mark.parametrize(
    ("ticket", "is_one"),
    [
        (TICKET, True),
        (replace(TICKET, linked_public_since=None), False),
        (replace(TICKET, linked_public_since=AT + timedelta(days=1)), False),
        (replace(TICKET, last_attempt_at=AT - timedelta(hours=24)), False),
        (replace(TICKET, last_attempt_at=AT - timedelta(hours=24, seconds=1)), True),
    ],
)
def test_an_article_was_there_and_nobody_had_looked(ticket: Handed, is_one: bool) -> None:
    assert ticket.is_avoidable is is_one


def test_departments_are_shown_by_people_and_never_one_alone_is_hidden() -> None:
    rows = [
        replace(
            TICKET,
            department=name,
            requester=f"{name} {place}",
            linked_public_since=None if place % 2 else AT - 2 * timedelta(1),
        )
        for name, n in (("HR", 4), ("IT", 12), ("Legal", 6))
        for place in range(n)
    ]
    rows += [replace(rows[0], at=AT + timedelta(days=day)) for day in range(20)]
    told, closed = avoidable(rows)
    assert closed == ("HR", "Legal"), "twenty tickets of one person are one person's"
    assert {name: (share.k, share.n) for name, share in told.items()} == {"IT": (6, 12)}
