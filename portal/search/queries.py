"""Reads about searching, for commands and reports."""

from __future__ import annotations

import datetime as dt

from analytics.events import Name
from analytics.gaps import Gap, Miss, gaps
from portal.ledger import services as ledger
from portal.ledger.queries import MIN_PEOPLE

COUNTED = frozenset({"user", "anon"})
"""Editors and agents try things out; only what users miss is a gap."""


def unanswered(*, since: dt.datetime) -> list[Gap]:
    """Return what at least three people searched for without finding anything, most people first."""
    misses = [
        Miss(query=entry.props["query"], visitor=entry.visitor)
        for batch in ledger.replay(since=since, names=[Name.SEARCH_PERFORMED])
        for entry in batch
        if _is_miss(entry.actor_kind, entry.props)
    ]
    return gaps(misses, least_people=MIN_PEOPLE)


def _is_miss(actor_kind: str, props: dict[str, object]) -> bool:
    # Existing but not for this person (`is_trimmed`), or not yet in the index (`is_behind`), is no gap; a further page
    # or a filter is no search of its own.
    is_asked = actor_kind in COUNTED and not props.get("of")
    return is_asked and props["n_results"] == 0 and not (props.get("is_trimmed") or props.get("is_behind"))
