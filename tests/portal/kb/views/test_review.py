"""The pages of reviews, histories and arranging, as browsers without script see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.permissions import Role
from portal.kb.models import Article, Draft, ReviewComment, State
from portal.kb.reviewing import reviews
from portal.kb.writing import drafts, publishing
from tests.factories import kb, people
from tests.pages import Page
from tests.people import ADA, ANA, DARA, Visitor, settle

BODY = "Intro.\n\n## How\n\n1. Open it.\n2. Close it.\n"


def actor(who: Any) -> Any:
    from portal.people.services import actor_of

    return actor_of(settle(who))


@pytest.fixture
def draft(db: Any) -> Draft:
    """Dara's next text of a published article."""
    made = drafts.edit(actor(DARA), kb.article(slug="vpn", body="Intro.\n"))
    drafts.save(actor(DARA), made, {"body": BODY, "summary": "In short."}, lock=made.lock)
    db.session.commit()
    return made


def fresh(db: Any, draft: Draft) -> Draft:
    return db.session.get(Draft, draft.id, populate_existing=True)


def test_who_asked_for_changes_is_asked_again_unless_another_is_named(
    dara: Visitor, ada: Visitor, draft: Draft
) -> None:
    finish, here = f"/desk/reviews/{draft.id}/finish", f"/desk/reviews/{draft.id}"
    dara.submit(finish, finish, then="review", reviewer=settle(ADA).email)
    ada.submit(here, f"{here}/decide", decision="back", words="Say which door.")
    assert dara.page(here).form(finish)["reviewer"] == settle(ADA).email


def test_a_colleague_who_was_asked_sees_no_way_to_a_desk_that_is_closed(
    dara: Visitor, ana: Visitor, draft: Draft
) -> None:
    finish, here = f"/desk/reviews/{draft.id}/finish", f"/desk/reviews/{draft.id}"
    dara.submit(finish, finish, then="review", reviewer=settle(ANA).email)
    page = ana.get(here)
    assert page.status_code == 200
    assert 'href="/desk/"' not in page.text
    assert 'href="/desk/"' in dara.get(here).text


def test_a_text_is_sent_to_review_looked_at_and_published(dara: Visitor, ada: Visitor, draft: Draft, db: Any) -> None:
    finish, here = f"/desk/reviews/{draft.id}/finish", f"/desk/reviews/{draft.id}"
    sent = dara.submit(finish, finish, then="review", reviewer=settle(ADA).email, note="Both steps", change="minor")
    assert sent.status_code == 303
    assert fresh(db, draft).state == State.IN_REVIEW
    text = ada.page("/desk/reviews/").text
    assert "You were asked" in text
    assert draft.title in text
    said = ada.submit(here, f"{here}/remarks", words="Which one?", paragraph="3")
    assert said.headers["Location"].endswith("#paragraph-3")
    assert ada.submit(here, f"{here}/decide", decision="approve").status_code == 303
    page = dara.page(here).text
    assert "Which one?" in page
    assert "Approved" in page
    assert "Publish although 1 remark is open" in page
    refused = dara.submit(here, finish, then="publish")
    assert refused.status_code == 422
    assert "1 remark is open. Settle it first" in refused.text
    dara.submit(here, finish, then="publish", although="y")
    article = db.session.get(Article, draft.article_id, populate_existing=True)
    assert article.body == BODY
    kept = db.session.execute(select(ReviewComment)).scalar_one()
    assert (kept.paragraph, kept.quote) == (3, "Open it.")


def test_the_editors_form_saves_what_was_typed_before_it_is_finished(dara: Visitor, draft: Draft, db: Any) -> None:
    edit, finish = f"/desk/drafts/{draft.id}", f"/desk/reviews/{draft.id}/finish"
    typed = {**dara.page(edit).form(edit), "body": "Typed at the last moment.\n", "then": "publish", "change": "typo"}
    assert dara.post(finish, typed).status_code == 303
    article = db.session.get(Article, draft.article_id, populate_existing=True)
    assert article.body == "Typed at the last moment.\n"


def test_what_cannot_be_published_is_saved_and_asked_again_with_all_that_was_typed(
    dara: Visitor, draft: Draft, db: Any
) -> None:
    edit, finish = f"/desk/drafts/{draft.id}", f"/desk/reviews/{draft.id}/finish"
    typed = {**dara.page(edit).form(edit), "body": "Typed.\n", "summary": "", "note": "My reason", "then": "publish"}
    answer = dara.post(finish, typed)
    assert answer.status_code == 422
    assert "Say in one sentence" in answer.text
    assert "My reason" in answer.text
    assert fresh(db, draft).body == "Typed.\n"


