"""Durable jobs: each is worked, also when workers die; none is worked twice by two; schedules tick once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, options
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, NotFound
from portal.core.feature import JobKind
from portal.core.registry import registry
from portal.jobs import queries, services
from portal.jobs.models import Job, State
from portal.jobs.runner import Runner, slot_of
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]


@pytest.fixture
def worked(app: Flask) -> list[dict[str, Any]]:
    """Register a kind `test.note` that notes what it was given."""
    notes: list[dict[str, Any]] = []
    registry(app).jobs["test.note"] = JobKind(name="test.note", run=notes.append)
    return notes


@pytest.fixture
def failing(app: Flask) -> None:
    def run(payload: dict[str, Any]) -> None:
        options.change(system("test"), portal_name="half done")
        raise ValueError("the printer is on fire")

    registry(app).jobs["test.fail"] = JobKind(name="test.fail", run=run, max_attempts=2)


def job() -> Job:
    """Return the one job, and let the runner have the database again."""
    found = db.session.execute(select(Job).execution_options(populate_existing=True)).scalar_one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def test_a_job_exists_only_when_its_transaction_was_committed(worked: list[Any], app: Flask) -> None:
    services.enqueue("test.note", {"n": 1})
    db.session.rollback()
    services.enqueue("test.note", {"n": 2})
    db.session.commit()
    assert Runner(app).drain() == 1
    assert worked == [{"n": 2}]
    assert job().state == State.DONE


def test_a_key_makes_a_job_once(worked: list[Any], app: Flask) -> None:
    assert services.enqueue("test.note", {}, key="one") is not None
    assert services.enqueue("test.note", {}, key="one") is None
    db.session.commit()
    assert Runner(app).drain() == 1


def test_a_failed_job_leaves_nothing_half_done_and_is_tried_later(
    failing: None, app: Flask, stopped_clock: Any
) -> None:
    services.enqueue("test.fail", {}, max_attempts=2)
    db.session.commit()
    runner = Runner(app)
    assert runner.drain() == 1
    assert options.get().portal_name != "half done"
    db.session.rollback()
    assert (job().state, job().attempts) == (State.WAITING, 1)
    assert "on fire" in (job().error or "")
    assert runner.drain() == 0
    stopped_clock.move(seconds=services.BACKOFF[0])
    assert runner.drain() == 1
    assert job().state == State.DEAD


def test_a_dead_job_gets_new_attempts_from_an_administrator_only(failing: None, app: Flask) -> None:
    services.enqueue("test.fail", {}, max_attempts=1)
    db.session.commit()
    Runner(app).drain()
    dead = job().id
    with pytest.raises(Forbidden):
        services.retry(actor(), dead)
    assert services.retry(system("test"), dead).state == State.WAITING
    with pytest.raises(NotFound):
        services.retry(system("test"), dead)


def test_the_job_of_a_dead_worker_is_taken_up_when_its_lease_is_over(worked: list[Any], stopped_clock: Any) -> None:
    services.enqueue("test.note", {})
    first = services.claim("one")
    assert first is not None
    assert services.claim("two") is None
    stopped_clock.move(seconds=61)
    second = services.claim("two")
    assert second is not None
    assert (second.id, second.worker, second.attempts) == (first.id, "two", 2)


def test_a_worker_that_lost_its_lease_changes_nothing(worked: list[Any], stopped_clock: Any) -> None:
    services.enqueue("test.note", {})
    services.claim("one")
    stopped_clock.move(seconds=61)
    taken = services.claim("two")
    assert taken is not None
    with pytest.raises(Conflict):
        services.finish(taken.id, worker="one", attempt=1)


def test_a_job_that_kills_every_worker_ends_in_the_dead_list(worked: list[Any], stopped_clock: Any) -> None:
    services.enqueue("test.note", {}, max_attempts=3)
    for n in range(3):
        assert services.claim(f"worker {n}") is not None
        stopped_clock.move(seconds=61)
    assert services.claim("worker 4") is None
    assert queries.counts()["dead"] == 1


def test_a_job_nobody_knows_is_buried_not_looped(app: Flask, stopped_clock: Any) -> None:
    services.enqueue("no.such", {}, max_attempts=1)
    db.session.commit()
    Runner(app).drain()
    assert job().state == State.DEAD


def test_two_tickers_make_one_job_a_slot(worked: list[Any], app: Flask, stopped_clock: Any) -> None:
    registry(app).jobs["test.note"] = JobKind(name="test.note", run=worked.append, every=dt.timedelta(hours=1))
    for _ in range(2):
        Runner(app).tick()
    stopped_clock.move(hours=1)
    Runner(app).tick()
    rows = db.session.execute(select(Job).where(Job.kind == "test.note")).scalars().all()
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("America/New_York", "2026-11-01")],
)
def test_a_daily_job_runs_once_on_days_with_23_and_25_hours(zone: str, day: str) -> None:
    kind, tz = JobKind(name="x", run=_nothing, at="02:30"), ZoneInfo(zone)
    start = dt.datetime.fromisoformat(day).replace(tzinfo=tz).astimezone(dt.UTC)
    slots = {slot_of(kind, start + dt.timedelta(minutes=15 * n), tz) for n in range(4 * 22)}
    assert slots - {None} == {day}


def _nothing(payload: dict[str, Any]) -> None:
    return None


def test_done_jobs_are_forgotten_after_a_week_and_dead_ones_stay(stopped_clock: Any) -> None:
    for state in (State.DONE, State.DEAD):
        db.session.add(
            Job(
                kind="x",
                payload={},
                state=state.value,
                run_at=clock.now(),
                created_at=clock.now(),
                finished_at=clock.now(),
            )
        )
    db.session.flush()
    stopped_clock.move(days=8)
    assert services.sweep() == 1
    assert queries.counts() == {"waiting": 0, "running": 0, "done": 0, "dead": 1}


def test_a_running_job_keeps_its_lease(app: Flask, make_app: Callable[..., Flask]) -> None:
    import time

    seen: list[dt.datetime | None] = []

    def slow(payload: dict[str, Any]) -> None:
        db.session.rollback()
        time.sleep(0.5)
        seen.append(db.session.execute(select(Job.lease_until)).scalar_one())

    registry(app).jobs["test.slow"] = JobKind(name="test.slow", run=slow)
    services.enqueue("test.slow", {})
    db.session.commit()
    before = clock.now()
    Runner(app, lease=dt.timedelta(seconds=0.4)).drain()
    assert seen[0] is not None
    assert seen[0] > before + dt.timedelta(seconds=0.4)
