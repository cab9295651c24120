"""Attempts of a day as bytes, to be kept beside the ledger and read again under any window.

A head in JSON says which columns follow and how long they are; the columns are compressed together. Nothing in it can
run, unlike a pickle.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.columns import Coded
from analytics.findability import Searched
from analytics.needs.attempts import Attempts, Listed, Looks
from analytics.table import EventTable, used

VERSION = 1
"""Of the packing; what was packed under another is read from the ledger again."""


class Unpackable(ValueError):
    """Bytes that are no attempts, or of another version."""


def packed(attempts: Attempts | Searched | EventTable) -> bytes:
    """Pack attempts, searches or events; equal ones give equal bytes. How many lines were left out is forgotten."""
    labels: dict[str, tuple[str, ...]] = {}
    arrays: dict[str, NDArray[Any]] = {}
    for name, column in _columns(attempts):
        if isinstance(column, Coded):
            kept = used(column)
            labels[name], arrays[name] = kept.labels, kept.codes
        else:
            arrays[name] = column
    head = {
        "version": VERSION,
        "labels": labels,
        "arrays": {name: [array.dtype.str, len(array)] for name, array in arrays.items()},
    }
    words = json.dumps(head, ensure_ascii=False).encode()
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())
    return zlib.compress(len(words).to_bytes(4, "big") + words + body, 1)


def unpacked(data: bytes) -> Attempts:
    """Read packed attempts; refuse what is something else, or of another version, as `Unpackable`."""
    found = _columns_of(data)
    try:
        return _attempts(found)
    except TypeError as trouble:
        raise Unpackable("these are no packed attempts") from trouble


def unpacked_searches(data: bytes) -> Searched:
    """Read packed searches; refuse what is something else as `Unpackable`."""
    try:
        return Searched(**_columns_of(data))
    except TypeError as trouble:
        raise Unpackable("these are no packed searches") from trouble


def unpacked_events(data: bytes) -> EventTable:
    """Read packed events; refuse what is something else as `Unpackable`."""
    try:
        return EventTable(n_repeated=0, n_later=0, **_columns_of(data))
    except TypeError as trouble:
        raise Unpackable("these are no packed events") from trouble


def _columns_of(data: bytes) -> dict[str, Any]:
    try:
        whole = zlib.decompress(data)
        n = int.from_bytes(whole[:4], "big")
        head = json.loads(whole[4 : 4 + n])
        if head["version"] != VERSION:
            raise Unpackable(f"packed under version {head['version']}, not {VERSION}")
        return _arrays(head, whole, 4 + n)
    except (zlib.error, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as trouble:
        raise Unpackable("these are no packed attempts") from trouble


def _columns(attempts: Attempts | Searched | EventTable) -> list[tuple[str, Any]]:
    columns: list[tuple[str, Any]] = []
    for field in fields(attempts):
        column = getattr(attempts, field.name)
        if isinstance(column, (Listed, Looks)):
            columns += [(f"{field.name}.{part.name}", getattr(column, part.name)) for part in fields(column)]
        elif isinstance(column, (Coded, np.ndarray)):
            columns.append((field.name, column))
    return columns


def _arrays(head: dict[str, Any], whole: bytes, place: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (kind, length) in head["arrays"].items():
        # A copy, for a view of a single column would keep the bytes of all.
        array = np.frombuffer(whole, dtype=np.dtype(kind), count=length, offset=place).copy()
        place += array.nbytes
        found[name] = Coded(array, tuple(head["labels"][name])) if name in head["labels"] else array
    return found


def _attempts(found: dict[str, Any]) -> Attempts:
    lists: dict[str, dict[str, Any]] = {}
    for name in [name for name in found if "." in name]:
        outer, inner = name.split(".")
        lists.setdefault(outer, {})[inner] = found.pop(name)
    wholes: dict[str, Any] = {
        name: Looks(**parts) if name == "looks" else Listed(**parts) for name, parts in lists.items()
    }
    return Attempts(**found, **wholes)
