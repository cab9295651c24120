"""What imports bring to the house."""

from __future__ import annotations

from portal.core.feature import Feature, JobKind, ThingKind
from portal.imports import cli, jobs, personal, queries, services


def feature() -> Feature:
    return Feature(
        name="imports",
        commands=(cli.import_, cli.export),
        jobs=(
            JobKind(name=services.WORK, run=jobs.work, max_attempts=8),
            JobKind(name="imports.sweep", run=jobs.sweep, at="03:40"),
        ),
        things=(ThingKind(kind="import", load=queries.things),),
        personal_data=personal.PLACES,
        start=cli.add_importers,
    )
