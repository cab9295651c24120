"""Paths that are looked at by themselves: what lies there, what of it is new, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, Refusal
from portal.core.feature import Health
from portal.core.permissions import Permission
from portal.jobs import services as jobs
from portal.weblogs import folders, intake, queries, wording
from portal.weblogs.intake import Reading
from portal.weblogs.models import Pace, WebLog
from portal.weblogs.services import READ, bring, is_on, require_on


def look(actor: Actor, log: WebLog) -> Iterator[tuple[Path, Reading]]:
    """Read what is new at a log's path; yields after each step, for the caller to commit."""
    require_on()
    weblog_id, files = log.id, _files(log)
    log.read_at, log.trouble = clock.now(), ""
    if not files:
        is_allowed = not log.path or folders.hold(Path(log.path))
        log.trouble = _("There is no file at this path that can be read.") if is_allowed else folders.told()[:400]
    yield Path(log.path), Reading()
    for path in files:
        try:
            if intake.is_unchanged(weblog_id, path):
                continue
            reading = Reading()
            for found in bring(actor, db.session.get_one(WebLog, weblog_id), path):
                reading = found
                yield path, reading
            if reading.is_endless:
                _note(weblog_id, path, wording.endless())
                yield path, reading
            elif reading.n_read and not queries.in_all(weblog_id).n_parsed:
                _note(weblog_id, path, _("Not one line of it is a line of an access log."))
                yield path, reading
        except (Refusal, OSError) as trouble:
            db.session.rollback()
            said = trouble.message if isinstance(trouble, Refusal) else trouble.strerror or str(trouble)
            _note(weblog_id, path, said)
            yield path, Reading()


def _files(log: WebLog) -> list[Path]:
    """Return what lies at a log's path, and where its links lead to: in the folders that were named."""
    if not log.path or not folders.hold(Path(log.path)):
        return []
    return [each for each in intake.files_of(log.path) if folders.hold(each)]


def _note(weblog_id: int, path: Path, said: str) -> None:
    db.session.get_one(WebLog, weblog_id).trouble = f"{path.name}: {said}"[:400]


def ask_to_read(actor: Actor, log: WebLog) -> None:
    """Have the log's path looked at as soon as the runner comes to it."""
    actor.require(Permission.WEBLOG_IMPORT)
    require_on()
    if not log.path:
        raise Invalid(_("This log has no path. Bring its files on the page of imports."))
    jobs.enqueue(READ, {"weblog": log.id})


def due(pace: Pace) -> Sequence[int]:
    """Return the logs that are looked at this often."""
    return db.session.scalars(select(WebLog.id).where(WebLog.pace == pace.value).order_by(WebLog.id)).all()


def check() -> Health:
    """Say whether the watched logs could be read when they were last looked at."""
    if not is_on():
        return Health(is_ok=True, detail=_("Logs of web servers are not read here."))
    rows = db.session.execute(select(WebLog.name, WebLog.trouble).where(WebLog.pace != Pace.NEVER.value)).all()
    troubled = [f"{name}: {trouble}" for name, trouble in rows if trouble]
    if troubled:
        return Health(
            is_ok=False,
            detail="; ".join(troubled),
            advice=_("Let the account that runs the portal read the file, or change its path among the logs."),
        )
    return Health(is_ok=True, detail=ngettext("%(num)s log is watched", "%(num)s logs are watched", len(rows)))
