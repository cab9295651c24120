"""Rows of the editors' list, as each feature gives its own; the list itself is put together by the knowledge base.

A feature gives statements instead of answers, all of the same columns: put together they are one question to the
database, however many features there are. A statement is built once for each set of keys and permissions; who asks
and what time it is comes in by parameters. It names only what those keys and permissions let somebody see.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Float,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    null,
    select,
    true,
)

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.core.types import UTCDateTime

_WORD = re.compile(r"[a-z_]*:?")
ASIDE = "aside"
MOST = 200
"""Rows of one statement that are ranked; each gives those first that most people met."""
ME = bindparam("me", type_=Integer)
TODAY = bindparam("today", type_=Date)
A_DAY_AGO = bindparam("a_day_ago", type_=UTCDateTime)
DAYS_AGO = bindparam("days_ago", type_=UTCDateTime)
"""Who waits since before waits too long."""
WEEKS_AGO = bindparam("weeks_ago", type_=UTCDateTime)
"""Four."""
MONTHS_AGO = bindparam("months_ago", type_=UTCDateTime)
"""Three."""
USUAL = bindparam("usual", type_=Float)
"""How likely anybody with a need ends at the service desk."""
DAY = dt.timedelta(days=1)


def parameters(actor: Actor, *, now: dt.datetime, today: dt.date, usual: float) -> dict[str, Any]:
    """Return what the statements ask for."""
    return {
        "me": actor.person_id,
        "today": today,
        "a_day_ago": now - DAY,
        "days_ago": now - 3 * DAY,
        "weeks_ago": now - 28 * DAY,
        "months_ago": now - 90 * DAY,
        "usual": usual,
    }


@dataclass(frozen=True, kw_only=True)
class Given:
    """For whom statements are built."""

    keys: frozenset[str]
    permissions: frozenset[Permission]

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions


TYPES: Mapping[str, Any] = {
    **{"kind": String, "id": Integer, "people": Integer, "met": Integer, "lost": Integer},
    **{"is_late": Boolean, "is_flagged": Boolean, "effort": Integer},
    **{"title": String, "slug": String, "who": String, "at": UTCDateTime, "on": Date, "note": String},
    **{"n": Integer, "m": Integer},
}
"""The columns: what a row weighs, and whatever its feature needs to draw it."""
_NOUGHT, _ONE, _NOTHING = literal_column("0", Integer), literal_column("1", Integer), literal_column("''", String)
# Written out instead of bound: a union of all statements would bind a hundred values that never differ.
EMPTY: Mapping[str, Any] = {
    **{"people": _NOUGHT, "met": _NOUGHT, "lost": _NOUGHT, "effort": _ONE, "n": _NOUGHT, "m": _NOUGHT},
    **{"title": _NOTHING, "slug": _NOTHING, "who": _NOTHING, "note": _NOTHING},
    **{"is_late": false(), "is_flagged": false(), "at": null(), "on": null()},
}


def rows(kind: Any, number: Any, **columns: Any) -> Select[Any]:
    """Return the beginning of a statement; what is not given is empty, and nothing (NULL) counts as that too.

    A statement without its `from` and conditions; `first` ends it.
    """
    given = {**EMPTY, "kind": word(kind) if isinstance(kind, str) else kind, "id": number, **columns}
    return select(*(_column(given[name], name, type_).label(name) for name, type_ in TYPES.items()))


def _column(value: Any, name: str, type_: Any) -> Any:
    if value is EMPTY.get(name):
        return cast(value, type_)  # nothing has a type of its own in a union of statements
    if name in ("kind", "id", "at", "on"):
        return value
    if isinstance(value, bool):
        return true() if value else false()
    if isinstance(value, int):
        return literal_column(str(value), Integer)
    return func.coalesce(value, EMPTY[name], type_=type_())


def word(constant: str) -> ColumnElement[str]:
    """Return a word of ours, such as a kind, written out in the statement; nothing that anybody typed."""
    if not _WORD.fullmatch(constant):
        raise ValueError(constant)
    return literal_column(f"'{constant}'", String)


def first(statement: Select[Any], *order: Any) -> Select[Any]:
    """End a statement: so many rows in this order, to be put together with others."""
    inner = statement.order_by(*order).limit(MOST).subquery()
    return select(*(inner.c[name] for name in TYPES))


@dataclass(frozen=True, kw_only=True)
class DeskAct:
    """Something to do about a row with one click: a place to go to, or a form that is sent there.

    `field` is what the form says, as a name and its value.
    """

    label: str
    url: str
    field: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """What an editor reads of something to do."""

    icon: str
    title: str
    url: str
    why: str = ""
    overdue: str = ""
    """What is overdue, in a word or two; it counts half as much more."""
    flagged: str = ""
    """What else presses, and counts half as much more."""
    is_urgent: bool = False
    """Somebody waits for this editor, or a mistake does much harm."""
    act: DeskAct | None = None
    """The usual thing to do."""
    more: Callable[[], Sequence[DeskAct]] = tuple
    """What else can be done; asked for on the row's own page alone."""


Found = Sequence[Any]
"""Rows with the columns of `TYPES`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DeskRows:
    """The rows of one feature: what kinds there are, how to ask for them and how to draw one. Each is only itself."""

    kinds: Mapping[str, LazyString]
    """What several of a kind are called. Where nothing else decides, an earlier kind comes first."""
    ask: Callable[[Given], Sequence[Select[Any]]]
    draw: Callable[[Actor, Any], DeskRow]
    keep: Callable[[Actor, Found], Found] | None = None
    """What of the found is left, where a statement alone cannot say it. Rows of the kind `ASIDE` are for it alone: it
    is told by them what it needs to know, and takes them out."""
    order: int = 50
