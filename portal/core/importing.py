"""What every import is made of: rows that were read, a plan for each, and what became of it.

A feature brings an `Importer` for its things; `portal.imports` runs it: the dry run, the batches, the report, the undo
are the same for all. An importer knows neither runs nor pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from flask_babel.speaklater import LazyString

from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.core.refs import Ref

Text: TypeAlias = "str | LazyString"


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    """Not meant for us."""
    KEPT = "kept"
    """Was changed in the portal since, so it stays as it is."""
    FAILED = "failed"


class Unusable(Invalid):
    """The whole file cannot be imported; the message says why."""


@dataclass(frozen=True)
class Note:
    """Something to know about a row that did not stop it, at its line of the file."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table or one file of a folder, as it was read."""

    path: str = ""
    line: int = 1
    """0 where it stands in no line: somebody whom a list no longer names."""
    values: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    """By which a person recognises it, where nothing better is known."""
    problem: str = ""
    """Why it could not be read; it is then reported and nothing else."""
    is_foreign: bool = False
    """Not one of ours, so it is skipped and no failure."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to become of a row. Making it writes nothing."""

    row: Row
    outcome: Outcome
    reason: str = ""
    title: str = ""
    notes: tuple[Note, ...] = ()
    content: Any = field(default=None, repr=False)
    """What the importer needs to carry it out."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What an earlier import left about a key: which thing it became, and how it left it."""

    subject: Ref
    checksum: str = ""
    left: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Done:
    """A plan that was carried out, perhaps otherwise than planned."""

    plan: Plan
    subject: Ref | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    """What an undo needs: how it was, and how the import left it."""
    key: str = ""
    """Under which the next import finds it again."""
    known: Known | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A line of a run as an undo gets it."""

    subject: Ref
    outcome: Outcome
    before: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What an import made before its first row, because rows refer to it: a topic, a department."""

    subject: Ref
    title: str
    left: Mapping[str, Any] = field(default_factory=dict)
    """How it was left, so that an undo knows whether somebody has touched it since."""


@dataclass(frozen=True, kw_only=True)
class Undone:
    """How a line was taken back, or why it was not."""

    reason: str = ""
    left: Mapping[str, Any] | None = None
    """As what the next import shall know the thing; nothing when it is gone."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A field that a column of a table may hold; `words` are headings that mean it, in any language."""

    name: str
    label: Text
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A question to whoever imports. `options` gives what may be chosen; without it, it is a line of text."""

    name: str
    label: Text
    hint: Text = ""
    options: Callable[[], Sequence[tuple[str, Text]]] | None = None
    known: Callable[[], Sequence[str]] | None = None
    """What a line of text may have said before, offered while it is typed."""
    default: str = ""
    """What is chosen beforehand on the page."""
    by_command: str | None = None
    """What a command without this option means, where that is another."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an import starts with, beside the file."""

    name: str
    """Of the file or folder, as the person who brought it knows it."""
    choices: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field by heading; empty where the importer reads no table."""
    known: Mapping[str, Known] = field(default_factory=dict)

    def choice(self, name: str) -> str:
        return self.choices.get(name, "")


class Work(Protocol):
    """One import under way. Everything it finds out beforehand it asks for in few queries."""

    def check(self, row: Row) -> Plan:
        """Say what would become of the row. Writes nothing."""

    def rest(self) -> Iterable[Plan]:
        """Say what follows from all rows together: who is missing now, for instance."""

    def prepare(self) -> Sequence[Ground]:
        """Make what rows will refer to, in a transaction of its own before the first of them; returns what was made.

        Whoever calls it holds the run. It is asked again when the run goes on after a kill, or when two runners
        picked it up, and then makes nothing twice.
        """

    def apply(self, plans: Sequence[Plan]) -> Sequence[Done]:
        """Carry plans out, in the caller's transaction; returns one entry for each. May be undone and asked again."""

    def finish(self, subjects: Iterable[Ref]) -> None:
        """Cause what follows the whole import, in the transaction that ends it; `subjects` are what it touched."""


@dataclass(frozen=True, kw_only=True)
class Importer:
    """How things of one kind come in."""

    kind: str
    label: Text
    hint: Text
    endings: tuple[str, ...]
    read: Callable[[Path, Given], AbstractContextManager[Sequence[Row]]]
    """Read the file or folder; refuses (Unusable) what it cannot take as a whole."""
    plan: Callable[[Actor, Sequence[Row], Given], Work]
    undo: Callable[[Actor, Made], Undone]
    """Take back one line, unless the thing was changed since."""
    after_undo: Callable[[Actor, Iterable[Ref], Sequence[Ground]], Mapping[Ref, str]]
    """Cause what follows an undo of these things, and take back what was made for them, the last first.

    Returns what of it stays, with the reason.
    """
    for_good: Text = ""
    """Why nothing of such an import can be taken back; empty where it can."""
    columns: tuple[Column, ...] = ()
    needed: tuple[frozenset[str], ...] = ()
    """Fields of which one each must have a column."""
    choices: tuple[Choice, ...] = ()
    takes_folder: bool = False
    batch: int = 50
    permission: Permission = Permission.IMPORT_RUN
    """What whoever brings such files has to be allowed; to anybody else neither the kind nor its runs exist."""


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """How things of one kind go out again, in a form that comes in again."""

    kind: str
    label: Text
    hint: Text
    members: Callable[[Actor], Iterator[tuple[str, bytes]]]
    """Yield names and contents of files, of what this actor may read."""
