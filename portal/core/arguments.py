"""Numbers in addresses, as paths and query arguments give them: always ones the database can compare.

A number larger than any row's would otherwise reach the database's driver, which refuses it with an error of its own.
"""

from __future__ import annotations

from typing import Any, overload

from flask import request
from werkzeug.routing import IntegerConverter

ROW = 2**31 - 1
"""The largest number of a row in most tables."""
LEDGER_ROW = 2**63 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in a route; a number no row can have is a page that does not exist."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **{"max": ROW, **kw})


@overload
def number(name: str, *, default: int, least: int = ..., most: int = ...) -> int: ...
@overload
def number(name: str, *, default: None = ..., least: int = ..., most: int = ...) -> int | None: ...
def number(name: str, *, default: int | None = None, least: int = 0, most: int = ROW) -> int | None:
    """Return the query argument as a whole number within the bounds; `default` when it is missing or something else."""
    found = request.args.get(name, "")
    if not (found.isascii() and found.isdigit() and len(found) <= 19):
        return default
    return int(found) if least <= int(found) <= most else default
