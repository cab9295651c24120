"""From which departments people want an idea: for the task force, since who votes is not a sample of who works here.

Each is set beside how many work there. A department of which fewer than five want it is not told, nor is another that
would give it away, for the sum stands beside the idea. One idea at a time: an item is the sum of its ideas, and sums
that share ideas would tell of single ones.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from analytics.suppression import hidden, is_total_hidden
from portal.core.database import db
from portal.core.refs import Ref
from portal.measures import people
from portal.people.models import Person
from portal.roadmap.models import Idea
from portal.talk.models import Voice, Vote

ELSEWHERE = ""


@dataclass(frozen=True, kw_only=True)
class Of:
    """A department, how many of it want the idea, and how many there are."""

    name: str
    n: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Voters:
    """Who wants an idea, as far as it can be told: departments, most first, and how many more there are."""

    departments: tuple[Of, ...] = ()
    n_others: int = 0


def by_department(ideas: Collection[Idea]) -> dict[int, Voters]:
    """Return of each idea that anybody wants from where they are; three queries."""
    wanted = [idea for idea in ideas if idea.n_votes]
    if not wanted:
        return {}
    counts = _counts(wanted)
    names, sizes = people.names("department"), people.groups("department")
    return {idea.id: _voters(counts.get(idea.id, {}), names, sizes) for idea in wanted}


def _counts(ideas: Collection[Idea]) -> dict[int, dict[str, int]]:
    """Count the voters of each idea by department; who left, or belongs to none, is from elsewhere."""
    here = case((Person.is_active, Person.department_id), else_=None)
    query = select(Vote.subject, here, func.count()).join(Person, Person.id == Vote.person_id)
    query = query.where(Vote.subject.in_([str(idea.ref) for idea in ideas]), Vote.voice == Voice.WANTED.value)
    found: dict[int, dict[str, int]] = {}
    for subject, number, n in db.session.execute(query.group_by(Vote.subject, here)):
        found.setdefault(Ref.parse(subject).id, {})[ELSEWHERE if number is None else str(number)] = n
    return found


def _voters(counts: dict[str, int], names: dict[int, str], sizes: dict[int, int]) -> Voters:
    kept_back = frozenset(counts) if is_total_hidden(counts) else hidden(counts) | {ELSEWHERE}
    shown = {int(number): n for number, n in counts.items() if number not in kept_back}
    rows = [Of(name=names[number], n=n, of=sizes[number]) for number, n in shown.items()]
    return Voters(
        departments=tuple(sorted(rows, key=lambda row: (-row.n, row.name))),
        n_others=sum(counts.values()) - sum(shown.values()),
    )
