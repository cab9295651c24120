"""Waves by chance: small groups, empty ones, sheets without a group, items left out, straight lines, one opinion."""

from __future__ import annotations

import random
from dataclasses import replace

from surveys.groups import Headcount, named
from surveys.instrument import Instrument
from surveys.scoring import Sheet

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


def asked_of(instrument: Instrument) -> list[str]:
    return [item.code for item in instrument.items if item.code in ITEMS]
