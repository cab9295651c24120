"""S1: what a launch settles, and that nothing settled is changed afterwards by anybody."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from analytics.events import Name
from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.ledger.models import LedgerEntry
from portal.people import services as people_services
from portal.people.models import Person
from portal.pulse import inviting, keys, launching, roster, tokens, waves
from portal.pulse.models import Invitation, Wave, WaveKey, WaveMailing, WaveUnit
from portal.pulse.waves import Collision, Settled
from tests.factories import people, pulse
from tests.people import ANA, ELI, settle

WHY = pulse.WHY


@pytest.fixture
def eli_acts(app: Flask, stopped_clock: Any) -> Any:
    return people_services.actor_of(settle(ELI))


def draft(actor: Any, **more: Any) -> Wave:
    return waves.plan(actor, name="Autumn", stage="launch", **{"why": WHY, **more})


def staff(**n_by_department: int) -> None:
    for name, n in n_by_department.items():
        pulse.some_people(name, n, site="Old Mill")


def launch(actor: Any, wave: Wave) -> int:
    n = launching.launch(actor, wave, version=wave.version)
    db.session.commit()
    return n


def test_everybody_with_an_account_is_invited_once_and_counted_in_their_groups(eli_acts: Any) -> None:
    staff(Finance=4, Sales=7)
    people.person("Nora Nowhere", email="nora@ostreyvale.example")
    people.person("Left Long Ago", is_active=False)
    wave = draft(eli_acts)
    assert launch(eli_acts, wave) == 13
    rows = db.session.scalars(select(Invitation).where(Invitation.wave_id == wave.id)).all()
    assert len({row.token_hash for row in rows}) == len({row.person_id for row in rows}) == 13
    units = {row.name: row.n_people for row in db.session.scalars(select(WaveUnit))}
    assert units == {"": 1, "Finance": 4, "HR": 1, "Sales": 7}
    assert {row.site for row in rows} == {""}, "a group by which nobody reads is noted nowhere"


def test_a_launch_says_so_in_the_ledger_with_a_number_and_no_names(eli_acts: Any) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)
    launch(eli_acts, wave)
    (fact,) = db.session.scalars(select(LedgerEntry).where(LedgerEntry.name == Name.WAVE_LAUNCHED.value))
    assert (fact.subject, fact.props) == (f"wave:{wave.id}", {"n_people": 7})


def test_departments_are_asked_with_all_below_them(eli_acts: Any) -> None:
    sales = people.department("Sales")
    below = people.department("Sales North", parent_id=sales.id)
    for n in range(6):
        people.person(f"S {n}", department_id=(sales if n % 2 else below).id)
    staff(Finance=9)
    wave = draft(eli_acts, departments=[sales.id])
    assert launch(eli_acts, wave) == 6
    assert {unit.name for unit in db.session.scalars(select(WaveUnit))} == {"Sales", "Sales North"}


def test_two_departments_of_one_name_are_two_groups(eli_acts: Any) -> None:
    for above in ("Sales", "IT"):
        unit = people.department("Support", parent_id=people.department(above).id)
        people.person(f"{above} Helper", department_id=unit.id)
    assert {"Sales / Support", "IT / Support"} <= set(roster.of([]).counts("department"))


def test_nothing_is_launched_that_is_not_settled(eli_acts: Any) -> None:
    wave = draft(eli_acts, why="")
    with pytest.raises(Invalid) as refusal:
        launch(eli_acts, wave)
    assert "1 person is asked; nothing can be shown of fewer than 5" in refusal.value.message
    assert "what it is for" in refusal.value.message
    db.session.rollback()
    assert db.session.scalars(select(Invitation)).all() == []


def test_a_first_day_that_has_passed_stops_the_launch(eli_acts: Any, stopped_clock: Any) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)
    stopped_clock.move(days=30)
    with pytest.raises(Invalid, match="first day is over"):
        launch(eli_acts, wave)


def test_who_does_not_plan_neither_sees_nor_launches(eli_acts: Any) -> None:
    wave = draft(eli_acts)
    ana = people_services.actor_of(settle(ANA))
    with pytest.raises(Forbidden):
        waves.plan(ana, name="Mine", stage="use")
    with pytest.raises(Forbidden):
        launching.launch(ana, wave, version=wave.version)
    with pytest.raises(Exception, match="no such survey"):
        waves.get(ana, wave.id)


def test_of_two_who_launch_at_once_one_is_told(eli_acts: Any) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)
    seen = wave.version
    launch(eli_acts, wave)
    with pytest.raises(Conflict):
        launching.launch(eli_acts, wave, version=seen)
    n = db.session.scalar(select(func.count()).select_from(Invitation))
    assert n == 7


def test_of_two_who_change_a_draft_the_second_is_told(eli_acts: Any) -> None:
    wave = draft(eli_acts)
    seen = wave.version
    waves.change(eli_acts, wave, version=seen, name="Spring")
    with pytest.raises(Collision):
        waves.change(eli_acts, wave, version=seen, name="Winter")
    assert wave.name == "Spring"


@pytest.mark.parametrize("field", ["stage", "breakdown", "departments", "why", "name", "opens_on"])
def test_a_launched_wave_refuses_changes_of_meaning(eli_acts: Any, field: str) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)
    launch(eli_acts, wave)
    value = {"departments": [1], "opens_on": wave.closes_on}.get(field, "design")
    for verb in (waves.change, waves.adjust):
        with pytest.raises(Settled):
            verb(eli_acts, wave, version=wave.version, **{field: value})


def test_the_threshold_of_a_running_wave_rises_and_never_falls(eli_acts: Any) -> None:
    staff(Finance=20)
    wave = draft(eli_acts, threshold=8)
    launch(eli_acts, wave)
    waves.adjust(eli_acts, wave, version=wave.version, threshold=12)
    assert (wave.threshold, wave.comment_threshold) == (12, 12)
    with pytest.raises(Invalid) as refusal:
        waves.adjust(eli_acts, wave, version=wave.version, threshold=11)
    assert refusal.value.field == "threshold"


FORBIDDEN = (
    "threshold = 5",
    "comment_threshold = 10",
    "stage = 'idea'",
    "instrument = 'pulse-2'",
    "instrument_digest = 'other'",
    "breakdown = 'site'",
    "second_breakdown = 'site'",
    "state = 'draft'",
    "launched_at = NULL",
)


@pytest.mark.both
def test_the_database_itself_keeps_what_was_launched(eli_acts: Any) -> None:
    staff(Finance=20)
    wave = draft(eli_acts, threshold=11)
    launch(eli_acts, wave)
    for change in FORBIDDEN:
        with pytest.raises(DBAPIError, match="cannot be changed"):
            db.session.execute(text(f"UPDATE wave SET {change}"))  # noqa: S608 - from the list above
        db.session.rollback()
    db.session.execute(text("UPDATE wave SET threshold = 13, name = 'Late autumn'"))
    db.session.commit()
    assert (wave.threshold, wave.name) == (13, "Late autumn")


def test_a_draft_may_be_turned_over_as_often_as_one_likes(eli_acts: Any) -> None:
    wave = draft(eli_acts, threshold=11)
    waves.change(eli_acts, wave, version=wave.version, threshold=5, stage="idea", breakdown="site")
    assert (wave.threshold, wave.comment_threshold, wave.stage, wave.breakdown) == (5, 10, "idea", "site")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"threshold": 4}, "threshold"),
        ({"sender": "it"}, "sender"),
        ({"sender_name": " "}, "sender_name"),
        ({"reminder_days": [2, 4, 6]}, "reminder_days"),
        ({"reminder_days": [15]}, "reminder_days"),
        ({"second_breakdown": "department"}, "second_breakdown"),
        ({"breakdown": "none", "second_breakdown": "site"}, "second_breakdown"),
        ({"stage": "later"}, "stage"),
        ({"opens_on": dt.date(2020, 1, 1)}, "opens_on"),
        ({"departments": [99]}, "departments"),
        ({"before_id": 99}, "before_id"),
        ({"reply_to": "nobody"}, "reply_to"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(eli_acts: Any, values: dict[str, Any], field: str) -> None:
    wave = draft(eli_acts)
    with pytest.raises(Invalid) as refusal:
        waves.change(eli_acts, wave, version=wave.version, **values)
    assert refusal.value.field == field


def test_the_database_keeps_no_token_and_what_they_came_from_goes_with_the_wave(eli_acts: Any) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)
    launch(eli_acts, wave)
    key = keys.of(wave.id)
    assert key is not None
    row = db.session.scalars(select(Invitation)).first()
    assert row is not None
    token = keys.token_of(key, row)
    assert row.token_hash == tokens.digest(token)
    stored = db.session.get_one(WaveKey, wave.id).key
    assert tokens.derive(bytes.fromhex(stored), keys.owner(row.person_id)) != token, "the database alone yields none"
    waves.cancel(eli_acts, wave, version=wave.version)
    assert keys.of(wave.id) is None


def test_a_draft_is_thrown_away_with_everything_on_it(eli_acts: Any) -> None:
    wave = draft(eli_acts)
    inviting.invite_to_try(eli_acts, wave, emails=[ELI.email])
    waves.drop(eli_acts, wave)
    db.session.commit()
    for model in (Wave, Invitation, WaveKey, WaveMailing):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_whoever_tries_a_draft_is_not_counted_and_their_link_dies_at_the_launch(eli_acts: Any) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)
    inviting.invite_to_try(eli_acts, wave, emails=[ELI.email])
    (trial,) = db.session.scalars(select(Invitation)).all()
    old = trial.token_hash
    launch(eli_acts, wave)
    rows = db.session.scalars(select(Invitation)).all()
    assert len(rows) == 7
    assert not any(row.is_test for row in rows)
    assert old not in {row.token_hash for row in rows}


@pytest.mark.parametrize(
    "emails", [[], ["nobody@ostreyvale.example"], ["a@b.example", "c@d.example", "e@f.example", "g@h.example"]]
)
def test_a_draft_is_tried_on_up_to_three_known_people(eli_acts: Any, emails: list[str]) -> None:
    wave = draft(eli_acts)
    with pytest.raises(Invalid):
        inviting.invite_to_try(eli_acts, wave, emails=emails)


def test_somebody_who_leaves_loses_the_invitation_they_have_not_used(eli_acts: Any) -> None:
    staff(Finance=6)
    ana = settle(ANA)
    wave = draft(eli_acts)
    launch(eli_acts, wave)
    people_services.deactivate(system("tests"), ana)
    db.session.commit()
    assert db.session.scalars(select(Invitation).where(Invitation.person_id == ana.id)).all() == []


def test_two_thousand_are_invited_in_a_moment_and_few_statements(eli_acts: Any, queries: Any) -> None:
    unit = people.department("Workshop")
    rows = [
        {"email": f"w{n}@ostreyvale.example", "name": f"W {n}", "department_id": unit.id, "is_active": True}
        for n in range(2000)
    ]
    db.session.execute(insert(Person), [{**row, "locale": "", "timezone": "", "theme": "auto"} for row in rows])
    wave = draft(eli_acts)
    db.session.commit()
    began = time.process_time()
    with queries() as seen:
        assert launch(eli_acts, wave) == 2001
    assert time.process_time() - began < 3
    assert len(seen) < 60, "so many for each thousand, not for each person"


def test_mail_that_cannot_leave_is_said_before_the_launch(eli_acts: Any) -> None:
    staff(Finance=6)
    wave = draft(eli_acts)

    def said() -> dict[str, bool]:
        return {check.text: check.is_needed for check in launching.checks(wave, roster.of([])) if not check.is_met}

    assert any("for trying things out" in text and not is_needed for text, is_needed in said().items())
    options.change(system("tests"), mail_mode="smtp")
    assert any("cannot send mail" in text and is_needed for text, is_needed in said().items())
    options.change(system("tests"), smtp_host="mail.ostreyvale.example")
    assert not any("mail" in text.lower() and is_needed for text, is_needed in said().items())
