"""How long a survey of twenty thousand people takes to launch, send and read: `python -m benchmarks.invitations`.

The mails go through the job runner to a mail server on this machine that takes everything; now and then the runner is
killed (`--kills`). An inbox that knows its mails must show one to everybody. Then all answer, and the survey is closed
and read, while another process writes ten times a second and notes how long it had to wait: nobody may wait for as long
as reading takes. `--unsent` leaves the mails out; `--json` prints the figures for a machine.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing as closed_after
from itertools import pairwise
from pathlib import Path
from random import Random
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
from portal.pulse import closing, launching, mailings, waves
from portal.pulse.models import Invitation, Sheet, Wave, WaveMailing
from surveys import loading

ROOT = Path(__file__).resolve().parents[1]
UNITS = ("Finance", "Sales", "Workshop", "Design", "Logistics", "HR", "IT", "Management")
WORK = """
import datetime as dt
from portal.factory import create_app
from portal.jobs.runner import Runner
Runner(create_app(), lease=dt.timedelta(seconds=2)).run()
"""
WRITE = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
while True:
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    waited = time.perf_counter() - began
    connection.execute("INSERT INTO waited VALUES (?, ?)", (time.time() - waited, waited))
    connection.execute("COMMIT")
    time.sleep(0.1)
"""
"""Somebody who writes: notes when, and how long they waited until they could."""
COMMENTS = ("", "", "", "The search does not know our words.", "It saves me a call.", "Ask First17 Last, who knows.")
LONGEST_WAIT = 0.5
"""Of the time a reading takes: who writes waits for the close and for keeping, never for the reading."""
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


def answer() -> None:
    """Let everybody answer who was asked; what they said is written as rows, for answering is not measured here."""
    wave = db.session.execute(select(Wave)).scalar_one()
    draw, items = Random(7), loading.load(wave.instrument).asked_at(wave.stage)
    db.session.execute(update(Invitation).values(is_used=True, sent_at=clock.now()))
    groups = db.session.execute(select(Invitation.department, Invitation.site)).all()
    rows = [
        {
            "id": secrets.token_hex(16),
            "wave_id": wave.id,
            "department": department,
            "site": site,
            "answers": {item.code: draw.randint(1, 5) for item in items if draw.random() < 0.95},
            "comment": draw.choice(COMMENTS),
        }
        for department, site in groups
    ]
    db.session.execute(insert(Sheet), rows)
    db.session.commit()


def read(home: Path) -> dict[str, float]:
    """Close and read the survey as its page does, while another process writes."""
    file = home / "dity.sqlite3"
    with closed_after(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE waited (at REAL, seconds REAL)")
    wave_id = db.session.execute(select(Wave.id)).scalar_one()
    db.session.rollback()
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(file)])
    time.sleep(1)
    marks, worked = [time.time()], [time.process_time()]
    try:
        closing.close(actors.system("measuring"), db.session.get_one(Wave, wave_id))
        db.session.commit()
        marks.append(time.time())
        worked.append(time.process_time())
        closing.read(wave_id)
        db.session.commit()
        marks.append(time.time())
        worked.append(time.process_time())
        time.sleep(0.5)
    finally:
        writer.kill()
        writer.wait()
    with closed_after(sqlite3.connect(file)) as connection:
        longest = "SELECT coalesce(max(seconds), 0) FROM waited WHERE at BETWEEN ? AND ?"
        waits = [connection.execute(longest, ends).fetchone()[0] for ends in pairwise(marks)]
    closed, done = (later - earlier for earlier, later in pairwise(marks))
    cpu = [round(later - earlier, 2) for earlier, later in pairwise(worked)]
    return {
        "closed": round(closed, 2),
        "cpu_of_the_close": cpu[0],
        "waited_for_the_close": round(waits[0], 2),
        "read": round(done, 2),
        "cpu_of_the_reading": cpu[1],
        "waited_for_the_reading": round(waits[1], 2),
    }


def measure(n: int, n_kills: int, *, is_sent: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, mailbox() as box:
        home = Path(folder) / "home"
        app = create_app(Settings(home=home, secret_key=SECRET, testing=True, log_level="error"))
        with app.app_context():
            from portal.core import migrate

            migrate.upgrade()
            mail = {"mail_mode": "smtp", "smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_tls": False}
            options.change(actors.system("measuring"), survey_mails_per_minute=0, **mail)
            fill(n)
            found: dict[str, Any] = {"n": n, "n_kills": n_kills, "launched": launch()}
            if is_sent:
                found["sent"] = send(home, box, n, n_kills)
                found["sent"]["per_second"] = round(n / found["sent"]["seconds"])
                found["noted"] = db.session.execute(select(WaveMailing.n_sent)).scalar_one()
            answer()
            return {**found, "read": read(home)}


def complaints(found: dict[str, Any]) -> list[str]:
    """Say which promises were not kept."""
    sent, told = found.get("sent"), found["read"]
    broken = []
    if sent and not sent["shown"] == sent["people"] == found["n"] == found["noted"]:
        broken.append("somebody got none, or two")
    if told["waited_for_the_reading"] > LONGEST_WAIT * told["read"]:
        broken.append("who wrote waited for the reading")
    return broken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--unsent", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = measure(chosen.people, chosen.kills, is_sent=not chosen.unsent)
    if chosen.json:
        print(json.dumps(found))
    else:
        print("\n".join(lines(found)))
    if broken := complaints(found):
        raise SystemExit("; ".join(broken))


def lines(found: dict[str, Any]) -> list[str]:
    launched, sent, told = found["launched"], found.get("sent"), found["read"]
    said = [f"launched: {found['n']} invitations in {launched['seconds']} s, {launched['cpu']} s of CPU"]
    if sent:
        cpu, kills = f"{sent['cpu']} s of CPU", f"{found['n_kills']} kills"
        said += [
            f"sent: {sent['seconds']} s ({sent['per_second']} a second), {cpu}, {kills}",
            f"arrived: {sent['arrived']} mails; shown: {sent['shown']} to {sent['people']} people",
        ]
    return [
        *said,
        f"closed: {told['closed']} s, {told['cpu_of_the_close']} s of CPU; "
        f"who wrote meanwhile waited {told['waited_for_the_close']} s at most",
        f"read and kept: {told['read']} s, {told['cpu_of_the_reading']} s of CPU; "
        f"who wrote meanwhile waited {told['waited_for_the_reading']} s at most",
    ]


if __name__ == "__main__":
    main()
