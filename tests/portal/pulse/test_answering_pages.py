"""The pages people answer on: what they say, what they take, and that they know nobody."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client import generate_latest
from sqlalchemy import event

from portal.pulse import answering, asking, tokens
from portal.pulse.models import Invitation, Sheet, WaveState
from surveys import loading
from tests.factories import pulse
from tests.pages import Page
from tests.people import Visitor

SENT_BY_BROWSERS = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on a page that sends no referrer."""


def send(visitor: Visitor, code: str, **fields: str) -> Any:
    return visitor.open("/survey/answers", method="POST", data={"code": code, **fields}, headers=SENT_BY_BROWSERS)


def questions(visitor: Visitor, code: str, *, status: int = 200, **fields: str) -> Page:
    response = visitor.open("/survey", method="POST", data={"code": code, **fields}, headers=SENT_BY_BROWSERS)
    assert response.status_code == status
    return Page(response.text)


def test_a_code_opens_the_questions_and_an_answer_is_kept(db: Any, stranger: Visitor) -> None:
    _, (ana, *_) = pulse.open_wave(6)
    page = questions(stranger, ana.code)
    assert "I reach a usable answer in a few steps." in page.text
    response = send(stranger, ana.code, EA1="4", EA2="na", comment="Shorter pages")
    assert response.status_code == 200
    assert "Your link is used up now" in response.text
    assert db.session.query(Sheet.answers, Sheet.comment).one() == ({"EA1": 4, "EA2": None}, "Shorter pages")


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, whatever it is called."""
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608


def test_one_answer_changes_one_flag_and_adds_one_row_and_nothing_else_anywhere(
    app: Flask, db: Any, home: Path, stopped_clock: Any, ana: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """By somebody who is signed in beside it and was not seen for an hour: her session learns nothing (QUALITY S19)."""
    _, (invited, *_) = pulse.open_wave([ana.person])
    ana.get("/")
    app.extensions["dity-buffer"].flush()
    stopped_clock.move(hours=1)
    db.session.commit()
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    before, files, counted = everything(home / "dity.sqlite3"), others(home), measured()
    responses = [
        ana.get("/survey"),
        ana.open("/survey", method="POST", data={"code": invited.code}, headers=SENT_BY_BROWSERS),
        send(ana, invited.code, EA1="4", comment="Shorter pages"),
    ]
    app.extensions["dity-buffer"].flush()
    after = everything(home / "dity.sqlite3")
    assert {name for name in after if after[name] != before[name]} == {"invitation", "sheet"}
    (old,), (new,) = before["invitation"], after["invitation"]
    assert [(one, other) for one, other in zip(old, new, strict=True) if one != other] == [(0, 1)]
    assert (len(before["sheet"]), len(after["sheet"])) == (0, 1)
    assert [response.status_code for response in responses] == [200, 200, 200]
    assert (caplog.records, others(home), measured()) == ([], files, counted)
    for response in responses:
        assert not {"Set-Cookie", "X-Request-ID"} & set(response.headers.keys())
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert ana.person.name not in response.text
    ana.get("/")
    app.extensions["dity-buffer"].flush()
    there = everything(home / "dity.sqlite3")
    assert there["sign_in_session"] != after["sign_in_session"], "any other page would have noted that she was there"
    assert caplog.records


def measured() -> list[str]:
    """What the portal counts of requests."""
    return [line for line in generate_latest().decode().splitlines() if line.startswith("dity_")]


def others(home: Path) -> dict[str, bytes]:
    """Every file of the installation but the database."""
    found = [path for path in home.rglob("*") if path.is_file() and not path.name.startswith("dity.sqlite3")]
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


def test_whatever_a_code_does_not_open_it_looks_and_costs_the_same(db: Any, stranger: Visitor, queries: Any) -> None:
    """Used, unknown, expired, of a closed or cancelled wave, malformed, none: one page, one status, one question."""
    _, (used, *_) = pulse.open_wave(3)
    pulse.answer(used)
    _, (expired, *_) = pulse.open_wave(1, closes_on=dt.date(2020, 1, 1))
    _, (closed, *_) = pulse.open_wave(1, state=WaveState.CLOSED.value)
    _, (cancelled, *_) = pulse.open_wave(1, state=WaveState.CANCELLED.value)
    unknown = tokens.spelled(tokens.derive(b"another" * 5, "invitation:1"))
    codes = [used.code, expired.code, closed.code, cancelled.code, unknown, "open sesame", "", "x" * 300]
    db.session.commit()
    stranger.get("/survey")
    for path in ("/survey", "/survey/answers"):
        met = []
        for code in codes:
            with queries() as asked:
                response = stranger.open(
                    path, method="POST", data={"code": code, "EA1": "3", "comment": "Mine"}, headers=SENT_BY_BROWSERS
                )
            headers = {name: value for name, value in response.headers.items() if name != "Date"}
            met.append((response.status_code, response.text, headers, asked))
        assert all(one == met[0] for one in met), path
        assert met[0][0] == 404
        assert "Mine" in met[0][1], "what was typed is lost"


def test_sent_twice_it_is_kept_once_and_the_second_page_says_it_may_have_arrived(db: Any, stranger: Visitor) -> None:
    _, (ana, *_) = pulse.open_wave(3)
    assert send(stranger, ana.code, EA1="4").status_code == 200
    again = send(stranger, ana.code, EA1="4", comment="typed")
    assert again.status_code == 404
    assert "You have answered already" in again.text
    assert db.session.query(Sheet).count() == 1


def test_an_empty_sheet_is_asked_about_first(db: Any, stranger: Visitor) -> None:
    _, (ana, *_) = pulse.open_wave(3)
    response = send(stranger, ana.code, comment="  ")
    assert response.status_code == 422
    assert "You have left everything out" in response.text
    assert db.session.query(Invitation).filter_by(is_used=True).count() == 0
    assert send(stranger, ana.code, comment="", empty="1").status_code == 200
    assert db.session.query(Sheet.answers).one() == ({},)


def test_a_comment_that_is_too_long_comes_back_whole_with_every_answer(db: Any, stranger: Visitor) -> None:
    _, (ana, *_) = pulse.open_wave(3)
    typed = "word " * 1000
    response = send(stranger, ana.code, EA1="4", VA3R="na", comment=typed)
    assert response.status_code == 422
    page = Page(response.text)
    assert typed.strip() in response.text
    assert {(e.get("name"), e.get("value")) for e in page.all("input") if "checked" in e.attrib} == {
        ("EA1", "4"),
        ("VA3R", "na"),
    }


def test_the_browser_chooses_the_language_and_the_page_changes_it_keeping_the_answers(
    db: Any, stranger: Visitor
) -> None:
    _, (ana, *_) = pulse.open_wave(3)
    data = {"code": ana.code}
    german = stranger.open("/survey", method="POST", data=data, headers={"Accept-Language": "de-AT, de;q=0.9"})
    assert 'lang="de"' in german.text
    assert "Stimme voll zu" in german.text
    page = questions(stranger, ana.code, lang="de", EA1="2", comment="Kürzer bitte", step="3")
    assert page.one("html").get("lang") == "de"
    assert [(e.get("name"), e.get("value")) for e in page.all("input") if "checked" in e.attrib] == [("EA1", "2")]
    assert page.one("textarea", name="comment").text == "Kürzer bitte"


def test_the_page_says_what_is_known_and_by_which_groups_answers_are_kept(db: Any, stranger: Visitor) -> None:
    _, (ana, *_) = pulse.open_wave(3, second_breakdown="site", threshold=7, comment_threshold=12)
    text = questions(stranger, ana.code).text
    assert "That you answered is known, so that you get no reminder." in text
    assert "It is kept with your department and your site: no name, no time, no device." in text
    assert "Groups of fewer than 7 are never shown." in text
    assert "from 12 answers on" in text
    _, (ben, *_) = pulse.open_wave(3, breakdown="none")
    assert "It is kept by itself: no name, no department, no time, no device." in questions(stranger, ben.code).text


@pytest.mark.parametrize("stage", ["idea", "design", "build", "launch", "use"])
def test_every_stage_takes_less_than_four_minutes(db: Any, app: Flask, stage: str) -> None:
    row = pulse.wave(stage=stage)
    with app.test_request_context():
        found = asking.questions(row)
    assert found.n_statements == len(loading.load("pulse-1").asked_at(stage))
    assert found.minutes <= 4


def test_a_failure_keeps_what_was_typed_and_writes_none_of_it_down(
    app: Flask, db: Any, stranger: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """The database refuses, in words that repeat what it was given."""
    _, (ana, *_) = pulse.open_wave(3)
    db.session.commit()

    def refuse(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("INSERT INTO sheet"):
            raise ValueError(f"cannot write {parameters}")

    caplog.set_level(logging.DEBUG)
    event.listen(db.engine, "before_cursor_execute", refuse)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        response = send(stranger, ana.code, EA1="4", comment="A confession")
    finally:
        event.remove(db.engine, "before_cursor_execute", refuse)
    assert response.status_code == 500
    assert "A confession" in response.text
    assert "Set-Cookie" not in response.headers
    assert "unexpected" in caplog.text
    assert "confession" not in caplog.text
    assert ana.token not in caplog.text
    assert answering.open_with(ana.code) is not None, "the token is used up and nothing was kept"


@pytest.mark.parametrize("header", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_cannot_send_a_sheet(db: Any, stranger: Visitor, header: dict[str, str]) -> None:
    _, (ana, *_) = pulse.open_wave(3)
    db.session.commit()
    response = stranger.open("/survey/answers", method="POST", data={"code": ana.code, "EA1": "1"}, headers=header)
    assert response.status_code == 400
    assert db.session.query(Sheet).count() == 0


def test_a_trial_says_that_it_is_one_and_keeps_nothing(db: Any, stranger: Visitor) -> None:
    row = pulse.wave()
    (ana,) = pulse.invite(row, pulse.some_people("Finance", 1))
    ana.invitation.is_test = True
    assert "This is a trial" in questions(stranger, ana.code).text
    assert "Nothing was kept" in send(stranger, ana.code, EA1="4").text
    assert db.session.query(Sheet).count() == 0
