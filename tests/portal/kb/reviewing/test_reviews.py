"""Somebody else looks before a text is published (portal.kb.reviewing.reviews)."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kb.models import Draft, State
from portal.kb.prose import paragraphs
from portal.kb.reviewing import reviews
from portal.kb.writing import drafts, publishing
from portal.notifications.models import Notification
from tests.factories import kb
from tests.people import ADA, ANA, BEN, DARA, SAM, settle

TEXT = {"title": "VPN drops", "summary": "Switch that off.", "body": "## How\n\n1. Open it.\n2. Close it.\n"}


def actor(who: Any) -> Any:
    from portal.people.services import actor_of

    return actor_of(settle(who))


def written(who: Any = DARA, **more: Any) -> Draft:
    """A draft of a published article, written by somebody."""
    article = more.pop("article", None) or kb.article(**more)
    draft = drafts.edit(actor(who), article)
    return drafts.save(actor(who), draft, {**TEXT, "body": TEXT["body"] + "\nNew.\n"}, lock=draft.lock)


def in_review(**more: Any) -> Draft:
    draft = written(**more)
    reviews.submit(actor(DARA), draft)
    return draft


def told(who: Any) -> list[str]:
    from portal.core.database import db

    rows = db.session.query(Notification).filter_by(person_id=settle(who).id).order_by(Notification.id)
    return [row.kind for row in rows]


def test_a_text_goes_to_review_is_approved_and_published(db: Any) -> None:
    settle(ADA)
    draft = in_review()
    assert draft.state == State.IN_REVIEW
    assert told(ADA) == ["review_waits"]
    reviews.approve(actor(ADA), draft, lock=draft.lock)
    assert (draft.state, draft.approved_by_id) == (State.APPROVED, settle(ADA).id)
    article = publishing.publish(actor(ADA), draft)
    assert "New." in article.body
    assert told(DARA) == ["draft_approved", "draft_published"]


def test_who_is_asked_by_name_is_told_and_may_decide_without_being_an_editor(db: Any) -> None:
    draft = written()
    reviews.submit(actor(DARA), draft, reviewer_id=settle(SAM).id)
    assert told(SAM) == ["review_asked"]
    reviews.approve(actor(SAM), draft)
    assert draft.state == State.APPROVED


def test_nobody_else_knows_that_there_is_a_draft(db: Any) -> None:
    draft = in_review()
    with pytest.raises(NotFound):
        reviews.get(actor(ANA), draft.id)
    assert reviews.get(actor(ADA), draft.id) is draft


def test_an_approval_is_void_when_the_text_changes_afterwards(db: Any) -> None:
    draft = in_review(category=kb.category(needs_second=True))
    reviews.approve(actor(ADA), draft)
    drafts.save(actor(DARA), draft, {"body": "Something else."}, lock=draft.lock)
    assert (draft.state, draft.approved_by_id) == (State.WRITING, None)
    with pytest.raises(Forbidden):
        publishing.publish(actor(DARA), draft)


def test_saying_what_kind_of_change_it_is_keeps_the_approval(db: Any) -> None:
    draft = in_review()
    reviews.approve(actor(ADA), draft)
    drafts.save(actor(ADA), draft, {"change": "minor", "note": "Other boxes"}, lock=draft.lock)
    assert draft.state == State.APPROVED
    assert settle(ADA).id not in draft.writers


def test_a_reviewer_decides_about_the_text_they_saw(db: Any) -> None:
    draft = in_review()
    seen = draft.lock
    drafts.save(actor(DARA), draft, {"body": "Something else."}, lock=draft.lock)
    reviews.submit(actor(DARA), draft)
    with pytest.raises(Conflict):
        reviews.approve(actor(ADA), draft, lock=seen)
    assert draft.approved_by_id is None


def test_with_four_eyes_nobody_publishes_what_only_they_have_seen(db: Any) -> None:
    draft = written(category=kb.category(needs_second=True))
    with pytest.raises(Forbidden):
        publishing.publish(actor(DARA), draft)
    reviews.submit(actor(DARA), draft)
    with pytest.raises(Forbidden):
        reviews.approve(actor(DARA), draft)
    reviews.approve(actor(ADA), draft)
    assert publishing.publish(actor(DARA), draft).is_published


def test_four_eyes_cannot_be_avoided_by_moving_the_draft_to_another_topic(db: Any) -> None:
    draft = written(category=kb.category(needs_second=True))
    drafts.save(actor(DARA), draft, {"category_id": kb.category("Elsewhere").id}, lock=draft.lock)
    with pytest.raises(Forbidden):
        publishing.publish(actor(DARA), draft)


def test_who_helped_to_write_cannot_approve(db: Any) -> None:
    draft = written()
    drafts.save(actor(ADA), draft, {"summary": "Another."}, lock=draft.lock)
    reviews.submit(actor(DARA), draft)
    with pytest.raises(Forbidden):
        reviews.approve(actor(ADA), draft)


def test_whoever_began_a_new_article_wrote_it(db: Any) -> None:
    draft = drafts.begin(actor(DARA), category=kb.category(needs_second=True), **TEXT)
    reviews.submit(actor(ADA), draft)
    with pytest.raises(Forbidden):
        reviews.approve(actor(DARA), draft)


def test_what_is_sent_back_says_why_and_its_authors_hear_it(db: Any) -> None:
    draft = in_review()
    with pytest.raises(Invalid):
        reviews.request_changes(actor(ADA), draft, words=" ")
    reviews.request_changes(actor(ADA), draft, words="The second step is missing.")
    assert draft.state == State.CHANGES_REQUESTED
    assert [one.body for one in reviews.comments(draft)] == ["The second step is missing."]
    assert told(DARA) == ["changes_requested"]
    reviews.submit(actor(DARA), draft)
    assert draft.state == State.IN_REVIEW


def test_what_was_never_sent_to_review_cannot_be_approved(db: Any) -> None:
    with pytest.raises(Conflict):
        reviews.approve(actor(ADA), written())


def test_an_unfinished_text_is_not_sent_to_review(db: Any) -> None:
    draft = drafts.begin(actor(DARA), category=kb.category(), title="Half")
    with pytest.raises(Invalid) as refusal:
        reviews.submit(actor(DARA), draft)
    assert refusal.value.field == "summary"


def test_nobody_is_asked_who_could_not_open_the_article(db: Any) -> None:
    from portal.people import audiences
    from tests.factories import people

    key = audiences.key_for([[people.audience("Dara alone", ("person", str(settle(DARA).id))).id]])
    draft = written(access_key=key)
    for asked in (settle(BEN).id, settle(DARA).id):
        with pytest.raises(Invalid) as refusal:
            reviews.submit(actor(DARA), draft, reviewer_id=asked)
        assert refusal.value.field == "reviewer"


def test_a_remark_stays_with_its_paragraph_when_text_is_put_before_it(db: Any) -> None:
    draft = in_review()
    made = paragraphs.split("<p>First one.</p><p>Second one, of some length.</p>")
    one = reviews.comment(actor(ADA), draft, words="Which one?", paragraph=made[1])
    later = paragraphs.split("<h2>Before</h2><p>New.</p><p>First one.</p><p>Second one, of some length.</p>")
    found = paragraphs.find(later, number=one.paragraph, quote=one.quote)
    assert found is not None
    assert found.number == 4


def test_a_remark_is_settled_and_opened_again(db: Any) -> None:
    draft = in_review()
    one = reviews.comment(actor(ADA), draft, words="Which one?")
    reviews.resolve(actor(DARA), draft, one.id)
    assert one.resolved_by_id == settle(DARA).id
    reviews.resolve(actor(DARA), draft, one.id, is_done=False)
    assert one.resolved_at is None
    with pytest.raises(NotFound):
        reviews.resolve(actor(DARA), written(), one.id)


def test_a_closed_draft_takes_no_remarks_and_no_decisions(db: Any) -> None:
    draft = in_review()
    publishing.publish(actor(ADA), draft)
    for act in (
        lambda: reviews.comment(actor(ADA), draft, words="Late."),
        lambda: reviews.approve(actor(ADA), draft),
        lambda: publishing.publish(actor(ADA), draft),
        lambda: drafts.save(actor(ADA), draft, {"body": "Later."}, lock=draft.lock),
    ):
        with pytest.raises(Conflict):
            act()
