"""Shapes of frozen values: JSON Schema made from the very classes that are frozen, so that they cannot differ."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from portal.core.operations.shapes import Schema, choice, many, maybe, number, text, thing, whole, yes_no

PREFIX = "Survey"


def shape(kind: Any, *, name: str = "") -> Schema:
    """Make the shape of what `surveys.privacy.freezing` makes of a value of this type.

    >>> shape(tuple[str, ...])
    {'type': 'array', 'items': {'type': 'string'}}
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return maybe(shape(next(each for each in inner if each is not types.NoneType)))
    if origin is tuple:
        return many(shape(inner[0]))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        title = name or f"{PREFIX}{getattr(kind, '__name__', '')}"
        return thing(title, needed={each.name: shape(hints[each.name]) for each in fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return choice(*(each.value for each in kind))
    return _plain(kind)


def _plain(kind: type) -> Schema:
    match kind.__name__:
        case "int":
            return whole()
        case "float":
            return number()
        case "bool":
            return yes_no()
        case _:
            return text()
