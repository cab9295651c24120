"""The first half of the simulation: who comes, when, and with what problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.calendars import demand, is_month_end
from analytics.columns import NONE
from analytics.world import Article, Habits, Missing, Outage, World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Times = NDArray[np.datetime64]


def later(at: Times | np.datetime64, seconds: Ints | np.int64 | int) -> Times:
    """Return the instants so many seconds after these."""
    moved: Times = at + np.asarray(seconds) * np.timedelta64(1_000_000, "us")
    return moved


class Span:
    """The days that are acted out, in the organisation's own time zone, ending with the day of `until`."""

    def __init__(self, *, weeks: int, timezone: str, until: datetime) -> None:
        self._zone = ZoneInfo(timezone)
        self.until = _instant(until)
        last = until.astimezone(self._zone).date()
        monday = last - timedelta(days=last.weekday() + 7 * weeks)
        self.days = [monday + timedelta(days=n) for n in range((last - monday).days + 1)]
        # Twelve hours before noon: on the two Sundays when clocks change, office hours stay office hours.
        noons = [_instant(datetime.combine(day, time(12), self._zone)) for day in self.days]
        self.midnights: Times = later(np.array(noons), np.int64(-12 * 3600))

    def place(self, day: date) -> int:
        """Return the place of a day, or the nearest end; the number of days stands for "after the end"."""
        return max(0, min(len(self.days), (day - self.days[0]).days))

    def place_of(self, at: datetime) -> int:
        """Return the place of the local day of an instant."""
        return self.place(at.astimezone(self._zone).date())


@dataclass(frozen=True)
class Needs:
    """Every need of a play, in order of time; people and targets are named by their place in the world."""

    person: Ints
    day: Ints
    at: Times
    target: Ints
    """Place among the articles, then among what is missing."""
    outage: Ints
    """Place among the outages that brought them here, or NONE."""
    is_missing: Marks
    """Nothing answers it: nobody wrote of it, or not yet on that day."""
    experience: Ints
    """How many needs the person had before."""

    def __len__(self) -> int:
        return len(self.person)


def arrive(world: World, habits: Habits, span: Span, rng: np.random.Generator) -> tuple[Needs, Ints]:
    """Draw all needs, and for each person the place of the first day they know the portal."""
    known_from = _known_from(world, habits, span, rng)
    counts = rng.poisson(expected_rates(world, span, known_from))
    person, day = (axis.repeat(counts[counts > 0]) for axis in np.nonzero(counts))
    at = later(span.midnights[day], _time_of_day(len(day), habits, rng))
    target = _what_they_need(world, person, rng)
    outage = np.full(len(day), NONE, dtype=np.int64)
    for place, trouble in enumerate(world.outages):
        answers = _answers(world, trouble.topic)
        has_answer = np.array([bool(own) for own in answers], dtype=np.bool_)
        extra, times = _surge(world, trouble, span, known_from, rng, has_answer=has_answer)
        person, at = np.concatenate([person, extra]), np.concatenate([at, times])
        day = np.concatenate([day, np.full(len(extra), span.place_of(trouble.starts_at))])
        target = np.concatenate([target, _about(answers, extra, rng)])
        outage = np.concatenate([outage, np.full(len(extra), place)])
    order = np.argsort(at, kind="stable")
    person, day, target = person[order], day[order], target[order]
    needs = Needs(
        person=person,
        day=day,
        at=at[order],
        target=target,
        outage=outage[order],
        is_missing=_is_missing(world, span, target, day),
        experience=nth_of_its_kind(person),
    )
    return needs, known_from


def straight(
    world: World, habits: Habits, span: Span, rng: np.random.Generator, *, known_from: Ints
) -> tuple[Ints, Times, Ints]:
    """Draw who asks the desk without having looked here, when and about what: most of them do not know the portal."""
    everybody = np.array([span.place(p.joined_on) if p.joined_on else 0 for p in world.people], dtype=np.int64)
    share = np.where(np.arange(len(span.days)) < known_from[:, None], habits.goes_straight, habits.still_straight)
    # A campaign brings more here; it sends nobody more often to the desk.
    counts = rng.poisson(expected_rates(replace(world, campaigns=()), span, everybody) * share)
    person, day = (axis.repeat(counts[counts > 0]) for axis in np.nonzero(counts))
    at = later(span.midnights[day], _time_of_day(len(day), replace(habits, evenings=0.0), rng))
    return person, at, _what_they_need(world, person, rng)


def _known_from(world: World, habits: Habits, span: Span, rng: np.random.Generator) -> Ints:
    """Draw when people get to know the portal: some at once, the others along an S-curve, a few never."""
    n, n_days = len(world.people), len(span.days)
    is_early = rng.random(n) < habits.early_adopters
    late = rng.logistic(0.45 * n_days, 0.12 * n_days, n).clip(0, n_days)
    joined = np.array([span.place(p.joined_on) if p.joined_on else 0 for p in world.people], dtype=np.int64)
    known_from = np.maximum(np.where(is_early, 0, late).astype(np.int64), joined)
    known_from[[not person.comes for person in world.people]] = n_days
    return known_from


