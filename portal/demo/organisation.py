"""Ostrey & Vale: its people, departments, sites and audiences, put in through `people.services`."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.core import options
from portal.core.actor import Actor
from portal.core.permissions import Role
from portal.people import services as people
from portal.people.models import Department, Person, Site

DATA = Path(__file__).parent / "data"
DOMAIN = "ostreyvale.example"
TIMEZONE = "Europe/London"

DEPARTMENTS = {
    "management": "Management",
    "finance": "Finance",
    "sales": "Sales",
    "design": "Design",
    "it": "IT",
    "hr": "HR",
    "workshop": "Workshop",
    "logistics": "Logistics",
}
SITES = {"harbour-house": "Harbour House", "old-mill": "Old Mill", "northgate": "Northgate"}
AUDIENCES = {
    "finance": ("Finance, and who writes for it", ("department:finance", "person:dara", "person:cleo")),
    "hr": ("HR", ("department:hr",)),
    "managers": ("Managers, and who writes for them", (f"role:{Role.MANAGER}", "person:eli")),
    "workshop": ("Workshop", ("department:workshop",)),
}
KEPT_DAYS = 500
"""How long Ostrey & Vale keeps who looked at what: long enough to set these weeks against those of last year."""
N_NEW = 12
"""How many people joined within the fifteen months."""


@dataclass(frozen=True)
class Entry:
    """A line of the list of people."""

    name: str
    department: str
    site: str
    roles: frozenset[Role] = frozenset()

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def email(self) -> str:
        return f"{self.first_name.lower()}@{DOMAIN}"


def roster() -> Iterator[Entry]:
    """Read everybody from `data/people.txt`."""
    department = site = ""
    for line in (DATA / "people.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if heading := re.fullmatch(r"\[(\S+) at (\S+)\]", line):
            department, site = heading.groups()
            continue
        name, _bar, roles = (part.strip() for part in line.partition("|"))
        yield Entry(name, department, site, frozenset(Role(role) for role in roles.split()))


def left_at(at: dt.datetime) -> dt.datetime:
    """Return the noon on which Zoe left: the last 12th of June at least a month before `at`."""
    last = dt.datetime(at.year, 6, 12, 12, tzinfo=dt.UTC)
    return last if last <= at - dt.timedelta(days=30) else last.replace(year=at.year - 1)


def set_up(actor: Actor) -> None:
    """Name the portal and open its doors as an administrator would on the first day."""
    options.change(
        actor,
        is_set_up=True,
        portal_name="Ostrey & Vale",
        public_reading=True,
        default_timezone=TIMEZONE,
        desk_mail=f"desk@{DOMAIN}",
        desk_phone="01632 960 200",
        mail_mode="folder",
        mail_from=f"portal@{DOMAIN}",
        keep_looking_days=KEPT_DAYS,
    )


def found(actor: Actor) -> tuple[dict[str, Department], dict[str, Site]]:
    """Add departments and sites."""
    departments = {slug: people.add_department(actor, slug=slug, name=name) for slug, name in DEPARTMENTS.items()}
    sites = {slug: people.add_site(actor, slug=slug, name=name, timezone=TIMEZONE) for slug, name in SITES.items()}
    return departments, sites


def name_audiences(actor: Actor, departments: Mapping[str, Department], staff: Mapping[str, Person]) -> None:
    """Name the groups for whom some articles are, once the people in their rules are there."""
    ids = {f"department:{slug}": unit.id for slug, unit in departments.items()}
    ids |= {f"person:{email.partition('@')[0]}": person.id for email, person in staff.items()}
    for slug, (name, rules) in AUDIENCES.items():
        placed = [(rule.partition(":")[0], str(ids.get(rule, rule.partition(":")[2]))) for rule in rules]
        people.add_audience(actor, slug=slug, name=name, rules=placed)


def groups_of(entry: Entry, *, by_name: bool = True) -> frozenset[str]:
    """Return the audiences somebody belongs to, by slug; without those in which they are listed by name, if asked."""
    own = {f"department:{entry.department}", *(f"role:{role}" for role in entry.roles)}
    own |= {f"person:{entry.first_name.lower()}"} if by_name else set()
    return frozenset(slug for slug, (_name, rules) in AUDIENCES.items() if own & set(rules))


def starts(*, since: dt.datetime, until: dt.datetime, seed: int, cast: Collection[str]) -> dict[str, dt.datetime]:
    """Return the first morning of everybody, by address: most were there when the portal opened, a few came later.

    Those in the `cast` of the story (first names) were there from the beginning.
    """
    rng, entries = random.Random(seed), list(roster())
    plain = [entry for entry in entries if not entry.roles and entry.first_name.lower() not in cast]
    found = dict.fromkeys((entry.email for entry in entries), since)
    for entry in rng.sample(plain, N_NEW):
        found[entry.email] = since + dt.timedelta(days=rng.randrange(14, (until - since).days - 14))
    return found


def hire(
    actor: Actor, entry: Entry, departments: Mapping[str, Department], sites: Mapping[str, Site], number: int
) -> Person:
    """Add one of the 200 to the portal."""
    return people.add_person(
        actor,
        email=entry.email,
        name=entry.name,
        department=departments[entry.department],
        site=sites[entry.site],
        roles=entry.roles,
        staff_number=f"OV{number:04}",
        by="demo",
    )
