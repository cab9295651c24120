"""Who is asked, counted by the groups a wave can be read by. Frozen at the launch (`WaveUnit`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from portal.core.database import db
from portal.people.models import Department, Person, Site
from portal.people.structure import all_below
from portal.pulse.models import Breakdown

NOT_STATED = ""
"""The group of people without a department or site."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to be asked, and the groups they count for."""

    person_id: int
    department: str
    site: str

    def group(self, breakdown: str) -> str:
        return {Breakdown.DEPARTMENT.value: self.department, Breakdown.SITE.value: self.site}.get(breakdown, "")


@dataclass(frozen=True)
class Roster:
    """Everybody to be asked."""

    people: tuple[Asked, ...]
    department_ids: dict[str, int]

    def counts(self, breakdown: str) -> dict[str, int]:
        """Return how many people each group of a breakdown has, by name; nothing for no breakdown."""
        if breakdown == Breakdown.NONE:
            return {}
        return dict(sorted(Counter(one.group(breakdown) for one in self.people).items()))


def of(departments: Collection[int]) -> Roster:
    """Return who would be asked now: everybody with an account, or those of these departments and all below them."""
    units, sites = _names()
    query = select(Person.id, Person.department_id, Person.site_id).where(*is_asked(departments)).order_by(Person.id)
    people = tuple(
        Asked(row.id, units.get(row.department_id, NOT_STATED), sites.get(row.site_id, NOT_STATED))
        for row in db.session.execute(query)
    )
    return Roster(people, {name: unit_id for unit_id, name in units.items()})


def departments() -> list[tuple[int, str]]:
    """Return the departments to choose from, as they will be called."""
    return sorted(_names()[0].items(), key=lambda item: item[1].casefold())


def is_asked(departments: Collection[int]) -> Iterator[ColumnElement[bool]]:
    """Yield the SQL for "is one of them"."""
    yield Person.is_active.is_(True)
    yield Person.merged_into_id.is_(None)
    yield Person.erased_at.is_(None)
    if departments:
        yield Person.department_id.in_(all_below(departments))


def _names() -> tuple[dict[int, str], dict[int, str]]:
    """Return what departments and sites are called; two of one name carry that of the one above, or their number."""
    rows = db.session.execute(select(Department.id, Department.name, Department.parent_id)).all()
    names = {row.id: row.name for row in rows}
    often = Counter(names.values())
    units = {}
    for row in rows:
        above = names.get(row.parent_id) if often[row.name] > 1 else None
        units[row.id] = f"{above} / {row.name}"[:120] if above else row.name
    return _single(units), _single(dict(db.session.execute(select(Site.id, Site.name)).all()))


def _single(names: dict[int, str]) -> dict[int, str]:
    often = Counter(names.values())
    return {key: f"{name[:108]} ({key})" if often[name] > 1 else name for key, name in names.items()}
