"""What files bring to the house."""

from __future__ import annotations

import os

from portal.core.feature import Feature, Health, HealthCheck, JobKind, ThingKind
from portal.files import jobs, queries, services, shelf, views


def check() -> Health:
    """Files can be kept, and those we promised are there."""
    place = shelf.folder() if shelf.folder().is_dir() else shelf.folder().parent
    if not os.access(place, os.W_OK):
        return Health(is_ok=False, detail=f"{place} cannot be written", advice="Give the portal's user the folder.")
    if gone := services.missing():
        return Health(is_ok=False, detail=f"{len(gone)} files are gone", advice="Restore them from a backup.")
    return Health(is_ok=True, detail="all there")


def feature() -> Feature:
    return Feature(
        name="files",
        blueprints=(views.bp,),
        jobs=(JobKind(name="files.sweep", run=jobs.sweep, at="03:40"),),
        things=(ThingKind(kind="file", load=queries.things),),
        checks=(HealthCheck(name="files", run=check),),
    )
