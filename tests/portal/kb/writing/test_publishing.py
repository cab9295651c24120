"""Publishing now and at a time, and who hears of it (portal.kb.writing.publishing)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.kb.models import Article, Draft, Revision, State
from portal.kb.reviewing import reviews
from portal.kb.writing import drafts, publishing
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people import services as people
from portal.talk import follows, solutions
from tests.factories import kb
from tests.people import ADA, ANA, BEN, DARA, settle

LATER = dt.timedelta(hours=3)


def actor(who: Any) -> Any:
    return people.actor_of(settle(who))


def written(article: Article | None = None, who: Any = DARA, **text: Any) -> Draft:
    draft = drafts.edit(actor(who), article or kb.article())
    return drafts.save(actor(who), draft, {"body": "Another text.\n", **text}, lock=draft.lock)


def told(who: Any) -> list[str]:
    from portal.core.database import db

    query = select(Notification.kind).where(Notification.person_id == settle(who).id).order_by(Notification.id)
    return list(db.session.execute(query).scalars())


def follow_up(article: Article) -> None:
    """Do what the job after publishing does."""
    from portal.core.database import db
    from portal.jobs.models import Job

    (job,) = db.session.execute(select(Job).where(Job.kind == publishing.TELL)).scalars()
    what = dict(job.payload)
    publishing.tell_changed(what.pop("article"), **what)


def test_readers_keep_the_published_text_until_the_next_one_is_published(db: Any) -> None:
    article = kb.article()
    before = (article.title, article.body, article.html)
    draft = written(article, title="Other")
    reviews.submit(actor(DARA), draft)
    publishing.schedule(actor(DARA), draft, clock.now() + LATER)
    assert (article.title, article.body, article.html) == before


def test_a_text_is_published_when_its_time_comes_and_only_once(db: Any, stopped_clock: Any) -> None:
    article = kb.article()
    draft = written(article)
    publishing.schedule(actor(DARA), draft, clock.now() + LATER)
    assert publishing.publish_due() == 0
    stopped_clock.move(hours=3)
    assert (publishing.publish_due(), publishing.publish_due()) == (1, 0)
    assert article.body == "Another text.\n"
    kept = db.session.get(Revision, (article.id, article.n_revisions))
    assert kept.author_id == settle(DARA).id
    assert db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.ARTICLE_CHANGED.value)).scalars().one()


@pytest.mark.parametrize("text", [{"summary": ""}, {"body": "/// windows\n" * 60_000}], ids=["half", "too-much"])
def test_what_cannot_be_published_at_its_time_says_so_and_changes_nothing(
    db: Any, stopped_clock: Any, text: dict[str, str]
) -> None:
    article = kb.article()
    draft, before = written(article), article.body
    publishing.schedule(actor(DARA), draft, clock.now() + LATER)
    for name, value in text.items():  # as no form would let it happen
        setattr(draft, name, value)
    db.session.flush()
    stopped_clock.move(hours=3)
    assert publishing.publish_due() == 0
    assert (draft.state, draft.publish_at, article.body) == (State.WRITING, None, before)
    assert told(DARA) == ["publish_failed"]
    assert publishing.publish_due() == 0


def test_nothing_appears_in_the_name_of_somebody_who_has_left(db: Any, stopped_clock: Any) -> None:
    article = kb.article(owner_id=settle(ADA).id)
    draft = written(article)
    publishing.schedule(actor(DARA), draft, clock.now() + LATER)
    people.deactivate(actor(ADA), settle(DARA))
    db.session.commit()
    stopped_clock.move(hours=3)
    assert publishing.publish_due() == 0
    assert told(ADA) == ["publish_failed"]
    assert draft.state == State.WRITING


def test_a_text_that_changes_loses_its_time(db: Any, stopped_clock: Any) -> None:
    draft = written()
    publishing.schedule(actor(DARA), draft, clock.now() + LATER)
    drafts.save(actor(ADA), draft, {"body": "Not yet."}, lock=draft.lock)
    stopped_clock.move(hours=3)
    assert (publishing.publish_due(), draft.state, draft.publish_at) == (0, State.WRITING, None)


def test_a_time_is_taken_away_again_and_an_approval_stays(db: Any) -> None:
    draft = written()
    reviews.submit(actor(DARA), draft)
    reviews.approve(actor(ADA), draft)
    publishing.schedule(actor(DARA), draft, clock.now() + LATER)
    publishing.unschedule(actor(DARA), draft)
    assert (draft.state, draft.publish_at) == (State.APPROVED, None)


@pytest.mark.parametrize("by", [dt.timedelta(minutes=-1), dt.timedelta(0), dt.timedelta(days=400)])
def test_a_time_is_to_come_and_not_too_far_away(db: Any, stopped_clock: Any, by: dt.timedelta) -> None:
    with pytest.raises(Invalid) as refusal:
        publishing.schedule(actor(DARA), written(), clock.now() + by)
    assert refusal.value.field == "publish_at"


def test_a_text_begun_from_an_older_one_does_not_overwrite_the_newer_silently(db: Any) -> None:
    from portal.kb import texts

    article = kb.article()
    draft = written(article)
    texts.keep_revision(article, actor(ADA))  # a file brought another text meanwhile
    with pytest.raises(Conflict):
        publishing.publish(actor(DARA), draft)
    assert publishing.publish(actor(DARA), draft, seen=article.n_revisions).body == "Another text.\n"


def test_readers_do_not_publish_even_what_they_own(db: Any) -> None:
    article = kb.article(owner_id=settle(ANA).id)
    with pytest.raises(Forbidden):
        publishing.publish(actor(ANA), written(article, ANA))


def test_in_a_wiki_topic_readers_publish_and_editors_look_afterwards(db: Any) -> None:
    article = kb.article(category=kb.category(mode="wiki"))
    publishing.publish(actor(ANA), written(article, ANA))
    publishing.publish(actor(DARA), written(article, body="Third."))
    looked = select(Revision.looked_at).where(Revision.article_id == article.id).order_by(Revision.n)
    first, second = db.session.execute(looked).scalars()
    assert first is None
    assert second is not None


def test_of_a_typing_error_nobody_is_told(db: Any) -> None:
    article = kb.article()
    follows.follow(actor(ANA), article.ref)
    publishing.publish(actor(DARA), written(article, change="typo"))
    from portal.jobs.models import Job

    assert not db.session.execute(select(Job).where(Job.kind == publishing.TELL)).first()


def test_of_a_small_change_followers_are_told(db: Any) -> None:
    article = kb.article()
    follows.follow(actor(ANA), article.ref)
    solutions.mark(actor(BEN), article.ref, version=1, solved=False)
    publishing.publish(actor(DARA), written(article, change="minor"))
    follow_up(article)
    assert (told(ANA), told(BEN), told(DARA)) == (["article_changed"], [], [])


def test_of_a_large_change_those_are_told_too_whom_the_former_text_did_not_help_and_each_once(db: Any) -> None:
    article = kb.article()
    for who in (ANA, BEN):
        solutions.mark(actor(who), article.ref, version=1, solved=False)
    follows.follow(actor(BEN), article.ref)
    publishing.publish(actor(DARA), written(article, change="major"))
    follow_up(article)
    assert (told(ANA), told(BEN)) == (["article_mended"], ["article_mended"])


def test_news_of_a_change_reach_only_who_may_still_read_it(db: Any) -> None:
    from portal.people import audiences
    from tests.factories import people as made

    article = kb.article()
    follows.follow(actor(ANA), article.ref)
    audience = made.audience("Editors", ("role", "editor"))
    publishing.publish(actor(DARA), written(article, audience=[audience.slug]))
    assert article.access_key == audiences.key_for([[audience.id]])
    follow_up(article)
    assert told(ANA) == []


def test_authors_and_owners_follow_by_themselves_until_they_stop(db: Any) -> None:
    article = kb.article(owner_id=settle(BEN).id)
    publishing.publish(actor(DARA), written(article))
    assert follows.followers(article.ref, by_itself=[article.owner_id]) == sorted([settle(DARA).id, settle(BEN).id])
    follows.unfollow(actor(BEN), article.ref)
    follows.unfollow(actor(DARA), article.ref)
    publishing.publish(actor(DARA), written(article, body="Once more."))
    assert follows.followers(article.ref, by_itself=[article.owner_id]) == []


def test_one_follows_once_and_finds_ones_own(db: Any) -> None:
    first, second = kb.article(), kb.article()
    for one in (first, second, second):
        follows.follow(actor(ANA), one.ref)
    follows.unfollow(actor(ANA), first.ref)
    assert follows.own(actor(ANA)) == [second.ref]
    names = [Name.FOLLOW_STARTED.value, Name.FOLLOW_ENDED.value]
    recorded = select(LedgerEntry.name).where(LedgerEntry.name.in_(names)).order_by(LedgerEntry.id)
    assert list(db.session.execute(recorded).scalars()) == [names[0], names[0], names[1]]
