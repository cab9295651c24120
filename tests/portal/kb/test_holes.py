"""Ways round the rules that somebody found; each stays shut."""

from __future__ import annotations

import dataclasses
import io
from types import SimpleNamespace
from typing import Any

import pytest

from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.core.scopes import Scope
from portal.kb import personal, policies, texts
from portal.kb.caring import arranging
from portal.kb.models import Article, Draft, State
from portal.kb.reading import hanging
from portal.kb.reviewing import history, reviews
from portal.kb.shelving import tags, topics, tree
from portal.kb.writing import drafts, listing, pictures, publishing, suggestions, translations
from portal.notifications import links
from tests.factories import files, kb
from tests.people import ADA, ANA, BEN, DARA, Someone, Visitor, settle
from tests.programs import service

ELI_EDITS = Someone("Eli Lindqvist", "HR", roles=(Role.ANALYST, Role.EDITOR))
ANA_EDITS = Someone("Ana Ruiz", "Finance", roles=(Role.EDITOR,))


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
    with pytest.raises(Invalid, match="publish in both"):
        drafts.save(actor(ANA), draft, {"category_id": wiki.id, "body": "Mine.\n"}, lock=draft.lock)
    drafts.save(actor(ANA), draft, {"body": "Mine.\n"}, lock=draft.lock)
    drafts.save(actor(DARA), draft, {"category_id": wiki.id}, lock=draft.lock)
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
    assert draft not in listing.open_drafts(actor(BEN))
    assert listing.open_drafts(actor(ANA)) == [draft]
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


# What an article said when it was for others


def opened(db: Any) -> tuple[Article, Any]:
    """An article of a wiki topic: its second text was for HR alone, its third is for everybody signed in."""
    from tests.factories import people

    hr = people.audience("hr", ("role", Role.ANALYST.value))
    article = shelved(category=kb.category(mode="wiki"), body="One.\n", summary="In short.")
    texts.keep_revision(article, actor(ADA))
    for body, audience in (("Secret.\n", [hr.slug]), ("Three.\n", [])):
        draft = drafts.edit(actor(ELI_EDITS), article)
        drafts.save(actor(ELI_EDITS), draft, {"title": body[:-2], "body": body, "audience": audience}, lock=draft.lock)
        publishing.publish(actor(ELI_EDITS), draft)
    return article, hr


def test_texts_from_when_an_article_was_for_others_stay_theirs(db: Any, ben: Visitor, dara: Visitor) -> None:
    article, _hr = opened(db)
    assert [one.revision.n for one in history.page(actor(ELI_EDITS), article).entries] == [3, 2, 1]
    for visitor in (ben, dara):
        who = visitor.actor
        found = history.page(who, article)
        assert ([one.revision.n for one in found.entries], found.is_all) == ([3, 1], False)
        assert (history.compare(who, article).old.n, found.entries[0].before) == (1, 1)
        with pytest.raises(NotFound):
            history.revision(who, article, 2)
        with pytest.raises(NotFound):
            history.compare(who, article, old=2, new=3)
        with pytest.raises(NotFound):
            history.restore(who, article, 2, change="minor")
        for path in ("history", "history/3", "history/1", "history/compare?old=1&new=3"):
            assert "ecret" not in visitor.page(f"/kb/{article.slug}/{path}").text
        for path in ("history/2", "history/compare?old=1&new=2", "history/compare?old=2&new=3"):
            assert visitor.get(f"/kb/{article.slug}/{path}").status_code == 404


def test_drafts_of_such_texts_stay_theirs_too(db: Any, dara: Visitor) -> None:
    article, hr = opened(db)
    (closed,) = [one for one in db.session.query(Draft) if one.title == "Secret"]
    assert not policies.can_see_draft(dara.actor, closed)
    assert policies.can_see_draft(actor(ELI_EDITS), closed)
    assert dara.get(f"/desk/reviews/{closed.id}").status_code == 404
    writing = drafts.edit(actor(ELI_EDITS), article)
    drafts.save(actor(ELI_EDITS), writing, {"audience": [hr.slug], "body": "Again.\n"}, lock=writing.lock)
    assert writing not in listing.open_drafts(dara.actor)
    with pytest.raises(Conflict):
        drafts.edit(dara.actor, article)
    assert dara.get(f"/desk/drafts/{writing.id}").status_code == 404