def test_a_time_is_that_of_who_types_it(dara: Visitor, draft: Draft, db: Any) -> None:
    settle(DARA).timezone = "America/New_York"
    finish = f"/desk/reviews/{draft.id}/finish"
    year = dt.datetime.now(dt.UTC).year + 1
    month = f"{year}-01-05T09:00"
    if dt.datetime(year, 1, 5, tzinfo=dt.UTC) - dt.datetime.now(dt.UTC) > publishing.LONGEST:
        month = f"{year - 1}-12-31T09:00"
    dara.submit(finish, finish, then="schedule", publish_at=month)
    planned = fresh(db, draft)
    assert planned.state == State.SCHEDULED
    assert planned.publish_at.hour == 14
    refused = dara.submit(finish, finish, then="schedule", publish_at="2020-01-01T09:00", note="Kept")
    assert refused.status_code == 422
    assert "This time is over" in refused.text
    assert "Kept" in refused.text
    assert fresh(db, draft).state == State.SCHEDULED


def test_words_of_a_refused_remark_and_decision_come_back(ada: Visitor, draft: Draft, db: Any) -> None:
    reviews.submit(actor(DARA), draft)
    here = f"/desk/reviews/{draft.id}"
    long = "word " * 900
    for action in (f"{here}/remarks", f"{here}/decide"):
        answer = ada.submit(here, action, words=long, paragraph="2")
        assert answer.status_code == 422
        assert long.strip() in answer.text
    seen = ada.page(here).form(f"{here}/decide")
    drafts.save(actor(DARA), draft, {"body": "Another.\n"}, lock=draft.lock)
    reviews.submit(actor(DARA), draft)
    stale = ada.post(f"{here}/decide", {**seen, "decision": "approve", "words": "Nearly"})
    assert stale.status_code == 409
    assert "Nearly" in stale.text


def test_a_remark_can_carry_no_live_markup(ada: Visitor, draft: Draft, db: Any) -> None:
    here = f"/desk/reviews/{draft.id}"
    ada.submit(here, f"{here}/remarks", words="<script>alert(1)</script> [x](javascript:alert(1))")
    html = ada.get(here).text
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_the_price_of_the_list_does_not_grow(dara: Visitor, draft: Draft, db: Any, queries: Any) -> None:
    def asked() -> int:
        with queries() as seen:
            dara.page("/desk/reviews/")
        return len(seen)

    reviews.submit(actor(DARA), draft)
    wiki = kb.category(mode="wiki")
    for _n in range(2):
        _more(wiki)
    few = asked()
    for _n in range(12):
        _more(wiki)
    assert asked() == few


def _more(wiki: Any) -> None:
    article = kb.article(category=wiki)
    for body in ("One.\n", "Two.\n"):
        made = drafts.edit(actor(ANA), article)
        drafts.save(actor(ANA), made, {"body": body}, lock=made.lock)
        publishing.publish(actor(ANA), made)
    other = drafts.edit(actor(ADA), kb.article())
    drafts.save(actor(ADA), other, {"body": "Other.\n"}, lock=other.lock)
    reviews.submit(actor(ADA), other)


def test_what_a_reader_changed_in_a_wiki_is_compared_and_put_back(ana: Visitor, dara: Visitor, db: Any) -> None:
    _more(kb.category(mode="wiki"))
    text = dara.page("/desk/reviews/").text
    assert "Changed by readers" in text
    slug = db.session.execute(select(Article.slug).where(Article.n_revisions == 2)).scalar_one()
    compared = dara.page(f"/kb/{slug}/history/compare?old=1&new=2").text
    assert "taken out:" in compared
    assert "put in:" in compared
    assert ana.get(f"/kb/{slug}/history").status_code == 200
    assert ana.post(f"/kb/{slug}/history/look", {"n": "2"}).status_code == 403


def test_an_article_is_renamed_merged_and_its_addresses_lead_on(dara: Visitor, ana: Visitor, db: Any) -> None:
    kb.article(slug="vpn"), kb.article("Other", slug="other")
    for path, action, sent in (
        ("/kb/vpn/manage", "/kb/vpn/manage/rename", {"title": "The VPN", "slug": "the-vpn"}),
        ("/kb/the-vpn/manage", "/kb/the-vpn/manage/merge", {"into": "other"}),
    ):
        assert dara.submit(path, action, **sent).status_code == 303
    for slug in ("vpn", "the-vpn"):
        assert ana.get(f"/kb/{slug}").headers["Location"] == "/kb/other"
    assert "the-vpn" in dara.page("/desk/redirects").text
    back = dara.submit("/kb/the-vpn/manage", "/kb/the-vpn/manage/rename", slug="Not one", title="Typed")
    assert back.status_code == 422
    assert "Typed" in back.text


def test_an_article_is_followed_from_its_page_and_left_from_the_list(ana: Visitor, db: Any) -> None:
    kb.article("VPN drops", slug="vpn")
    assert ana.submit("/kb/vpn", "/kb/vpn/follow").status_code == 303
    assert "VPN drops" in ana.page("/kb/following").text
    ana.submit("/kb/following", "/kb/vpn/follow")
    assert "VPN drops" not in ana.page("/kb/following").text


