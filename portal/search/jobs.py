"""Work on the index, apart from requests."""

from __future__ import annotations

import logging
from typing import Any

from portal.core.database import db
from portal.core.refs import Ref
from portal.search import maintenance
from portal.search.engine import IndexUnusable, State

log = logging.getLogger(__name__)


def update(payload: dict[str, Any]) -> None:
    """Bring the index in step with the things named in `refs`; build it again where it cannot be mended."""
    refs = [Ref.parse(text) for text in payload["refs"]]
    try:
        maintenance.update(refs)
    except IndexUnusable as trouble:
        _note(trouble.state.value, trouble.detail)
        rebuild({})


def rebuild(payload: dict[str, Any]) -> None:
    """Build the index again; people search the old one until the new one is in place."""
    build = maintenance.plan_rebuild()
    db.session.commit()
    maintenance.rebuild(build)


def watch(payload: dict[str, Any]) -> None:
    """Read the whole index; when it is missing, damaged or stale, take it out of use and build it again."""
    found = maintenance.status()
    db.session.rollback()
    if found.is_ok:
        return
    _note(found.state, found.detail)
    if found.state != "missing":
        maintenance.engine().retire()
    rebuild(payload)


def _note(state: str, detail: str) -> None:
    """Log what is wrong; an index that is not there yet is how every installation begins."""
    level = logging.INFO if state == State.MISSING else logging.WARNING
    log.log(level, "search_index_unusable", extra={"state": state, "detail": detail})


def optimise(payload: dict[str, Any]) -> None:
    """Tidy the index up after a day of small changes."""
    try:
        maintenance.engine().optimise()
    except IndexUnusable:
        rebuild(payload)
