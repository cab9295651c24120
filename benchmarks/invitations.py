"""How long a survey of twenty thousand people takes to launch and to send: `python -m benchmarks.invitations`.

The mails go through the job runner to a mail server on this machine that takes everything; now and then the runner is
killed (`--kills`). An inbox that knows its mails must show one to everybody. `--json` prints the figures for a machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from benchmarks.measuring.mailbox import Mailbox, mailbox
from config import Settings
from portal.core import actor as actors
from portal.core import clock, options
from portal.core.database import db
from portal.factory import create_app
from portal.jobs.models import Job
from portal.people.models import Department, Person
from portal.pulse import launching, mailings, waves
from portal.pulse.models import WaveMailing

ROOT = Path(__file__).resolve().parents[1]
UNITS = ("Finance", "Sales", "Workshop", "Design", "Logistics", "HR", "IT", "Management")
WORK = """
import datetime as dt
from portal.factory import create_app
from portal.jobs.runner import Runner
Runner(create_app(), lease=dt.timedelta(seconds=2)).run()
"""
SECRET = "a key for measuring only, long enough to be accepted"  # noqa: S105


def fill(n: int) -> None:
    """Add so many people in eight departments."""
    db.session.execute(insert(Department), [{"slug": name.lower(), "name": name} for name in UNITS])
    units = list(db.session.execute(select(Department.id)).scalars())
    rows = [
        {
            "email": f"person{i}@ostreyvale.example",
            "name": f"First{i} Last",
            "department_id": units[i % 8],
            "is_active": True,
            "locale": "de" if i % 3 == 0 else "",
            "timezone": "",
            "theme": "auto",
        }
        for i in range(n)
    ]
    db.session.execute(insert(Person), rows)
    db.session.commit()


def launch() -> dict[str, float]:
    """Launch a wave among everybody; its invitations are due at once."""
    actor = actors.system("measuring")
    why = "We want to know what would help you most, and decide by it."
    more = {"why": why, "opens_on": clock.today(), "reminder_days": [], "sender_name": "Eli Lindqvist, HR"}
    wave = waves.plan(actor, name="Measured", stage="use", **more)
    db.session.commit()
    began, worked = time.perf_counter(), time.process_time()
    launching.launch(actor, wave, version=wave.version)
    db.session.commit()
    found = {"seconds": round(time.perf_counter() - began, 2), "cpu": round(time.process_time() - worked, 2)}
    db.session.execute(update(Job).where(Job.kind == mailings.SEND).values(run_at=clock.now()))
    db.session.execute(update(WaveMailing).values(due_at=clock.now()))
    db.session.commit()
    return found


def send(home: Path, box: Mailbox, n: int, n_kills: int) -> dict[str, Any]:
    """Let runners send everything, each but the last killed in the middle of it."""
    environment = {**os.environ, "DITY_HOME": str(home), "DITY_SECRET_KEY": SECRET, "DITY_LOG_LEVEL": "error"}
    began, cpu = time.perf_counter(), os.times().children_user
    for k in range(1, n_kills + 2):
        runner = subprocess.Popen([sys.executable, "-c", WORK], env=environment, cwd=ROOT)
        while box.counts()["arrived"] < n * k / (n_kills + 1) or (k > n_kills and not _is_over()):
            time.sleep(0.05)
            if runner.poll() is not None:
                raise SystemExit("the runner has ended by itself")
        runner.kill()
        runner.wait()
    seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 1), "cpu": round(os.times().children_user - cpu, 1), **box.counts()}


def _is_over() -> bool:
    is_over = db.session.execute(select(WaveMailing.ended_at)).scalar_one() is not None
    db.session.rollback()
    return is_over


def measure(n: int, n_kills: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, mailbox() as box:
        home = Path(folder) / "home"
        app = create_app(Settings(home=home, secret_key=SECRET, testing=True, log_level="error"))
        with app.app_context():
            from portal.core import migrate

            migrate.upgrade()
            mail = {"mail_mode": "smtp", "smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_tls": False}
            options.change(actors.system("measuring"), survey_mails_per_minute=0, **mail)
            fill(n)
            launched = launch()
            sent = send(home, box, n, n_kills)
            row = db.session.execute(select(WaveMailing)).scalar_one()
            sent["per_second"] = round(n / sent["seconds"])
            return {"n": n, "n_kills": n_kills, "launched": launched, "sent": sent, "noted": row.n_sent}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = measure(chosen.people, chosen.kills)
    if chosen.json:
        print(json.dumps(found))
    else:
        launched, sent = found["launched"], found["sent"]
        print(f"launched: {found['n']} invitations in {launched['seconds']} s, {launched['cpu']} s of CPU")
        print(
            f"sent: {sent['seconds']} s ({sent['per_second']} a second), {sent['cpu']} s of CPU, {chosen.kills} kills"
        )
        print(f"arrived: {sent['arrived']} mails; shown: {sent['shown']} to {sent['people']} people")
    if not found["sent"]["shown"] == found["sent"]["people"] == found["n"] == found["noted"]:
        raise SystemExit("somebody got none, or two")


if __name__ == "__main__":
    main()
