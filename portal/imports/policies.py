"""Who may bring what: each kind of import names the permission it needs."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from portal.core.actor import Actor
from portal.core.importing import Importer
from portal.core.permissions import Permission
from portal.core.registry import registry
from portal.imports.models import ImportRun


def kinds(actor: Actor) -> list[Importer]:
    """Return the kinds this actor may import."""
    return [importer for importer in registry().importers.values() if actor.can(importer.permission)]


def needed(kind: str) -> Permission:
    """Return what whoever brings this kind has to be allowed; a kind that is gone asks for the widest permission."""
    importer = registry().importers.get(kind)
    return importer.permission if importer else Permission.IMPORT_RUN


def is_of_theirs(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for runs this actor may see; whoever may import people sees kinds that are gone, too."""
    others = [importer.kind for importer in registry().importers.values() if not actor.can(importer.permission)]
    if actor.can(Permission.IMPORT_RUN):
        return ImportRun.kind.not_in(others)
    return ImportRun.kind.in_([importer.kind for importer in kinds(actor)])


def require_any(actor: Actor) -> None:
    """Refuse (Forbidden) whoever may import nothing at all."""
    if not kinds(actor):
        actor.require(Permission.IMPORT_RUN)
