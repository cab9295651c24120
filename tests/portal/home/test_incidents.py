"""Notices in the browser, all without script: declared, changed, ended, echoed, put away."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.core import clock, options
from portal.core.actor import system
from portal.core.database import db
from portal.home.models import Incident
from tests.factories.home import echoes, incident
from tests.factories.kb import article, category
from tests.pages import Page, words
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("stopped_clock", "_set_up")

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def _set_up(app: object) -> None:
    options.change(system("tests"), is_set_up=True)


def wall(at: dt.datetime, zone: str = "UTC") -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def form(**changes: Any) -> dict[str, Any]:
    now = clock.now()
    return {
        "form_token": "a-token-of-a-form",
        "title": "VPN is down, we know",
        "body": "The line is being repaired.",
        "since": wall(now - HOUR),
        "until": wall(now + 4 * HOUR),
        **changes,
    }


def all_notices() -> list[Incident]:
    return list(db.session.execute(select(Incident).order_by(Incident.id)).scalars())


def board(page: Page) -> list[str]:
    """Return the headings of the notices a page shows."""
    return [words(e.find(".//strong")) for e in page.all("div") if e.get("class") == "notice"]


def test_readers_have_no_business_there(ana: Visitor) -> None:
    up = incident()
    assert ana.get("/incidents/").status_code == 403
    assert ana.get(f"/incidents/{up.id}").status_code == 403
    for path in ("/incidents/", f"/incidents/{up.id}", f"/incidents/{up.id}/end"):
        assert ana.post(path, form()).status_code == 403, path
    assert [row.title for row in all_notices()] == [up.title]
    assert up.is_up


def test_a_notice_is_shown_on_the_pages_where_people_look_for_help(cleo: Visitor, ana: Visitor) -> None:
    vpn = article()
    assert cleo.post("/incidents/", form(next_word=wall(clock.now() + HOUR))).status_code == 303
    for path in ("/", f"/kb/{vpn.slug}"):
        page = ana.page(path)
        assert board(page) == ["Since 08:00 · VPN is down, we know"], path
        assert "The line is being repaired." in page.text
        assert "Next word at 10:00." in page.text
    assert board(ana.page("/kb/")) == board(ana.page("/mine")) == []


def test_times_are_those_on_the_wall_of_whoever_writes(cleo: Visitor, ana: Visitor) -> None:
    cleo.person.timezone = "Asia/Tokyo"
    options.touch("people")
    page = cleo.page("/incidents/")
    assert page.one("input", name="since").get("value") == "2026-03-09T18:00"
    assert "Asia/Tokyo" in page.text
    times = {"since": "2026-03-09T17:30", "until": "2026-03-09T20:00"}
    assert cleo.post("/incidents/", form(**times)).status_code == 303
    (made,) = all_notices()
    assert (made.since_at, made.ends_at) == (clock.now() - HOUR / 2, clock.now() + 2 * HOUR)
    assert board(ana.page("/")) == ["Since 08:30 · VPN is down, we know"]


def test_a_form_sent_twice_puts_up_one_notice(cleo: Visitor) -> None:
    for _ in range(2):
        assert cleo.post("/incidents/", form()).status_code == 303
    assert len(all_notices()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"since": "yesterday"},
        {"since": "0001-01-01T00:00"},
        {"until": "9999-12-31T23:59"},
        {"until": wall(dt.datetime(2026, 3, 9, 8, tzinfo=dt.UTC))},
        {"next_word": "soon"},
        {"topic": "999"},
        {"topic": "x"},
        {"audience": "a1"},
        {"article": "no such words anywhere"},
    ],
)
def test_what_was_typed_survives_a_refusal(cleo: Visitor, wrong: dict[str, str]) -> None:
    typed = form(body="Two lines\nof careful words", **wrong)
    response = cleo.post("/incidents/", typed)
    assert response.status_code == 422
    page = Page(response.text)
    assert "Two lines\nof careful words" in page.html
    field = page.all("input", name=next(iter(wrong)))
    if field:
        assert field[0].get("value") == next(iter(wrong.values()))
    assert all_notices() == []


def test_an_unclear_answer_is_asked_back_and_then_linked(cleo: Visitor, ana: Visitor) -> None:
    first, second = article("VPN drops every few minutes"), article("VPN from abroad")
    response = cleo.post("/incidents/", form(article="vpn"))
    assert response.status_code == 422
    page = Page(response.text)
    assert {e.get("value") for e in page.all("input", name="pick")} == {first.slug, second.slug, ""}
    assert cleo.post("/incidents/", form(article="vpn", pick=second.slug)).status_code == 303
    assert ana.page("/").links["VPN from abroad"] == f"/kb/{second.slug}?via=incident"


def test_a_new_word_is_added_with_its_time(cleo: Visitor, ana: Visitor, stopped_clock: Any) -> None:
    up = incident()
    stopped_clock.move(minutes=20)
    action = f"/incidents/{up.id}"
    assert cleo.submit(action, action, update="We moved it to the second line.").status_code == 303
    assert "09:20 We moved it to the second line." in ana.page("/").text


def test_a_colleagues_change_is_not_overwritten_unseen_and_no_word_is_lost(cleo: Visitor, dara: Visitor) -> None:
    up = incident()
    action = f"/incidents/{up.id}"
    seen = cleo.page(action).form(action)
    assert dara.submit(action, action, title="VPN is slow").status_code == 303
    response = cleo.post(action, {**seen, "title": "VPN is back for half of us"})
    assert response.status_code == 409
    page = Page(response.text)
    assert page.one("input", name="title").get("value") == "VPN is back for half of us"
    assert "VPN is slow" in page.text
    assert up.title == "VPN is slow"
    assert cleo.post(action, page.form(action)).status_code == 303
    assert up.title == "VPN is back for half of us"


def test_ending_takes_it_from_every_page_and_keeps_it_for_the_next_time(cleo: Visitor, ana: Visitor) -> None:
    up = incident(category_id=category().id)
    assert cleo.post(f"/incidents/{up.id}/end").status_code == 303
    assert board(ana.page("/")) == []
    page = cleo.page("/incidents/")
    assert "No notice is up" in page.heading
    again = cleo.page(page.links["Put it up again"].partition("#")[0])
    assert again.one("input", name="title").get("value") == "VPN is down, we know"
    assert again.form("/incidents/#new-title")["topic"] == str(up.category_id)
    assert cleo.get(f"/incidents/{up.id}").status_code == 302


def test_me_too_without_script_comes_back_to_the_page_it_stood_on(ana: Visitor) -> None:
    up, vpn = incident(), article()
    where = f"/kb/{vpn.slug}?q=vpn%20drops"
    page = ana.page(where)
    action = f"/incidents/{up.id}/echo"
    response = ana.post(action, page.form(action))
    assert (response.status_code, response.headers["Location"]) == (303, f"{where}#notice-{up.id}")
    page = ana.page(where)
    assert "Noted: you have it too." in page.text
    ana.post(action, page.form(action))
    assert "Me too" in ana.page(where).text


def test_others_are_counted_quietly(ana: Visitor) -> None:
    up = incident()
    echoes(up, 2)
    assert "others" not in ana.page("/").text
    echoes(up, 1)
    assert "3 others" in ana.page("/").text
    ana.post(f"/incidents/{up.id}/echo")
    assert "You and 3 others have it." in ana.page("/").text


def test_a_foreign_address_to_come_back_to_is_ignored(ana: Visitor) -> None:
    up = incident()
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        response = ana.post(f"/incidents/{up.id}/echo", {"next": target})
        assert response.headers["Location"] == f"/#notice-{up.id}"
        response = ana.post(f"/incidents/{up.id}/away?next={target}")
        assert response.headers["Location"] == "/"


def test_a_notice_put_away_comes_back_when_it_says_something_new(ana: Visitor, cleo: Visitor) -> None:
    first, second = incident("VPN is down"), incident("Mail is late")
    page = ana.page("/")
    (away,) = [f.get("action", "") for f in page.all("form") if f"/{first.id}/away" in f.get("action", "")]
    assert ana.post(away).headers["Location"] == "/"
    assert [title.split(" · ")[1] for title in board(ana.page("/"))] == [second.title]
    action = f"/incidents/{first.id}"
    cleo.submit(action, action, update="It is back for half of us.")
    assert len(board(ana.page("/"))) == 2


@pytest.mark.parametrize("cookie", ["", "1", "1.0-", "x" * 2000, "1.0-2.x", "9" * 40 + ".1"])
def test_a_strange_cookie_hides_nothing(ana: Visitor, cookie: str) -> None:
    incident()
    ana.client.set_cookie("notices-away", cookie)
    assert len(board(ana.page("/"))) == 1


def test_strangers_read_public_notices_and_have_no_me_too(stranger: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    inside = incident("Inside")
    outside = incident("Outside", access_key="public")
    page = stranger.page("/")
    assert [title.split(" · ")[1] for title in board(page)] == ["Outside"]
    assert "Me too" not in page.text
    assert stranger.post(f"/incidents/{outside.id}/echo").status_code in (302, 303)
    assert stranger.post(f"/incidents/{inside.id}/away").status_code == 303
    assert len(board(stranger.page("/"))) == 1


def test_text_on_a_notice_is_only_text(cleo: Visitor, ana: Visitor) -> None:
    cleo.post("/incidents/", form(title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>"))
    page = ana.page("/")
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html
    assert "<img src=x onerror=alert(1)>" in page.text


@pytest.mark.parametrize("path", ["/incidents/0", "/incidents/99999", "/incidents/99999999999999999999"])
def test_a_notice_that_is_none_is_not_found(cleo: Visitor, path: str) -> None:
    assert cleo.get(path).status_code == 404
    assert cleo.post(f"{path}/end").status_code == 404


def test_the_history_is_paged(cleo: Visitor) -> None:
    for n in range(21):
        incident(f"Trouble number {n:02}", ended_at=clock.now(), ended_by_id=cleo.person_id)
    page = cleo.page("/incidents/")
    assert "Trouble number 00" not in page.text
    assert "Trouble number 00" in cleo.page(page.links["Show older"]).text