def test_a_text_that_was_opened_as_it_stands_stays_in_the_history_of_its_readers(db: Any) -> None:
    from tests.factories import people

    hr = people.audience("hr", ("role", Role.ANALYST.value))
    topic = kb.category(mode="wiki", audience=[hr.slug])
    article = shelved(category=topic, summary="In short.")
    texts.keep_revision(article, actor(ADA))
    topic.audience = []
    tree.rekey()
    draft = drafts.edit(actor(BEN), article)
    drafts.save(actor(BEN), draft, {"body": "Two.\n"}, lock=draft.lock)
    publishing.publish(actor(BEN), draft)
    assert [one.revision.n for one in history.page(actor(ANA), article).entries] == [2, 1]


def test_what_was_for_a_group_that_is_gone_is_for_nobody_that_comes_after_it(db: Any) -> None:
    from portal.people import grouping

    article, hr = opened(db)
    for draft in db.session.query(Draft):
        draft.audience = []
    grouping.remove_audience(actor(ADA), hr)
    new = grouping.add_audience(actor(ADA), slug="new", name="New", rules=[("role", Role.READER.value)])
    assert policies.can_read_revision(actor(BEN), article, history.revision(actor(ELI_EDITS), article, 2)) is False
    assert new.id


def test_pictures_go_with_the_texts_that_name_them(db: Any) -> None:
    from tests.factories import people

    hr = people.audience("hr", ("role", Role.ANALYST.value))
    article = shelved(category=kb.category(mode="wiki"), summary="In short.")
    texts.keep_revision(article, actor(ADA))
    pictured = []
    for audience in ([hr.slug], []):
        draft = drafts.edit(actor(ELI_EDITS), article)
        add_picture(ELI_EDITS, draft)
        picture = pictures.of(actor(ELI_EDITS), draft)[-1]
        pictured.append(picture.id)
        body = f"{pictures.source(picture)}\n"
        drafts.save(actor(ELI_EDITS), draft, {"body": body, "audience": audience}, lock=draft.lock)
        publishing.publish(actor(ELI_EDITS), draft)
    secret, shown = pictured
    assert [hanging.gives_file(actor(BEN), article.id, one) for one in pictured] == [False, True]
    assert hanging.gives_file(actor(ELI_EDITS), article.id, secret)
    draft = written(BEN, drafts.edit(actor(BEN), article), body=f"![Let me see](file:{secret})\n")
    assert secret not in {one.id for one in pictures.of(actor(BEN), draft)}
    with pytest.raises(Invalid, match=f"file:{secret}"):
        publishing.publish(actor(BEN), draft)
    assert not hanging.gives_file(actor(BEN), article.id, secret)
    drafts.discard(actor(BEN), draft)
    arranging.archive(actor(DARA), article)
    assert hanging.gives_file(actor(DARA), article.id, shown)
    assert not hanging.gives_file(actor(DARA), article.id, secret)
    assert not hanging.gives_file(actor(BEN), article.id, shown)


def test_a_persons_copy_holds_no_words_of_others(db: Any) -> None:
    article = shelved(title="Of Dara", owner_id=settle(DARA).id, verified_by_id=settle(ANA_EDITS).id)
    draft = drafts.edit(actor(ANA_EDITS), article)
    drafts.save(actor(ANA_EDITS), draft, {"body": "By Ana.\n"}, lock=draft.lock)
    assert "By Ana" in copied(ANA_EDITS)
    article.owner_id = draft.reviewer_id = draft.submitted_by_id = draft.approved_by_id = settle(ANA_EDITS).id
    drafts.save(actor(DARA), draft, {"title": "Secret", "body": "Hidden by Dara.\n"}, lock=draft.lock)
    assert "ecret" not in copied(ANA_EDITS)
    assert "idden" not in copied(ANA_EDITS)
    assert "Of Dara" not in copied(ANA_EDITS)
    publishing.publish(actor(DARA), draft)
    assert "idden" in copied(DARA)
    assert "idden" not in copied(ANA_EDITS)


