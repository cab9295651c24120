"""Filling Ostrey & Vale. Only the command loads this: it needs the whole house, and web workers need none of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete

from portal.core.database import db
from portal.demo import bringing, outside, weblogs
from portal.demo.play import Play
from portal.jobs import services as jobs
from portal.jobs.models import Job, State


def seed(*, at: dt.datetime, folder: Path, tell: Callable[[str], None] = lambda _text: None) -> None:
    """Fill an empty portal with fifteen months that end at `at`; `folder` holds the articles.

    Refuses article files with problems (`kb.sync.SyncRefused`), as every sync does. Tells in a line what is there
    after each part. The caller commits.
    """
    told = Play(at=at, folder=folder)
    told.open()
    tell(f"{len(told.entries)} people, {len(told.departments)} departments, {len(told.sites)} sites")
    told.plan()
    told.play()
    outside.connect(at)
    bringing.bring()
    weblogs.read(at)
    _index_once()
    jobs.enqueue("kb.links.collect", {})
    tell(f"{len(told.shelves)} articles, {told.timeline.n_looks:,} looks and searches, {told.n_answers:,} answers")


def _index_once() -> None:
    """Build the search index whole instead of following fifteen months of small changes one by one."""
    db.session.execute(delete(Job).where(Job.kind == "search.update", Job.state == State.WAITING.value))
    jobs.enqueue("search.rebuild", {})
