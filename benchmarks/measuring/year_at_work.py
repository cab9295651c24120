"""A year that is made up: people of eight departments and three sites search, read, say so, and some hand it over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select

from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.permissions import Role
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.people import services as people
from portal.people import structure
from portal.people.models import Person
from portal.tickets import queues
from portal.tickets.models import Ticket

DAYS = 365
ANALYST = "ana@ostreyvale.example"
TOPICS, ARTICLES, DEPARTMENTS, SITES = 30, 400, 8, 3
BATCH = 20_000
DAY = dt.timedelta(days=1)
FACTS_OF_A_VISIT = 3.55
"""On average: see `_visit`."""
FACTS_OF_A_PERSON = 1_200
FEWEST_PEOPLE = 100
HANDED_OVER = 0.03
"""So many visits end with a ticket, half an hour later."""


@dataclass(frozen=True)
class Day:
    """What happened on one day, in order of time."""

    facts: list[dict[str, Any]]
    tickets: list[dict[str, Any]]


class Year:
    """Whoever lives through it: people with the pseudonyms of their accounts, topics, and a desk."""

    def __init__(self, n: int) -> None:
        """Make them, for about n facts in a year."""
        self.n_a_day, self.n_tickets = n // DAYS, 0
        actor = system("benchmark")
        db.session.add_all(
            Category(slug=f"topic-{n}", title=f"Topic {n}", audience=[], position=n) for n in range(TOPICS)
        )
        units = [people.add_department(actor, slug=f"unit-{n}", name=f"Unit {n}") for n in range(DEPARTMENTS)]
        sites = [structure.add_site(actor, slug=f"site-{n}", name=f"Site {n}") for n in range(SITES)]
        people.add_person(
            actor, email=ANALYST, name="Ana Ruiz", department=units[0], site=sites[0], roles=[Role.ANALYST]
        )
        self.units, self.sites = [unit.id for unit in units], [site.id for site in sites]
        self.queue = queues.default().id
        self.people = self._people(max(FEWEST_PEOPLE, n // FACTS_OF_A_PERSON))
        self.visitors = [ledger.visitor_of(Actor(person_id=number)) for number in self.people]

    def _people(self, n: int) -> Sequence[int]:
        last = db.session.execute(select(func.max(Person.id))).scalar_one()
        rows = [
            {
                "email": f"person-{number}@ostreyvale.example",
                "name": f"Person {number}",
                "department_id": self.units[number % DEPARTMENTS],
                "site_id": self.sites[number % SITES],
            }
            for number in range(n)
        ]
        db.session.execute(insert(Person), rows)
        return list(db.session.execute(select(Person.id).where(Person.id > last).order_by(Person.id)).scalars())

    def fill(self, until: dt.datetime, days: int) -> None:
        """Write what happened on so many days before a midnight."""
        rng, facts = np.random.default_rng(1), list[dict[str, Any]]()
        for number in range(days, 0, -1):
            facts += self.lived(until - number * DAY, rng)
            if len(facts) >= BATCH or number == 1:
                ledger.write(facts)
                db.session.commit()
                facts = []

    def lived(self, begin: dt.datetime, rng: np.random.Generator) -> list[dict[str, Any]]:
        """Return what happened on a day, its tickets written already."""
        day = self.day(begin, rng)
        if day.tickets:
            db.session.execute(insert(Ticket), day.tickets)
        return day.facts

    def day(self, begin: dt.datetime, rng: np.random.Generator) -> Day:
        """Make up a day."""
        n_visits = max(1, round(self.n_a_day / FACTS_OF_A_VISIT))
        seconds = np.sort(rng.integers(6 * 3600, 20 * 3600, n_visits)).tolist()
        who, article = rng.integers(0, len(self.people), n_visits), rng.integers(1, ARTICLES, n_visits)
        luck = rng.random((n_visits, 5)).tolist()
        day = Day([], [])
        for visit, (at, person, about) in enumerate(zip(seconds, who.tolist(), article.tolist(), strict=True)):
            self._visit(day, begin + dt.timedelta(seconds=at), person, about, luck[visit], visit)
        day.facts.sort(key=lambda fact: fact["at"])
        return day

    def _visit(self, day: Day, at: dt.datetime, person: int, article: int, luck: list[float], number: int) -> None:
        key, topic = f"{at:%y%m%d}{number}", article % TOPICS + 1
        about = {"subject": f"article:{article}", "topic": f"category:{topic}"}
        found = 0 if luck[0] < 0.1 else 7
        words = f"word{article % 90} trouble"
        query = {"search": key, "query": words, "n_results": found, "surface": "search"}
        facts = [self._fact("search.performed", at, person, {"subject": None, "topic": about["topic"]}, query)]
        if found and luck[1] < 0.85:
            opened, later = at + dt.timedelta(seconds=20), at + dt.timedelta(seconds=80)
            seen = {"via": "search", "search": key, "version": 1}
            facts.append(self._fact("article.viewed", opened, person, about, seen))
            facts.append(
                self._fact("search.result_opened", opened, person, about, {"search": key, "rank": 1 + number % 4})
            )
            facts.append(
                self._fact("article.read", later, person, about, {"seconds": 45, "version": 1, "place": "page"})
            )
            if luck[2] < 0.3:
                said = {"solved": luck[3] < 0.7, "version": 1, "via": "article"}
                facts.append(self._fact("solution.marked", later + dt.timedelta(seconds=5), person, about, said))
        if luck[4] < HANDED_OVER:
            facts.append(self._handed_over(day, at + dt.timedelta(minutes=30), person, topic, words))
        day.facts.extend(facts)

    def _handed_over(self, day: Day, at: dt.datetime, person: int, topic: int, words: str) -> dict[str, Any]:
        self.n_tickets += 1
        day.tickets.append(
            {
                "id": self.n_tickets, "subject": words, "requester_id": self.people[person], "category_id": topic,
                "queue_id": self.queue, "status": "closed", "knowledge": "linked", "opened_at": at, "updated_at": at,
                "first_response_at": at + dt.timedelta(hours=1), "resolved_at": at + dt.timedelta(hours=5),
            }
        )  # fmt: skip
        about = {"subject": f"ticket:{self.n_tickets}", "topic": f"category:{topic}"}
        return self._fact("ticket.opened", at, person, about, {"source": "portal", "queue": self.queue})

    def _fact(
        self, name: str, at: dt.datetime, person: int, about: dict[str, Any], props: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "at": at, "recorded_at": at, "name": name, "v": 1, "visitor": self.visitors[person], "actor_id": None,
            "actor_kind": "user", "department_id": self.units[person % DEPARTMENTS],
            "site_id": self.sites[person % SITES], **about, "visit": f"{person:x}-{at:%y%m%d%H}", "props": props,
            "request_id": None, "acted_by_id": None,
        }  # fmt: skip
