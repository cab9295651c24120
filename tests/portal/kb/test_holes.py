"""Ways round the rules that somebody found; each stays shut."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest

from portal.core.errors import Forbidden, NotFound
from portal.core.permissions import Role
from portal.core.scopes import Scope
from portal.kb import arranging, drafts, pictures, policies, publishing, queries, reviews, translations, tree
from portal.kb.models import Article, Draft, State
from portal.notifications import links
from tests.factories import files, kb
from tests.people import ADA, ANA, BEN, DARA, Visitor, settle
from tests.programs import service


def actor(who: Any) -> Any:
    from portal.people.services import actor_of

    return actor_of(settle(who))


def acting(helper: Any, who: Any) -> Any:
    """One person in another's place."""
    return dataclasses.replace(actor(who), acted_by_id=settle(helper).id, acted_by=helper.name)


def shelved(**kw: Any) -> Article:
    article = kb.article(**kw)
    tree.rekey()
    return article


def approved(**kw: Any) -> Draft:
    """What Dara wrote and Ada approved, where two have to look."""
    draft = drafts.edit(actor(DARA), shelved(category=kb.category(needs_second=True), **kw))
    drafts.save(actor(DARA), draft, {"body": "## Go\n\nPay here.\n"}, lock=draft.lock)
    reviews.submit(actor(DARA), draft)
    reviews.approve(actor(ADA), draft)
    return draft


def add_picture(who: Any, draft: Draft) -> None:
    with links.addressable():
        pictures.add(actor(who), draft, io.BytesIO(files.picture()), "code.png", alt="A code", is_decoration=False)


def test_only_who_publishes_says_who_may_read(db: Any) -> None:
    draft = drafts.edit(actor(ANA), shelved(category=kb.category(mode="wiki")))
    with pytest.raises(Forbidden):
        drafts.save(actor(ANA), draft, {"audience": ["public"]}, lock=draft.lock)
    assert draft.audience == []
    drafts.save(actor(ANA), draft, {"audience": [], "body": "Another text.\n"}, lock=draft.lock)
    drafts.save(actor(DARA), draft, {"audience": ["public"]}, lock=draft.lock)
    drafts.save(actor(ANA), draft, {"audience": ["public"], "body": "A third text.\n"}, lock=draft.lock)
    assert (draft.audience, draft.body) == (["public"], "A third text.\n")


def test_an_owner_does_not_publish_by_moving_the_draft_to_a_wiki_topic(db: Any) -> None:
    article = shelved(owner_id=settle(ANA).id)
    wiki = kb.category("Wiki", mode="wiki")
    tree.rekey()
    draft = drafts.edit(actor(ANA), article)
    drafts.save(actor(ANA), draft, {"category_id": wiki.id, "body": "Mine.\n"}, lock=draft.lock)
    with pytest.raises(Forbidden):
        publishing.publish(actor(ANA), draft)
    assert publishing.publish(actor(DARA), draft).category_id == wiki.id


def test_in_a_wiki_topic_readers_go_on_publishing(db: Any) -> None:
    wiki = kb.category("Wiki", mode="wiki")
    article = shelved(category=wiki)
    draft = drafts.edit(actor(ANA), article)
    drafts.save(actor(ANA), draft, {"body": "Mine.\n"}, lock=draft.lock)
    assert publishing.publish(actor(ANA), draft).body == "Mine.\n"
    new = drafts.begin(actor(ANA), category=wiki, title="New", body="New.\n")
    drafts.save(actor(ANA), new, {"summary": "In short."}, lock=new.lock)
    assert publishing.publish(actor(ANA), new).is_published


def test_only_editors_bring_an_archived_article_back(db: Any) -> None:
    article = shelved(category=kb.category(mode="wiki"), owner_id=settle(BEN).id)
    arranging.archive(actor(DARA), article)
    draft = kb.draft(article)
    for reader in (ANA, BEN):
        with pytest.raises(NotFound):
            drafts.get(actor(reader), draft.id)
        with pytest.raises(Forbidden):
            publishing.publish(actor(reader), draft)
    assert drafts.get(actor(DARA), draft.id) is draft


