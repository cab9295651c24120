"""What jobs bring to the house."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.core import once
from portal.core.feature import Feature, Health, HealthCheck, JobKind
from portal.jobs import cli, queries, services


def sweep(payload: dict[str, Any]) -> None:
    """Forget finished jobs and used form tokens after a week."""
    services.sweep()
    once.sweep()


def check() -> Health:
    """Jobs are late when the oldest due one has waited for five minutes; dead ones want a person."""
    wait, dead = queries.oldest_wait(), queries.counts()["dead"]
    if wait > 300:
        return Health(is_ok=False, detail=f"oldest job waits {wait} s", advice="Is a runner working? `dity jobs run`")
    if dead:
        return Health(is_ok=False, detail=f"{dead} jobs failed for good", advice="See Administration, Jobs.")
    return Health(is_ok=True, detail=f"oldest job waits {wait} s")


def feature() -> Feature:
    return Feature(
        name="jobs",
        commands=(cli.jobs,),
        jobs=(JobKind(name="jobs.sweep", run=sweep, every=dt.timedelta(hours=6)),),
        checks=(HealthCheck(name="jobs", run=check),),
    )
