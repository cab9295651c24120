"""Sheets, groups and waves for tests of surveys."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from surveys.groups import Group, Headcount, Ticks
from surveys.instrument import Instrument
from surveys.loading import load
from surveys.reading import WaveReading, read_wave
from surveys.scoring import Sheet
from surveys.tally import Tally

PULSE = load("pulse-1")
W1 = Tally.of([50, 42, 58, 67, 33, 75, 50, 58, 42, 67, 25, 58])
W2 = Tally.of([67, 58, 75, 83, 50, 67, 75, 92, 58, 67])


def ticking(level: int, *codes: str) -> dict[str, int]:
    """Return raw answers that all say `level` once turned."""
    return {item.code: 6 - level if item.is_reversed else level for item in PULSE.items if item.dimension in codes}


def sheet(level: int = 4, *codes: str, unit: str = "", **answers: int | None) -> Sheet:
    """Return a sheet that says `level` throughout these dimensions; single raw answers by name, None to leave out."""
    raw: dict[str, int | None] = {**ticking(level, *(codes or ("VA", "SO", "IN"))), **answers}
    return Sheet(answers={code: tick for code, tick in raw.items() if tick is not None}, unit=unit)


def read(sheets: Sequence[Sheet], **options: object) -> WaveReading:
    return read_wave(PULSE, sheets, **options)  # type: ignore[arg-type]


def heads(**people: int) -> dict[str, Headcount]:
    """Return a roster in which everybody was reached."""
    return {unit: Headcount(eligible=n, delivered=n) for unit, n in people.items()}


def scores(mean: float, sd: float, n: int) -> Tally:
    """Return n scores, an even number, with just this mean and deviation."""
    step = sd * ((n - 1) / n) ** 0.5
    return Tally.of([mean - step] * (n // 2) + [mean + step] * (n // 2))


def group(
    name: str,
    *,
    scored: Mapping[str, Tally] | None = None,
    items: Mapping[str, Sequence[int]] | None = None,
    eligible: int | None = None,
    valid: int | None = None,
    delivered: int | None = None,
) -> Group:
    """Return a group made by hand: of each dimension its scores, of each item how many ticked what, turned."""
    scored = dict(scored or {})
    n = valid if valid is not None else max((tally.n for tally in scored.values()), default=0)
    known = None if eligible is None else Headcount(eligible=eligible, delivered=delivered or eligible)
    return Group(
        name=name,
        rows=n,
        valid=n,
        headcount=known,
        index=scored.pop("index", Tally()),
        dimensions=scored,
        items={code: Ticks(tuple(people)) for code, people in (items or {}).items()},
    )


def believable(n: int, *, seed: int, instrument: Instrument = PULSE, stage: str = "use") -> list[Sheet]:
    """Return sheets of people who have a mood each, so that their answers go together."""
    draw = random.Random(seed)
    found = []
    for _ in range(n):
        mood = draw.gauss(3.4, 0.9)
        answers = {}
        for item in instrument.asked_at(stage):
            if draw.random() < 0.04:
                continue
            said = min(5, max(1, round(draw.gauss(mood, 0.8))))
            answers[item.code] = 6 - said if item.is_reversed else said
        found.append(Sheet(answers=answers, unit=draw.choice(("Design", "Finance", "HR", "Sales"))))
    return found
