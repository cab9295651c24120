"""The home page, one's own things and the doors, as browsers without script see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.core import clock, options
from portal.core.actor import system
from portal.core.permissions import Role
from portal.kb.reading import services as kb
from portal.notifications import links
from tests.factories.home import incident, views
from tests.factories.kb import article, category
from tests.factories.people import actor
from tests.pages import words
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("stopped_clock", "_set_up")


@pytest.fixture
def _set_up(app: object) -> None:
    options.change(system("tests"), is_set_up=True)


def say(who: Visitor, about: Any, **kw: Any) -> Any:
    """Let somebody answer "Did this solve it?", with a "not yet" in words unless told otherwise."""
    values = {"solved": False, "reason": "did_not_work", "comment": "The box is greyed out.", "via": "article"}
    with links.addressable():
        return kb.answer(who.actor, about, **{**values, **kw})


def test_the_greeting_and_the_box_come_first(ana: Visitor) -> None:
    page = ana.page("/")
    assert page.heading == "Good morning, Ana. What’s in the way?"
    (box,) = page.all("input", name="q")
    assert box.get("placeholder", "").startswith("e.g. ")
    text = words(page.one("main"))
    assert text.index("What’s in the way?") < text.index("My things") < text.index("Popular")


def test_an_empty_portal_says_what_will_be_here(ana: Visitor) -> None:
    text = ana.page("/").text
    for hint in ("Nothing waits for you", "when three people have read it", "Nothing is published yet"):
        assert hint in text


def test_an_editors_answer_is_among_my_things_until_i_opened_it_and_stays_on_my_page(
    ana: Visitor, dara: Visitor
) -> None:
    vpn = article(owner_id=dara.person_id)
    said = say(ana, vpn)
    with links.addressable():
        kb.reply(dara.actor, said.id, text="We now say who can clear the box.")
    page = ana.page("/")
    assert page.text.count("Dara answered you") == 1
    (opening,) = [form.get("action", "") for form in page.all("form") if "/open" in form.get("action", "")]
    assert ana.post(opening).headers["Location"] == f"/kb/{vpn.slug}#solved"
    assert "Dara answered you" in ana.page("/").text
    assert ana.page("/").links["Dara answered you"] == f"/kb/{vpn.slug}#solved"
    mine = ana.page("/mine")
    assert "We now say who can clear the box." in mine.text
    assert "Did not work" in mine.text


def test_editors_are_told_how_many_readers_wait(dara: Visitor, ana: Visitor, ben: Visitor) -> None:
    own, other = article(owner_id=dara.person_id), article()
    say(ana, own)
    say(ben, own)
    say(ben, other)
    assert dara.page("/").links["2 readers wait for an answer"] == "/kb/feedback"
    assert "wait for an answer" not in ana.page("/").text


def test_popular_names_the_department_only_when_the_list_is_its_own(ana: Visitor, visit: Callable[..., Any]) -> None:
    colleagues = [actor(f"Colleague{i} Example", department_id=ana.person.department_id) for i in range(3)]
    for title in ("Approve an invoice", "Export a ledger", "Print cheques"):
        views(article(title), *colleagues)
    page = ana.page("/")
    assert "Popular in Finance this week" in page.text
    assert "3 people" in page.text
    assert page.links["Print cheques"].endswith("?via=home")


def test_a_restricted_title_shows_nowhere_on_the_home_page(ana: Visitor) -> None:
    colleagues = [actor(f"Colleague{i} Example", department_id=ana.person.department_id) for i in range(5)]
    secret = article("Salaries of directors", access_key="a7", changed_at=clock.now())
    incident("Salaries of directors are late", access_key="a7", article_id=secret.id)
    incident("Pay slips are late", article_id=secret.id)
    views(secret, *colleagues)
    text = ana.page("/").html
    assert "Pay slips are late" in text
    assert "Salaries" not in text
    assert secret.slug not in text


def test_the_home_page_costs_the_same_however_much_there_is(
    ana: Visitor, dara: Visitor, queries: Callable[[], Any]
) -> None:
    colleagues = [actor(f"Colleague{i} Example", department_id=ana.person.department_id) for i in range(3)]
    seen_by_n: list[int] = []
    for n in (2, 12):
        for _ in range(n):
            row = article(category=category(), owner_id=dara.person_id, verified_by_id=dara.person_id)
            views(row, *colleagues)
            said = say(ana, row)
            with links.addressable():
                kb.reply(dara.actor, said.id, text="Thank you.")
            incident(article_id=row.id)
        ana.page("/")
        with queries() as seen:
            ana.page("/")
        seen_by_n.append(len(seen))
    assert seen_by_n[0] == seen_by_n[1]
    assert seen_by_n[0] <= 10


def test_strangers_get_a_plainer_page_while_reading_is_open(stranger: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    article("Wi-Fi for visitors", access_key="public")
    article("VPN for staff")
    page = stranger.page("/")
    assert page.heading == "What’s in the way?"
    assert "Wi-Fi for visitors" in page.text
    assert "VPN for staff" not in page.text
    assert "My things" not in page.text
    assert "Sign in" in page.links


def test_strangers_are_led_to_the_sign_in_while_reading_is_closed(stranger: Visitor) -> None:
    for path in ("/", "/mine", "/ask", "/hand-over"):
        response = stranger.get(path)
        assert response.status_code == 302, path
        assert "sign-in" in response.headers["Location"], path


def test_my_things_list_what_i_said_and_wrote_and_nothing_of_others(ana: Visitor, ben: Visitor) -> None:
    vpn = article()
    say(ana, vpn, comment="Ana said this.")
    say(ben, vpn, comment="Ben said this.")
    with links.addressable():
        kb.add_note(ana.actor, vpn, body="Ana wrote this.")
        kb.add_note(ben.actor, vpn, body="Ben wrote this.")
    text = ana.page("/mine").text
    assert "Ana said this." in text
    assert "Ana wrote this." in text
    assert "Ben said" not in text
    assert "Ben wrote" not in text


def test_what_i_said_stays_when_its_article_becomes_hidden_but_not_its_title(ana: Visitor) -> None:
    vpn = article("Plans for the move", slug="the-move")
    say(ana, vpn)
    vpn.access_key = "a7"
    page = ana.page("/mine")
    assert "An answer that you can no longer see" in page.text
    assert "The box is greyed out." in page.text
    assert "the move" not in page.html.lower()
    assert "the-move" not in page.html


def test_nothing_said_yet_teaches_the_next_step(ana: Visitor) -> None:
    page = ana.page("/mine")
    assert "Nothing here yet" in page.text
    assert page.links["Find an answer"] == "/kb/"


def test_my_things_are_paged(ana: Visitor) -> None:
    for n in range(21):
        say(ana, article(), comment=f"Words number {n:02}.")
    page = ana.page("/mine")
    assert "Words number 20." in page.text
    assert "Words number 00." not in page.text
    assert "Words number 00." in ana.page(page.links["Show older"]).text


def test_the_way_to_ask_colleagues_leads_to_the_form_and_keeps_the_words(ana: Visitor) -> None:
    page = ana.page("/ask?q=vpn+drops+on+the+train")
    assert page.heading == "Ask your colleagues"
    assert page.one("input", name="title").get("value") == "vpn drops on the train"


def test_the_way_to_hand_over_leads_to_the_form_and_keeps_the_words_and_what_was_read(ana: Visitor) -> None:
    vpn = article()
    hidden = article("Plans for the move", access_key="a7")
    page = ana.page(f"/hand-over?q=vpn+drops&tried={vpn.slug}&tried={hidden.slug}&tried=nonsense")
    assert page.heading == "Hand it over"
    assert page.one("input", name="subject").get("value") == "vpn drops"
    (kept,) = page.all("input", name="keep")
    assert kept.get("value") == f"a{vpn.id}"
    assert "Plans for the move" not in page.html


def test_who_is_not_signed_in_gets_their_words_as_a_letter(stranger: Visitor) -> None:
    vpn = article(access_key="public")
    hidden = article("Plans for the move", access_key="a7")
    options.change(system("tests"), public_reading=True)
    page = stranger.page(f"/hand-over?q=vpn+drops+on+the+train&tried={vpn.slug}&tried={hidden.slug}&tried=nonsense")
    assert "nothing on this page is sent by itself" in page.text
    assert page.links["Sign in and hand it over"].startswith("/sign-in?next=/tickets/new?q%3Dvpn")
    letter = words(page.one("textarea"))
    assert letter.startswith("vpn drops on the train")
    assert f"/kb/{vpn.slug}" in letter
    assert "Plans for the move" not in page.html
    assert page.one("textarea").get("readonly") is not None
    assert "drops+train" in page.html or "drops%20train" in page.html


def test_the_letter_names_the_desk_where_there_is_one(stranger: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    assert "Mail it to somebody who can help" in stranger.page("/hand-over?q=vpn").links
    options.change(system("tests"), desk_mail="desk@ostreyvale.example", desk_phone="4400")
    page = stranger.page("/hand-over?q=vpn")
    assert page.links["Mail it to the service desk"].startswith("mailto:desk@ostreyvale.example?subject=vpn&body=vpn")
    assert page.links["Call 4400"] == "tel:4400"


def test_words_in_a_door_are_only_words(stranger: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    page = stranger.page("/hand-over?q=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E%0d%0aBcc:x")
    assert "<script>alert" not in page.html
    assert "alert(1)" in words(page.one("textarea"))


def test_a_door_without_words_offers_the_search(stranger: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    page = stranger.page("/hand-over")
    assert page.all("textarea") == []
    assert "Have you looked already?" in page.text


def test_the_menu_leads_home_and_to_ones_own_things_and_agents_to_notices(ana: Visitor, cleo: Visitor) -> None:
    menu = ana.page("/").links
    assert (menu["Home"], menu["My things"]) == ("/", "/mine")
    assert "Notices" not in menu
    assert cleo.page("/").links["Notices"] == "/incidents/"
    assert Role.AGENT in cleo.actor.roles
