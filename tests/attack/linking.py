"""An analyst who tries to find out who wrote which sheet of a closed survey (QUALITY S19).

They hold the database with all its files, the log, and their own notes of who answered in which order. Whatever orders
or names sheets is laid beside whatever orders or names people, pair by pair. What nothing follows from finds as many
as guessing does: one in each department.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, select, text

from portal.core.database import Base
from portal.pulse.models import Invitation, Sheet

Order: TypeAlias = dict[Any, Any]
"""A value for each person, or for each sheet, by which they can be sorted."""
MOST_EXACT = 4.0
"""Standard errors by which the luckiest of some hundred ways of guessing may exceed chance."""


@dataclass
class Survey:
    """One closed survey as the analyst has it, and the truth they do not have."""

    wave_id: int
    answered: list[int]
    """Persons, in the order in which they answered: from the analyst's own notes."""
    truth: Mapping[str, int]
    """Whose comment it is; every comment is unique and says nothing."""
    departments: Mapping[int, str]


@dataclass
class Tally:
    """How often each way of linking was right, over all surveys."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    n: int = 0
    by_chance: float = 0.0

    @property
    def chance(self) -> float:
        return self.by_chance / self.n

    def accuracy(self, way: str) -> float:
        return self.right[way] / self.n

    @property
    def best(self) -> tuple[str, float]:
        way = max(self.right, key=lambda each: self.right[each])
        return way, self.accuracy(way)

    def allowed(self, *, points: float = 0.02, is_exact: bool = False) -> float:
        """Return the accuracy that may be reached; with few surveys luck is allowed for."""
        luck = 0.0 if is_exact else MOST_EXACT * math.sqrt(self.chance * (1 - self.chance) / self.n)
        return self.chance + points + luck


def attack(
    connection: Connection, surveys: Iterable[Survey], *, files: Mapping[str, bytes], log: Collection[str]
) -> Tally:
    """Try everything on every survey."""
    tally = Tally()
    for survey in surveys:
        sheets = _sheets(connection, survey.wave_id)
        groups: dict[str, list[int]] = defaultdict(list)
        for person in survey.answered:
            groups[survey.departments[person]].append(person)
        tally.n += len(survey.answered)
        tally.by_chance += len(groups)
        of_sheets = {
            **_columns(sheets),
            **_places(sheets, files),
            **_system_columns(connection, Sheet.__table__, survey),
        }
        of_people = {
            "notes: order of answers": {person: n for n, person in enumerate(survey.answered)},
            **_rows_of_people(connection, survey),
            **_system_columns(connection, Invitation.__table__, survey),
            **_said_in_log(survey, log),
        }
        for sheet_name, sheet_order in of_sheets.items():
            for person_name, person_order in of_people.items():
                for way, guess in _ways(sheets, sheet_order, person_order, groups):
                    name = f"{way}: sheet {sheet_name} × {person_name}"
                    tally.right[name] += sum(survey.truth[sheets[key]["comment"]] == who for key, who in guess.items())
    return tally


def _sheets(connection: Connection, wave_id: int) -> dict[str, dict[str, Any]]:
    rows = connection.execute(text("SELECT * FROM sheet WHERE wave_id = :wave"), {"wave": wave_id}).mappings()
    return {row["id"]: dict(row) for row in rows}


def _columns(sheets: Mapping[str, Mapping[str, Any]]) -> dict[str, Order]:
    """Return every column, and the order in which the database gives them when it is not asked for one."""
    names = next(iter(sheets.values())).keys()
    found: dict[str, Order] = {name: {key: str(row[name]) for key, row in sheets.items()} for name in names}
    return {**found, "as read": {key: n for n, key in enumerate(sheets)}}


def _places(sheets: Collection[str], files: Mapping[str, bytes]) -> dict[str, Order]:
    """Return where in each file a sheet's key stands first and last."""
    found: dict[str, Order] = {}
    for name, content in files.items():
        for way, look in (("first", content.find), ("last", content.rfind)):
            places = {key: look(key.encode()) for key in sheets}
            if any(place >= 0 for place in places.values()):
                found[f"{way} place in {name}"] = places
    return found


def _system_columns(connection: Connection, table: Any, survey: Survey) -> dict[str, Order]:
    """Return what PostgreSQL notes beside every row: the transaction that wrote it, and its place."""
    if connection.dialect.name != "postgresql":
        return {}
    who = "id" if table.name == "sheet" else "person_id"
    rows = connection.execute(
        text(f"SELECT {who}, xmin::text::bigint, ctid::text FROM {table.name} WHERE wave_id = :wave"),  # noqa: S608
        {"wave": survey.wave_id},
    ).all()
    return {
        f"{table.name}.xmin": {row[0]: row[1] for row in rows},
        f"{table.name}.ctid": {row[0]: tuple(map(int, row[2].strip("()").split(","))) for row in rows},
    }


def _rows_of_people(connection: Connection, survey: Survey) -> dict[str, Order]:
    """Return every column of every row that belongs to a person; of several rows the latest."""
    found: dict[str, Order] = {}
    for table in Base.metadata.sorted_tables:
        for owner in _owners(table):
            query = select(table).where(owner.in_(survey.answered))
            if table.name == "invitation":
                query = query.where(table.c.wave_id == survey.wave_id)
            rows = connection.execute(query.order_by(*table.primary_key.columns)).mappings().all()
            for column in table.columns if rows else ():
                values = {row[owner.name]: str(row[column.name]) for row in rows}
                found[f"{table.name}.{column.name}"] = values
    return found


def _owners(table: Table) -> Iterator[Any]:
    if table.name == "person":
        yield table.c.id
    for key in table.foreign_keys:
        if key.column.table.name == "person" and key.column.name == "id":
            yield key.parent


def _said_in_log(survey: Survey, log: Collection[str]) -> dict[str, Order]:
    """Return the last line that names each person."""
    last = {}
    for n, line in enumerate(log):
        for person in survey.answered:
            if f"'person': {person}," in line:
                last[person] = n
    return {"log: last line": last} if last else {}


def _ways(
    sheets: Mapping[str, Mapping[str, Any]], of_sheets: Order, of_people: Order, groups: Mapping[str, list[int]]
) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield links: of equal values, and in each department by rank, forwards and backwards."""
    whose = {value: person for person, value in of_people.items()}
    yield "equal", {key: whose[value] for key, value in of_sheets.items() if value in whose}
    forwards: dict[str, int] = {}
    backwards: dict[str, int] = {}
    for department, people in groups.items():
        keys = sorted((key for key in of_sheets if sheets[key]["department"] == department), key=of_sheets.__getitem__)
        ranked = sorted((person for person in people if person in of_people), key=of_people.__getitem__)
        forwards |= dict(zip(keys, ranked, strict=False))
        backwards |= dict(zip(keys, reversed(ranked), strict=False))
    yield "forwards", forwards
    yield "backwards", backwards
