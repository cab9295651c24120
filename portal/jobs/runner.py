"""The runner: claims due jobs one after the other, ticks schedules, stops gracefully.

Several runners on several machines are harmless: leases and unique keys sort them out.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import socket
import threading
import traceback
from zoneinfo import ZoneInfo

from flask import Flask

from portal.core import clock, options
from portal.core.database import db
from portal.core.errors import Conflict
from portal.core.feature import JobKind
from portal.core.registry import registry
from portal.jobs import services

log = logging.getLogger(__name__)

IDLE = 1.0
TICK = 15.0


class Runner:
    """Works off jobs until told to stop."""

    def __init__(self, app: Flask, *, lease: dt.timedelta = services.LEASE) -> None:
        self._app = app
        self._lease = lease
        self._stop = threading.Event()
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"

    def stop(self) -> None:
        """Finish the job in hand, then end."""
        self._stop.set()

    def run(self) -> None:
        """Work until `stop`; a database that is away is waited for, never a reason to die."""
        last_tick = 0.0
        while not self._stop.is_set():
            try:
                if (moment := clock.now().timestamp()) - last_tick >= TICK:
                    self.tick()
                    last_tick = moment
                if not self.work_one():
                    self._stop.wait(IDLE)
            except Exception:
                log.exception("runner_trouble")
                self._stop.wait(5)

    def drain(self, limit: int = 10_000) -> int:
        """Work off everything due now; returns how many jobs were worked."""
        for n in range(limit):
            if not self.work_one():
                return n
        return limit

    def work_one(self) -> bool:
        """Claim and work one job; False when none is due."""
        with self._app.app_context():
            job = services.claim(self.name, lease=self._lease)
            db.session.commit()
            if job is None:
                return False
            held = (job.id, job.kind, dict(job.payload), job.attempts, job.max_attempts)
        self._work(*held)
        return True

    def _work(self, job_id: int, kind: str, payload: dict[str, object], attempt: int, max_attempts: int) -> None:
        is_over = threading.Event()
        beat = threading.Thread(target=self._beat, args=(job_id, attempt, is_over), daemon=True)
        beat.start()
        try:
            with self._app.app_context():
                self._kind(kind).run(payload)
                services.finish(job_id, worker=self.name, attempt=attempt)
                db.session.commit()
        except Conflict:
            log.warning("job_lost_lease", extra={"job": job_id, "kind": kind})
        except Exception as trouble:
            log.warning("job_failed", extra={"job": job_id, "kind": kind, "attempt": attempt}, exc_info=True)
            reason = "".join(traceback.format_exception_only(trouble)).strip()
            with self._app.app_context():
                services.fail(job_id, worker=self.name, attempt=attempt, error=reason, max_attempts=max_attempts)
                db.session.commit()
        finally:
            is_over.set()

    def _beat(self, job_id: int, attempt: int, is_over: threading.Event) -> None:
        """Keep the lease of a long job until it is over; a failed beat is not the end, the next may succeed."""
        while not is_over.wait(self._lease.total_seconds() / 2):
            try:
                with self._app.app_context():
                    services.extend(job_id, worker=self.name, attempt=attempt, lease=self._lease)
                    db.session.commit()
            except Conflict:
                return
            except Exception:
                log.warning("job_heartbeat_failed", exc_info=True)

    def _kind(self, name: str) -> JobKind:
        try:
            return registry(self._app).jobs[name]
        except KeyError:
            raise LookupError(f"no feature works jobs of kind {name!r}") from None

    def tick(self) -> None:
        """Enqueue what schedules ask for at this moment; the key of the slot makes a second tick harmless."""
        with self._app.app_context():
            zone = ZoneInfo(options.get().default_timezone)
            for kind in registry(self._app).jobs.values():
                if slot := slot_of(kind, clock.now(), zone):
                    services.enqueue(
                        kind.name, {"slot": slot}, key=f"{kind.name}:{slot}", max_attempts=kind.max_attempts
                    )
            db.session.commit()


def slot_of(kind: JobKind, now: dt.datetime, zone: ZoneInfo) -> str | None:
    """Return the name of the schedule's slot that `now` falls into, None before the day's hour or without a schedule.

    Intervals count from the epoch in UTC; daily slots are named by the local date, so the hour that clocks repeat
    or skip changes nothing.
    """
    if kind.every is not None:
        return str(int(now.timestamp() // kind.every.total_seconds()))
    if kind.at is not None:
        local = now.astimezone(zone)
        return local.date().isoformat() if local.strftime("%H:%M") >= kind.at else None
    return None
