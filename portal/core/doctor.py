"""`dity doctor`: everything a tired administrator would look at, each with what to do about it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import text

from portal.core import clock, health, options, rows
from portal.core.database import db
from portal.core.feature import Health, HealthCheck

LAST_BACKUP = "last-backup"
"""File in the home folder whose age tells when a backup was last written."""
LITTLE_ROOM = 500 << 20
OLD_BACKUP = dt.timedelta(days=2)


def findings() -> list[tuple[HealthCheck, Health]]:
    """Ask what `/readyz` asks, and what takes longer or is only for an administrator's eyes."""
    return [*health.findings(), *ask(CHECKS)]


def ask(checks: Iterable[HealthCheck]) -> Iterable[tuple[HealthCheck, Health]]:
    """Run these checks; one that cannot be made is a finding too."""
    for check in checks:
        try:
            yield check, check.run()
        except Exception as trouble:
            db.session.rollback()
            detail = f"{type(trouble).__name__}: {trouble}"[:200]
            yield check, Health(is_ok=False, detail=detail, advice=_("See the log."))


def _settings() -> Any:
    return current_app.config["DITY"]


def _integrity() -> Health:
    if db.engine.dialect.name != "sqlite":
        return Health(is_ok=True, detail=_("PostgreSQL looks after this itself"))
    found = db.session.execute(text("PRAGMA quick_check(5)")).scalars().all()
    lost = db.session.execute(text("PRAGMA foreign_key_check")).all()
    if found == ["ok"] and not lost:
        return Health(is_ok=True, detail=_("no damage, no reference into nothing"))
    return Health(
        is_ok=False,
        detail="; ".join(found)[:200]
        + "; "
        + ngettext("%(num)s reference into nothing", "%(num)s references into nothing", len(lost)),
        advice=_("Stop the portal and restore the latest backup into an empty folder (docs/runbook.md)."),
    )


def _durability() -> Health:
    if db.engine.dialect.name == "sqlite":
        mode = db.session.execute(text("PRAGMA journal_mode")).scalar()
        level = db.session.execute(text("PRAGMA synchronous")).scalar()
        is_ok = (mode, level) == ("wal", 2)
        found = f"journal {mode}, synchronous {level}"
        advice = _("The database does not run as the portal sets it up (%(found)s). Restart the portal.", found=found)
    else:
        is_ok = db.session.execute(text("SHOW synchronous_commit")).scalar() != "off"
        advice = _("Set synchronous_commit to on in the settings of PostgreSQL.")
    if is_ok:
        return Health(is_ok=True, detail=_("what was confirmed survives a power cut"))
    return Health(is_ok=False, detail=_("what was confirmed may be lost in a power cut"), advice=advice)


def _unknown_tables() -> Health:
    found = rows.unknown_tables(db.session.connection())
    return Health(
        is_ok=not found,
        detail=", ".join(found) or _("none"),
        advice=_("Backups do not hold these tables; give other programs a database of their own.") if found else "",
    )


def _home() -> Health:
    home: Path = _settings().home
    if not os.access(home, os.W_OK | os.X_OK):
        advice = _("Give this account %(folder)s.", folder=home)
        return Health(is_ok=False, detail=_("%(folder)s cannot be written", folder=home), advice=advice)
    others = home.stat().st_mode & 0o007 if os.name == "posix" else 0
    return Health(
        is_ok=not others,
        detail=_("%(folder)s is open to every account of this machine", folder=home) if others else str(home),
        advice=f"chmod o-rwx {home}" if others else "",
    )


def _secret() -> Health:
    settings = _settings()
    path: Path = settings.secret_key_file or settings.home / "secret.key"
    if settings.secret_key or os.name != "posix" or not path.exists():
        return Health(is_ok=True, detail=_("given from outside") if settings.secret_key else _("in its file"))
    is_private = not path.stat().st_mode & 0o077
    advice = "" if is_private else f"chmod 600 {path}"
    detail = _("readable by its owner alone") if is_private else _("others can read it")
    return Health(is_ok=is_private, detail=detail, advice=advice)


def _room() -> Health:
    free = shutil.disk_usage(_settings().home).free
    is_ok = free > LITTLE_ROOM
    advice = "" if is_ok else _("Make room: without it the portal can be read, but keeps nothing new.")
    return Health(is_ok=is_ok, detail=_("%(n)s MB free", n=free >> 20), advice=advice)


def _backup() -> Health:
    stamp: Path = _settings().home / LAST_BACKUP
    advice = _("Make one now, and have `dity backup` run every night (docs/runbook.md).")
    if _settings().demo:
        return Health(is_ok=True, detail=_("a demo needs none"))
    if not stamp.exists():
        return Health(is_ok=False, detail=_("none has been made yet"), advice=advice)
    made = dt.datetime.fromtimestamp(stamp.stat().st_mtime, dt.UTC)
    is_ok = clock.now() - made < OLD_BACKUP
    detail = _("last on %(moment)s UTC", moment=f"{made:%Y-%m-%d %H:%M}")
    return Health(is_ok=is_ok, detail=detail, advice="" if is_ok else advice)


def _address() -> Health:
    settings = _settings()
    if settings.is_secure:
        return Health(is_ok=True, detail=settings.outside_url)
    is_local = settings.host in ("127.0.0.1", "::1", "localhost") and not settings.public_url
    return Health(
        is_ok=is_local,
        detail=f"{settings.outside_url}, {_('this machine only') if is_local else _('not encrypted')}",
        advice="" if is_local else _("Put a proxy with TLS in front and set DITY_PUBLIC_URL to its https:// address."),
    )


def _proxy() -> Health:
    """A proxy in front is only believed when it was announced; else everybody seems to come from its address."""
    settings = _settings()
    here = f"http://{settings.host}:{settings.port}{settings.url_prefix}"
    is_behind = bool(settings.public_url) and settings.outside_url.rstrip("/") != here.rstrip("/")
    if settings.trusted_proxies or not is_behind:
        n = settings.trusted_proxies
        detail = ngettext("%(num)s is trusted", "%(num)s are trusted", n) if n else _("none in front")
        return Health(is_ok=True, detail=detail)
    return Health(
        is_ok=False,
        detail=_("people come by %(address)s, yet no proxy is trusted", address=settings.outside_url),
        advice=_(
            "Set DITY_TRUSTED_PROXIES to the number of proxies in front, usually 1. Without it everybody seems to come "
            "from one address, and one who guesses passwords slows all down."
        ),
    )


def _set_up() -> Health:
    is_ok = options.get().is_set_up
    advice = "" if is_ok else _("Open the address `dity serve` prints and make the first administrator.")
    return Health(is_ok=is_ok, detail=_("done") if is_ok else _("no administrator yet"), advice=advice)


CHECKS = (
    HealthCheck(name="database is whole", run=_integrity),
    HealthCheck(name="durability", run=_durability),
    HealthCheck(name="foreign tables", run=_unknown_tables),
    HealthCheck(name="home folder", run=_home),
    HealthCheck(name="secret", run=_secret),
    HealthCheck(name="room", run=_room),
    HealthCheck(name="backup", run=_backup),
    HealthCheck(name="address", run=_address),
    HealthCheck(name="proxy", run=_proxy),
    HealthCheck(name="set-up", run=_set_up),
)
