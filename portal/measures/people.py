"""How many people there were, by department and site: whom figures are per head of, and which groups may be shown."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import func, or_, select

from analytics.suppression import LEAST, hidden, is_second_safe
from portal.core.database import db
from portal.measures import columns
from portal.people.models import Department, Person, Site
from portal.tickets.models import Ticket

KINDS = {"department": Person.department_id, "site": Person.site_id}
DAY = dt.timedelta(days=1)


def heads(day: dt.date, shown: Mapping[str, frozenset[int]]) -> dict[str, int]:
    """Count who had an account at the beginning of a day, in all (the empty name) and of each group that is shown."""
    at = columns.midnight(day + DAY)
    stayed = or_(Person.deactivated_at.is_(None), Person.deactivated_at >= at)
    there = (Person.created_at < at, stayed, Person.merged_into_id.is_(None))
    found = {"": db.session.execute(select(func.count()).select_from(Person).where(*there)).scalar_one()}
    for kind, column in KINDS.items():
        rows = db.session.execute(select(column, func.count()).where(*there).group_by(column))
        found |= {f"{kind}:{number}": n for number, n in rows if number in shown[kind]}
    return found


def groups(kind: str) -> dict[int, int]:
    """Return how many people with an account each department or site has now; those without anybody are missing."""
    column = KINDS[kind]
    query = select(column, func.count()).where(Person.is_active, column.is_not(None)).group_by(column)
    return {number: n for number, n in db.session.execute(query) if number is not None}


def shown_groups() -> dict[str, frozenset[int]]:
    """Return the departments and sites that may be shown: of five people and more, and no other to be made out.

    People without one are a group of their own, or the total less what is shown would be theirs. Where few people could
    be made out by departments and sites together, no site is shown.
    """
    query = select(Person.department_id, Person.site_id, func.count()).where(Person.is_active)
    rows = db.session.execute(query.group_by(Person.department_id, Person.site_id)).all()
    departments = _shown((department, n) for department, _site, n in rows)
    sites = _shown((site, n) for _department, site, n in rows)
    cells: Counter[tuple[str, str]] = Counter()
    for department, site, n in rows:
        cells[_name(department, departments), _name(site, sites)] += n
    is_safe = not sites or is_second_safe(cells, least=LEAST)
    return {"department": departments, "site": sites if is_safe else frozenset()}


def _shown(rows: Iterable[tuple[int | None, int]]) -> frozenset[int]:
    found: Counter[int | None] = Counter()
    for number, n in rows:
        found[number] += n
    kept_back = hidden({str(number): n for number, n in found.items()}, least=LEAST)
    return frozenset(number for number in found if number is not None and str(number) not in kept_back)


def _name(number: int | None, shown: frozenset[int]) -> str:
    return str(number) if number in shown else ""


def names(kind: str) -> dict[int, str]:
    """Return what departments or sites are called, in the order of their names."""
    model = Department if kind == "department" else Site
    rows = db.session.execute(select(model.id, model.name).order_by(model.name))
    return {int(number): str(name) for number, name in rows}


def tickets_by_group(start: int, shown: Mapping[str, frozenset[int]]) -> dict[str, list[int]]:
    """Count the tickets of a week by day and the group of who wrote them (as it is now), incidents once."""
    monday = columns.EPOCH + dt.timedelta(milliseconds=start)
    found: dict[str, list[int]] = {}
    for kind, column in KINDS.items():
        query = select(Ticket.opened_at, column).join(Person, Person.id == Ticket.requester_id)
        query = query.where(Ticket.opened_at >= monday, Ticket.opened_at < monday + 7 * DAY)
        query = query.where(Ticket.parent_id.is_(None), Ticket.merged_into_id.is_(None))
        for at, number in db.session.execute(query):
            if number in shown[kind]:
                found.setdefault(f"{kind}:{number}", [0] * 7)[(at - monday).days] += 1
    return found


def groups_of_requesters(start: int) -> dict[str, dict[str, int | None]]:
    """Return department and site (as they are now) of who wrote each ticket of a week, by the ticket's number."""
    monday = columns.EPOCH + dt.timedelta(milliseconds=start)
    query = select(Ticket.id, Person.department_id, Person.site_id).join(Person, Person.id == Ticket.requester_id)
    query = query.where(Ticket.opened_at >= monday, Ticket.opened_at < monday + 7 * DAY)
    return {str(number): {"department": unit, "site": site} for number, unit, site in db.session.execute(query)}


def first_ticket_day() -> dt.date | None:
    """Return the day of the first ticket there is."""
    first = db.session.execute(select(func.min(Ticket.opened_at))).scalar()
    return first.date() if first is not None else None
