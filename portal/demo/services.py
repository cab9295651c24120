"""Filling Ostrey & Vale, and being somebody there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete

from portal.accounts import services as accounts
from portal.core import actor as actors
from portal.core.database import db
from portal.demo import bringing, outside, weblogs
from portal.jobs import services as jobs
from portal.jobs.models import Job, State
from portal.people import queries as people_queries


def seed(*, at: dt.datetime, folder: Path, tell: Callable[[str], None] = lambda _text: None) -> None:
    """Fill an empty portal with fifteen months that end at `at`; `folder` holds the articles.

    Refuses article files with problems (`kb.sync.SyncRefused`), as every sync does. Tells in a line what is there
    after each part. The caller commits.
    """
    from portal.demo.play import Play  # needs numpy and the whole house; a web worker needs neither

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


def be(email: str) -> bool:
    """Sign this browser in as somebody without a password; False when they may not enter.

    Whoever it was before is signed out, as by their own hand; a refusal leaves them where they are.
    The caller makes sure that this is the demo, and commits.
    """
    person = people_queries.by_email(email)
    if person is None or not person.is_active:
        return False
    if actors.current().is_signed_in:
        accounts.sign_out(actors.current())
    accounts.start_session(person, method="demo")
    return True
