"""What happens in a simulation, collected kind by kind and then put in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.arrivals import Ints, Needs, Span, Times
from analytics.columns import NONE, Coded, Columns
from analytics.events import Name
from analytics.world import World


@dataclass
class Script:
    """Collects facts; each belongs to a need, and is its person's unless it says whose."""

    name: list[Name] = field(default_factory=list)
    need: list[Ints] = field(default_factory=list)
    at: list[Times] = field(default_factory=list)
    subject: list[Ints] = field(default_factory=list)
    who: list[Ints] = field(default_factory=list)
    props: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        name: Name,
        need: Ints,
        at: Times,
        props: Sequence[dict[str, Any]],
        subject: Ints | None = None,
        who: Ints | None = None,
    ) -> None:
        """Add facts of one name; `subject` is a place among the texts that `columns` is given."""
        self.name += [name] * len(need)
        self.need.append(need)
        self.at.append(at)
        self.subject.append(np.full(len(need), NONE) if subject is None else subject)
        self.who.append(np.full(len(need), NONE) if who is None else who)
        self.props += props

    def columns(self, world: World, needs: Needs, span: Span, subjects: Sequence[str]) -> Columns:
        """Put everything in order of time, cut off at the end of the span."""
        at, need, who = np.concatenate(self.at), np.concatenate(self.need), np.concatenate(self.who)
        person = np.where(who != NONE, who, needs.person[need])
        ends = np.array([span.place(p.left_on) if p.left_on else len(span.days) for p in world.people], dtype=np.int64)
        last = np.append(span.midnights, span.until)[ends]
        order = np.argsort(at, kind="stable")
        order = order[at[order] <= last[person[order]]]
        at, need, who, person = at[order], need[order], who[order], person[order]
        subject = np.concatenate(self.subject)[order]
        day = (at - span.midnights[0]) // np.timedelta64(1, "D")
        # A visit lasts as long as a need, and a morning or an afternoon; what a second person does is their own.
        day = np.where(who != NONE, day, needs.day[need])
        afternoon = (at - span.midnights[needs.day[need]]) > np.timedelta64(12, "h")
        visit = (person * len(span.days) + day) * 2 + afternoon
        topics = topics_of(world)
        n_things = len(world.articles) + len(world.outages)
        about = np.where(
            (subject != NONE) & (subject < n_things), _topic_of_subject(world, subject), needs.target[need]
        )
        return Columns(
            at=at,
            name=Coded.of([self.name[i] for i in order.tolist()]),
            visitor=_looked_up([p.key for p in world.people], person),
            actor_kind=_looked_up([p.kind for p in world.people], person),
            department=_looked_up([p.department for p in world.people], person),
            site=_looked_up([p.site for p in world.people], person),
            subject=_looked_up(subjects, subject),
            topic=_looked_up(topics, about),
            visit=Coded.of([f"v{number:07x}" for number in visit.tolist()]),
            props=[self.props[i] for i in order.tolist()],
        )


def topics_of(world: World) -> list[str | None]:
    """Return the topics of the articles, of what is missing and of the outages, in that order."""
    of_outages = [outage.topic for outage in world.outages]
    return [*(article.topic for article in world.articles), *(gap.topic for gap in world.missing), *of_outages]


def _topic_of_subject(world: World, subject: Ints) -> Ints:
    """Return the place of a subject among `topics_of`: outages stand behind what is missing there."""
    n_articles = len(world.articles)
    return np.where(subject < n_articles, subject, subject + len(world.missing))


def _looked_up(texts: Sequence[str | None], places: NDArray[np.int64]) -> Coded:
    """Code a column whose texts are found by place; NONE stays nothing."""
    own = Coded.of(texts)
    codes = np.append(own.codes, np.int32(NONE))  # place -1 is the last, which is nothing
    return Coded(codes[places], own.labels)