def test_who_acts_for_somebody_does_not_decide_in_their_name(db: Any) -> None:
    draft = drafts.edit(actor(BEN), shelved(owner_id=settle(BEN).id))
    drafts.save(actor(BEN), draft, {"body": "Mine.\n"}, lock=draft.lock)
    reviews.submit(actor(BEN), draft)
    with pytest.raises(Forbidden, match="You act for Dara Voss"):
        reviews.approve(acting(ADA, DARA), draft)
    reviews.approve(actor(DARA), draft)
    assert draft.state == State.APPROVED


def test_what_was_written_for_somebody_is_also_the_text_of_who_wrote_it(db: Any) -> None:
    topic = kb.category(needs_second=True)
    draft = drafts.edit(acting(ADA, DARA), shelved(category=topic))
    drafts.save(acting(ADA, DARA), draft, {"body": "Mine.\n"}, lock=draft.lock)
    assert draft.writers == {settle(ADA).id, settle(DARA).id}
    reviews.submit(actor(DARA), draft)
    with pytest.raises(Forbidden):
        reviews.approve(actor(ADA), draft)
    begun = drafts.begin(acting(ADA, DARA), category=topic, title="New", body="New.\n")
    assert begun.writers == {settle(ADA).id, settle(DARA).id}


def test_what_a_service_wrote_is_the_text_of_who_made_its_token(ada: Visitor, db: Any) -> None:
    article = shelved(category=kb.category(needs_second=True))
    held = service(ada, Role.EDITOR, scopes={Scope.READ, Scope.WRITE})
    etag = held.get(f"/articles/{article.slug}/draft").headers["ETag"]
    assert held.patch(f"/articles/{article.slug}", {"markdown": "Mine.\n"}, etag=etag).status_code == 200
    draft = db.session.query(Draft).one()
    assert draft.writers == {ada.person_id}
    reviews.submit(ada.actor, draft)
    with pytest.raises(Forbidden):
        reviews.approve(ada.actor, draft)


def test_a_picture_after_the_approval_makes_it_void(db: Any) -> None:
    draft = approved()
    add_picture(DARA, draft)
    assert (draft.state, draft.approved_by_id) == (State.WRITING, None)
    with pytest.raises(Forbidden):
        publishing.publish(actor(DARA), draft)


def test_who_added_a_picture_does_not_approve_it(db: Any) -> None:
    draft = approved()
    add_picture(ADA, draft)
    reviews.submit(actor(DARA), draft)
    assert not policies.can_review(actor(ADA), draft)


def test_a_new_text_in_a_wiki_topic_is_its_authors_until_it_is_published(db: Any) -> None:
    wiki = kb.category(mode="wiki")
    tree.rekey()
    draft = drafts.begin(actor(ANA), category=wiki, title="Not ready", body="Rough.\n")
    assert not policies.can_see_draft(actor(BEN), draft)
    with pytest.raises(NotFound):
        drafts.get(actor(BEN), draft.id)
    assert draft not in queries.open_drafts(actor(BEN))
    assert queries.open_drafts(actor(ANA)) == [draft]
    assert drafts.get(actor(DARA), draft.id) is draft
    drafts.save(actor(ANA), draft, {"summary": "In short."}, lock=draft.lock)
    assert policies.can_edit(actor(BEN), publishing.publish(actor(ANA), draft))


def test_a_service_goes_on_with_the_text_it_began_in_a_wiki_topic(ada: Visitor, db: Any) -> None:
    wiki = kb.category(mode="wiki")
    tree.rekey()
    held = service(ada, scopes={Scope.READ, Scope.WRITE})
    begun = held.post("/articles", {"title": "By a service", "category": wiki.slug})
    path = begun.headers["Location"].removesuffix("/draft")
    assert held.patch(path, {"markdown": "More.\n"}, etag=begun.headers["ETag"]).status_code == 200


def test_nobody_opens_another_persons_unpublished_translation(db: Any) -> None:
    article = shelved(category=kb.category(mode="wiki"), n_revisions=1)
    made = translations.begin(actor(ANA), article, "de")
    with pytest.raises(Forbidden):
        translations.begin(actor(BEN), article, "de")
    assert translations.begin(actor(ANA), article, "de") is made
