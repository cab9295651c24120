"""What imports bring to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, JobKind, NavItem, ThingKind
from portal.core.permissions import Permission
from portal.imports import cli, jobs, personal, queries, services, views


def feature() -> Feature:
    return Feature(
        name="imports",
        blueprints=(views.bp,),
        nav=(
            NavItem(
                label=_l("Import and export"),
                endpoint="imports.runs",
                icon="upload",
                order=36,
                place="admin-section",
                permission=Permission.WEBLOG_IMPORT,  # the narrowest: who may import anything may import logs
            ),
        ),
        commands=(cli.import_, cli.export),
        jobs=(
            JobKind(name=services.WORK, run=jobs.work, max_attempts=8),
            JobKind(name="imports.sweep", run=jobs.sweep, at="03:40"),
        ),
        things=(ThingKind(kind="import", load=queries.things),),
        personal_data=personal.PLACES,
        start=cli.add_importers,
    )
