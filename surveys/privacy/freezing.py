"""Frozen values to JSON and back, by their types: what is kept at the close of a wave.

Dataclasses become objects, tuples become lists. Reading refuses what does not fit, and an object with a field too many
or too few, so that a file of another shape is never half understood.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Misfit(ValueError):
    """What was kept is not of this shape."""


def freeze(value: Any) -> Any:
    """Return what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: freeze(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [freeze(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not to be kept")


def thaw(kind: type[T], kept: Any) -> T:
    """Return the value that was frozen; raises `Misfit`."""
    found: T = _thaw(kind, kept)
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _thaw(kind: Any, kept: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if kept is None else _thaw(next(each for each in inner if each is not types.NoneType), kept)
    if origin is tuple:
        if not isinstance(kept, list):
            raise Misfit(f"{kept!r} is no list")
        return tuple(_thaw(inner[0], each) for each in kept)
    if is_dataclass(kind):
        return _thaw_object(kind, kept)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(kept)
        except ValueError as trouble:
            raise Misfit(str(trouble)) from None
    if kind is float and type(kept) is int:
        return float(kept)
    if type(kept) is not kind:
        raise Misfit(f"{kept!r} is no {kind.__name__}")
    return kept


def _thaw_object(kind: Any, kept: Any) -> Any:
    names = [each.name for each in fields(kind)]
    if not isinstance(kept, dict) or set(kept) != set(names):
        raise Misfit(f"this is no {kind.__name__}")
    hints = _hints(kind)
    try:
        return kind(**{name: _thaw(hints[name], kept[name]) for name in names})
    except Misfit as trouble:
        raise Misfit(f"{kind.__name__}: {trouble}") from None
