"""What has happened at Ostrey & Vale in fifteen months: the world that is acted out, and what is planted in it."""

from __future__ import annotations

import datetime as dt
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.calendars import closed_days
from analytics.effects.planning import draw
from analytics.world import Article, Campaign, Improvement, Missing, Outage, Person, World
from portal.demo.organisation import DATA, DEPARTMENTS, TIMEZONE

WEEKS = 65
PLAIN_DEMAND = 0.5
ACTIVITY = {
    "management": 1.8,
    "finance": 4.2,
    "sales": 3.4,
    "design": 3.0,
    "it": 1.6,
    "hr": 3.2,
    "workshop": 1.5,
    "logistics": 2.0,
}
"""Needs a working week of somebody who knows the portal; people at machines have fewer than people at desks."""
LEANING = {
    ("finance", "people"): 1.8,
    ("finance", "printing"): 1.6,
    ("sales", "network"): 1.8,
    ("sales", "phones"): 2.0,
    ("sales", "meetings"): 1.6,
    ("design", "files"): 2.2,
    ("design", "laptops"): 1.5,
    ("workshop", "people"): 2.0,
    ("workshop", "passwords"): 1.6,
    ("workshop", "printing"): 1.5,
    ("logistics", "printing"): 2.2,
    ("logistics", "phones"): 1.6,
    ("hr", "joining-and-leaving"): 4.0,
    ("hr", "people"): 2.0,
    ("management", "calendar"): 2.5,
}
MONTH_END = {"finance": 1.7, "sales": 1.2}

IMPROVED = "vpn-drops"
IMPROVED_WEEKS_AGO = 30
HELPED_BEFORE, HELPS_NOW = 0.48, 0.87
STAY_AWAY = {"workshop": 0.34, "logistics": 0.3, "sales": 0.14, "design": 0.14, "finance": 0.1}
"""Share of people who have not found to the portal by now; people at machines need somebody who shows them."""
SELDOM = 0.3
"""How much less often they need help than their colleagues."""


@dataclass(frozen=True, kw_only=True)
class Staggered:
    """Something that departments began one after the other, in an order drawn by lot, and what it does in truth."""

    departments: tuple[str, ...]
    weeks_ago: int
    """Of the first start."""
    weeks: int
    """From the first start to the end."""
    apart: int
    """Weeks between two starts."""
    n_without: int
    seed: int
    lift: float

    def first(self, at: dt.datetime) -> dt.date:
        return at.date() - dt.timedelta(days=at.weekday() + 7 * self.weeks_ago)

    def stop(self, at: dt.datetime) -> dt.date:
        return self.first(at) + dt.timedelta(weeks=self.weeks)

    def starts(self, at: dt.datetime) -> dict[str, dt.date]:
        """Return the day on which each department begins; those that stay without are missing."""
        n = len(self.departments) - self.n_without
        days = [(self.first(at) + dt.timedelta(weeks=self.apart * place)).toordinal() for place in range(n)]
        names = [DEPARTMENTS[slug] for slug in self.departments]
        order = draw(names, [*days, *[None] * self.n_without], seed=self.seed)
        slugs = {name: slug for slug, name in DEPARTMENTS.items()}
        return {slugs[name]: dt.date.fromordinal(day) for name, day in order.items() if day is not None}


MANY = ("finance", "sales", "design", "hr", "workshop", "logistics")
ASK_FIRST = Staggered(departments=MANY, weeks_ago=34, weeks=22, apart=2, n_without=2, seed=1893, lift=1.6)
""" "Ask the portal first": ten minutes at the morning meeting of a department. It works, as long as it goes on."""
POSTERS = Staggered(departments=MANY, weeks_ago=56, weeks=16, apart=2, n_without=2, seed=1894, lift=1.0)
"""Posters at the coffee machines. They change nothing."""
LATE = {"home-office-days": 33 * 7, "passkeys": 14 * 7, "meeting-recordings": 3 * 7, "keyboard-language": 6}
"""Articles that were written later, with how many days ago: until then people looked for them in vain."""