def test_the_beginning_of_a_name_is_enough_to_ask_somebody(dara: Visitor, draft: Draft, db: Any) -> None:
    finish = f"/desk/reviews/{draft.id}/finish"
    people.person("Ada Demir-Lang", Role.EDITOR)
    settle(ADA)
    db.session.commit()
    edit = f"/desk/drafts/{draft.id}"
    typed = {**dara.page(edit).form(edit), "body": "Typed at the last moment.\n", "note": "My reason", "then": "review"}
    answer = dara.post(finish, typed | {"reviewer": "ada"})
    assert answer.status_code == 422
    assert "This may be Ada Demir (ada@ostreyvale.example), Ada Demir-Lang" in answer.text
    assert 'id="draft"' in answer.text, "still in the editor"
    assert "Typed at the last moment." in answer.text
    assert "My reason" in answer.text
    again = {**Page(answer.text).form(edit), "note": "My reason", "then": "review", "reviewer": "demir-l"}
    assert dara.post(finish, again).status_code == 303
    assert fresh(db, draft).reviewer.name == "Ada Demir-Lang"


def test_what_was_sent_back_is_not_published_without_a_word(dara: Visitor, ada: Visitor, draft: Draft, db: Any) -> None:
    finish, here = f"/desk/reviews/{draft.id}/finish", f"/desk/reviews/{draft.id}"
    dara.submit(finish, finish, then="review")
    ada.submit(here, f"{here}/decide", decision="back", words="Name the menu.")
    page = dara.page(f"/desk/drafts/{draft.id}").text
    assert "Changes were requested, and 1 remark is open." in page
    assert "Publish although changes were requested and 1 remark is open" in page
    at = {"publish_at": "2035-03-09T12:00"}
    for then in ("publish", "schedule"):
        assert dara.submit(here, finish, then=then, **at).status_code == 422
    assert fresh(db, draft).state == State.CHANGES_REQUESTED
    assert dara.submit(here, finish, then="publish", although="y").status_code == 303


def test_who_approves_may_say_that_it_is_also_checked(dara: Visitor, ada: Visitor, draft: Draft, db: Any) -> None:
    finish, here = f"/desk/reviews/{draft.id}/finish", f"/desk/reviews/{draft.id}"
    db.session.get(Article, draft.article_id).verified_at = None
    db.session.commit()
    dara.submit(finish, finish, then="review")
    ada.submit(here, f"{here}/decide", decision="approve")
    dara.submit(here, finish, then="publish")
    assert "Approved by Ada, not checked yet" in dara.page("/kb/vpn").text
    second = drafts.edit(actor(DARA), db.session.get(Article, draft.article_id))
    drafts.save(actor(DARA), second, {"body": BODY + "3. Done.\n"}, lock=second.lock)
    db.session.commit()
    finish, here = f"/desk/reviews/{second.id}/finish", f"/desk/reviews/{second.id}"
    dara.submit(finish, finish, then="review")
    ada.submit(here, f"{here}/decide", decision="approve", is_checked="y")
    dara.submit(here, finish, then="publish")
    article = db.session.get(Article, draft.article_id, populate_existing=True)
    assert (article.verified_by.name, article.is_check_due) == ("Ada Demir", False)
    assert "by Ada" in dara.page("/kb/vpn").text


def test_an_approval_that_is_void_takes_its_check_along(db: Any) -> None:
    dara, ada = actor(DARA), actor(ADA)
    made = drafts.edit(dara, kb.article(verified_at=None))
    drafts.save(dara, made, {"body": BODY}, lock=made.lock)
    reviews.submit(dara, made)
    reviews.approve(ada, made, is_checked=True)
    drafts.save(dara, made, {"body": BODY + "3. More.\n"}, lock=made.lock)
    assert publishing.publish(dara, made).verified_at is None


def test_a_first_text_is_no_change_and_a_later_one_a_small_one(dara: Visitor, db: Any) -> None:
    from portal.kb.models import Revision

    made = drafts.begin(actor(DARA), category=kb.category(), title="Bench PC", body="Press a key.\n", summary="Short.")
    db.session.commit()
    article = publishing.publish(actor(DARA), made)
    drafts.edit(actor(DARA), article)
    db.session.commit()
    assert db.session.get(Revision, (article.id, 1)).change == ""
    assert (
        "change" not in dara.page(f"/kb/{article.slug}/history").text.partition("Revision 1")[2].partition("</li>")[0]
    )
    page = dara.page(f"/desk/drafts/{drafts.open_draft(article).id}")
    assert page.form(f"/desk/drafts/{drafts.open_draft(article).id}")["change"] == "minor"
