"""S1: the pages on which an HR person plans a wave, launches it, and sees how far it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.jobs.runner import Runner
from portal.people.services import actor_of
from portal.pulse import launching, waves
from portal.pulse.models import Invitation, Wave, WaveMailing
from tests.factories import pulse
from tests.pages import Page
from tests.people import ELI, settle


@pytest.fixture
def draft(eli: Any) -> Wave:
    pulse.some_people("Finance", 7)
    pulse.some_people("Sales", 40)
    wave = waves.plan(eli.actor, name="Autumn", stage="launch", why=pulse.WHY)
    db.session.commit()
    return wave


@pytest.fixture
def running(eli: Any, draft: Wave) -> Wave:
    launching.launch(eli.actor, draft, version=draft.version)
    db.session.commit()
    return draft


def sent(page: Any, action: str, **changes: Any) -> dict[str, Any]:
    return {**page.form(action), **changes}


def test_the_empty_list_teaches_the_five_stages(eli: Any) -> None:
    page = eli.page("/surveys/")
    for name in ("Idea", "Design", "Build", "Launch", "Real-life use"):
        assert name in page.text


def test_a_wave_is_begun_with_two_answers_and_shows_what_is_still_needed(eli: Any) -> None:
    answered = eli.submit("/surveys/new", "/surveys/new", name="Autumn", stage="launch")
    assert answered.status_code == 303
    page = eli.page(answered.headers["Location"])
    assert "What stops the first use?" in page.text
    assert "The reason has a gap" in page.text
    assert "1 person is asked; nothing can be shown of fewer than 5" in page.text


@pytest.mark.parametrize(("step", "following"), [("questions", "people"), ("people", "mail"), ("mail", "try")])
def test_going_on_to_the_next_step_keeps_what_was_typed(eli: Any, draft: Wave, step: str, following: str) -> None:
    where, field = (
        f"/surveys/{draft.id}/{step}",
        {"questions": "name", "people": "threshold", "mail": "sender_name"}[step],
    )
    answered = eli.submit(where, where, **{field: "9", "on": "1"})
    assert answered.headers["Location"] == f"/surveys/{draft.id}/{following}"
    assert 'value="9"' in eli.get(where).text


def test_beginning_twice_with_one_form_makes_one_wave(eli: Any) -> None:
    form = sent(eli.page("/surveys/new"), "/surveys/new", name="Autumn", stage="use")
    places = {eli.open("/surveys/new", method="POST", data=form).headers["Location"] for _ in range(2)}
    assert len(places) == 1


def test_every_statement_is_shown_with_its_reason_and_in_its_tense(eli: Any, draft: Wave) -> None:
    page = eli.page(f"/surveys/{draft.id}/questions")
    assert "The 18 statements people are asked" in page.text
    assert "I can say in one sentence why we have the portal." in page.text
    assert "A first use that gets lost is the last one." in page.text
    waves.change(eli.actor, draft, version=draft.version, stage="idea")
    page = eli.page(f"/surveys/{draft.id}/questions")
    assert "I can say in one sentence why we are getting a self-service place" in page.text


def test_a_step_is_kept_by_itself_and_lasts(eli: Any, draft: Wave) -> None:
    where = f"/surveys/{draft.id}/mail"
    form = sent(eli.page(where), where, sender="communications", sender_name="Nia Press", second_reminder="")
    assert eli.open(where, method="POST", data=form).status_code == 303
    assert (draft.sender, draft.sender_name, draft.reminder_days) == ("communications", "Nia Press", [4])
    assert "From: Nia Press" in eli.page(where).text


@pytest.mark.parametrize(
    ("step", "changes", "words"),
    [
        ("mail", {"closes_on": "2026-01-01", "why": "Still here"}, "at least one more day"),
        ("mail", {"first_reminder": "40", "why": "Still here"}, "before the survey closes"),
        ("people", {"second_breakdown": "department"}, "has to be another one"),
        ("questions", {"name": "", "open_question": "Still here"}, "field"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    eli: Any, draft: Wave, step: str, changes: dict[str, str], words: str
) -> None:
    where = f"/surveys/{draft.id}/{step}"
    answered = eli.open(where, method="POST", data=sent(eli.page(where), where, **changes))
    assert answered.status_code == 422
    assert words in answered.text
    if "Still here" in changes.values():
        assert "Still here" in answered.text


def test_of_two_planners_the_second_hears_of_the_first_and_loses_nothing(eli: Any, draft: Wave) -> None:
    where = f"/surveys/{draft.id}/mail"
    form = sent(eli.page(where), where, why="My long and carefully typed reason for asking you all.")
    waves.change(eli.actor, draft, version=draft.version, name="Changed meanwhile")
    answered = eli.open(where, method="POST", data=form)
    assert answered.status_code == 409
    assert "My long and carefully typed reason" in answered.text
    again = Page(answered.text).form(where)
    assert eli.open(where, method="POST", data=again).status_code == 303
    assert draft.why.startswith("My long")


def test_the_outlook_names_groups_that_stay_hidden(eli: Any, draft: Wave) -> None:
    page = eli.page(f"/surveys/{draft.id}/people?response=50")
    assert "48 people are asked; 23 would answer." in page.text
    assert "too few answers" in page.text
    assert "never: too few people" in page.text
    assert "takes 175 answers in each survey" in page.text
    assert "never: too few people" in page.text


def test_the_preview_shows_the_answering_page_without_anything_to_send(eli: Any, draft: Wave) -> None:
    answered = eli.get(f"/surveys/{draft.id}/preview")
    assert "I reach a usable answer in a few steps." in answered.text
    assert f'action="/surveys/{draft.id}' not in answered.text
    assert "What is known, and what is not" in answered.text


def test_a_trial_goes_to_oneself_and_a_colleague(eli: Any, draft: Wave) -> None:
    where = f"/surveys/{draft.id}/try"
    form = sent(eli.page(where), where, is_me="y", first="nobody@ostreyvale.example")
    refused = eli.open(where, method="POST", data=form)
    assert refused.status_code == 422
    assert "Nobody here has the address" in refused.text
    form = sent(eli.page(where), where, is_me="y")
    assert eli.open(where, method="POST", data=form).status_code == 303
    (trial,) = db.session.scalars(select(Invitation))
    assert (trial.is_test, trial.person.email) == (True, ELI.email)


def test_the_launch_says_what_it_settles_and_then_invites_everybody(eli: Any, draft: Wave) -> None:
    where = f"/surveys/{draft.id}/launch"
    page = eli.page(where)
    assert "After it nobody can change, not even an administrator" in page.text
    assert "Launch it and invite 48 people" in page.text
    assert eli.submit(where, where).status_code == 303
    page = eli.page(f"/surveys/{draft.id}")
    assert "Answers so far" in page.text
    assert "0 of 0 whom the mail has reached" in " ".join(page.text.split())


def test_what_was_launched_refuses_every_step_in_words(eli: Any, running: Wave) -> None:
    for step in ("questions", "people", "mail", "try"):
        answered = eli.post(f"/surveys/{running.id}/{step}", {"name": "Other", "stage": "idea"})
        assert answered.status_code == 409, step
        assert "This wave was launched" in answered.text
        assert f'action="/surveys/{running.id}/{step}"' not in eli.get(f"/surveys/{running.id}/{step}").text
    assert eli.get(f"/surveys/{running.id}/launch").status_code == 409
    assert eli.post(f"/surveys/{running.id}/launch", {"version": "1"}).status_code == 409


def test_a_running_wave_may_get_another_last_day_and_more_protection(eli: Any, running: Wave) -> None:
    where = f"/surveys/{running.id}/adjust"
    later = running.closes_on + dt.timedelta(days=3)
    form = sent(eli.page(f"/surveys/{running.id}"), where, closes_on=later.isoformat(), threshold="8")
    assert eli.open(where, method="POST", data=form).status_code == 303
    assert (running.closes_on, running.threshold) == (later, 8)
    form = sent(eli.page(f"/surveys/{running.id}"), where, threshold="6")
    answered = eli.open(where, method="POST", data=form)
    assert answered.status_code == 422
    assert "never lowered" in answered.text


def test_the_progress_of_the_mails_is_numbers_alone(app: Any, eli: Any, running: Wave) -> None:
    row = db.session.scalars(select(WaveMailing).where(WaveMailing.kind == "invitation")).one()
    row.began_at, row.n_sent, row.trouble = clock.now(), 12, "450 later"
    db.session.commit()
    page = eli.page(f"/surveys/{running.id}")
    assert "12 of 48 sent" in page.text
    assert "It said: 450 later" in page.text
    for person in ("Finance Colleague", "finance-1"):
        assert person not in page.text
    fragment = eli.get(f"/surveys/{running.id}", headers={"HX-Request": "true"})
    assert fragment.text.strip().startswith("<div")
    row.ended_at = clock.now()
    fragment = eli.get(f"/surveys/{running.id}", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Refresh"] == "true"


def test_cancelling_asks_first_and_leaves_no_answer(app: Any, eli: Any, running: Wave) -> None:
    where = f"/surveys/{running.id}/end"
    assert "answers are deleted" in eli.page(where).text
    assert eli.submit(where, where).status_code == 303
    assert running.state == "cancelled"
    assert "ended unread" in eli.page(f"/surveys/{running.id}").text
    Runner(app).drain()


def test_a_draft_is_thrown_away(eli: Any, draft: Wave) -> None:
    where = f"/surveys/{draft.id}/end"
    assert eli.submit(where, where).status_code == 303
    assert db.session.scalars(select(Wave)).all() == []


def test_managers_read_what_is_closed_and_plan_nothing(eli: Any, mia: Any, ana: Any, draft: Wave) -> None:
    assert mia.get("/surveys/").status_code == 200
    assert "Autumn" not in mia.page("/surveys/").text
    assert mia.get(f"/surveys/{draft.id}").status_code == 404
    assert mia.get("/surveys/new").status_code == 403
    assert ana.get("/surveys/").status_code == 403


def test_a_list_of_thirty_costs_what_a_list_of_two_costs(eli: Any, queries: Any) -> None:
    def statements() -> int:
        eli.page("/surveys/")  # the first visit opens the session
        with queries() as seen:
            eli.page("/surveys/")
        return len(seen)

    for n in range(2):
        waves.plan(actor_of(settle(ELI)), name=f"Wave {n}", stage="use")
    few = statements()
    for n in range(28):
        waves.plan(actor_of(settle(ELI)), name=f"Another {n}", stage="use")
    assert statements() == few


def test_every_page_stands_without_what_may_be_missing(eli: Any) -> None:
    nothing = {"opens_on": None, "closes_on": None, "reminder_days": [], "why": "", "author_id": None}
    made = pulse.wave(**nothing)
    db.session.commit()
    for step in ("", "/questions", "/people", "/mail", "/preview", "/try", "/launch", "/end"):
        eli.page(f"/surveys/{made.id}{step}")
    row, _ = pulse.open_wave(6, **nothing)
    for step in ("", "/questions", "/people", "/mail", "/preview", "/end"):
        eli.page(f"/surveys/{row.id}{step}")
    eli.page("/surveys/")