OVERDUE = (
    "paper-jam",
    "scan-to-mail",
    "mail-signature",
    "battery-empties-fast",
    "usb-stick-found",
    "pop-up-blocked",
    "recall-a-mail",
    "certificate-warning",
)
"""Articles whose check is overdue, so that editors have something to do."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An incident of the story: what the notice says, where it belongs, and what people typed."""

    key: str
    title: str
    body: str
    topic: str
    article: str
    question: str
    declared_at: dt.datetime
    minutes: int
    reach: float
    is_active: bool = False

    @property
    def since(self) -> dt.datetime:
        """Since when it was there: a few calls come in before somebody puts up a notice."""
        return self.declared_at - dt.timedelta(minutes=10)

    @property
    def ended_at(self) -> dt.datetime:
        return self.declared_at + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Shelf:
    """An article as the story needs to know it."""

    slug: str
    title: str
    topic: str
    audience: frozenset[str] | None


def begins(at: dt.datetime) -> dt.datetime:
    """Return when the portal was opened: the Monday morning with which the story begins."""
    monday = at.date() - dt.timedelta(days=at.weekday() + 7 * WEEKS)
    return dt.datetime.combine(monday, dt.time(6), dt.UTC)


def days_before(at: dt.datetime, days: int, *, hour: int = 7) -> dt.datetime:
    """Return an early morning so many days before `at`, on a working day."""
    day = at.date() - dt.timedelta(days=days)
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def in_office(at: dt.datetime) -> dt.datetime:
    """Put off what falls into a night or a weekend to the next working morning."""
    if at.hour >= 17:
        at = (at + dt.timedelta(days=1)).replace(hour=9)
    elif at.hour < 8:
        at = at.replace(hour=9)
    while at.weekday() > 4:
        at += dt.timedelta(days=1)
    return at


def troubles(at: dt.datetime) -> list[Trouble]:
    """Return the incidents, oldest first; the last was declared an hour and a half ago and goes on."""
    lately = at - dt.timedelta(minutes=90)
    lately = lately.replace(minute=lately.minute - lately.minute % 5, second=0, microsecond=0)
    return [
        Trouble(
            key="printers",
            title="Printers at Northgate are offline",
            body="A switch has failed. Prints wait and come out by themselves when it is back.",
            topic="printing",
            article="printer-offline",
            question="printer offline northgate",
            declared_at=days_before(at, 45 * 7, hour=9),
            minutes=80,
            reach=0.12,
        ),
        Trouble(
            key="vpn-down",
            title="VPN is down",
            body="Nobody can connect at the moment. Your laptop is fine, please do not change its settings.",
            topic="network",
            article="vpn-cannot-connect-from-home",
            question="vpn down",
            declared_at=days_before(at, 19 * 7, hour=9),
            minutes=150,
            reach=0.35,
        ),
        Trouble(
            key="mail-late",
            title="Mail arrives up to an hour late",
            body="Nothing is lost. Mail from outside waits in a queue.",
            topic="mail",
            article="mail-not-arriving",
            question="mail not arriving",
            declared_at=days_before(at, 9 * 7, hour=9),
            minutes=200,
            reach=0.25,
        ),
        Trouble(
            key="vpn-slow",
            title="VPN is slow from home",
            body="One of two lines is out. Large files take long; mail and calls work.",
            topic="network",
            article="vpn-drops",
            question="vpn slow from home",
            declared_at=lately,
            minutes=90,
            reach=0.12,
            is_active=True,
        ),
    ]


