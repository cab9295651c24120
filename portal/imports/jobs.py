"""Imports apart from requests."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale

from portal.core import actor as actors
from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db
from portal.imports import services, working
from portal.imports.models import ImportRun
from portal.people import services as people


def work(payload: dict[str, Any]) -> None:
    """Work a run off, a transaction for each batch; after a kill the next attempt goes on behind the last one."""
    run = db.session.get(ImportRun, payload["run"])
    if run is None or not run.is_under_way:
        return
    actor = _actor(run)
    with force_locale(actor.locale or options.get().default_locale):
        for _step in working.work_off(actor, run):
            db.session.commit()


def _actor(run: ImportRun) -> Actor:
    """Return whoever began it, as they are now; somebody who was shut out since cannot go on."""
    if run.by_id is None:
        return actors.system("import")
    return people.actor_for(run.by_id) or actors.ANONYMOUS


def sweep(payload: dict[str, Any]) -> None:
    """Tidy up after imports; safe to run twice."""
    services.sweep()
