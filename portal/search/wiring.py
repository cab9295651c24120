"""What search brings to the house."""

from __future__ import annotations

import datetime as dt

from portal.core.feature import Feature, Health, HealthCheck, JobKind
from portal.search import cli, jobs, maintenance, views


def check() -> Health:
    """Say whether search answers from a sound index that is in step with the database."""
    found = maintenance.status()
    if not found.is_ok:
        advice = "It is built again by itself within minutes; `dity search rebuild` does it now."
        return Health(is_ok=False, detail=f"{found.state}: {found.detail}", advice=advice)
    return Health(is_ok=True, detail=f"{found.detail}, {found.n_rows} in the database")


def feature() -> Feature:
    return Feature(
        name="search",
        blueprints=(views.bp,),
        commands=(cli.search,),
        jobs=(
            JobKind(name="search.update", run=jobs.update, max_attempts=8),
            JobKind(name="search.rebuild", run=jobs.rebuild),
            JobKind(name="search.watch", run=jobs.watch, every=dt.timedelta(minutes=5)),
            JobKind(name="search.optimise", run=jobs.optimise, at="03:10"),
        ),
        checks=(HealthCheck(name="search", run=check),),
        start=maintenance.install,
    )