def expected_rates(world: World, span: Span, known_from: Ints) -> Floats:
    """Return the needs to expect of each person on each day; none where there is nothing to ask for."""
    if not (world.articles or world.missing):
        return np.zeros((len(world.people), len(span.days)))
    day_rates = np.array([demand(day, world.closed) for day in span.days]) / 5.0
    rates = np.outer([p.activity for p in world.people], day_rates)
    rates[np.arange(len(span.days)) < known_from[:, None]] = 0.0
    for row, person in enumerate(world.people):
        if person.left_on:
            rates[row, span.place(person.left_on) :] = 0.0
    month_end = np.array([is_month_end(day) for day in span.days])
    departments = np.array([p.department for p in world.people])
    for department, factor in world.month_end.items():
        rates[np.ix_(departments == department, month_end)] *= factor
    for campaign in world.campaigns:
        start = span.place(campaign.starts_on)
        rates[departments == campaign.department, start : start + 7 * campaign.weeks] *= campaign.lift
    return rates


def _time_of_day(n: int, habits: Habits, rng: np.random.Generator) -> Ints:
    """Draw seconds after local midnight: two humps in office hours, a few in the evening."""
    morning = rng.normal(9.9, 0.9, n).clip(8.0, 12.4)
    afternoon = rng.normal(14.3, 1.2, n).clip(12.5, 17.9)
    evening = rng.normal(20.0, 0.8, n).clip(18.5, 22.5)
    hours = np.where(rng.random(n) < 0.55, morning, afternoon)
    hours = np.where(rng.random(n) < habits.evenings, evening, hours)
    return (hours * 3600).astype(np.int64)


def _what_they_need(world: World, person: Ints, rng: np.random.Generator) -> Ints:
    """Draw what each need is about, for all people of the same belongings at once."""
    things: tuple[Article | Missing, ...] = (*world.articles, *world.missing)
    target = np.zeros(len(person), dtype=np.int64)
    belongings = [(p.department, *sorted(p.groups)) for p in world.people]
    kinds = sorted(set(belongings))
    kind = np.array([kinds.index(own) for own in belongings])[person]
    for place, own in enumerate(kinds):
        rows = np.flatnonzero(kind == place)
        if not len(rows):
            continue
        weights = np.array([_weight(world, thing, own) for thing in things])
        target[rows] = rng.choice(len(things), len(rows), p=weights / weights.sum())
    return target


def _weight(world: World, thing: Article | Missing, belongings: tuple[str, ...]) -> float:
    if thing.audience is not None and thing.audience.isdisjoint(belongings):
        return 0.0
    topic = thing.topic if isinstance(thing, Article) else ""
    return thing.demand * world.leaning.get((belongings[0], topic), 1.0)


def _surge(
    world: World, trouble: Outage, span: Span, known_from: Ints, rng: np.random.Generator, *, has_answer: Marks
) -> tuple[Ints, Times]:
    """Draw who comes because of an outage, and when: most of them soon. Whom no article could answer stays away."""
    day = span.place_of(trouble.starts_at)
    is_here = np.array([p.left_on is None or span.place(p.left_on) > day for p in world.people], dtype=np.bool_)
    comes = np.flatnonzero(is_here & (known_from <= day) & (rng.random(len(is_here)) < trouble.reach) & has_answer)
    minutes = rng.exponential(trouble.minutes / 4, len(comes)).clip(0, trouble.minutes - 1)
    return comes, later(_instant(trouble.starts_at), (minutes * 60).astype(np.int64))


def _answers(world: World, topic: str) -> list[list[int]]:
    """Return, for each person, the places of the articles of a topic that they may see."""
    of_topic = [(place, article.audience) for place, article in enumerate(world.articles) if article.topic == topic]
    return [
        [place for place, who in of_topic if who is None or not who.isdisjoint((person.department, *person.groups))]
        for person in world.people
    ]


def _about(answers: list[list[int]], person: Ints, rng: np.random.Generator) -> Ints:
    """Draw what each of them looks for, among what they may see."""
    draws = zip(person.tolist(), rng.random(len(person)).tolist(), strict=True)
    return np.array([answers[who][int(draw * len(answers[who]))] for who, draw in draws], dtype=np.int64)


def _is_missing(world: World, span: Span, target: Ints, day: Ints) -> Marks:
    published = [span.place(a.published_on) if a.published_on else 0 for a in world.articles]
    never = [len(span.days)] * len(world.missing)
    return np.asarray(day < np.array(published + never, dtype=np.int64)[target])


def nth_of_its_kind(*keys: Ints) -> Ints:
    """Count, for each row, the earlier rows with the same keys.

    >>> nth_of_its_kind(np.array([7, 3, 7, 7, 3])).tolist()
    [0, 0, 1, 2, 1]
    """
    n = len(keys[0])
    order = np.lexsort(keys[::-1])
    changes = np.zeros(n, dtype=np.bool_)
    changes[:1] = True
    for key in keys:
        changes[1:] |= key[order][1:] != key[order][:-1]
    starts = np.maximum.accumulate(np.where(changes, np.arange(n), 0))
    nth = np.empty(n, dtype=np.int64)
    nth[order] = np.arange(n) - starts
    return nth


def _instant(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
