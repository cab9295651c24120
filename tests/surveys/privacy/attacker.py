"""A reader who knows who belongs to which group, and works out from what is released all that follows.

Every released figure of one code is a sum over people, hence a linear form over them. What can be worked out exactly
is the span of these forms; nobody can be made out when no form in it, nought aside, is about fewer than m people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any

import numpy as np

from surveys.groups import INDEX, named
from surveys.instrument import Instrument
from surveys.privacy.released import Mean, Released, Row, Score, Share, Since, StraightLined, Table
from surveys.scoring import Scored, Sheet, score

TOLERANCE = 1e-9


def derivable(forms: Sequence[Sequence[float]], people: Sequence[int], *, least: int) -> tuple[int, ...] | None:
    """Return atoms of fewer than `least` people together about whom something follows; None when there are none.

    A form about some atoms only lies in the span exactly when it is at right angles to everything the forms are at
    right angles to: when the rows of a basis of their null space, taken at these atoms, depend on each other.

    >>> total, shown = [1, 1, 1], [0, 0, 1]
    >>> derivable([total, shown], [4, 6, 12], least=5) is None
    True
    >>> derivable([total, shown, [0, 1, 0]], [4, 6, 12], least=5)
    (0,)
    """
    small = [atom for atom, n in enumerate(people) if 0 < n < least]
    if not forms or not small:
        return None
    matrix = np.asarray(forms, dtype=float)
    matrix = matrix / np.abs(matrix).max(axis=1, keepdims=True)
    _left, sizes, right = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > TOLERANCE * max(matrix.shape) * sizes[0]).sum())
    unseen = right[rank:].T
    weights = np.asarray(people)
    for size in range(1, least):
        chosen = np.array(list(combinations(small, size)), dtype=int).reshape(-1, size)
        chosen = chosen[weights[chosen].sum(axis=1) < least]
        if not len(chosen):
            break
        if size > unseen.shape[1]:
            return tuple(int(atom) for atom in chosen[0])
        rows = unseen[chosen]
        smallest = np.linalg.eigvalsh(rows @ rows.transpose(0, 2, 1))[:, 0]
        if (smallest < TOLERANCE).any():
            return tuple(int(atom) for atom in chosen[int(smallest.argmin())])
    return None


@dataclass(frozen=True)
class View:
    """One released figure: what it is, the weight of every person in it, and what it says."""

    name: str
    weights: Mapping[int, float]
    """By person's place; who is not in it weighs nothing."""
    value: float | None
    """The mean, where it is one."""


@dataclass(frozen=True)
class People:
    """Who answered, as the attacker knows them: their groups, and whose answers count in what."""

    sheets: Sequence[Sheet]
    scored: Sequence[Scored]

    @classmethod
    def of(cls, instrument: Instrument, sheets: Sequence[Sheet]) -> People:
        asked = {code for sheet in sheets for code in sheet.answers}
        return cls(sheets, [score(instrument, asked, sheet.answers) for sheet in sheets])

    def value(self, place: int, code: str) -> float | None:
        """Return what a person's answers say of a code."""
        person = self.scored[place]
        if code == INDEX:
            return person.index
        if code in person.turned:
            return (person.turned[code] - 1) * 25.0
        return person.dimensions.get(code)

    def having(self, code: str) -> list[int]:
        return [place for place in range(len(self.sheets)) if self.value(place, code) is not None]


KNOWN_OF_SCORE = {"code", "n", "mean", "band", "favourable", "bands", "weighted", "since"}
KNOWN_OF_ITEM = {"code", "n", "mean", "favourable", "people"}
KNOWN_OF_ROW = {"name", "state", "n", "eligible", "delivered", "scores", "items", "barrier", "is_new", "comments"}
KNOWN = {
    *("version", "wave", "instrument", "digest", "stage", "asked", "dimensions", "policy", "total", "units", "second"),
    *("is_second_refused", "is_response_low", "is_response_apart", "not_on_roster", "unweighted", "straight"),
    *("reliability", "drivers", "compared", "flaws"),
}
"""Every field the attacker has thought of; a new one fails the test until its form stands below."""


def unknown_fields() -> set[str]:
    """Return what is released and nobody has thought of."""
    from surveys.privacy.released import ItemScore

    known = {Score: KNOWN_OF_SCORE, ItemScore: KNOWN_OF_ITEM, Row: KNOWN_OF_ROW, Released: KNOWN}
    known |= {Table: {"rows", "n_hidden"}, StraightLined: {"n", "share", "without"}}
    known |= {Mean: {"value", "low", "high"}, Share: {"value", "low", "high"}}
    known |= {Since: {"strength", "is_rise", "is_notable", "difference", "low", "high", "g", "p", "p_by"}}
    return {f"{kind.__name__}.{each.name}" for kind, names in known.items() for each in fields(kind)} - {
        f"{kind.__name__}.{name}" for kind, names in known.items() for name in names
    }


