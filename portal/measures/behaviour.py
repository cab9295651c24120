"""What the people of each department did when they needed help: looked here first, or went to the desk (METRICS 4.8).

A need belongs to the department it began in, a ticket that no need came before to the requester's of now. What may be
told of a department is settled here: of fewer than five people nothing is, nor of whom would cover them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select

from analytics import deflection
from analytics.findability import Findability, Searched, count
from analytics.needs.outcomes import Needs
from analytics.proportions import Share, wilson
from analytics.suppression import hidden
from analytics.table import Mask
from portal.core.actor import Actor
from portal.core.database import db
from portal.ledger import services as ledger
from portal.measures import columns, people, reports
from portal.people.models import Person

EVERYBODY = 0
"""In place of a department's number."""
NOWHERE = ""
"""The name of those who belong to no department, while it is settled who may be told of."""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What some people did in some days."""

    n_people: int
    """Distinct people with a need, here or at the desk."""
    n_users: int
    """Of these, who looked here at all."""
    n_heads: int
    """People with an account."""
    needs_here: int
    tickets_only: int
    """Tickets that no need here came before."""
    false_yes: Share | None
    zero_results: Share | None

    @property
    def first_here(self) -> Share | None:
        return wilson(self.needs_here, self.needs_here + self.tickets_only)

    @property
    def users(self) -> Share | None:
        return wilson(min(self.n_users, self.n_heads), self.n_heads)


def of_departments(since: dt.date, until: dt.date) -> dict[int, Behaviour]:
    """Return what each department that may be told of did, and everybody (`EVERYBODY`); nothing where none is counted.

    `until` is not included.
    """
    reader = reports.read(since, until)
    if reader is None or reader.since >= reader.until:
        return {}
    needs = reader.needs(reports.WINDOW)
    begin, end = (columns.at_ms(columns.midnight(day)) for day in (reader.since, reader.until))
    ended = deflection.ended(needs, begin, end) & ~needs.chains.is_anon
    heads = people.groups("department")
    asked = _asked(needs, begin, end)
    found = {
        EVERYBODY: _behaviour(
            needs,
            ended,
            reader.searches,
            asked=[name for names in asked.values() for name in names],
            n_heads=_n_heads(),
        )
    }
    for number, n_heads in heads.items():
        label = str(number)
        found[number] = _behaviour(
            needs,
            ended & needs.chains.department.is_(label),
            reader.searches.where(reader.searches.department.is_(label)),
            asked=asked.get(number, []),
            n_heads=n_heads,
        )
    # Who belongs to none is a group of its own, or the total less what is told would be theirs.
    among = ended & (needs.chains.department.codes < 0)
    nobodys = _behaviour(needs, among, reader.searches, asked=asked.get(EVERYBODY, []), n_heads=0)
    did = {str(number): each.n_people for number, each in found.items() if number} | {NOWHERE: nobodys.n_people}
    few = hidden(did, least=reports.LEAST)
    small = hidden({str(number): n for number, n in heads.items()}, least=reports.LEAST)
    return {number: each for number, each in found.items() if str(number) not in few | small}


def _behaviour(needs: Needs, among: Mask, searched: Searched, *, asked: list[str], n_heads: int) -> Behaviour:
    actors, among = needs.chains.actor, among & needs.counted()
    users = {actors.labels[code] for code in np.unique(actors.codes[among]).tolist()}
    return Behaviour(
        n_people=len(users.union(asked)),
        n_users=len(users),
        n_heads=n_heads,
        needs_here=deflection.counts(needs, among=among).n,
        tickets_only=len(asked),
        false_yes=deflection.false_yes(needs, among),
        zero_results=Findability(tally=count(searched)).zero_results,
    )


def _asked(needs: Needs, begin: int, end: int) -> dict[int, list[str]]:
    """Return who opened each ticket that no need came before, by pseudonym and the requester's department (0: none)."""
    departments, requester, at = _departments(), needs.tickets.requester, needs.tickets.at
    lone = (needs.links.need < 0) & (at >= begin) & (at < end)
    found: dict[int, list[str]] = defaultdict(list)
    for code in requester.codes[lone].tolist():
        name = requester.labels[code]
        found[departments.get(name, EVERYBODY)].append(name)
    return found


def _n_heads() -> int:
    return int(db.session.execute(select(func.count()).select_from(Person).where(Person.is_active)).scalar_one())


def _departments() -> dict[str, int]:
    """Return everybody's department by the pseudonym figures know them by."""
    rows = db.session.execute(select(Person.id, Person.department_id).where(Person.department_id.is_not(None)))
    return {ledger.visitor_of(Actor(person_id=row.id)): int(row.department_id) for row in rows}