def copied(who: Any) -> str:
    from portal.accounts import exporting

    found = exporting.collected(exporting.subjects_of(settle(who)))
    names = {one.column if hasattr(one, "column") else one.name for one in personal.PERSONAL}
    return str({name: rows for name, (_label, rows) in found.items() if name in names})


# Four eyes, by every way


def written(who: Any, draft: Draft, **text: Any) -> Draft:
    return drafts.save(actor(who), draft, {"summary": "In short.", "body": "Mine.\n", **text}, lock=draft.lock)


def refused(who: Any, draft: Draft) -> None:
    with pytest.raises(Forbidden, match="second person"):
        publishing.publish(actor(who), draft)


def test_a_translation_is_looked_at_where_its_original_is(db: Any) -> None:
    asks, free = kb.category(needs_second=True), kb.category("Free")
    article = shelved(category=asks, n_revisions=1)
    draft = written(DARA, translations.begin(actor(DARA), article, "de"))
    refused(DARA, draft)
    written(DARA, draft, category_id=free.id)
    refused(DARA, draft)
    reviews.submit(actor(DARA), draft)
    reviews.approve(actor(ADA), draft)
    made = publishing.publish(actor(DARA), draft)
    draft = written(DARA, drafts.edit(actor(DARA), made), body="Zwei.\n")
    refused(DARA, draft)
    with pytest.raises(Invalid, match="second person"):
        arranging.rename(actor(DARA), made, title="Other", slug=made.slug)


def test_moving_is_no_way_round_four_eyes(db: Any) -> None:
    asks, free = kb.category(needs_second=True), kb.category("Free")
    inside, outside = shelved(category=asks), shelved(category=free)
    for article, topic in ((inside, free), (outside, asks)):
        with pytest.raises(Invalid, match="second person"):
            arranging.move(actor(DARA), article, category=topic)
        refused(DARA, written(DARA, drafts.edit(actor(DARA), article), category_id=topic.id))
    begun = drafts.begin(actor(DARA), category=asks, title="New")
    refused(DARA, written(DARA, begun, category_id=free.id))


def test_who_wrote_a_text_nobody_saw_does_not_approve_that_it_moves_where_two_look(db: Any) -> None:
    asks, free = kb.category(needs_second=True), kb.category("Free")
    article = shelved(category=free)
    publishing.publish(actor(ADA), written(ADA, drafts.edit(actor(ADA), article)))
    draft = written(DARA, drafts.edit(actor(DARA), article), category_id=asks.id)
    reviews.submit(actor(DARA), draft)
    with pytest.raises(Forbidden):
        reviews.approve(actor(ADA), draft)


def test_merging_is_no_way_round_four_eyes(db: Any) -> None:
    asks, free = kb.category(needs_second=True), kb.category("Free")
    inside, outside = shelved(category=asks), shelved(category=free)
    with pytest.raises(Invalid, match="second person"):
        arranging.merge(actor(DARA), inside, into=outside)
    publishing.publish(actor(ADA), written(ADA, drafts.edit(actor(ADA), outside)))
    draft = arranging.merge(actor(DARA), outside, into=inside, carry=True)
    assert draft is not None
    refused(DARA, draft)
    reviews.submit(actor(DARA), draft)
    with pytest.raises(Forbidden):  # it is her text that goes in
        reviews.approve(actor(ADA), draft)


def test_what_is_written_under_four_eyes_ends_under_them_though_the_rule_is_lifted(db: Any) -> None:
    asks = kb.category(needs_second=True)
    draft = written(DARA, drafts.edit(actor(DARA), shelved(category=asks)))
    topics.change(actor(DARA), asks, topics.as_wanted(asks, needs_second=False))
    refused(DARA, draft)
    reviews.submit(actor(DARA), draft)
    reviews.approve(actor(ADA), draft)
    article = publishing.publish(actor(DARA), draft)
    later = written(DARA, drafts.edit(actor(DARA), article), body="Later.\n")
    assert publishing.publish(actor(DARA), later).body == "Later.\n"


def test_topics_merge_only_where_they_ask_the_same(db: Any) -> None:
    asks, free = kb.category(needs_second=True), kb.category("Free")
    tree.rekey()
    for one, other in ((asks, free), (free, asks)):
        with pytest.raises(Invalid, match="second person"):
            topics.merge(actor(DARA), one, other, is_sure=True)


