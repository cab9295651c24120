"""What jobs bring to the house."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.core import once
from portal.core.feature import Feature, Health, HealthCheck, JobKind
from portal.core.retention import Retention
from portal.jobs import cli, queries, services


def sweep(payload: dict[str, Any]) -> None:
    """Forget finished jobs and used form tokens after a week."""
    services.sweep()
    once.sweep()


def check() -> Health:
    """Jobs are late when the oldest due one has waited for five minutes; dead ones want a person."""
    wait, dead = queries.oldest_wait(), queries.counts()["dead"]
    waiting = _("oldest job waits %(n)s s", n=wait)
    if wait > 300:
        return Health(is_ok=False, detail=waiting, advice=_("Is a runner working? `dity jobs run`"))
    if dead:
        detail = ngettext("%(num)s job failed for good", "%(num)s jobs failed for good", dead)
        return Health(is_ok=False, detail=detail, advice=_("See Administration, Background jobs."))
    return Health(is_ok=True, detail=waiting)


def feature() -> Feature:
    return Feature(
        name="jobs",
        commands=(cli.jobs,),
        jobs=(JobKind(name="jobs.sweep", run=sweep, every=dt.timedelta(hours=6)),),
        checks=(HealthCheck(name="jobs", run=check),),
        retention=(
            Retention(
                name="jobs",
                label=_l("Jobs that are done"),
                goes=_l("Their row is deleted; failed ones wait for a person."),
                fixed_days=services.KEPT.days,
                count=services.count_done,
                sweep=services.forget_done,
            ),
            Retention(
                name="forms",
                label=_l("Marks of forms that were sent"),
                goes=_l("They keep a form from acting twice, and are deleted."),
                fixed_days=once.KEPT.days,
                count=once.count,
                sweep=once.forget,
            ),
        ),
    )
