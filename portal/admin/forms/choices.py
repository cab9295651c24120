"""Choices that are rows, as fields want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import SelectChoice

from portal.core.zones import zones as zones
from portal.people.models import Department

NOWHERE = 0
INDENT = "\N{EM SPACE}"


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def nested(departments: Sequence[Department]) -> list[tuple[int, str]]:
    """Return departments in the order of their tree, each indented below the one it belongs to."""
    children: dict[int | None, list[Department]] = {}
    for department in departments:
        children.setdefault(department.parent_id, []).append(department)

    def below(parent_id: int | None, depth: int) -> list[tuple[int, str]]:
        found = []
        for d in children.get(parent_id, ()):
            found += [(d.id, INDENT * depth + d.name), *below(d.id, depth + 1)]
        return found

    return below(None, 0)
