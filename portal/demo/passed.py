"""From the simulation to the desk: what was handed over, in the words of the story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from analytics.columns import NONE
from analytics.events import Name
from analytics.exits import SOURCES
from analytics.simulate import Simulation
from analytics.world import Article, Missing, World
from portal.demo.course import Problem


def problems(played: Simulation, world: World, *, skip: Callable[[str, dt.datetime], bool]) -> Iterator[Problem]:
    """Yield what was handed over, oldest first, without what `skip` names by address and time."""
    things: tuple[Article | Missing, ...] = (*world.articles, *world.missing)
    opened = played.columns.named(Name.TICKET_OPENED)
    visits = {opened.subject[place]: opened.visit[place] for place in range(len(opened))}
    tickets, needs = played.tickets, played.needs
    for number, moment in enumerate(tickets.at.astype("datetime64[us]").tolist()):
        at, who = moment.replace(tzinfo=dt.UTC), world.people[int(tickets.person[number])].key
        if skip(who, at):
            continue
        need, target = int(tickets.need[number]), int(tickets.target[number])
        thing, outage = things[target], int(needs.outage[need]) if need != NONE else NONE
        asked = world.outages[outage].question if outage != NONE else thing.questions[number % len(thing.questions)]
        is_there = target < len(world.articles) and not (need != NONE and needs.is_missing[need])
        yield Problem(
            at=at,
            who=who,
            source=SOURCES[int(tickets.source[number])],
            question=asked,
            topic=_name(thing.topic),
            article=_name(world.articles[target].subject) if is_there else None,
            has_looked=need != NONE,
            visit=visits.get(f"ticket:{number}"),
        )


def _name(key: str | None) -> str | None:
    """Return what stands behind the colon of a name of the story."""
    return key.partition(":")[2] if key else None
