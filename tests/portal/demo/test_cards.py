"""What the cards of the sign-in promise is true: each person can do what their card says, in the filled demo."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.demo.cards import CARDS
from tests import house
from tests.pages import words
from tests.people import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with house.opened(demo_home, tmp_path_factory.mktemp("cards") / "home") as app:
        yield app


@pytest.fixture
def be(demo: Flask) -> Callable[[str], Visitor]:
    """Pick somebody from the cards: `be("ana")`."""

    def picked(who: str) -> Visitor:
        visitor = Visitor(demo)
        assert visitor.post("/demo/be", {"person": who}).status_code == 303
        return visitor

    return picked


def claims(who: str) -> str:
    card = next(card for card in CARDS if card.slug == who)
    return " ".join(str(one.text) for one in card.tries)


def test_ana_finds_the_vpn_with_slips_and_says_it_solved_it(be: Callable[[str], Visitor]) -> None:
    assert "cant conect to vpn from home" in claims("ana")
    ana = be("ana")
    found = ana.get("/search?q=cant+conect+to+vpn+from+home").text
    results = re.findall(r'href="/kb/([a-z0-9-]+)\?[^"]*via=search', found)
    assert results[0] == "vpn-cannot-connect-from-home"
    page = ana.page("/kb/vpn-cannot-connect-from-home")
    assert page.all("input", type="checkbox")
    answer = ana.submit("/kb/vpn-cannot-connect-from-home", "/kb/vpn-cannot-connect-from-home/solved", solved="yes")
    assert answer.status_code == 303


def test_ben_answers_what_he_might_know_and_opens_what_only_finance_finds(be: Callable[[str], Visitor]) -> None:
    ben = be("ben")
    assert "You might know" in claims("ben")
    home = ben.page("/")
    assert "You might know" in home.text
    asked = next(path for path in home.links.values() if path.startswith("/questions/") and "via=home" in path)
    answered = ben.post(f"{asked.partition('-')[0]}/answers", {"body": "Compare them side by side."})
    assert answered.status_code == 303
    assert ben.page("/kb/print-cheques").heading in claims("ben")
    assert be("sam").get("/kb/print-cheques").status_code == 404


def test_dara_sees_what_beatrix_said_what_is_first_and_what_is_overdue(be: Callable[[str], Visitor]) -> None:
    dara = be("dara")
    assert "Beatrix" in claims("dara")
    assert "Beatrix" in dara.page("/kb/feedback").text
    desk = dara.page("/desk/")
    assert any(path.startswith("/desk/rows/") for path in desk.links.values()), "the sum of a row can be opened"
    assert dara.submit("/kb/paper-jam", "/kb/paper-jam/verify").status_code == 303


def test_cleo_works_the_queue_sees_the_echoes_and_may_put_up_a_notice(be: Callable[[str], Visitor]) -> None:
    cleo = be("cleo")
    assert any(path.startswith("/queue/tickets/") for path in cleo.page("/queue").links.values())
    page = cleo.page("/incidents/")
    assert "VPN is slow from home" in page.text
    assert page.form("/incidents/#new-title")


def test_sam_is_told_of_the_docking_station(be: Callable[[str], Visitor]) -> None:
    sam = be("sam")
    assert "docking station" in sam.page("/notifications/").text
    assert sam.page("/kb/vpn-drops").heading in claims("sam")
    assert "body" in sam.page("/kb/vpn-drops").form("/kb/vpn-drops/notes#notes")


def test_eli_reads_whether_it_works_what_a_survey_found_and_what_only_hr_sees(be: Callable[[str], Visitor]) -> None:
    eli = be("eli")
    assert "“Is it working?”" in claims("eli")
    assert eli.page("/insights/how").heading
    assert eli.get("/surveys/read", follow_redirects=True).status_code == 200
    assert "Record a leaver" in eli.get("/search?q=leaver").text.split("best-answer", 1)[1][:1500], "it comes first"
    assert "Record a leaver" not in be("ana").page("/search?q=leaver").text
    assert "uiet" in eli.page("/account/notifications").text


def test_mia_sees_her_department_says_me_too_and_opens_what_is_for_managers(be: Callable[[str], Visitor]) -> None:
    mia = be("mia")
    told = words(mia.page("/surveys/5/reading").one("main"))
    assert "Workshop" in told
    assert "Finance" not in told
    action = next(
        form.get("action", "") for form in mia.page("/").all("form") if form.get("action", "").endswith("/echo")
    )
    assert mia.submit("/", action).status_code in (200, 303)
    assert mia.page("/kb/approve-leave-of-your-team").heading in claims("mia")
    assert be("ana").get("/kb/approve-leave-of-your-team").status_code == 404


def test_ada_deactivates_and_reads_the_audit_log(be: Callable[[str], Visitor]) -> None:
    ada = be("ada")
    for path in ("/admin/people", "/admin/audit", "/admin/jobs", "/admin/outbox", "/admin/search-index"):
        assert ada.page(path).heading


def test_zoe_sees_nothing(demo: Flask) -> None:
    visitor = Visitor(demo)
    assert visitor.post("/demo/be", {"person": "zoe"}).status_code == 403
    for path in ("/kb/vpn-drops", "/mine", "/admin/people"):
        assert visitor.get(path).status_code in (302, 404)
