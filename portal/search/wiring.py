"""What search brings to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.core.feature import Feature, Health, HealthCheck, JobKind, NavItem
from portal.core.permissions import Permission
from portal.search import api, cli, jobs, maintenance, personal, views


def check() -> Health:
    """Say whether search answers from a sound index that is in step with the database."""
    found = maintenance.status()
    words = {
        "missing": _("there is no sound index"),
        "damaged": _("the index is damaged"),
        "stale": _("the index is behind the database"),
    }
    if not found.is_ok:
        advice = _("It is built again by itself within minutes; `dity search status` says more.")
        return Health(is_ok=False, detail=words[found.state], advice=advice)
    count = ngettext("%(num)s document", "%(num)s documents", found.n_documents)
    return Health(is_ok=True, detail=_("%(count)s, %(n)s in the database", count=count, n=found.n_rows))


def feature() -> Feature:
    return Feature(
        name="search",
        personal_data=personal.PERSONAL,
        blueprints=(views.finding, views.words),
        nav=(
            NavItem(
                label=_l("Words"),
                endpoint="words.index",
                icon="search",
                order=70,
                place="desk",
                permission=Permission.WORDS_MANAGE,
            ),
        ),
        commands=(cli.search,),
        operations=api.OPERATIONS,
        jobs=(
            JobKind(name="search.update", run=jobs.update, max_attempts=8),
            JobKind(name="search.rebuild", run=jobs.rebuild),
            JobKind(name="search.watch", run=jobs.watch, every=dt.timedelta(minutes=5)),
            JobKind(name="search.optimise", run=jobs.optimise, at="03:10"),
        ),
        checks=(HealthCheck(name="search", run=check),),
    )