def views(released: Released, people: People, code: str, headcounts: Mapping[str, int]) -> Iterator[View]:
    """List every figure of one code that page, file, print and API give."""
    everybody = people.having(code)

    def among(name: str, places: Iterable[int], mean: Mean | None) -> View:
        chosen = list(places)
        return View(name, dict.fromkeys(chosen, 1 / max(1, len(chosen))), mean.value.value if mean else None)

    def told(row: Row) -> Iterator[tuple[str, Mean | None]]:
        for cell in (each for each in row.scores if each.code == code and each.mean):
            yield "mean", cell.mean
            yield from ((kind, None) for kind in ("favourable", "bands") if getattr(cell, kind) is not None)
        for item in (each for each in row.items if each.code == code):
            if item.mean:
                yield "mean", item.mean
            yield "favourable", None
            if item.people is not None:
                yield "people", None

    for kind, mean in told(released.total):
        yield among(f"{kind} of everybody", everybody, mean)
    for table, of in ((released.units, "unit"), (released.second, "other")):
        for row in table.rows if table else ():
            inside = [place for place in everybody if named(getattr(people.sheets[place], of)) == row.name]
            for kind, mean in told(row):
                yield among(f"{kind} of {of} {row.name!r}", inside, mean)
    for cell in (each for each in released.total.scores if each.code == code and each.weighted):
        assert cell.weighted is not None
        yield _weighted(released, people, code, headcounts, cell.weighted)
    for cell in released.straight.without if released.straight else ():
        if cell.code == code and cell.mean:
            yield among(
                "mean without straight lines",
                [place for place in everybody if not people.scored[place].is_straight],
                cell.mean,
            )


def _weighted(released: Released, people: People, code: str, headcounts: Mapping[str, int], mean: Mean) -> View:
    """Units without a figure of this code are one stratum."""
    untold = {row.name for row in released.units.rows if row.n != 0 and row.score(code) is None}
    untold -= {row.name for row in released.units.rows for cell in row.scores if cell.code == code and cell.n == 0}
    strata: dict[str, list[int]] = {}
    for place in people.having(code):
        unit = named(people.sheets[place].unit)
        if unit in untold:
            strata.setdefault("\x00hidden", []).append(place)
        elif headcounts.get(unit):
            strata.setdefault(unit, []).append(place)
    hidden = sum(headcounts.get(unit, 0) for unit in untold)
    sizes = {name: hidden if name == "\x00hidden" else headcounts[name] for name in strata}
    sizes = {name: n for name, n in sizes.items() if n}
    weights = {
        place: n / sum(sizes.values()) / len(strata[name]) for name, n in sizes.items() for place in strata[name]
    }
    return View("weighted mean of everybody", weights, mean.value.value)


def changes(released: Released, code: str) -> Iterator[str]:
    """List the units, and everybody (None), whose change since the wave before is told."""
    for row in (released.total, *released.units.rows):
        if any(cell.code == code and cell.since for cell in row.scores):
            yield "everybody" if row is released.total else f"unit {row.name!r}"


@dataclass(frozen=True)
class Attack:
    """What one reader has: a wave as released, perhaps the wave before, and who is who."""

    released: Released
    people: People
    headcounts: Mapping[str, int]

    def codes(self) -> list[str]:
        return [INDEX, *self.released.dimensions, *self.released.asked]

    def made_out(self, code: str, *, least: int, before: Attack | None = None) -> tuple[int, ...] | None:
        """Return places of people of whom something follows, fewer than `least`."""
        found = list(views(self.released, self.people, code, self.headcounts))
        offset = len(self.people.sheets)
        rows = [dict(view.weights) for view in found]
        n_people = offset
        if before is not None:
            earlier = list(views(before.released, before.people, code, before.headcounts))
            rows += [{offset + place: weight for place, weight in view.weights.items()} for view in earlier]
            n_people += len(before.people.sheets)
            now = {view.name: view.weights for view in found}
            then = {view.name: view.weights for view in earlier}
            for whom in changes(self.released, code):
                # A change stands where one wave hides the cell: then it is as good as the cell.
                name = f"mean of {whom}"
                inside = self._inside(whom, code)
                was = before._inside(whom, code)
                rows.append(
                    dict(now.get(name) or dict.fromkeys(inside, 1 / max(1, len(inside))))
                    | {
                        offset + place: -weight
                        for place, weight in (then.get(name) or dict.fromkeys(was, 1 / max(1, len(was)))).items()
                    }
                )
        return self._solve(rows, n_people, least)

    def _inside(self, whom: str, code: str) -> list[int]:
        everybody = self.people.having(code)
        if whom == "everybody":
            return everybody
        return [place for place in everybody if whom == f"unit {named(self.people.sheets[place].unit)!r}"]

    @staticmethod
    def _solve(rows: Sequence[Mapping[int, float]], n_people: int, least: int) -> tuple[int, ...] | None:
        columns: dict[tuple[float, ...], list[int]] = {}
        for place in range(n_people):
            column = tuple(row.get(place, 0.0) for row in rows)
            if any(column):
                columns.setdefault(column, []).append(place)
        if not columns:
            return None
        atoms: list[Any] = list(columns.items())
        forms = [list(row) for row in zip(*(column for column, _places in atoms), strict=True)]
        forms = [form for form in forms if any(form)]
        found = derivable(forms, [len(places) for _column, places in atoms], least=least)
        return None if found is None else tuple(place for atom in found for place in atoms[atom][1])
