"""Facts as people leave them, written into the ledger at a time of the test's choosing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analytics.events import Name
from portal.core.actor import Actor, Kind
from portal.core.refs import Ref
from portal.ledger import services as ledger

TOPIC = Ref("category", 1)


def user(number: int, *, department: int | None = None, site: int | None = None) -> Actor:
    """Return somebody who looks for help; they need no row."""
    return Actor(person_id=number, kind=Kind.USER, department_id=department, site_id=site, visit=f"visit-{number}")


def happened(
    name: Name,
    who: Actor,
    at: dt.datetime,
    *,
    subject: Ref | None = None,
    topic: Ref | None = TOPIC,
    recorded_at: dt.datetime | None = None,
    **props: Any,
) -> None:
    """Write one fact."""
    row = ledger.row(name, actor=who, at=at, visit=who.visit, subject=subject, topic=topic, props=props)
    ledger.write([row | {"recorded_at": recorded_at or at}])


def searched(who: Actor, at: dt.datetime, query: str, n: int, **props: Any) -> str:
    """Search; returns the key of the search."""
    key = f"{who.person_id}-{at:%d%H%M%S}"
    happened(
        Name.SEARCH_PERFORMED, who, at, topic=TOPIC if n else None, search=key, query=query, n_results=n,
        surface="search", **props,
    )  # fmt: skip
    return key


def viewed(who: Actor, at: dt.datetime, article: int, *, search: str | None = None, rank: int = 1, **more: Any) -> None:
    """Open an article, from a search or not."""
    subject = Ref("article", article)
    happened(
        Name.ARTICLE_VIEWED, who, at, subject=subject, version=1, via="search" if search else "category",
        search=search, **more,
    )  # fmt: skip
    if search:
        happened(Name.SEARCH_RESULT_OPENED, who, at, subject=subject, search=search, rank=rank, **more)


def solved(who: Actor, at: dt.datetime, article: int, *, yes: bool = True, **more: Any) -> None:
    """Say whether an article solved it."""
    happened(Name.SOLUTION_MARKED, who, at, subject=Ref("article", article), solved=yes, version=1, **more)
