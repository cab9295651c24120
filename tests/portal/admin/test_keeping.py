"""Keeping and forgetting, by a clock that stands where the test wants it (QUALITY S21)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from analytics.events import Name
from portal.accounts import sessions
from portal.accounts.models import Erasure, SignInSession
from portal.admin import condition, keeping
from portal.admin.models import StorageDay
from portal.core import clock, once, options
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Role
from portal.core.registry import registry
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.notifications import services as notifications
from portal.notifications.models import Notification, OutboxMail
from portal.people import services as people
from tests.factories.people import actor, person

pytestmark = pytest.mark.usefixtures("app")
ADMIN = system("test")


def fill(app: Flask) -> None:
    """Leave one of everything that grows old, at this moment."""
    ana = person("Ana Ruiz")
    who = people.actor_of(ana)
    session, _token = sessions.open_session(ana.id)
    session.ended_at = clock.now()
    notifications.tell([ana], "acted_for", actor=ADMIN, data={"minutes": "60"}, words="why")
    notifications.read_all(who)
    for mail in db.session.execute(select(OutboxMail)).scalars():
        notifications.mark_sent(mail)
    once.claim("a-token", person_id=ana.id, location="/")
    job = jobs.enqueue("search.update", {"refs": []})
    assert job is not None
    job.state, job.finished_at = "done", clock.now()
    ledger.record(Name.SEARCH_PERFORMED, actor=who, search="k", query="vpn", n_results=0, surface="search")
    backups = Path(app.config["DITY"].home) / "backups"
    backups.mkdir(exist_ok=True)
    for n in (1, 2):
        path = backups / f"dity-{n}.tar.gz"
        path.write_bytes(b"x")
        os.utime(path, (clock.now().timestamp() + n,) * 2)


def due() -> dict[str, int]:
    return {one.rule.name: one.n for one in keeping.dry_run() if one.n}


def test_everything_goes_when_its_days_are_over_and_not_before(app: Flask, stopped_clock: Any) -> None:
    fill(app)
    options.change(ADMIN, keep_backups_days=100, keep_looking_days=60)
    stopped_clock.move(days=6, hours=23)
    assert due() == {}
    keeping.run()
    stopped_clock.move(hours=2)
    assert due() == {"jobs": 1, "forms": 1}
    stopped_clock.move(days=24)
    assert due()["sessions"] == 1
    assert "looking" not in due()
    stopped_clock.move(days=60)
    assert {"mail": 1, "news": 1, "looking": 1}.items() <= due().items(), "a month of looking goes as a whole"
    stopped_clock.move(days=11)
    announced = due()
    assert announced["backups"] == 1, "the latest one stays however old it is"
    gone = {name: n for name, n in keeping.run().items() if n}
    assert gone == announced
    assert due() == {}
    for model in (SignInSession, Notification, OutboxMail, once.FormToken):
        assert db.session.execute(select(func.count()).select_from(model)).scalar_one() == 0, model
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.SEARCH_PERFORMED)).scalars()
    assert (fact.actor_id, fact.props["query"]) == (None, "vpn")


def test_a_dry_run_changes_nothing(app: Flask, stopped_clock: Any) -> None:
    fill(app)
    stopped_clock.move(days=400)
    first = due()
    assert due() == first
    assert db.session.execute(select(func.count()).select_from(OutboxMail)).scalar_one() == 1


def test_what_waits_or_failed_is_never_forgotten(stopped_clock: Any) -> None:
    ana = person("Ana Ruiz")
    notifications.tell([ana], "acted_for", actor=ADMIN, data={"minutes": "60"}, words="why")
    job = jobs.enqueue("search.update", {"refs": []})
    assert job is not None
    job.state = "dead"
    stopped_clock.move(days=3000)
    assert due() == {}


def test_people_who_left_are_erased_only_when_somebody_wants_it(stopped_clock: Any) -> None:
    zoe, merged = person("Zoe Hart"), person("Zoe H.")
    merged.merged_into_id = person("Zoe Here").id
    for one in (zoe, merged):
        one.is_active, one.deactivated_at = False, clock.now()
    db.session.flush()
    stopped_clock.move(days=2000)
    assert "leavers" not in due()
    keeping.change(actor("Ada Demir", Role.ADMIN), {"keep_leavers_days": 365})
    assert due()["leavers"] == 1, "an account that was merged belongs to somebody who is here"
    keeping.run()
    keeping.run()
    assert db.session.execute(select(Erasure.person_id)).scalars().all() == [zoe.id]


def test_too_few_days_are_refused_and_the_choice_is_recorded() -> None:
    ada = actor("Ada Demir", Role.ADMIN)
    for days in ({"keep_looking_days": 29}, {"keep_mail_days": 0}, {"keep_leavers_days": 3}, {"keep_news_days": 9999}):
        with pytest.raises(Invalid) as refusal:
            keeping.change(ada, days)
        assert refusal.value.field in days
    with pytest.raises(Forbidden):
        keeping.change(actor("Dara Voss", Role.EDITOR), {"keep_mail_days": 30})
    keeping.change(ada, {"keep_mail_days": 30})
    (fact,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.OPTION_CHANGED)).scalars()
    assert fact.props == {"option": "keep_mail_days", "before": "90", "after": "30"}


def test_every_rule_counts_by_an_option_or_for_fixed_days(app: Flask) -> None:
    for rule in (*registry(app).retention, keeping.BACKUPS):
        assert bool(rule.option) != bool(rule.fixed_days), rule.name
        assert not rule.option or hasattr(options.Options(), rule.option)


def test_growth_is_told_from_the_second_day_on(app: Flask, stopped_clock: Any) -> None:
    home = Path(app.config["DITY"].home)
    assert condition.growth(condition.room(home)) is None
    condition.note_room()
    condition.note_room()
    stopped_clock.move(days=10)
    (home / "files").mkdir(exist_ok=True)
    (home / "files" / "large").write_bytes(bytes(100_000))
    growth = condition.growth(condition.room(home))
    assert growth is not None
    assert growth.n_bytes >= 100_000
    assert growth.a_day == pytest.approx(growth.n_bytes / 10)
    assert growth.days_left is not None
    stopped_clock.set(clock.now() + dt.timedelta(days=500))
    condition.note_room()
    assert len(db.session.execute(select(StorageDay)).scalars().all()) == 1
