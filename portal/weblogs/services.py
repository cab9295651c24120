"""Adding, changing and removing logs, having them read, and forgetting keys. The caller commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from analytics.events import Name
from analytics.weblog.tallying import Places
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.weblogs import folders, intake, settling
from portal.weblogs.intake import Intake, Log, Reading
from portal.weblogs.models import LogAddresses, LogDay, Pace, WebLog

READ = "weblogs.read"
SALTS_LIVE = dt.timedelta(hours=48)
MOST_LOGS = 50


class SwitchedOff(Conflict):
    """Logs of web servers may not be read here."""

    def __init__(self) -> None:
        super().__init__(_("Reading logs of web servers is switched off here. Nothing was read."))


@dataclass(frozen=True, kw_only=True)
class About:
    """What somebody says of a log."""

    name: str
    path: str = ""
    pace: Pace = Pace.NEVER
    hosts: tuple[str, ...] = ()
    below: str = ""
    is_common: bool = False


def is_on() -> bool:
    return options.get().read_logs


def require_on() -> None:
    """Refuse (SwitchedOff) where logs may not be read."""
    if not is_on():
        raise SwitchedOff


def get(actor: Actor, weblog_id: int) -> WebLog:
    """Return a log or refuse: Forbidden for who may not import, NotFound when there is none."""
    actor.require(Permission.WEBLOG_IMPORT)
    found = db.session.get(WebLog, weblog_id)
    if found is None:
        raise NotFound(_("There is no such log."))
    return found


def add(actor: Actor, about: About) -> WebLog:
    """Add a log. Refuses (Invalid) a name that is taken, and a path that may not be watched."""
    actor.require(Permission.WEBLOG_IMPORT)
    if db.session.scalars(select(func.count()).select_from(WebLog)).one() >= MOST_LOGS:
        raise Invalid(_("There can be %(n)s logs at most. Remove one first.", n=MOST_LOGS), field="name")
    log = WebLog(name="", created_at=clock.now())
    _set(log, about)
    db.session.add(log)
    db.session.flush()
    ledger.record(Name.WEBLOG_ADDED, actor=actor, subject=Ref("weblog", log.id))
    return log


def change(actor: Actor, log: WebLog, about: About) -> None:
    """Change what is known of a log; what was counted stays as it was. Refuses like `add`."""
    actor.require(Permission.WEBLOG_IMPORT)
    before = {name: getattr(log, name) for name in ("name", "path", "pace", "hosts", "below", "is_common")}
    _set(log, about)
    fields = sorted(name for name, value in before.items() if getattr(log, name) != value)
    if fields:
        ledger.record(Name.WEBLOG_CHANGED, actor=actor, subject=Ref("weblog", log.id), fields=fields)
    db.session.flush()


def _set(log: WebLog, about: About) -> None:
    name = " ".join(about.name.split())
    if not name:
        raise Invalid(_("Give the log a name by which you know it."), field="name")
    taken = select(WebLog.id).where(func.lower(WebLog.name) == name.lower(), WebLog.id != log.id)
    if log.id is None:
        taken = select(WebLog.id).where(func.lower(WebLog.name) == name.lower())
    with db.session.no_autoflush:
        if db.session.scalar(taken) is not None:
            raise Invalid(_("There is a log of this name already."), field="name")
    path = about.path.strip()
    if path and not Path(path).is_absolute():
        raise Invalid(_("Give the whole path, from the root on."), field="path")
    if path and not folders.hold(Path(path)):
        raise Invalid(folders.told(), field="path")
    if about.pace is not Pace.NEVER and not path:
        raise Invalid(_("Name the file or folder that is to be looked at."), field="path")
    log.name, log.path, log.pace = name[:80], path, about.pace.value
    log.hosts = sorted({host.strip().lower() for host in about.hosts if host.strip()})
    log.below = "/" + about.below.strip().strip("/") if about.below.strip().strip("/") else ""
    log.is_common = about.is_common


def remove(actor: Actor, log: WebLog) -> None:
    """Remove a log with everything that was counted of it."""
    actor.require(Permission.WEBLOG_IMPORT)
    ledger.record(Name.WEBLOG_REMOVED, actor=actor, subject=Ref("weblog", log.id), title=log.name)
    db.session.delete(log)
    db.session.flush()


def named(actor: Actor, name: str) -> WebLog:
    """Return the log of this name, added if there is none."""
    actor.require(Permission.WEBLOG_IMPORT)
    name = " ".join(name.split())[:80] or _("Logs brought by hand")
    found = db.session.scalar(select(WebLog).where(func.lower(WebLog.name) == name.lower()))
    return found or add(actor, About(name=name, hosts=own_hosts()))


def own_hosts() -> tuple[str, ...]:
    """Return the portal's own host name, as people reach it."""
    from urllib.parse import urlsplit

    found = urlsplit(current_app.config["DITY"].outside_url).netloc
    return (found,) if found else ()


