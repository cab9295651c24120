"""A simulation as the two tables of `dity measure needs`, so that every figure can be tried on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from analytics import table
from analytics.columns import NONE
from analytics.events import Event, Name
from analytics.exits import SOURCES
from analytics.script import topics_of
from analytics.simulate import Simulation
from analytics.table import SURFACES, EventTable, TicketTable
from analytics.world import World

MILLISECOND = np.timedelta64(1, "ms")


def tables(played: Simulation, world: World) -> tuple[EventTable, TicketTable]:
    """Return what happened, and what was handed over, in the form in which it is measured."""
    return table.events(_events(played)), table.tickets(_tickets(played, world))


def _events(played: Simulation) -> Iterator[dict[str, Any]]:
    at = played.columns.at.astype("datetime64[ms]").astype(np.int64).tolist()
    for number, (event, moment) in enumerate(zip(played.columns.events(), at, strict=True)):
        if event.name.exchange_type is not None:
            yield _row(event, moment, f"e{number}")


def _row(event: Event, at: int, own_id: str) -> dict[str, Any]:
    props: Mapping[str, Any] = event.props
    kind, _, number = (event.subject or "").partition(":")
    search = f"s-{props['search']}" if "search" in props else None
    begins = event.name in {Name.SEARCH_PERFORMED, Name.SUGGESTION_SHOWN}
    return {
        "id": search if begins else own_id,
        "at": at,
        "type": event.name.exchange_type,
        "kind": event.actor_kind.value,
        "actor": event.visitor,
        "session": event.visit,
        "department": event.department,
        "site": event.site,
        "object_type": kind or None,
        "object": number or None,
        "topic": event.topic,
        "query": props.get("query"),
        "n_results": props.get("n_results"),
        "rank": props.get("rank"),
        "seconds": props.get("seconds"),
        "source": None if begins else search,
        "surface": props["surface"] if props.get("surface") in SURFACES else None,
        "value": _value(event.name, props),
    }


def _value(name: Name, props: Mapping[str, Any]) -> str | None:
    said = {Name.SOLUTION_MARKED: "solved", Name.INTENT_STATED: "would_have_called"}.get(name)
    return None if said is None else "yes" if props[said] else "no"


def _tickets(played: Simulation, world: World) -> Iterator[dict[str, Any]]:
    found, topics = played.tickets, topics_of(world)
    questions = [*(article.questions for article in world.articles), *(gap.questions for gap in world.missing)]
    at = found.at.astype("datetime64[ms]").astype(np.int64).tolist()
    for number, moment in enumerate(at):
        target, person = int(found.target[number]), world.people[found.person[number]]
        yield {
            "id": str(number),
            "at": moment,
            "requester": person.key,
            "source": SOURCES[found.source[number]],
            "topic": topics[target],
            "subject": questions[target][0],
        }


def mature(played: Simulation, *, window: int) -> int:
    """Return the moment from which every need of a play can be judged under a window, in milliseconds."""
    latest = [played.columns.at[-1]] if len(played.columns) else []
    latest += [played.tickets.at[-1]] if len(played.tickets) else []
    known = [int((at - np.datetime64(0, "ms")) // MILLISECOND) for at in latest]
    return max(known, default=NONE) + window + 1
