"""What logs of web servers bring to the house. Their pages stand among the figures."""

from __future__ import annotations

import datetime as dt

from portal.core.feature import Feature, HealthCheck, JobKind, ThingKind
from portal.weblogs import cli, importing, jobs, queries, services, watching


def feature() -> Feature:
    return Feature(
        name="weblogs",
        jobs=(
            JobKind(name=services.READ, run=jobs.read),
            JobKind(name="weblogs.hourly", run=jobs.hourly, every=dt.timedelta(hours=1)),
            JobKind(name="weblogs.nightly", run=jobs.nightly, at="00:50"),
            JobKind(name="weblogs.forget", run=jobs.forget, every=dt.timedelta(hours=1)),
        ),
        checks=(HealthCheck(name="logs", run=watching.check),),
        things=(ThingKind(kind="weblog", load=queries.things),),
        importers=(importing.IMPORTER,),
        start=cli.hang_in,
    )