def bring(actor: Actor, log: WebLog, path: Path, *, name: str | None = None) -> Iterator[Reading]:
    """Read a file into a log, from where it was left; the caller commits after each step, the last included.

    Yields what was read so far. Refuses (SwitchedOff), and (Conflict) when somebody else reads the same log.
    """
    actor.require(Permission.WEBLOG_IMPORT)
    require_on()
    weblog_id, reading, shown = log.id, Reading(), name or str(path)
    stat = path.stat()
    db.session.rollback()
    for _step in intake.bring(weblog_id, path, shown, reading):
        yield reading
    if not reading.is_broken:
        settling.close(weblog_id, shown, (stat.st_size, stat.st_mtime_ns))
    note(actor, weblog_id, reading)
    yield reading


def fill(actor: Actor, log: WebLog, path: Path) -> None:
    """Read a file into a log that was just added, in the caller's transaction: for what builds a portal at once."""
    actor.require(Permission.WEBLOG_IMPORT)
    require_on()
    reading, places = Reading(), Places(log.below, frozenset(log.hosts))
    for portion in Intake(Log(is_common=log.is_common, places=places)).read(path, path.name, reading):
        settling.settle(log.id, portion)
    note(actor, log.id, reading)


def note(actor: Actor, weblog_id: int, reading: Reading) -> None:
    """Record that lines were counted, where there were any."""
    if reading.n_read:
        ledger.record(
            Name.WEBLOG_READ,
            actor=actor,
            subject=Ref("weblog", weblog_id),
            lines=reading.n_read,
            refused=reading.n_refused,
        )


def forget_keys() -> int:
    """Destroy salts, and keys made with them, that no late line can need any more (48 hours); returns how many."""
    before = clock.now() - SALTS_LIVE
    days = update(LogDay).where(LogDay.touched_at < before, LogDay.salt.is_not(None))
    n = db.session.execute(days.values(salt=None, visitors_kept=None)).rowcount  # type: ignore[attr-defined]
    old = select(WebLog.id).where(WebLog.salted_at < before)
    db.session.execute(delete(LogAddresses).where(LogAddresses.weblog_id.in_(old)))
    n += db.session.execute(  # type: ignore[attr-defined]
        update(WebLog).where(WebLog.salted_at < before).values(salt=None, salted_at=None)
    ).rowcount
    db.session.flush()
    return int(n)


def switch(actor: Actor, *, is_on: bool) -> None:
    """Let logs be read, or not. Switched off, keys that live still are destroyed at once."""
    actor.require(Permission.OPTION_CHANGE)
    options.change(actor, read_logs=is_on)
    if not is_on:
        db.session.execute(update(LogDay).values(salt=None, visitors_kept=None))
        db.session.execute(delete(LogAddresses))
        db.session.execute(update(WebLog).values(salt=None, salted_at=None))
        db.session.flush()
