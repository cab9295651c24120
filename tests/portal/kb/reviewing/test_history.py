"""What an article once said (portal.kb.reviewing.history)."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kb.models import Article, Category, Revision
from portal.kb.reviewing import history, waiting
from portal.kb.writing import drafts, publishing
from portal.notifications.models import Notification
from portal.people import services as people
from tests.factories import kb
from tests.factories import people as people_factory
from tests.people import ADA, ANA, BEN, DARA, settle


def actor(who: Any) -> Any:
    return people.actor_of(settle(who))


def publish(article: Article, body: str, who: Any = DARA, **text: Any) -> Article:
    draft = drafts.edit(actor(who), article)
    drafts.save(actor(who), draft, {"body": body, **text}, lock=draft.lock)
    return publishing.publish(actor(who), draft)


def with_three(category: Category | None = None) -> Article:
    """An article of three revisions."""
    article = kb.article(category=category or kb.category())
    for body in ("One.\n", "One.\n\nTwo.\n", "One.\n\nTwo.\n\nThree.\n"):
        publish(article, body, note=f"With {len(body)} letters")
    return article


def test_every_text_is_kept_with_who_when_what_and_why(db: Any) -> None:
    article = with_three()
    found = history.page(actor(DARA), article).entries
    assert [one.revision.n for one in found] == [3, 2, 1]
    assert found[0].is_current
    assert (found[0].revision.author.name, found[0].revision.note) == ("Dara Voss", "With 19 letters")


def test_a_long_history_is_shown_in_pages_at_the_same_price(db: Any, queries: Any) -> None:
    def asked(article: Article) -> int:
        db.session.expire_all()
        assert article.n_revisions
        with queries() as seen:
            for one in history.page(actor(DARA), article).entries:
                assert one.revision.author.name
        return len(seen)

    few, many = with_three(), with_three()
    for n in range(4, 64):
        db.session.add(Revision(**_copy(db, many, n)))
    many.n_revisions = 63
    db.session.flush()
    assert asked(few) == asked(many)
    assert [one.revision.n for one in history.page(actor(DARA), many, before=14).entries] == list(range(13, 0, -1))


def _copy(db: Any, article: Article, n: int) -> dict[str, Any]:
    first = db.session.get(Revision, (article.id, 1))
    columns = {column.key: getattr(first, column.key) for column in Revision.__table__.columns}
    return columns | {"n": n}


def test_two_texts_are_compared_whichever_way_they_are_named(db: Any) -> None:
    article = with_three()
    for old, new in ((1, 3), (3, 1)):
        found = history.compare(actor(DARA), article, old=old, new=new)
        assert (found.old.n, found.new.n, found.n) == (1, 3, 4)
    assert (history.compare(actor(DARA), article).old.n, history.compare(actor(DARA), article).new.n) == (2, 3)
    assert history.compare(actor(DARA), article, old=2, new=2).is_same
    with pytest.raises(NotFound):
        history.compare(actor(DARA), article, old=1, new=9)


def test_a_former_text_becomes_a_draft_and_nothing_changes_for_readers(db: Any) -> None:
    article = with_three()
    draft = history.restore(actor(DARA), article, 1, change="minor")
    assert (draft.body, article.body) == ("One.\n", "One.\n\nTwo.\n\nThree.\n")
    assert draft.is_open


def test_a_former_text_is_up_again_at_once_and_the_later_ones_are_kept(db: Any) -> None:
    article = with_three()
    history.restore(actor(DARA), article, 1, change="minor", note="It was right", at_once=True)
    assert article.body == "One.\n"
    assert [one.revision.n for one in history.page(actor(DARA), article).entries] == [4, 3, 2, 1]
    assert history.page(actor(DARA), article).entries[0].revision.note == "It was right"


def test_with_four_eyes_nobody_brings_a_text_back_alone(db: Any) -> None:
    article = with_three()
    article.category.needs_second = True
    db.session.commit()
    with pytest.raises(Forbidden):
        history.restore(actor(DARA), article, 1, change="minor", at_once=True)
    db.session.rollback()
    assert article.body == "One.\n\nTwo.\n\nThree.\n"


def test_nothing_is_brought_back_over_what_somebody_is_writing(db: Any) -> None:
    article = with_three()
    drafts.edit(actor(ADA), article)
    with pytest.raises(Conflict):
        history.restore(actor(DARA), article, 1, change="minor")
    with pytest.raises(Invalid):
        history.restore(actor(DARA), article, 3, change="minor")


def test_readers_see_what_an_article_says_not_what_it_said(db: Any) -> None:
    article = with_three()
    with pytest.raises(Forbidden):
        history.get(actor(ANA), article.slug)
    article.owner_id = settle(ANA).id
    assert history.get(actor(ANA), article.slug) is article


def wiki() -> Article:
    """A wiki article with a text that is known, and two changes by readers."""
    article = kb.article(category=kb.category(mode="wiki"))
    publish(article, "Known.\n")
    publish(article, "Changed.\n", ANA)
    return publish(article, "Changed twice.\n", BEN)


def test_changes_of_readers_wait_until_an_editor_has_looked(db: Any) -> None:
    article = wiki()
    (found,) = waiting.unseen(actor(DARA))
    assert (found.article, found.base, found.latest.n, found.n) == (article, 1, 3, 2)
    history.look(actor(DARA), article, n=3)
    assert waiting.unseen(actor(DARA)) == []
    with pytest.raises(Forbidden):
        history.look(actor(ANA), article, n=3)


def test_a_change_made_since_the_look_still_waits(db: Any) -> None:
    article = wiki()
    history.look(actor(DARA), article, n=2)
    (found,) = waiting.unseen(actor(DARA))
    assert (found.base, found.n) == (2, 1)


def test_the_former_text_is_put_back_and_its_changers_hear_of_it(db: Any) -> None:
    article = wiki()
    history.put_back(actor(DARA), article, n=3)
    assert (article.body, article.n_revisions) == ("Known.\n", 4)
    assert waiting.unseen(actor(DARA)) == []
    told = db.session.query(Notification).filter_by(kind="text_put_back")
    assert {row.person_id for row in told} == {settle(ANA).id, settle(BEN).id}


def test_what_changed_again_since_is_not_put_back_unseen(db: Any) -> None:
    article = wiki()
    with pytest.raises(Conflict):
        history.put_back(actor(DARA), article, n=2)
    assert article.body == "Changed twice.\n"


def test_editors_topics_have_nothing_to_look_at_afterwards(db: Any) -> None:
    with_three()
    assert waiting.unseen(actor(DARA)) == []


# Where it was filed


def test_topic_tags_and_readers_are_kept_with_a_text_and_compared(db: Any) -> None:
    here, there = kb.category("Network"), kb.category("Devices")
    article = with_three(here)
    publish(article, "Four.\n", category_id=there.id, tags=["vpn", "wifi"], audience=["public"])
    dara = actor(DARA)
    found = {one.label: one.pieces for one in history.compare(dara, article).filed}
    assert [(piece.kind, piece.text) for piece in found["Topic"] if piece.text != ", "] == [
        ("gone", "Network"),
        ("new", "Devices"),
    ]
    assert [piece.text for piece in found["Tags"] if piece.kind == "new"] == ["wifi"]
    assert [piece.text for piece in found["Who may read it"] if piece.kind == "new"] == [
        "Everybody, also without signing in"
    ]
    assert [entry.filed for entry in history.page(dara, article).entries][:2] == [
        ["Topic", "Tags", "Who may read it"],
        [],
    ]
    assert not history.compare(dara, article, old=3, new=4).is_same


def test_a_text_that_is_only_filed_otherwise_is_another_one(db: Any) -> None:
    article = with_three()
    publish(article, article.body, tags=["wifi"])
    found = history.compare(actor(DARA), article)
    assert (found.n, found.is_same, [one.label for one in found.filed]) == (0, False, ["Tags"])
    draft = history.restore(actor(DARA), article, 3, change="minor")
    assert draft.tags == ["vpn"]


def test_the_name_of_a_topic_one_may_not_see_is_not_told(db: Any) -> None:
    secret, here = kb.category("The merger"), kb.category("Network")
    article = with_three(secret)
    publish(article, "Four.\n", category_id=here.id)
    secret.access_key = "a999999"
    db.session.flush()
    said = str(history.compare(actor(DARA), article).filed)
    assert "a topic you may not see" in said
    assert "merger" not in said


def test_a_text_brings_its_filing_back_but_never_more_readers(db: Any) -> None:
    few = people_factory.audience("Finance alone", ("person", str(settle(DARA).id)))
    here, there = kb.category("Network"), kb.category("Devices")
    article = with_three(here)
    publish(article, "Four.\n", category_id=there.id, tags=["wifi"])
    draft = history.restore(actor(DARA), article, 3, change="minor")
    assert (draft.category_id, draft.tags) == (here.id, ["vpn"])
    publishing.publish(actor(DARA), draft)
    publish(article, "Five.\n", audience=[few.slug], tags=["wifi"])
    assert article.access_key not in ("signed-in", "public")
    draft = history.restore(actor(DARA), article, 4, change="minor")
    assert (draft.audience, draft.tags) == ([few.slug], ["wifi"]), "who may not read it now does not read it by this"


def test_what_nobody_knows_of_a_former_filing_is_left_as_it_is(db: Any) -> None:
    article = with_three()
    first = history.revision(actor(DARA), article, 1)
    first.category_id = first.tags = first.audience = None
    db.session.flush()
    db.session.expire(first)
    assert history.compare(actor(DARA), article, old=1, new=2).filed == []
    draft = history.restore(actor(DARA), article, 1, change="minor")
    assert (draft.category_id, draft.tags) == (article.category_id, ["vpn"])
