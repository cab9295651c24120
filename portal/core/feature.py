"""What a feature offers to the house. Each feature's `wiring.py` returns one of these; there is no other registry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import click
from flask import Blueprint, Flask
from flask_babel.speaklater import LazyString

from portal.core.actor import Actor
from portal.core.desk import DeskRows
from portal.core.importing import Exporter, Importer
from portal.core.operations.operation import Operation
from portal.core.permissions import Permission
from portal.core.personal import Personal
from portal.core.refs import Ref
from portal.core.retention import Retention

Text: TypeAlias = "str | LazyString"


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """An entry of a menu.

    `place`: `main` (header), `account` (avatar menu), `admin` (below it), `desk` (tabs of the editors' desk) or
    `admin-section` (beside every page of administration, see `admin/views/blueprint.py`).
    """

    label: Text
    endpoint: str
    icon: str
    order: int = 50
    """In the main menu, work begins at 50, which is folded away, and steering at 80, below a line."""
    place: str = "main"
    permission: Permission | None = None
    unless: Permission | None = None
    """Who has this gets there another way, so the entry is not for them."""
    is_for_signed_in: bool = True
    url: str = ""
    """Where it leads, filled in when the menu is put together."""

    @property
    def is_work(self) -> bool:
        return self.order >= 50

    @property
    def is_steering(self) -> bool:
        return self.order >= 80


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A piece a higher feature hangs into a page of a lower one; renders to safe HTML, empty for nothing."""

    slot: str
    render: Callable[[Mapping[str, Any]], str]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """Work done apart from requests. `run` gets the payload inside a transaction that the runner commits.

    Scheduled when `every` (an interval) or `at` ("HH:MM" daily, in the portal's time zone) is given.
    Must be safe to run twice: a worker that dies is followed by another.
    """

    name: str
    run: Callable[[dict[str, Any]], None]
    every: dt.timedelta | None = None
    at: str | None = None
    max_attempts: int = 5


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A thing of some feature as others may show it."""

    ref: Ref
    title: str
    url: str
    summary: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ThingKind:
    """How to show things of one kind; `load` gives back only what the actor may see, in one query."""

    kind: str
    load: Callable[[Actor, Collection[int]], dict[int, Thing]]
    gives_file: Callable[[Actor, int, int], bool] | None = None
    """Whether somebody gets a file (the second number) that hangs on the thing; None: whoever sees the thing."""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What other systems are told of a thing, whatever its state: how it is called and who may see it."""

    slug: str = ""
    url: str
    access_key: str


@dataclass(frozen=True, kw_only=True)
class OutlineKind:
    """How to outline things of one kind, in one query; one that is gone is missing."""

    kind: str
    load: Callable[[Collection[int]], dict[int, Outline]]


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """Where the search index gets documents of one kind from.

    `documents(None)` yields all; `documents(ids)` those that still exist, so a missing id means: drop it.
    `fallback` answers from SQL (actor, words, limit) while the index is being mended.
    """

    kind: str
    documents: Callable[[Collection[int] | None], Iterable[Any]]
    fallback: Callable[[Actor, str, int], list[Ref]]
    count: Callable[[], int]


@dataclass(frozen=True, kw_only=True)
class Health:
    """One finding of a check; `advice` says what to do when it is not ok."""

    is_ok: bool
    detail: str
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """A question that `/readyz` and `dity doctor` ask."""

    name: str
    run: Callable[[], Health]
    is_needed_to_serve: bool = False


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Everything one feature brings along."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    commands: tuple[click.Command, ...] = ()
    nav: tuple[NavItem, ...] = ()
    panels: tuple[Panel, ...] = ()
    jobs: tuple[JobKind, ...] = ()
    things: tuple[ThingKind, ...] = ()
    outlines: tuple[OutlineKind, ...] = ()
    operations: tuple[Operation, ...] = ()
    """What programs may ask of it, below `/api/v1`."""
    search_sources: tuple[SearchSource, ...] = ()
    checks: tuple[HealthCheck, ...] = ()
    retention: tuple[Retention, ...] = ()
    """What it forgets after some days (`core.retention`)."""
    personal_data: tuple[Personal, ...] = ()
    """What it keeps about people: how it is merged, given out and erased (`core.personal`)."""
    desk_rows: tuple[DeskRows, ...] = ()
    """What it puts on the editors' list."""
    importers: tuple[Importer, ...] = ()
    exporters: tuple[Exporter, ...] = ()
    start: Callable[[Flask], None] | None = None
    """Called once by the factory when everything is registered; may add request hooks."""