def test_whose_words_were_taken_up_does_not_approve_them(db: Any) -> None:
    article = shelved(category=kb.category(needs_second=True))
    made = suggestions.offer(actor(ADA), article, kind="whole", replacement="Other words.\n", words="Better")
    draft = suggestions.accept(actor(DARA), made).draft
    reviews.submit(actor(DARA), written(DARA, draft, body="Other words, mended.\n"))
    assert not policies.can_review(actor(ADA), draft)


# In another's name


def test_who_acts_for_an_editor_does_not_look_in_their_name(db: Any) -> None:
    article = shelved(category=kb.category(mode="wiki"), summary="In short.")
    made = publishing.publish(acting(ADA, DARA), written(BEN, drafts.edit(actor(BEN), article)))
    assert history.is_unseen(made)
    with pytest.raises(Forbidden, match="You act for Dara Voss"):
        history.look(acting(ADA, DARA), made, n=made.n_revisions)
    from portal.kb.reading import services

    with pytest.raises(Forbidden, match="You act for Dara Voss"):
        services.verify(acting(ADA, DARA), made)


# Topics and tags


def test_a_tag_that_is_renamed_counts_only_what_one_sees(db: Any) -> None:
    from tests.factories import people

    hidden = kb.category(audience=[people.audience("hr", ("role", Role.ANALYST.value)).slug])
    shelved(tags=("vpn",))
    shelved(tags=("vpn",), category=hidden)
    assert tags.rename(actor(DARA), "vpn", to="network") == 1
    assert tags.give_up(actor(DARA), "network") == 1


def test_a_hidden_topic_is_not_named_to_who_writes(db: Any, ben: Visitor) -> None:
    from tests.factories import people

    hidden = kb.category("Layoffs", audience=[people.audience("hr", ("role", Role.ANALYST.value)).slug])
    article = shelved(category=kb.category(mode="wiki"))
    draft = written(BEN, drafts.edit(actor(BEN), article))
    written(ELI_EDITS, draft, category_id=hidden.id)
    assert ben.get(f"/desk/drafts/{draft.id}").status_code == 200
    for path in (f"/desk/drafts/{draft.id}", f"/desk/reviews/{draft.id}", "/desk/reviews/"):
        assert "Layoffs" not in ben.page(path).text
    assert (hidden.id, "A topic you may not see") in listing.topics_for(ben.actor, draft)


def test_a_topic_is_chosen_only_where_one_writes_and_moved_to_only_where_one_publishes(db: Any) -> None:
    from tests.factories import people

    editorial, wiki = kb.category("Editorial"), kb.category("Wiki", mode="wiki")
    hidden = kb.category("Hidden", audience=[people.audience("hr", ("role", Role.ANALYST.value)).slug])
    tree.rekey()
    draft = written(ANA, drafts.begin(actor(ANA), category=wiki, title="Mine"))
    for topic in (editorial, hidden):
        with pytest.raises(Invalid):
            written(ANA, draft, category_id=topic.id)
    with pytest.raises(Invalid):
        written(DARA, draft, category_id=hidden.id)
    written(DARA, draft, category_id=editorial.id)  # an editor finds it belongs there; it is still Ana's
    with pytest.raises(Invalid, match="publish in both"):
        written(ANA, draft, category_id=wiki.id)
    assert listing.topics_for(actor(ANA), draft) == [(editorial.id, "Editorial")]
    with pytest.raises(Forbidden):
        publishing.publish(actor(ANA), draft)


def test_who_imports_a_text_does_not_approve_it(db: Any) -> None:
    from portal.kb.importing.storing import Store

    row = shelved(category=kb.category(needs_second=True), status="draft", n_revisions=1)
    text = SimpleNamespace(tags=[], audience=[])
    Store(actor(ADA), None, {})._open_draft(row, text)  # type: ignore[arg-type]
    draft = drafts.open_draft(row)
    assert draft is not None
    reviews.submit(actor(ADA), draft)
    with pytest.raises(Forbidden):
        reviews.approve(actor(ADA), draft)
    reviews.approve(actor(DARA), draft)
    Store(actor(ADA), None, {})._open_draft(row, text)  # type: ignore[arg-type] # the same pages once more
    assert (draft.state, draft.approved_by_id) == (State.WRITING, None)