def world(
    *,
    people: Sequence[Person],
    shelves: Sequence[Shelf],
    at: dt.datetime,
) -> World:
    """Put the world together. Things are named by their slugs."""
    return World(
        people=tuple(people),
        articles=tuple(_articles(shelves, at)),
        missing=tuple(_missing()),
        improvements=(
            Improvement(
                subject=f"article:{IMPROVED}",
                on=days_before(at, IMPROVED_WEEKS_AGO * 7).date(),
                helpfulness=HELPS_NOW,
            ),
        ),
        campaigns=tuple(
            Campaign(
                department=department,
                starts_on=starts_on,
                weeks=(ASK_FIRST.stop(at) - starts_on).days // 7,
                lift=ASK_FIRST.lift,
            )
            for department, starts_on in ASK_FIRST.starts(at).items()
        ),
        outages=tuple(
            Outage(
                subject=f"incident:{trouble.key}",
                topic=f"category:{trouble.topic}",
                question=trouble.question,
                starts_at=trouble.declared_at,
                minutes=trouble.minutes,
                reach=trouble.reach,
            )
            for trouble in troubles(at)
        ),
        leaning={(unit, f"category:{topic}"): factor for (unit, topic), factor in LEANING.items()},
        month_end=MONTH_END,
        closed=closed_days(range(at.year - 2, at.year + 1)),
        timezone=TIMEZONE,
        weeks=WEEKS,
    )


def comes(department: str, *, rng: random.Random) -> bool:
    """Draw whether somebody has found to the portal."""
    return rng.random() >= STAY_AWAY.get(department, 0.0)


def activity(department: str, *, rng: random.Random) -> float:
    """Draw how often somebody needs help; a few need it all the time."""
    return ACTIVITY[department] * rng.lognormvariate(-0.2, 0.6)


def _articles(shelves: Sequence[Shelf], at: dt.datetime) -> list[Article]:
    known = _asked()
    made = []
    for shelf in shelves:
        demand, phrases = known.get(shelf.slug, (PLAIN_DEMAND, _words_of(shelf.title)))
        made.append(
            Article(
                subject=f"article:{shelf.slug}",
                topic=f"category:{shelf.topic}",
                questions=tuple(phrases.split("|")),
                helpfulness=_helpfulness(shelf.slug),
                demand=demand,
                audience=shelf.audience,
                published_on=days_before(at, LATE[shelf.slug]).date() if shelf.slug in LATE else None,
            )
        )
    return made


def _asked() -> dict[str, tuple[float, str]]:
    """Return how often people need an article, and in what words they ask for it."""
    return {slug: (float(weight), phrases) for slug, weight, phrases in _table(DATA / "questions.tsv")}


def words_for(slug: str, title: str) -> list[str]:
    """Return in what words people ask for an article."""
    _demand, phrases = _asked().get(slug, (PLAIN_DEMAND, _words_of(title)))
    return phrases.split("|")


def _helpfulness(slug: str) -> float:
    """Spread articles between 0.5 and 0.95, each always at the same place."""
    if slug == IMPROVED:
        return HELPED_BEFORE
    return round(0.95 - 0.45 * (zlib.crc32(slug.encode()) % 1000 / 1000) ** 2, 3)


def _words_of(title: str) -> str:
    """Turn a title into what somebody types: small letters, without the small words."""
    small = {"a", "an", "the", "or", "and", "of", "to", "for", "your", "you", "is", "are", "that", "it", "on", "in"}
    first = _whole(title.lower())
    words = [word.strip(",.?") for word in title.lower().split()]
    telling = [word for word in words if word not in small]
    return f"{first.strip('.?')}|{' '.join(telling[:4])}"


def _missing() -> list[Missing]:
    return [
        Missing(
            questions=tuple(phrases.split("|")),
            demand=float(weight),
            audience=frozenset(who) or None,
            topic=f"category:{topic}",
        )
        for weight, phrases, topic, *who in _table(DATA / "missing.tsv")
    ]


def _table(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def _whole(title: str) -> str:
    """Return what stands before the first comma, if that says enough; never a phrase that is cut off.

    >>> _whole("let a rule in outlook sort and filter your mail"), _whole("slow, freezes or hot")
    ('let a rule in outlook sort and filter your mail', 'slow freezes or hot')
    """
    first = title.partition(",")[0]
    return first if len(first.split()) >= 3 else title.replace(",", "")
