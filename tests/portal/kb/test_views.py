"""Pages of the knowledge base, as browsers without script see them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import options
from portal.core.actor import system
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.ledger.models import LedgerEntry
from portal.notifications import links
from portal.notifications.models import Notification
from portal.people import audiences
from portal.talk import solutions
from portal.talk.models import Comment, Solution
from tests.factories import accounts
from tests.factories.kb import article, category
from tests.factories.people import actor, audience, person
from tests.people import BEN, DARA, Visitor, settle

VARIANTS = "## Do it\n\n/// windows\n\n1. Press Start.\n\n///\n\n/// macos\n\n1. Press the apple.\n\n///\n"


@pytest.fixture
def vpn(db: Any) -> Any:
    dara = settle(DARA)
    return article(slug="vpn-drops", owner_id=dara.id, verified_by_id=dara.id)


def facts(db: Any, app: Any, name: str) -> list[dict[str, Any]]:
    app.extensions["dity-buffer"].flush()
    return list(db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == name)).scalars())


# Reading


def test_an_article_is_read_with_its_proof(ana: Visitor, vpn: Any) -> None:
    text = ana.get("/kb/vpn-drops").text
    for words in ("VPN drops every few minutes", "by Dara", "Keep the network card awake", "Did this solve it?"):
        assert words in text
    assert text.count('class="step-tick"') == 2


def test_looking_is_observed_with_the_way_it_came(ana: Visitor, vpn: Any, db: Any, app: Any) -> None:
    ana.get("/kb/vpn-drops?via=search&s=abc&rank=2")
    assert facts(db, app, "article.viewed") == [{"version": 1, "via": "search", "search": "abc"}]
    assert facts(db, app, "search.result_opened") == [{"search": "abc", "rank": 2}]


@pytest.mark.parametrize(("via", "surface"), [("suggestion", "home"), ("form", "form")])
def test_a_suggestion_is_opened_from_where_its_field_stood(
    ana: Visitor, vpn: Any, db: Any, app: Any, via: str, surface: str
) -> None:
    ana.get(f"/kb/vpn-drops?via={via}&s=0123456789abcdef&rank=1")
    assert facts(db, app, "suggestion.opened") == [{"surface": surface, "search": "0123456789abcdef", "rank": 1}]


@pytest.mark.parametrize("query", ["via=elsewhere", "via=search&rank=x", "via=search&s=" + "x" * 500])
def test_an_address_somebody_bent_is_read_all_the_same(ana: Visitor, vpn: Any, query: str) -> None:
    assert ana.get(f"/kb/vpn-drops?{query}").status_code == 200


def test_time_on_the_page_is_observed_within_reason(ana: Visitor, vpn: Any, db: Any, app: Any) -> None:
    for seconds in ("12", "999999", "-5", "many"):
        assert ana.post("/kb/vpn-drops/read", {"seconds": seconds}).status_code == 204
    assert [fact["seconds"] for fact in facts(db, app, "article.read")] == [12, 3600, 0, 0]


def test_hidden_and_missing_articles_look_the_same(ana: Visitor, db: Any) -> None:
    key = audiences.key_for([[audience("HR").id]])
    article("Record a leaver", slug="record-a-leaver", access_key=key)
    hidden, missing = ana.get("/kb/record-a-leaver"), ana.get("/kb/no-such-thing")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "leaver" not in re.sub(r"/kb/record-a-leaver", "", hidden.text)
    for verb in ("solved", "intent", "notes", "verify", "read"):
        assert ana.post(f"/kb/record-a-leaver/{verb}", {"solved": "yes", "body": "x"}).status_code == 404


def test_drafts_and_archived_articles_are_for_editors(ana: Visitor, dara: Visitor, db: Any) -> None:
    article(slug="half-done", status="draft")
    assert ana.get("/kb/half-done").status_code == 404
    assert "Draft" in dara.get("/kb/half-done").text


def test_an_old_address_leads_on(ana: Visitor, vpn: Any, db: Any) -> None:
    from portal.kb.models import ArticleRedirect

    db.session.add(ArticleRedirect(slug="vpn-disconnects", article_id=vpn.id))
    response = ana.get("/kb/vpn-disconnects")
    assert (response.status_code, response.location) == (301, "/kb/vpn-drops")


def test_the_chosen_variant_is_remembered_on_this_device(ana: Visitor, db: Any) -> None:
    article(slug="press", body=VARIANTS)
    assert 'data-platform="windows"' in ana.get("/kb/press", headers={"User-Agent": "Windows NT 10.0"}).text
    assert 'prose" data-platform="macos"' in ana.get("/kb/press?platform=macos").text
    assert 'prose" data-platform="macos"' in ana.get("/kb/press").text
    assert 'prose" data-platform="macos"' in ana.get("/kb/press?platform=amiga").text


def test_an_overdue_check_is_told(ana: Visitor, vpn: Any) -> None:
    vpn.review_by = dt.date(2020, 1, 1)
    assert "check is due" in ana.get("/kb/vpn-drops").text


def test_counts_of_answers_begin_at_three(ana: Visitor, visit: Any, vpn: Any) -> None:
    for n in range(3):
        assert "who said" not in ana.get("/kb/vpn-drops").text
        visit(person(f"Reader{n} Example")).post("/kb/vpn-drops/solved", {"solved": "yes" if n else "no"})
    assert "Solved it for 2 of the 3 who said" in ana.get("/kb/vpn-drops").text


# Strangers


def test_strangers_are_led_to_the_sign_in(stranger: Visitor, vpn: Any) -> None:
    assert "/sign-in" in stranger.get("/kb/vpn-drops").location


def test_open_reading_shows_public_articles_only(stranger: Visitor, vpn: Any, db: Any) -> None:
    options.change(system("test"), public_reading=True)
    article("Wi-Fi for visitors", slug="guest-wifi", access_key="public", category=category(access_key="public"))
    assert "Wi-Fi for visitors" in stranger.get("/kb/guest-wifi").text
    assert stranger.get("/kb/vpn-drops").status_code == 404
    listing = stranger.get("/kb/").text
    assert "Wi-Fi for visitors" in listing
    assert "VPN" not in listing


# Answering


def said(db: Any) -> Solution:
    return db.session.execute(select(Solution)).scalar_one()


def test_yes_and_then_no_is_one_answer(ana: Visitor, vpn: Any, db: Any) -> None:
    response = ana.post("/kb/vpn-drops/solved", {"solved": "yes"})
    assert (response.status_code, response.location) == (303, "/kb/vpn-drops#solved")
    assert "Glad it works" in ana.get("/kb/vpn-drops").text
    ana.post("/kb/vpn-drops/solved", {"solved": "no", "reason": "hard_to_follow", "comment": "Which tab?"})
    assert (said(db).is_solved, said(db).reason, said(db).comment) == (False, "hard_to_follow", "Which tab?")
    assert "Which tab?" in ana.get("/kb/vpn-drops").text


def test_words_too_long_come_back_with_the_error(ana: Visitor, vpn: Any, db: Any) -> None:
    ana.post("/kb/vpn-drops/solved", {"solved": "no"})
    words = "why " * 600
    response = ana.post("/kb/vpn-drops/solved", {"solved": "no", "comment": words})
    assert response.status_code == 422
    assert "under 2000 characters" in response.text
    assert "why why" in response.text, "what was typed is still there"
    assert said(db).comment == ""


@pytest.mark.parametrize("data", [{}, {"solved": "maybe"}, {"solved": "no", "reason": "boring"}])
def test_an_answer_that_is_none_is_refused(ana: Visitor, vpn: Any, data: dict[str, str]) -> None:
    assert ana.post("/kb/vpn-drops/solved", data).status_code == 422


def test_the_fragment_is_enough_for_script(ana: Visitor, vpn: Any) -> None:
    text = ana.post("/kb/vpn-drops/solved", {"solved": "no"}, headers={"HX-Request": "true"}).text
    assert "Where shall we take it from here?" in text
    assert "<html" not in text


def test_the_intent_question_is_asked_once(ana: Visitor, vpn: Any, db: Any) -> None:
    options.change(system("test"), intent_share=1.0)
    ana.post("/kb/vpn-drops/solved", {"solved": "yes"})
    assert "would you have called" in ana.get("/kb/vpn-drops").text
    ana.post("/kb/vpn-drops/intent", {"would_have_called": "yes"})
    assert said(db).would_have_called is True
    assert "would you have called" not in ana.get("/kb/vpn-drops").text


# Notes


def test_a_note_sent_twice_is_one_note(ana: Visitor, vpn: Any, db: Any) -> None:
    form = ana.page("/kb/vpn-drops").form("/kb/vpn-drops/notes#notes")
    data = {**form, "body": "Mine was called Wi-Fi 6 adapter."}
    first, second = (ana.open("/kb/vpn-drops/notes", method="POST", data=data) for _ in range(2))
    assert first.location == second.location == "/kb/vpn-drops#notes"
    assert len(db.session.execute(select(Comment)).all()) == 1


def test_an_empty_note_is_refused_in_place(ana: Visitor, vpn: Any) -> None:
    response = ana.post("/kb/vpn-drops/notes", {"body": " "})
    assert response.status_code == 422
    assert "Write a line first" in response.text


def test_a_note_is_taken_away_by_who_wrote_it(ana: Visitor, ben: Visitor, vpn: Any, db: Any) -> None:
    ana.post("/kb/vpn-drops/notes", {"body": "Mine was called Wi-Fi 6 adapter."})
    note = db.session.execute(select(Comment)).scalar_one()
    assert ben.post(f"/kb/vpn-drops/notes/{note.id}/remove").status_code == 403
    ana.post(f"/kb/vpn-drops/notes/{note.id}/remove")
    assert "Wi-Fi 6 adapter" not in ben.get("/kb/vpn-drops").text


# Editors


def reply(who: Visitor, solution_id: int, words: str) -> Any:
    return who.post(f"/kb/feedback/{solution_id}/reply", {"reply": words})


def test_an_editor_writes_back_and_the_reader_sees_it(ana: Visitor, dara: Visitor, vpn: Any, db: Any) -> None:
    ana.post("/kb/vpn-drops/solved", {"solved": "no", "comment": "The box is greyed out."})
    desk = dara.get("/kb/feedback").text
    assert "The box is greyed out." in desk
    response = reply(dara, said(db).id, "Then it is managed: call us.")
    assert response.status_code == 303
    assert "Nothing waits here" in dara.get("/kb/feedback").text
    assert "Then it is managed: call us." in ana.get("/kb/vpn-drops").text


def test_who_wrote_back_is_told_so_and_has_no_news_of_it_left(
    ana: Visitor, ben: Visitor, dara: Visitor, db: Any
) -> None:
    own = article("Docking station", owner_id=dara.person_id)
    for who, words in ((ana, "No picture."), (ben, "No sound.")):
        who.post(f"/kb/{own.slug}/solved", {"solved": "no", "comment": words})
    first = db.session.execute(select(Solution.id).order_by(Solution.id)).scalars().first()
    reply(dara, first, "Try the other port.")
    assert "Your answer is on its way to Ana." in dara.get("/kb/feedback").text
    assert "on its way" not in dara.get("/kb/feedback").text
    unread = select(Notification.ref).where(Notification.person_id == dara.person_id, Notification.read_at.is_(None))
    assert db.session.execute(unread).scalars().all() == [f"feedback:{first + 1}"]


def test_the_mails_carry_the_words(ana: Visitor, dara: Visitor, db: Any) -> None:
    own = article("Docking station", owner_id=dara.person_id)
    ana.post(f"/kb/{own.slug}/solved", {"solved": "no", "comment": "No picture.\nNo sound either."})
    reply(dara, said(db).id, "Try the other port.")
    asked, answered = accounts.mails()
    assert (asked.to, answered.to) == (DARA.email, ana.person.email)
    assert "> No picture.\n> No sound either." in asked.text
    assert "> Try the other port." in answered.text
    assert "<blockquote>Try the other port.</blockquote>" in answered.html
    assert f"/kb/{own.slug}#solved" in answered.text


def test_the_news_of_an_answer_leads_to_its_words(ana: Visitor, ben: Visitor, dara: Visitor, vpn: Any, db: Any) -> None:
    ana.post("/kb/vpn-drops/solved", {"solved": "no", "comment": "Greyed out."})
    row = said(db)
    ref = Ref("reply", row.id)
    assert load_things(ana.actor, [ref]) == {}
    reply(dara, row.id, "Then call us.")
    with links.addressable():
        assert load_things(ana.actor, [ref])[ref].url == "/kb/vpn-drops#solved"
        assert load_things(ben.actor, [ref]) == load_things(dara.actor, [ref]) == {}
        vpn.version += 1
        assert load_things(ana.actor, [ref])[ref].url == f"/mine#said-{row.id}"
        vpn.access_key = audiences.key_for([[audience("HR").id]])
        assert load_things(ana.actor, [ref]) == {}


def test_reasons_alone_are_one_line_for_each_article_and_wait_for_nobody(
    ana: Visitor, ben: Visitor, sam: Visitor, dara: Visitor, vpn: Any
) -> None:
    vpn.owner_id = dara.person_id
    secret = article("Payroll run", access_key=audiences.key_for([[audience("HR").id]]))
    other = article("Docking station")
    solutions.mark(actor(), secret.ref, version=1, solved=False, reason="out_of_date")
    solutions.mark(actor(), vpn.ref, version=vpn.version + 1, solved=False, reason="out_of_date")
    for who, reason in ((ana, "hard_to_follow"), (ben, "did_not_work"), (sam, "did_not_work")):
        who.post("/kb/vpn-drops/solved", {"solved": "no", "reason": reason})
    assert "Did not work 2" not in dara.page("/kb/feedback").text, "two could be known by their number"
    solutions.mark(actor(), vpn.ref, version=vpn.version, solved=False, reason="did_not_work")
    for _n in range(3):
        solutions.mark(actor(), other.ref, version=1, solved=False, reason="not_my_problem")
    desk = dara.page("/kb/feedback").text
    assert "No reader of yours waits for a word" in desk
    assert "Nothing waits here" in desk
    assert "Did not work 3" in desk
    assert "Hard to follow" not in desk
    assert "Not my problem" not in desk
    everything = dara.page("/kb/feedback?scope=all").text
    assert "Not my problem 3" in everything
    assert "Out of date" not in everything
    assert "Payroll run" not in everything


def test_what_was_said_of_one_article_stands_together(ana: Visitor, ben: Visitor, dara: Visitor, vpn: Any) -> None:
    other = article("Docking station")
    solutions.mark(ana.actor, vpn.ref, version=1, solved=False, comment="First words.")
    solutions.mark(ana.actor, other.ref, version=1, solved=False, comment="Second words.")
    solutions.mark(ben.actor, vpn.ref, version=1, solved=False, comment="Third words.")
    desk = dara.page("/kb/feedback?scope=all").text
    assert desk.index("Third words.") < desk.index("First words.") < desk.index("Second words.")


def test_a_failed_reply_keeps_its_place(ana: Visitor, dara: Visitor, vpn: Any, db: Any) -> None:
    ana.post("/kb/vpn-drops/solved", {"solved": "no", "comment": "The box is greyed out."})
    response = reply(dara, said(db).id, " ")
    assert response.status_code == 422
    assert "Write a line first" in response.text


def test_readers_have_no_desk(ana: Visitor, vpn: Any) -> None:
    assert ana.get("/kb/feedback").status_code == 403
    row = solutions.mark(actor(), vpn.ref, version=1, solved=False, comment="Greyed out.")
    assert reply(ana, row.id, "x").status_code == 403
    assert reply(ana, row.id + 1, "x").status_code == 404


def test_feedback_on_a_hidden_article_stays_hidden(dara: Visitor, db: Any) -> None:
    secret = article("Payroll run", access_key=audiences.key_for([[audience("HR").id]]))
    row = solutions.mark(actor(), secret.ref, version=1, solved=False, comment="Numbers are off.")
    assert "Numbers are off" not in dara.get("/kb/feedback?scope=all").text
    assert reply(dara, row.id, "x").status_code == 404


def test_an_owner_answers_for_their_own_articles_only(ana: Visitor, sam: Visitor, vpn: Any, db: Any) -> None:
    own = article("Docking station", owner_id=sam.person_id)
    ana.post(f"/kb/{own.slug}/solved", {"solved": "no", "comment": "The second screen stays black."})
    ana.post("/kb/vpn-drops/solved", {"solved": "no", "comment": "Greyed out."})
    desk = sam.get("/kb/feedback?scope=all").text
    assert "The second screen stays black." in desk
    assert "Greyed out." not in desk
    mine, others = sorted(db.session.execute(select(Solution.id)).scalars())
    assert reply(sam, mine, "Try the other port.").status_code == 303
    assert reply(sam, others, "Not mine.").status_code == 403


def test_an_editor_says_it_is_right_and_a_reader_does_not(ana: Visitor, dara: Visitor, vpn: Any, db: Any) -> None:
    vpn.verified_at = vpn.review_by = None
    assert ana.post("/kb/vpn-drops/verify").status_code == 403
    dara.post("/kb/vpn-drops/verify")
    db.session.refresh(vpn)
    assert vpn.verified_by_id == dara.person_id
    assert vpn.review_by is not None


# Lists


def test_lists_cost_the_same_however_long(ana: Visitor, visit: Any, db: Any, queries: Any) -> None:
    shelf = category(slug="network")

    def cost(path: str) -> int:
        ana.get(path)
        with queries() as seen:
            assert ana.get(path).status_code == 200
        return len(seen)

    article(category=shelf)
    few = [cost("/kb/"), cost("/kb/topics/network")]
    for _ in range(25):
        article(category=shelf)
    assert [cost("/kb/"), cost("/kb/topics/network")] == few


def test_a_long_topic_has_pages(ana: Visitor, db: Any) -> None:
    shelf = category(slug="network")
    for n in range(31):
        article(f"Article {n:02}", category=shelf)
    assert "Article 29" in ana.get("/kb/topics/network").text
    assert "Article 30" not in ana.get("/kb/topics/network").text
    assert "Article 30" in ana.get("/kb/topics/network?page=2").text
    assert ana.get("/kb/topics/network?page=99999999999").status_code == 200


def test_a_hidden_topic_is_not_there(ana: Visitor, db: Any) -> None:
    category(slug="payroll", access_key=audiences.key_for([[audience("HR").id]]))
    assert ana.get("/kb/topics/payroll").status_code == 404


def test_near_articles_leave_out_what_one_may_not_see(ana: Visitor, visit: Any, vpn: Any, db: Any) -> None:
    article("Secret VPN", tags=("vpn",), access_key=audiences.key_for([[audience("HR").id]]))
    article("Open VPN", tags=("vpn",))
    text = ana.get("/kb/vpn-drops").text
    assert "Open VPN" in text
    assert "Secret VPN" not in text
    assert visit(BEN).get("/kb/vpn-drops").status_code == 200


def test_an_empty_portal_teaches_how_to_begin(dara: Visitor) -> None:
    assert "./dity kb sync --owner dara@ostreyvale.example" in dara.get("/kb/").text


def test_an_empty_portal_bothers_readers_with_no_commands(ana: Visitor) -> None:
    text = ana.page("/kb/").text
    assert "No answers yet" in text
    assert "dity kb" not in text
