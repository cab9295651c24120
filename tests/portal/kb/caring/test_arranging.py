"""What editors do with whole articles (portal.kb.caring.arranging)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import system
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.files import queries as hung
from portal.files import services as files
from portal.kb.caring import arranging
from portal.kb.models import Article, Revision
from portal.kb.reading import services
from portal.kb.syncing import sync
from portal.kb.writing import drafts, publishing
from portal.ledger.models import LedgerEntry
from portal.people import services as people
from portal.talk import follows
from tests.factories import kb
from tests.factories.files import picture
from tests.people import ADA, ANA, BEN, DARA, settle

PARTS = "Before.\n\n## First\n\nOne.\n\n## Second\n\nTwo.\n"


def actor(who: Any) -> Any:
    return people.actor_for(settle(who).id)


def recorded(db: Any) -> list[str]:
    query = select(LedgerEntry.name).where(LedgerEntry.name.like("article.%")).order_by(LedgerEntry.id)
    return [name for name in db.session.execute(query).scalars() if name != Name.ARTICLE_DRAFTED.value]


def published(**kw: Any) -> Article:
    """An article with a text that was published here."""
    article = kb.article(**kw)
    draft = drafts.edit(actor(DARA), article)
    drafts.save(actor(DARA), draft, {"body": kw.get("body", PARTS) + "\n"}, lock=draft.lock)
    publishing.publish(actor(DARA), draft)
    return article


# Names and places


def test_an_article_gets_another_name_and_its_old_address_leads_to_it(db: Any) -> None:
    article = kb.article("VPN drops", slug="vpn")
    arranging.rename(actor(DARA), article, title="The VPN breaks", slug="vpn-breaks")
    assert services.get(actor(ANA), "vpn-breaks") is article
    assert services.moved_to(actor(ANA), "vpn") is article
    kept = db.session.get(Revision, (article.id, article.n_revisions))
    assert (kept.title, kept.note) == ("The VPN breaks", "Renamed, before: VPN drops")
    assert recorded(db) == ["article.renamed"]


def test_renaming_back_and_forth_leads_to_no_ring(db: Any) -> None:
    article = kb.article(slug="vpn")
    for slug in ("vpn-breaks", "vpn", "vpn-breaks"):
        arranging.rename(actor(DARA), article, title=article.title, slug=slug)
    assert [old.slug for old, _article in arranging.redirects(actor(DARA))] == ["vpn"]


@pytest.mark.parametrize("slug", ["taken", "was-taken", "topics", "Not A Slug", "", "-x", "a" * 121])
def test_an_address_that_is_taken_or_none_is_refused(db: Any, slug: str) -> None:
    other = kb.article(slug="was-taken")
    arranging.rename(actor(DARA), other, title=other.title, slug="taken")
    article = kb.article()
    with pytest.raises(Invalid) as refusal:
        arranging.rename(actor(DARA), article, title=article.title, slug=slug)
    assert refusal.value.field == "slug"


def test_what_is_being_written_is_renamed_and_moved_along_and_collides_for_who_has_it_open(db: Any) -> None:
    article = kb.article("VPN drops")
    draft = drafts.edit(actor(ADA), article)
    opened_with = draft.lock
    arranging.rename(actor(DARA), article, title="The VPN breaks", slug=article.slug)
    arranging.move(actor(DARA), article, category=kb.category("Elsewhere"))
    assert (draft.title, draft.category_id) == ("The VPN breaks", article.category_id)
    with pytest.raises(drafts.Collision):
        drafts.save(actor(ADA), draft, {"title": "VPN drops", "body": "New."}, lock=opened_with)
    publishing.publish(actor(DARA), draft)
    assert article.title == "The VPN breaks"


def test_an_article_that_moves_is_read_by_whom_the_topic_is_for(db: Any) -> None:
    from portal.people import audiences
    from tests.factories import people as made

    audience = made.audience("Editors", ("role", "editor"))
    hidden = kb.category("Hidden", audience=[audience.slug], access_key=audiences.key_for([[audience.id]]))
    article = kb.article()
    db.session.commit()
    arranging.move(actor(DARA), article, category=hidden)
    assert not actor(ANA).sees(article.access_key)
    assert actor(DARA).sees(article.access_key)
    assert recorded(db) == ["article.moved"]


def test_out_of_four_eyes_leads_only_what_a_second_person_has_seen(db: Any) -> None:
    article = kb.article("VPN drops", category=kb.category(needs_second=True))
    with pytest.raises(Invalid):
        arranging.move(actor(DARA), article, category=kb.category("Elsewhere"))
    with pytest.raises(Invalid):
        arranging.rename(actor(DARA), article, title="Other", slug=article.slug)


def test_a_sync_leaves_alone_what_was_arranged_here(db: Any, tmp_path: Path) -> None:
    settle(DARA)
    kb.write_file(tmp_path, "vpn-drops")
    sync.sync(system("tests"), tmp_path)
    article = services.get(actor(DARA), "vpn-drops")
    arranging.rename(actor(DARA), article, title="Renamed", slug="renamed")
    assert sync.sync(system("tests"), tmp_path).kept == ["vpn-drops"]
    assert article.title == "Renamed"


# Joining and parting


def test_an_article_takes_another_ones_place_with_its_addresses_and_followers(db: Any) -> None:
    first, second, third = kb.article(slug="first"), kb.article(slug="second"), kb.article(slug="third")
    follows.follow(actor(ANA), first.ref)
    arranging.rename(actor(DARA), first, title=first.title, slug="first-b")
    arranging.merge(actor(DARA), first, into=second)
    arranging.merge(actor(DARA), second, into=third)
    for slug in ("first", "first-b", "second"):
        assert services.moved_to(actor(ANA), slug) is third
    assert first.body == kb.BODY
    assert settle(ANA).id in follows.followers(third.ref)
    assert recorded(db).count("article.merged") == 2


def test_a_text_is_carried_along_as_a_draft_with_its_pictures(app: Flask, db: Any) -> None:
    first, second = kb.article("First", body="See it."), kb.article("Second", body="Known.")
    with app.test_request_context():
        shown = files.store(actor(DARA), io.BytesIO(picture()), "drawing.png", on=first.ref)
    first.body = f"![It](file:{shown.id})\n"
    draft = arranging.merge(actor(DARA), first, into=second, carry=True)
    assert draft is not None
    (copy,) = hung.on([draft.ref])[draft.ref]
    assert draft.body == f"Known.\n\n## First\n\n![It](file:{copy.id})\n"
    assert second.body == "Known."
    assert [one.id for one in hung.on([first.ref])[first.ref]] == [shown.id]


def test_nothing_is_joined_with_itself_with_what_is_hidden_or_over_what_is_written(db: Any) -> None:
    article = kb.article()
    for into in (article, kb.article(status="archived"), kb.article(access_key="a99")):
        with pytest.raises(Invalid):
            arranging.merge(actor(DARA), article, into=into)
    drafts.edit(actor(ADA), article)
    with pytest.raises(Conflict):
        arranging.merge(actor(DARA), article, into=kb.article())


def test_parts_become_a_draft_of_their_own_and_nothing_changes_for_readers(db: Any) -> None:
    article = published(body=PARTS)
    before = article.body
    made = arranging.split(actor(DARA), article, parts=[2])
    rest = drafts.open_draft(article)
    assert rest is not None
    assert (made.title, made.body) == ("Second", "Two.\n")
    assert rest.body == "Before.\n\n## First\n\nOne.\n"
    assert (article.body, made.article.status) == (before, "draft")
    assert made.sources == [str(article.ref)]


@pytest.mark.parametrize("parts", [[], [0], [9]])
def test_splitting_wants_a_part(db: Any, parts: list[int]) -> None:
    with pytest.raises(Invalid):
        arranging.split(actor(DARA), published(body=PARTS), parts=parts)


def test_splitting_leaves_something_behind(db: Any) -> None:
    article = kb.article(body="## One\n\nA.\n\n## Two\n\nB.\n")
    with pytest.raises(Invalid):
        arranging.split(actor(DARA), article, parts=[0, 1])


# Off the shelves and back


def test_an_article_leaves_the_shelves_and_comes_back(db: Any) -> None:
    article = published()
    arranging.archive(actor(DARA), article)
    assert not article.is_published
    arranging.bring_back(actor(DARA), article)
    assert services.get(actor(ANA), article.slug) is article
    assert recorded(db)[-2:] == ["article.archived", "article.restored"]


def test_what_was_merged_comes_back_under_its_own_address(db: Any) -> None:
    article, other = published(slug="first"), kb.article(slug="second")
    arranging.merge(actor(DARA), article, into=other)
    arranging.bring_back(actor(DARA), article)
    assert services.get(actor(ANA), "first") is article
    assert article.merged_into_id is None


def test_what_was_never_published_has_nothing_to_come_back(db: Any) -> None:
    draft = drafts.begin(actor(DARA), category=kb.category(), title="Never")
    drafts.discard(actor(DARA), draft)
    with pytest.raises(Conflict):
        arranging.bring_back(actor(DARA), draft.article)


def test_only_editors_arrange(db: Any) -> None:
    article = kb.article(owner_id=settle(BEN).id, category=kb.category(mode="wiki"))
    for who in (ANA, BEN):
        with pytest.raises(Forbidden):
            arranging.get(actor(who), article.slug)
        with pytest.raises(Forbidden):
            arranging.archive(actor(who), article)


# Old addresses


def test_an_old_address_is_added_found_and_never_taken_from_another(db: Any) -> None:
    article = kb.article("VPN drops", slug="vpn")
    arranging.add_redirect(actor(DARA), slug="https://old.example/kb/Vpn-Help/", article=article)
    assert services.moved_to(actor(ANA), "vpn-help") is article
    assert [old.slug for old, _article in arranging.redirects(actor(DARA), words="drops")] == ["vpn-help"]
    assert arranging.redirects(actor(DARA), words="nothing like it") == []
    with pytest.raises(Invalid):
        arranging.add_redirect(actor(DARA), slug="vpn-help", article=kb.article())


def test_an_article_is_found_by_address_or_title_and_never_when_hidden(db: Any) -> None:
    article = kb.article("VPN drops", slug="vpn")
    for words in ("vpn", "vpn drops", "https://portal.example/kb/vpn"):
        assert arranging.find(actor(DARA), words, field="into") is article
    hidden = kb.article("Pay", slug="pay", access_key="a99")
    for words in (hidden.slug, hidden.title, ""):
        with pytest.raises(Invalid):
            arranging.find(actor(DARA), words, field="into")
