"""Notices of known trouble, and facts of reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.home.models import Announcement, Incident, IncidentEcho
from portal.kb.models import Article
from portal.ledger import services as ledger
from tests.factories.people import person


def incident(title: str = "VPN is down, we know", **kw: Any) -> Incident:
    """Add a notice that is up since half an hour and for four hours more."""
    now = clock.now()
    values: dict[str, Any] = {
        "body": "The line is being repaired.",
        "update": "",
        "since_at": now - dt.timedelta(minutes=30),
        "ends_at": now + dt.timedelta(hours=4),
        "created_at": now - dt.timedelta(minutes=20),
        "access_key": "signed-in",
        "n_changes": 0,
    }
    row = Incident(**{"title": title, **values, **kw})
    db.session.add(row)
    options.touch("incidents")
    db.session.flush()
    return row


def echoes(about: Incident, n: int) -> None:
    """Let so many people say "me too"."""
    for i in range(n):
        who = person(f"Colleague{i} Example")
        db.session.add(IncidentEcho(incident_id=about.id, person_id=who.id, at=clock.now()))
    db.session.flush()


def views(article: Article, *readers: Actor) -> None:
    """Let these people have read the article just now."""
    for reader in readers:
        ledger.record(Name.ARTICLE_VIEWED, actor=reader, subject=article.ref, version=article.version)


def announcement(title: str = "Closed on Friday", **kw: Any) -> Announcement:
    """Add an announcement that is up since an hour and for a week more."""
    now = clock.now()
    values: dict[str, Any] = {
        "body": "The whole house.",
        "html": "<p>The whole house.</p>",
        "from_at": now - dt.timedelta(hours=1),
        "ends_at": now + dt.timedelta(days=7),
        "agreed_at": now - dt.timedelta(hours=1),
        "audience": [],
        "n_changes": 0,
    }
    row = Announcement(**{"title": title, **values, **kw})
    db.session.add(row)
    options.touch("announcements")
    db.session.flush()
    return row
