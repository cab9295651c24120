"""Waves by chance: small groups, empty ones, sheets without a group, items left out, straight lines, one opinion."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from surveys.groups import Headcount, named
from surveys.instrument import Instrument
from surveys.privacy.gate import Before, release
from surveys.privacy.policy import Policy
from surveys.privacy.released import Released
from surveys.reading import WaveReading, read_wave
from surveys.scoring import Sheet
from tests.surveys.privacy.attacker import Attack, People

ITEMS = ("VA1", "VA2", "VA3R", "SO1", "SO2", "SO3R")
SIZES = (1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 14, 31)


def some_sheets(draw: random.Random) -> list[Sheet]:
    """Return the sheets of one wave."""
    left_out = draw.choice((0.0, 0.0, 0.05, 0.3))
    straight = draw.choice((0.0, 0.1, 0.25, 0.6))
    sites = [f"s{i}" for i in range(draw.choice((1, 2, 2, 3)))]
    sheets: list[Sheet] = []
    for unit in range(draw.randint(1, 6)):
        agreed = draw.choice((None, None, None, 1, 5))
        name = draw.choice(("", f"u{unit}", f"u{unit}", f"u{unit}", f"u{unit}"))
        home = draw.choice(sites)
        for _person in range(draw.choice(SIZES)):
            answers = {code: agreed or draw.randint(1, 5) for code in ITEMS if draw.random() >= left_out}
            if draw.random() < straight:
                point = draw.randint(1, 5)
                answers = dict.fromkeys(answers, point)
            other = home if draw.random() < 0.7 else draw.choice(sites)
            sheets.append(Sheet(answers=answers, unit=name, other=other))
    draw.shuffle(sheets)
    return sheets


def next_sheets(draw: random.Random, sheets: list[Sheet]) -> list[Sheet]:
    """Return another wave among much the same people: some have left, some have come, all have answered anew."""
    stayed = [sheet for sheet in sheets if draw.random() > 0.15]
    stayed += [replace(draw.choice(sheets)) for _new in range(draw.choice((0, 0, 1, 4)))]
    return [
        replace(sheet, answers={code: draw.randint(1, 5) for code in sheet.answers} or {"VA1": 3}) for sheet in stayed
    ]


def some_roster(draw: random.Random, sheets: list[Sheet]) -> dict[str, Headcount] | None:
    """Return headcounts of the units that answered and of one that did not, or none at all."""
    if draw.random() < 0.3:
        return None
    found = {}
    for unit in sorted({named(sheet.unit) for sheet in sheets} - {""}):
        n = sum(named(sheet.unit) == unit for sheet in sheets)
        found[unit] = Headcount(eligible=n + draw.choice((0, 1, 5, 20)), delivered=n + draw.choice((0, 3)))
    return found | {"empty": Headcount(eligible=7, delivered=7)}


@dataclass(frozen=True)
class RandomWave:
    """One wave with all that an attacker may know of it."""

    reading: WaveReading
    attack: Attack

    @property
    def before(self) -> Before:
        return Before(self.reading, self.attack.released)


def read_and_release(
    instrument: Instrument, draw: random.Random, sheets: list[Sheet], policy: Policy, before: Before | None = None
) -> RandomWave:
    roster = some_roster(draw, sheets)
    reading = read_wave(instrument, sheets, asked=ITEMS, roster=roster)
    released = release(instrument, reading, policy, before=before)
    headcounts = {unit: line.eligible for unit, line in (roster or {}).items()}
    return RandomWave(reading, Attack(released, People.of(instrument, sheets), headcounts))


def some_wave(instrument: Instrument, seed: int, policy: Policy) -> RandomWave:
    draw = random.Random(seed)
    return read_and_release(instrument, draw, some_sheets(draw), policy)


@dataclass
class Outcome:
    """What came of attacking many waves."""

    leaks: list[str] = field(default_factory=list)
    n_waves: int = 0
    n_second: int = 0
    n_refused: int = 0
    n_without_straight: int = 0
    n_weighted: int = 0
    n_changes: int = 0

    def count(self, released: Released) -> None:
        self.n_waves += 1
        self.n_second += released.second is not None
        self.n_refused += released.is_second_refused
        self.n_without_straight += bool(released.straight and released.straight.without)
        self.n_weighted += any(score.weighted for score in released.total.scores)
        self.n_changes += any(score.since for row in released.units.rows for score in row.scores)


def attacked(instrument: Instrument, seeds: Iterable[int], policy: Policy) -> Outcome:
    """Attack two waves a seed: one, and the next among much the same people with the first in hand."""
    found = Outcome()
    for seed in seeds:
        draw = random.Random(seed)
        sheets = some_sheets(draw)
        first = read_and_release(instrument, draw, sheets, policy)
        second = read_and_release(instrument, draw, next_sheets(draw, sheets), policy, first.before)
        for attack, earlier in ((first.attack, None), (second.attack, first.attack)):
            found.count(attack.released)
            for code in attack.codes():
                if people := attack.made_out(code, least=policy.least, before=earlier):
                    found.leaks.append(f"seed {seed}, {code}: something follows about {len(people)} people")
    return found
