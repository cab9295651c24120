"""What an administrator is while they act for somebody: that person, less what only they themselves may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from portal.accounts.queries import Entered
from portal.core.actor import Actor, Kind
from portal.core.permissions import Permission, Role
from portal.people import services as people

THEIRS_ALONE = frozenset(
    {
        Permission.API_SERVICE,
        Permission.PERSON_ACT_FOR,
        Permission.PERSON_ERASE,
        Permission.PERSON_MANAGE,
        Permission.TOKEN_OWN,
    }
)
"""What nobody does in another's place, whatever that person may do."""


def seen_as(person: Actor, helper: Actor, *, until: dt.datetime) -> Actor:
    """Return the person with an administrator in their place. In figures it counts as the administrator's doing."""
    return replace(
        person,
        kind=Kind.ADMIN,
        permissions=person.permissions - THEIRS_ALONE,
        acted_by_id=helper.person_id,
        acted_by=helper.name,
        acting_until=until,
    )


def in_place(person: Actor, found: Entered) -> Actor | None:
    """Return who acts in a session: the person, an administrator in their place, or nobody where that may not be."""
    if found.acted_by_id is None:
        return person
    helper = people.actor_for(found.acted_by_id)
    if helper is None or not helper.can(Permission.PERSON_ACT_FOR) or Role.ADMIN in person.roles:
        return None
    return seen_as(person, helper, until=found.expires_at)
