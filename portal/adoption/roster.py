"""Who could use the portal on which days, and of which groups something may be told.

Whoever works here for others (the desk, editors, administrators) is left out, as everywhere in the figures: what they
do is not counted, so they cannot be among those it is a share of.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select

from analytics.adoption.standing import NEVER, Ints, Marks
from analytics.suppression import LEAST, hidden, is_second_safe, is_total_hidden
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Role
from portal.ledger import services as ledger
from portal.measures.people import KINDS
from portal.measures.reports import ALL, Slice
from portal.people.models import Person, PersonRole

EPOCH = dt.date(1970, 1, 1)
AT_WORK = (Role.ADMIN, Role.EDITOR, Role.AGENT)
NOWHERE = 0
"""In place of the number of a department or site: in none."""


def number(day: dt.date) -> int:
    """Return a day as the columns number it.

    >>> number(dt.date(1970, 1, 3))
    2
    """
    return (day - EPOCH).days


@dataclass(frozen=True)
class Roster:
    """Everybody who can use the portal, or could, with the groups they are in now. Lives for one night's counting."""

    ids: tuple[int, ...]
    since: Ints
    until: Ints
    groups: Mapping[str, Ints]

    @cached_property
    def places(self) -> dict[int, int]:
        """The place of each person."""
        return {person_id: place for place, person_id in enumerate(self.ids)}

    @cached_property
    def visitors(self) -> dict[str, int]:
        """The place of each pseudonym; made here, and gone with the roster."""
        return {ledger.visitor_of(Actor(person_id=person_id)): place for place, person_id in enumerate(self.ids)}

    def are_eligible(self, day: int) -> Marks:
        return np.asarray((self.since < day) & (self.until >= day))

    def among(self, of: Slice) -> Marks:
        """Mark the people of a group."""
        if not of.kind:
            return np.ones(len(self.ids), dtype=np.bool_)
        return np.asarray(self.groups[of.kind] == of.id)

    def counts(self, day: int) -> dict[str, int]:
        """Count who could come when a day began, in all and by department and site, those in none apart."""
        there = self.are_eligible(day)
        found = {"": int(there.sum())}
        for kind, column in self.groups.items():
            found |= {f"{kind}:{group}": n for group, n in sorted(Counter(column[there].tolist()).items())}
        return found

    def shown(self, day: int) -> tuple[Slice, ...]:
        """Return the groups that may be shown on a day: of five and more, and no other to be made out by subtraction.

        All together come first; nothing where they are fewer than five. No site is shown where few people could be
        made out by departments and sites together.
        """
        there = self.are_eligible(day)
        units, sites = (self.groups[kind][there].tolist() for kind in KINDS)
        if is_total_hidden({"": len(units)}) or not units:
            return ()
        departments = frozenset(_shown(units))
        places = frozenset(_shown(sites))
        cells = Counter(
            (str(unit if unit in departments else NOWHERE), str(site if site in places else NOWHERE))
            for unit, site in zip(units, sites, strict=True)
        )
        is_safe = not places or is_second_safe(cells, least=LEAST)
        return (
            ALL,
            *(Slice("department", group) for group in sorted(departments)),
            *(Slice("site", group) for group in sorted(places if is_safe else ())),
        )


def _shown(groups: list[int]) -> Iterator[int]:
    found = {str(group): n for group, n in Counter(groups).items()}
    kept_back = hidden(found, least=LEAST)
    yield from (int(group) for group in found if group not in kept_back and int(group) != NOWHERE)


def read() -> Roster:
    """Read everybody; two queries."""
    at_work = select(PersonRole.person_id).where(PersonRole.role.in_([role.value for role in AT_WORK]))
    query = select(
        Person.id, Person.created_at, Person.deactivated_at, Person.is_active, Person.department_id, Person.site_id
    ).where(Person.merged_into_id.is_(None), Person.erased_at.is_(None), Person.id.not_in(at_work))
    rows = db.session.execute(query.order_by(Person.id)).all()
    return Roster(
        ids=tuple(row.id for row in rows),
        since=np.array([number(row.created_at.date()) for row in rows], dtype=np.int64),
        until=np.array([_until(row.is_active, row.deactivated_at) for row in rows], dtype=np.int64),
        groups={
            "department": np.array([row.department_id or NOWHERE for row in rows], dtype=np.int64),
            "site": np.array([row.site_id or NOWHERE for row in rows], dtype=np.int64),
        },
    )


def _until(is_active: bool, deactivated_at: dt.datetime | None) -> int:
    if deactivated_at is not None:
        return number(deactivated_at.date())
    return NEVER if is_active else 0
