"""A reader who takes printed figures for what they are, sums known to a whole number, and solves for single answers.

Unlike `attacker` this one sets figures of different codes against each other (an index beside its dimensions, a
dimension beside its statements), and uses that answers are whole numbers from 1 to 5.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from surveys.groups import INDEX, named
from surveys.instrument import Instrument
from surveys.privacy.policy import Policy
from surveys.privacy.printing import HIGHEST, LOWEST, Printed, Side
from surveys.privacy.released import Released, Row, Score
from tests.surveys.privacy.attacker import People
from tests.surveys.privacy.random_waves import ITEMS, some_wave

Cell = tuple[int, str]
"""A person's place and an item: one answer."""
Form = dict[tuple[Cell, int], float]
"""What each answer adds, by the point it may be: 0 to 4."""
SMALL = 16
"""People in the waves that are solved: the smaller, the more follows."""
POINTS = range(5)
SLACK = 1e-4
"""More than the solver errs, less than one answer moves any figure."""


@dataclass(frozen=True)
class Puzzle:
    """All sums that the printed figures are, with the least and the most they may be."""

    instrument: Instrument
    released: Released
    people: People

    @cached_property
    def cells(self) -> list[Cell]:
        return [(place, code) for place, scored in enumerate(self.people.scored) for code in scored.turned]

    def _of_person(self, place: int, code: str) -> dict[Cell, float]:
        """Return a person's score, 0 to 100, as a sum over the answers."""
        scored = self.people.scored[place]
        if code in scored.turned:
            return {(place, code): 25.0}
        if code == INDEX:
            core = [each for each in self.instrument.rules.core if each in scored.dimensions]
            parts = [self._of_person(place, each) for each in core]
            return {cell: weight / len(core) for part in parts for cell, weight in part.items()}
        items = [item for item in self._items(code) if item in scored.turned]
        return {(place, item): 25.0 / len(items) for item in items}

    def _items(self, code: str) -> list[str]:
        return [item.code for item in self.instrument.dimension(code).items]

    def _mean(self, places: Sequence[int], code: str) -> Form:
        inside = [place for place in places if self.people.value(place, code) is not None]
        return {
            (cell, point): weight * point / len(inside)
            for place in inside
            for cell, weight in self._of_person(place, code).items()
            for point in POINTS
        }

    def _share(self, places: Sequence[int], codes: Sequence[str], points: Sequence[int]) -> Form:
        """Return the share of answers to these items that are at these points."""
        cells = [cell for cell in self.cells if cell[0] in set(places) and cell[1] in codes]
        return {(cell, point): 1 / len(cells) for cell in cells for point in points}

    def sums(self) -> Iterator[tuple[Form, float, float]]:
        """Yield every printed figure."""
        released = self.released
        rows: list[tuple[Row, list[int]]] = [(released.total, list(range(len(self.people.sheets))))]
        for table, of in ((released.units, "unit"), (released.second, "other")):
            for row in table.rows if table else ():
                inside = [p for p, sheet in enumerate(self.people.sheets) if named(getattr(sheet, of)) == row.name]
                rows.append((row, inside))
        for row, places in rows:
            yield from self._of_row(row, places)
        for cell in released.straight.without if released.straight else ():
            honest = [p for p, scored in enumerate(self.people.scored) if not scored.is_straight]
            yield from self._of_score(cell, honest)

    def _of_row(self, row: Row, places: Sequence[int]) -> Iterator[tuple[Form, float, float]]:
        for cell in row.scores:
            yield from self._of_score(cell, places)
        for item in row.items:
            if item.mean:
                yield self._mean(places, item.code), *mean_between(item.mean.value)
            yield self._share(places, [item.code], (3, 4)), *share_between(item.favourable.value)
            for point, n in enumerate(item.people or ()):
                yield self._share(places, [item.code], (point,)), n / item.n, n / item.n

    def _of_score(self, cell: Score, places: Sequence[int]) -> Iterator[tuple[Form, float, float]]:
        if cell.mean:
            yield self._mean(places, cell.code), *mean_between(cell.mean.value)
        if cell.favourable:
            yield self._share(places, self._items(cell.code), (3, 4)), *share_between(cell.favourable.value)

    def solved(self, targets: Sequence[Cell]) -> list[Cell]:
        """Return those answers for which only one point fits everything printed."""
        order = {cell: place for place, cell in enumerate(self.cells)}
        n_all = len(order) * len(POINTS)
        known = list(self.sums())
        matrix, low, high = np.zeros((len(known), n_all)), np.empty(len(known)), np.empty(len(known))
        for row, (form, least, most) in enumerate(known):
            low[row], high[row] = least - SLACK, most + SLACK
            for (cell, point), weight in form.items():
                matrix[row, order[cell] * len(POINTS) + point] = weight
        one_point = np.kron(np.eye(len(order)), np.ones(len(POINTS)))
        rules = [LinearConstraint(one_point, 1, 1)]
        if known:
            rules.append(LinearConstraint(matrix, low, high))
        return [target for target in targets if self._has_one_point(order[target], n_all, rules)]

    @staticmethod
    def _has_one_point(place: int, n_all: int, rules: Sequence[LinearConstraint]) -> bool:
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(n_all)
            goal[place * len(POINTS) : (place + 1) * len(POINTS)] = [sign * point for point in POINTS]
            # With presolve HiGHS calls some of these impossible although the true answers fit.
            found = milp(
                goal,
                constraints=rules,
                bounds=Bounds(0, 1),
                integrality=np.ones(n_all),
                options={"time_limit": 5, "presolve": False},
            )
            assert found.status in (0, 1), found.message
            if found.status == 1:
                return False
            ends.append(round(abs(found.fun)))
        return ends[0] == ends[1]


def mean_between(printed: Printed) -> tuple[float, float]:
    """Return between what a printed mean lies."""
    if printed.side is Side.MORE:
        return float(HIGHEST), 100.0
    if printed.side is Side.LESS:
        return 0.0, float(LOWEST)
    return printed.value - 0.5, printed.value + 0.5


def share_between(printed: Printed) -> tuple[float, float]:
    """Return between what a printed share lies."""
    if printed.side is Side.MORE:
        return printed.value, 1.0
    if printed.side is Side.LESS:
        return 0.0, printed.value
    return printed.value - 0.005, printed.value + 0.005


def tried(instrument: Instrument, n_tries: int, policy: Policy) -> tuple[int, list[str]]:
    """Try to solve for so many answers of random small waves, first of all those of who left something out."""
    n, seed = 0, 0
    solved: list[str] = []
    while n < n_tries:
        wave = some_wave(instrument, seed, policy)
        attack = wave.attack
        if len(attack.people.sheets) <= SMALL:
            found = Puzzle(instrument, attack.released, attack.people)
            draw = random.Random(seed)
            partial = [cell for cell in found.cells if len(attack.people.scored[cell[0]].turned) < len(ITEMS)]
            targets = [cell for cells in (partial, found.cells) for cell in draw.sample(cells, min(3, len(cells)))]
            solved += [f"seed {seed}: {code} of person {place}" for place, code in found.solved(targets)]
            n += len(targets)
        seed += 1
    return n, solved
