"""Rows of people: each function takes overrides by keyword, flushes and returns the row."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Role
from portal.people import services
from portal.people.models import Audience, AudienceRule, Department, Person, PersonRole, Site

_numbers = count(1)


def department(name: str = "Finance", **kw: Any) -> Department:
    row = Department(**{"slug": f"{name.lower()}-{next(_numbers)}", "name": name, **kw})
    db.session.add(row)
    db.session.flush()
    return row


def site(name: str = "Harbour House", **kw: Any) -> Site:
    row = Site(**{"slug": f"{name.lower().replace(' ', '-')}-{next(_numbers)}", "name": name, **kw})
    db.session.add(row)
    db.session.flush()
    return row


def person(name: str = "Robin Example", *roles: Role, **kw: Any) -> Person:
    """Add somebody active; roles beyond reader by position."""
    defaults: dict[str, Any] = {
        "email": f"{name.split()[0].lower()}-{next(_numbers)}@ostreyvale.example",
        "name": name,
        "is_active": True,
        "created_at": clock.now() - dt.timedelta(days=400),
    }
    row = Person(**{**defaults, **kw})
    row.roles = [PersonRole(role=role.value) for role in roles if role is not Role.READER]
    db.session.add(row)
    db.session.flush()
    return row


def audience(name: str, *rules: tuple[str, str], **kw: Any) -> Audience:
    """Name a group by (kind, value) rules: `audience("HR only", ("department", "3"))`."""
    row = Audience(**{"slug": f"{name.lower().replace(' ', '-')}-{next(_numbers)}", "name": name, **kw})
    row.rules = [AudienceRule(kind=kind, value=value) for kind, value in rules]
    db.session.add(row)
    db.session.flush()
    return row


def actor(name: str = "Ana Ruiz", *roles: Role, **kw: Any) -> Actor:
    """Add a person and return them as somebody who acts."""
    return services.actor_of(person(name, *roles, **kw))
