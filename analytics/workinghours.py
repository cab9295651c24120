"""Time as a service desk counts it: only while somebody is there, and not while it waits for an answer.

Hours are said in local time and reckoned in real time, so that four hours stay four hours over both Sundays on which
clocks are changed. A local time that comes twice means its first coming; one that is skipped means the moment of the
leap. Spans that touch therefore never overlap, and a night shift has 7, 8 or 9 hours as its people do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOTHING = timedelta(0)
DAY = timedelta(days=1)
FAR = 366 * 3
"""So many closed days in a row are a mistake in the calendar, not a holiday."""

Span = tuple[datetime, datetime]


class NeverOpen(ValueError):
    """Nobody works in these hours, for years on end: no promise can be reckoned."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of waiting for somebody else; without an end it is still going on."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class WorkingHours:
    """A week of hours in minutes after midnight, the days off, and the time zone both are meant in."""

    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date]
    zone: ZoneInfo
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(
        cls, week: Sequence[Sequence[Sequence[str]]], holidays: Iterable[date] = (), *, timezone: str = "UTC"
    ) -> WorkingHours:
        """Make hours of seven days from Monday, each a list of spans such as `["09:00", "17:00"]`.

        Raises ValueError with a sentence that names the day; a span over midnight is written as two.

        >>> hours = WorkingHours.read([[["09:00", "17:00"]]] * 5 + [[], []], timezone="Europe/Berlin")
        >>> friday = datetime(2026, 3, 6, 16, tzinfo=hours.zone)
        >>> hours.add(friday, timedelta(hours=4)).astimezone(hours.zone).strftime("%a %H:%M")
        'Mon 12:00'
        """
        try:
            zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError) as problem:
            raise ValueError(f"There is no time zone {timezone}.") from problem
        if len(week) != len(DAYS):
            raise ValueError(f"A week has seven days, not {len(week)}.")
        return cls(tuple(_spans(day, spans) for day, spans in zip(DAYS, week, strict=True)), frozenset(holidays), zone)

    def on(self, day: date) -> tuple[Span, ...]:
        """Return the stretches worked on a local day, as instants."""
        known = self._known.get(day)
        if known is None:
            spans = () if day in self.holidays else self.week[day.weekday()]
            known = tuple((self._instant(day, begin), self._instant(day, end)) for begin, end in spans)
            self._known[day] = known
        return known

    def is_open(self, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self.on(at.astimezone(self.zone).date()))

    def add(self, at: datetime, work: timedelta) -> datetime:
        """Return the first instant by which so much has been worked since `at`; at once for no work at all."""
        if work < NOTHING:
            raise ValueError("work cannot be taken back")
        at = at.astimezone(UTC)  # within one zone Python reckons by the wall, here and below
        if not work:
            return at
        for begin, end in self._from(at):
            worked = end - max(begin, at)
            if worked >= work:
                return max(begin, at) + work
            work -= worked
        raise NeverOpen("Nobody works in these hours.")

    def between(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Return how much was worked from one instant to another, less what was worked during pauses."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        worked = self._worked(start, end)
        for begin, until in _merged(pauses):
            worked -= self._worked(max(start, begin), end if until is None else min(end, until))
        return worked

    def due(self, start: datetime, work: timedelta, pauses: Iterable[Pause] = ()) -> datetime | None:
        """Return when so much will have been worked since `start`, the clock standing still in pauses.

        None while a pause is going on: nobody can say yet.
        """
        start = start.astimezone(UTC)
        for begin, until in _merged(pauses):
            if until is not None and until <= start:
                continue
            worked = self._worked(start, begin)
            if work and worked >= work:
                break
            if until is None:
                return None
            work -= worked
            start = max(start, until)
        return self.add(start, work)

    def _worked(self, start: datetime, end: datetime) -> timedelta:
        worked = NOTHING
        if start >= end:
            return worked
        for begin, until in self._from(start):
            if begin >= end:
                break
            worked += min(until, end) - max(begin, start)
        return worked

    def _from(self, at: datetime) -> Iterator[Span]:
        """Give the stretches worked that end after this instant, one after the other."""
        day = at.astimezone(self.zone).date() - DAY
        closed = 0
        while closed <= FAR:
            spans = self.on(day)
            closed = 0 if spans else closed + 1
            for begin, end in spans:
                if end > max(begin, at):
                    yield begin, end
            day += DAY

    def _instant(self, day: date, minutes: int) -> datetime:
        day, minutes = day + DAY * (minutes // 1440), minutes % 1440
        local = datetime.combine(day, time(minutes // 60, minutes % 60), self.zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return instant
        # The clock leaps over this time. The leap lies between what the two offsets around it make of it.
        early, late = local.replace(fold=1).astimezone(UTC), instant
        before = early.astimezone(self.zone).utcoffset()
        while late - early > timedelta(seconds=1):
            middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
            if middle.astimezone(self.zone).utcoffset() == before:
                early = middle
            else:
                late = middle
        return late


def _spans(day: str, spans: Sequence[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    found = []
    for span in spans:
        try:
            begin, end = (_minutes(text) for text in span)
        except ValueError as problem:
            raise ValueError(
                f"{day}: hours are written as 09:00 to 17:00, not {' to '.join(map(str, span))}."
            ) from problem
        if begin >= end:
            raise ValueError(f"{day}: {span[0]} to {span[1]} ends before it begins; over midnight, write two.")
        found.append((begin, end))
    found.sort()
    for (_, end), (begin, _) in pairwise(found):
        if begin < end:
            raise ValueError(f"{day}: hours overlap.")
    return tuple(found)


def _minutes(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if not colon or len(minutes) != 2 or not (hours + minutes).isascii() or not (hours + minutes).isdigit():
        raise ValueError(text)
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 1440:
        raise ValueError(text)
    return total


def _merged(pauses: Iterable[Pause]) -> list[tuple[datetime, datetime | None]]:
    """Put pauses that overlap or touch together, in order; one without an end swallows all that follow."""
    merged: list[tuple[datetime, datetime | None]] = []
    utc = [Pause(each.start.astimezone(UTC), each.end.astimezone(UTC) if each.end else None) for each in pauses]
    for pause in sorted(utc, key=lambda each: each.start):
        if merged:
            begin, until = merged[-1]
            if until is None:
                break
            if pause.start <= until:
                merged[-1] = (begin, None if pause.end is None else max(until, pause.end))
                continue
        merged.append((pause.start, pause.end))
    return merged
