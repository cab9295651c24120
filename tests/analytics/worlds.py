"""A small organisation for the tests of the simulator."""

import datetime as dt

from analytics.calendars import closed_days
from analytics.world import Article, Campaign, Improvement, Missing, Outage, Person, World

UNTIL = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
DEPARTMENTS = ("finance", "sales", "workshop", "design")
TOPICS = ("vpn", "mail", "printing", "files")


def world(*, n_people: int = 200, n_articles: int = 24) -> World:
    """Build an organisation of four departments with one planted effect of each kind."""
    people = [
        Person(
            key=f"p{i}",
            department=DEPARTMENTS[i % 4],
            site="harbour" if i % 3 else "mill",
            groups=frozenset({"managers"}) if i < 20 else frozenset(),
            activity=1.0 + i % 5,
            left_on=dt.date(2026, 6, 12) if i % 10 == 7 else None,
            joined_on=dt.date(2026, 3, 2) if i == 8 else None,
        )
        for i in range(n_people)
    ]
    articles = [
        Article(
            subject=f"article:{i}",
            topic=TOPICS[i % 4],
            questions=(f"{TOPICS[i % 4]} does not work {i}", f"help with {TOPICS[i % 4]} {i}"),
            helpfulness=0.5 + 0.015 * i,
            demand=3.0 if i == 0 else 1.0,
            audience={3: frozenset({"finance"}), 9: frozenset({"managers"})}.get(i),
            published_on=dt.date(2026, 2, 2) if i == 5 else None,
        )
        for i in range(n_articles)
    ]
    return World(
        people=tuple(people),
        articles=tuple(articles),
        missing=(Missing(questions=("parental leave form", "form for parental leave"), demand=1.5),),
        improvements=(Improvement(subject="article:0", on=dt.date(2026, 5, 4), helpfulness=0.85),),
        campaigns=(Campaign(department="sales", starts_on=dt.date(2026, 3, 2), weeks=8, lift=2.0),),
        outages=(
            Outage(
                subject="incident:1",
                topic="vpn",
                question="vpn down",
                starts_at=dt.datetime(2026, 6, 9, 8, 40, tzinfo=dt.UTC),
                minutes=150,
            ),
        ),
        leaning={("workshop", "printing"): 4.0},
        month_end={"finance": 2.0},
        closed=closed_days((2025, 2026)),
    )
