"""What the portal keeps about people, said by each feature for itself.

Two accounts are merged, a person gets a copy of everything, a person is erased: three questions to the same places.
A table cannot be forgotten: whatever refers to `person` by a foreign key is found in the metadata, and a test asks
that some feature has declared it. What is kept otherwise (in JSON, in a file, under a number without a key) is a
`PersonPlace`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import escape
from sqlalchemy import Column, Table

from portal.core.database import Base

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString

PERSON = "person"
NOBODY = "Somebody who left"
"""How whoever was erased is called wherever their name stood."""

Record: TypeAlias = dict[str, Any]


class Merge(StrEnum):
    """What becomes of rows when their account is merged into another."""

    MOVE = "move"
    """They become the other's; of two that exclude each other, the other's own stays."""
    DROP = "drop"
    """They end with their account."""
    STAY = "stay"
    """They tell of the account itself and remain with it."""


class Erase(StrEnum):
    """What becomes of rows when their person is erased."""

    KEEP = "keep"
    """A contribution: it stays, by somebody who left; `words` are emptied."""
    FORGET = "forget"
    """The row stays and names nobody."""
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True)
class PersonColumn:
    """A column that refers to a person, and what becomes of its rows."""

    column: str
    """As `table.column`."""
    label: str | LazyString
    """What such rows are, for the lists people read: "Comments"."""
    on_merge: Merge = Merge.MOVE
    on_erase: Erase = Erase.KEEP
    words: tuple[str, ...] = ()
    """Columns of a kept row that are emptied with the person, for they tell of them."""
    given: tuple[str, ...] | None = None
    """Columns that stand in the person's copy; None for all of the row. None of those who are also in the row."""
    withheld: tuple[str, ...] = ()
    """Columns that stand in no copy: what opens something."""

    @property
    def table(self) -> Table:
        return Base.metadata.tables[self.column.partition(".")[0]]

    @property
    def key(self) -> Column[Any]:
        return self.table.c[self.column.partition(".")[2]]


def contributed(column: str, label: str | LazyString, **more: Any) -> PersonColumn:
    """Declare what somebody gave to all: it stays when they are erased, by somebody who left."""
    return PersonColumn(column=column, label=label, **more)


def handled(column: str, label: str | LazyString, *given: str) -> PersonColumn:
    """Declare the mark of whoever dealt with something; only the `given` columns are theirs to have a copy of."""
    return PersonColumn(column=column, label=label, given=given)


def private(column: str, label: str | LazyString, **more: Any) -> PersonColumn:
    """Declare what is about the person alone and goes with them."""
    return PersonColumn(column=column, label=label, on_erase=Erase.DELETE, **more)


@dataclass(frozen=True)
class Subject:
    """Whom it is about, as they were called before anything was changed."""

    person_id: int
    name: str
    email: str
    earlier: tuple[str, ...] = ()
    """Names and addresses they had before."""

    @property
    def names(self) -> list[str]:
        return [word for word in (self.name, *self.earlier) if word and "@" not in word]

    @property
    def emails(self) -> list[str]:
        return [word.lower() for word in (self.email, *self.earlier) if "@" in word]

    @property
    def spelled(self) -> list[str]:
        """Return names and addresses as they stand in texts and in HTML, the longest first."""
        words = (form for word in (*self.names, *self.emails) for form in (word, str(escape(word)), html.escape(word)))
        return sorted(dict.fromkeys(words), key=len, reverse=True)

    def is_in(self, text: str) -> bool:
        return any(pattern(word).search(text) for word in self.spelled)

    def out_of(self, text: str) -> str:
        """Return a text that tells of them by neither name nor address.

        >>> subject = Subject(1, "Zoe O'Hart", "zoe@x.example", ("Zoe Smith",))
        >>> subject.out_of("Zoe O&#39;Hart, zoe smith (zoe@x.example)")
        'Somebody who left, Somebody who left ()'
        """
        for word in self.spelled:
            put = "" if "@" in word else NOBODY
            text = pattern(word).sub(put, text)
        return text


def pattern(word: str) -> re.Pattern[str]:
    """Return what finds a name or an address as a whole: the end of another's address is not it.

    >>> [bool(pattern("ana@x.example").search(text)) for text in ("adriana@x.example", "<Ana@x.example>")]
    [False, True]
    """
    around = r"[\w.+-]" if "@" in word else r"\w"
    return re.compile(rf"(?<!{around}){re.escape(word)}(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class PersonPlace:
    """A place with something about people that no foreign key tells of. What it has no function for does not apply."""

    name: str
    """Of its file in the person's copy."""
    label: str | LazyString
    export: Callable[[Subject], Iterable[Record]] | None = None
    count: Callable[[Subject], int] | None = None
    """How many records there are, where counting is cheaper than reading them."""
    merge: Callable[[int, int], int] | None = None
    """Gets whose it was and whose it becomes; returns how many places changed."""
    erase: Callable[[Subject], int] | None = None
    """Returns how many places changed; safe to run twice."""
    files: Callable[[Subject], Iterable[tuple[str, bytes]]] | None = None
    """Files for the person's copy: names that are safe in an archive, and contents."""


Personal: TypeAlias = "PersonColumn | PersonPlace"


def referring() -> set[str]:
    """Return every column that refers to a person, as `table.column`, found in the metadata."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == PERSON for key in column.foreign_keys)
    }


def columns(declared: Iterable[Personal]) -> list[PersonColumn]:
    return [one for one in declared if isinstance(one, PersonColumn)]


def places(declared: Iterable[Personal]) -> list[PersonPlace]:
    return [one for one in declared if isinstance(one, PersonPlace)]
