"""The collected features of the running app: what pages, the runner and the search ask for by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from markupsafe import Markup

from portal.core.actor import Actor
from portal.core.desk import DeskRows
from portal.core.feature import (
    Feature,
    HealthCheck,
    JobKind,
    NavItem,
    OutlineKind,
    Panel,
    SearchSource,
    Thing,
    ThingKind,
)
from portal.core.importing import Exporter, Importer
from portal.core.operations.operation import Operation
from portal.core.personal import Personal
from portal.core.refs import Ref
from portal.core.retention import Retention

MOST_MENUS = 256


@dataclass
class Registry:
    """Everything the features declared, by what one asks for."""

    features: tuple[Feature, ...] = ()
    jobs: dict[str, JobKind] = field(default_factory=dict)
    things: dict[str, ThingKind] = field(default_factory=dict)
    outlines: dict[str, OutlineKind] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    sources: dict[str, SearchSource] = field(default_factory=dict)
    checks: list[HealthCheck] = field(default_factory=list)
    panels: dict[str, list[Panel]] = field(default_factory=dict)
    nav: dict[str, list[NavItem]] = field(default_factory=dict)
    spoken: dict[tuple[str, str, str], list[NavItem]] = field(default_factory=dict)
    """Menus by place, language and the path below which the portal is reached."""
    personal_data: list[Personal] = field(default_factory=list)
    retention: list[Retention] = field(default_factory=list)
    desk_rows: list[DeskRows] = field(default_factory=list)
    importers: dict[str, Importer] = field(default_factory=dict)
    exporters: dict[str, Exporter] = field(default_factory=dict)

    @classmethod
    def collect(cls, features: Iterable[Feature]) -> Registry:
        """Sort the features' offers; two of one name are a mistake in the wiring (ValueError)."""
        registry = cls(features=tuple(features))
        for feature in registry.features:
            for job in feature.jobs:
                _put(registry.jobs, job.name, job)
            for thing in feature.things:
                _put(registry.things, thing.kind, thing)
            for importer in feature.importers:
                _put(registry.importers, importer.kind, importer)
            for exporter in feature.exporters:
                _put(registry.exporters, exporter.kind, exporter)
            for outline in feature.outlines:
                _put(registry.outlines, outline.kind, outline)
            for operation in feature.operations:
                _put(registry.operations, operation.name, operation)
            for source in feature.search_sources:
                _put(registry.sources, source.kind, source)
            registry.checks += feature.checks
            registry.personal_data += feature.personal_data
            registry.retention += feature.retention
            registry.desk_rows += feature.desk_rows
            for panel in feature.panels:
                registry.panels.setdefault(panel.slot, []).append(panel)
            for item in feature.nav:
                registry.nav.setdefault(item.place, []).append(item)
        for panels in registry.panels.values():
            panels.sort(key=lambda p: p.order)
        for items in registry.nav.values():
            items.sort(key=lambda i: i.order)
        registry.desk_rows.sort(key=lambda rows: rows.order)
        return registry


def _put(table: dict[str, Any], name: str, value: object) -> None:
    if name in table:
        raise ValueError(f"two features declare {name!r}")
    table[name] = value


def install(app: Flask, features: Iterable[Feature]) -> Registry:
    app.extensions["dity"] = Registry.collect(features)
    return registry(app)


def registry(app: Flask | None = None) -> Registry:
    """Return what the features of this app declared."""
    found: Registry = (app or current_app).extensions["dity"]
    return found


def load_things(actor: Actor, refs: Iterable[Ref]) -> dict[Ref, Thing]:
    """Return the things this actor may see, one query for each kind; the others are simply missing."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for ref in refs:
        by_kind[ref.kind].add(ref.id)
    found: dict[Ref, Thing] = {}
    for kind, ids in by_kind.items():
        if kind in registry().things:
            for thing in registry().things[kind].load(actor, ids).values():
                found[thing.ref] = thing
    return found


def render_panels(slot: str, **context: Any) -> Markup:
    """Render what higher features hung into this slot, in order."""
    pieces = [panel.render(context) for panel in registry().panels.get(slot, ())]
    return Markup("\n").join(Markup(piece) for piece in pieces if piece)  # noqa: S704 - panels render templates


def _spoken(place: str) -> list[NavItem]:
    """Return the menu entries of a place with labels in the reader's language and addresses, put together once."""
    found, key = registry(), (place, str(get_locale() or ""), request.script_root)
    menu = found.spoken.get(key)
    if menu is None:
        if len(found.spoken) >= MOST_MENUS:
            found.spoken.clear()
        items = found.nav.get(place, ())
        menu = [replace(item, label=str(item.label), url=url_for(item.endpoint)) for item in items]
        found.spoken[key] = menu
    return menu


class Menus(dict[str, list[NavItem]]):
    """The menus of an actor by place, each put together when it is first drawn: most pieces of a page draw none."""

    def __init__(self, actor: Actor) -> None:
        super().__init__()
        self._actor = actor

    def __missing__(self, place: str) -> list[NavItem]:
        self[place] = nav_for(self._actor, place)
        return self[place]


def nav_for(actor: Actor, place: str) -> list[NavItem]:
    """Return the menu entries of one place that lead this actor somewhere."""
    return [
        item
        for item in _spoken(place)
        if (item.permission is None or actor.can(item.permission))
        and (item.unless is None or not actor.can(item.unless))
        and (actor.is_signed_in or not item.is_for_signed_in)
    ]
