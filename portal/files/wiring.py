"""What files bring to the house."""

from __future__ import annotations

import os

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.feature import Feature, Health, HealthCheck, JobKind, ThingKind
from portal.files import jobs, personal, queries, services, shelf, views


def check() -> Health:
    """Files can be kept, and those we promised are there."""
    place = shelf.folder() if shelf.folder().is_dir() else shelf.folder().parent
    if not os.access(place, os.W_OK):
        detail = _("%(folder)s cannot be written", folder=place)
        return Health(is_ok=False, detail=detail, advice=_("Give the portal's user the folder."))
    if gone := services.missing():
        detail = ngettext("%(num)s file is gone", "%(num)s files are gone", len(gone))
        return Health(is_ok=False, detail=detail, advice=_("Restore them from a backup."))
    return Health(is_ok=True, detail=_("all there"))


def feature() -> Feature:
    return Feature(
        name="files",
        personal_data=personal.PERSONAL,
        blueprints=(views.bp,),
        jobs=(JobKind(name="files.sweep", run=jobs.sweep, at="03:40"),),
        things=(ThingKind(kind="file", load=queries.things),),
        checks=(HealthCheck(name="files", run=check),),
    )
