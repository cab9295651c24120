"""`/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: how it does. Nothing about people in any."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import text

from portal.core import metrics
from portal.core.access import public
from portal.core.database import db
from portal.core.feature import Health, HealthCheck
from portal.core.registry import registry

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """200 while the portal can serve; 503 names what it lacks. Things merely degraded are listed with 200."""
    found = findings()
    is_ready = all(health.is_ok for check, health in found if check.is_needed_to_serve)
    body = {check.name: {"ok": health.is_ok, "detail": health.detail} for check, health in found}
    return jsonify(ready=is_ready, checks=body), 200 if is_ready else 503


@bp.get("/metrics")
@public
def metrics_page() -> ResponseReturnValue:
    body, content_type = metrics.exposition()
    return Response(body, content_type=content_type)


def findings() -> list[tuple[HealthCheck, Health]]:
    """Ask every check; one that fails to answer is a finding too."""
    found = []
    for check in [HealthCheck(name="database", run=_database, is_needed_to_serve=True), *registry().checks]:
        try:
            found.append((check, check.run()))
        except Exception as trouble:
            db.session.rollback()
            found.append((check, Health(is_ok=False, detail=type(trouble).__name__, advice=_("See the log."))))
    return found


def _database() -> Health:
    db.session.execute(text("SELECT 1"))
    from portal.core.migrate import is_current

    if not is_current():
        return Health(is_ok=False, detail=_("the database has another version"), advice=_("Run `dity db upgrade`."))
    return Health(is_ok=True, detail=db.engine.dialect.name)
