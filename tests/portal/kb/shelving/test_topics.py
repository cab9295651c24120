"""The tree of topics: what a change does to who reads what, and what becomes of old addresses."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.home.models import Incident
from portal.jobs.models import Job
from portal.kb.models import Article, ArticleTag, Category, CategoryRedirect, Mode
from portal.kb.reading import outline
from portal.kb.shelving import tags, topics, tree
from portal.kb.syncing.sync import sync
from portal.people import audiences
from portal.people.services import actor_of
from portal.search import jobs as search
from tests.factories import home, kb
from tests.factories.facts import props
from tests.factories.kb import article, category, write_file
from tests.factories.people import actor, audience, person
from tests.people import DARA, Visitor, settle

pytestmark = pytest.mark.usefixtures("app")


def dara() -> Actor:
    return actor_of(settle(DARA))


def readers_of(row: Article | Category, people: list[Actor]) -> set[int | None]:
    """Return who may read, asked anew: keys that just came into being are in nobody's hands yet."""
    return {who.person_id for who in people if row.access_key in audiences.allowed_keys(who)}


def should_read(who: Actor, row: Article, groups: dict[str, set[int | None]]) -> bool:
    """Say in plain words who may read: every level that states something has to admit them."""
    levels, at = [row.audience], db.session.get(Category, row.category_id)
    while at is not None:
        levels.append(at.audience)
        at = db.session.get(Category, at.parent_id) if at.parent_id else None
    return all(not stated or any(who.person_id in groups[slug] for slug in stated) for stated in levels)


@pytest.mark.parametrize("seed", range(4))
def test_however_the_tree_is_rearranged_nobody_reads_more_than_every_level_admits(seed: int) -> None:
    rng = random.Random(seed)
    people = [actor(f"Reader{i} Example") for i in range(5)]
    groups: dict[str, set[int | None]] = {}
    for n in range(4):
        members = rng.sample(people, rng.randint(0, 4))
        row = audience(f"Group {n}", *(("person", str(one.person_id)) for one in members))
        groups[row.slug] = {one.person_id for one in members}
    some = lambda: rng.sample(sorted(groups), rng.choice((0, 0, 1, 2)))  # noqa: E731 - drawn again each time
    tended: list[Category] = []
    for n in range(6):
        parent = rng.choice([None, *tended])
        tended.append(category(f"Topic {n}", audience=some(), parent_id=parent.id if parent else None))
    rows = [article(f"Answer {n}", category_id=rng.choice(tended).id, audience=some()) for n in range(10)]
    tree.rekey()
    all_seeing = system("tests")
    object.__setattr__(all_seeing, "keys", _Everything())
    for _step in range(12):
        topic = rng.choice(tended)
        try:
            if rng.random() < 0.8 or len(tended) < 3:
                parent = rng.choice([None, *tended])
                parent_id = parent.id if parent else None
                wanted = topics.as_wanted(topic, audience=tuple(some()), parent_id=parent_id)
                topics.change(all_seeing, topic, wanted, is_sure=True)
            else:
                topics.merge(all_seeing, topic, rng.choice(tended), is_sure=True)
                tended.remove(topic)
        except Invalid:
            continue
        db.session.flush()
        for row in rows:
            db.session.refresh(row)
            wanted_readers = {one.person_id for one in people if should_read(one, row, groups)}
            assert readers_of(row, people) == wanted_readers, (row.title, row.access_key)


class _Everything(frozenset[str]):
    def __contains__(self, key: object) -> bool:
        return True


@pytest.mark.both
def test_an_audience_reaches_everything_below_at_once_and_is_asked_twice() -> None:
    top, editor = category("People"), dara()
    below = category("Leaving", parent_id=top.id)
    inside = article(category_id=below.id)
    tree.rekey()
    db.session.commit()
    hr = audience("HR", ("person", str(person("Eli").id)))
    wanted = topics.as_wanted(top, audience=(hr.slug,))
    with pytest.raises(topics.NotSure) as refused:
        topics.change(editor, top, wanted)
    effect = refused.value.effect
    assert (effect.n_articles, effect.opens, effect.closes, effect.loses_sight) == (1, False, True, True)
    db.session.rollback()
    hr = audience("HR", ("person", str(person("Eli").id)))
    topics.change(editor, top, topics.as_wanted(top, audience=(hr.slug,)), is_sure=True)
    assert {top.access_key, below.access_key, db.session.get_one(Article, inside.id).access_key} == {f"a{hr.id}"}
    job = db.session.execute(select(Job.payload).where(Job.kind == "search.update")).scalar_one()
    assert job == {"refs": [str(inside.ref)]}
    (fact,) = props(Name.TOPIC_CHANGED)
    assert (fact["before"], fact["after"], fact["n_articles"]) == ({"audience": []}, {"audience": [hr.slug]}, 1)


def test_an_audience_that_is_gone_admits_nobody(app: Flask) -> None:
    top = category("People", audience=["no-such-group"])
    inside = article(category_id=top.id)
    tree.rekey()
    db.session.refresh(inside)
    assert inside.access_key == "a0"
    assert not actor("Ada Demir", *Role).sees(inside.access_key)


def test_a_topic_stands_below_neither_itself_nor_its_own() -> None:
    editor, top = dara(), category("Network")
    below = category("VPN", parent_id=top.id)
    for parent in (top, below):
        with pytest.raises(Invalid) as refused:
            topics.change(editor, top, topics.as_wanted(top, parent_id=parent.id))
        assert refused.value.field == "parent_id"
    with pytest.raises(Invalid):
        topics.merge(editor, top, below)


def test_a_new_address_keeps_the_old_one_alive_and_one_given_anew_takes_it(dara: Visitor) -> None:
    topic = category("Phones", slug="phones")
    article("Charging", category_id=topic.id)
    topics.change(dara.actor, topic, topics.as_wanted(topic, slug="mobiles"))
    response = dara.get("/kb/topics/phones")
    assert (response.status_code, response.headers["Location"]) == (301, "/kb/topics/mobiles")
    fresh = topics.add(dara.actor, topics.Wanted(title="Desk phones", slug="phones"))
    assert dara.page("/kb/topics/phones").one("h1").text == fresh.title


def test_an_old_address_says_nothing_to_who_may_not_see_the_topic(ana: Visitor) -> None:
    topic = category("Leaving", slug="leaving", access_key="a0", audience=["gone"])
    db.session.add(CategoryRedirect(slug="quitting", category_id=topic.id))
    assert ana.get("/kb/topics/quitting").status_code == 404


@pytest.mark.both
def test_merging_takes_everything_along_and_leads_there() -> None:
    editor, old, new = dara(), category("Wi-Fi", slug="wifi"), category("Network", slug="network")
    inside, below = article(category_id=old.id), category("Guests", parent_id=old.id)
    draft, notice = kb.draft(inside), home.incident(category_id=old.id)
    assert outline.n_in(editor, new.id) == 0
    topics.merge(editor, old, new)
    for row in (inside, draft, notice):
        db.session.refresh(row)
    assert {inside.category_id, draft.category_id, notice.category_id, below.parent_id} == {new.id}
    assert tree.moved_to("wifi") is new
    assert (outline.n_in(editor, new.id), outline.n_in(editor, old.id)) == (1, 0)
    (fact,) = props(Name.TOPIC_MERGED)
    assert fact == {"title": "Wi-Fi", "slug": "wifi", "into": "Network", "n_articles": 1}


@pytest.mark.both
def test_only_an_empty_topic_is_deleted_and_what_is_in_the_way_is_said() -> None:
    editor, topic = dara(), category("Wi-Fi")
    hidden = article(category_id=topic.id, access_key="a0", status="archived")
    way = topics.in_the_way(editor, topic)
    assert (way.n_articles, way.is_hidden) == (0, True)
    with pytest.raises(Conflict):
        topics.remove(editor, topic)
    db.session.delete(hidden)
    notice = home.incident(category_id=topic.id)
    topics.remove(editor, topic)
    db.session.refresh(notice)
    assert db.session.get(Incident, notice.id).category_id is None
    assert db.session.get(CategoryRedirect, topic.slug).category_id is None
    assert props(Name.TOPIC_DELETED) == [{"title": "Wi-Fi", "slug": topic.slug}]


def test_moving_up_passes_what_is_hidden_and_touches_no_other_master() -> None:
    editor = dara()
    one, hidden, two = (category(name, position=i) for i, name in enumerate(("One", "Hidden", "Two")))
    hidden.access_key = "a0"
    topics.move(editor, two, up=True)
    order = [row.title for _depth, row in ((d, b.topic) for d, b in tree.flat(tree.branches(editor)))]
    assert order == ["Two", "One"]
    assert (two.origin, one.origin) == ("portal", "file")
    topics.move(editor, two, up=True)
    assert two.position == 0


def test_readers_and_who_may_not_see_it_are_refused() -> None:
    topic = category(access_key="a0")
    with pytest.raises(Forbidden):
        topics.get(actor(), topic.id)
    with pytest.raises(NotFound):
        topics.get(dara(), topic.id)


def test_a_sync_leaves_what_was_arranged_here_and_follows_what_became_of_names(tmp_path: Path) -> None:
    editor = dara()
    (tmp_path / "categories.toml").write_text(
        "".join(
            f'[[category]]\nslug = "{slug}"\ntitle = "{slug.title()}"\n'
            for slug in ("network", "wifi", "mail", "empty")
        )
    )
    write_file(tmp_path, "vpn-drops", category="network")
    write_file(tmp_path, "guest-wifi", category="wifi", title="Guests", tags="[wi-fi, guest]")
    sync(system("sync"), tmp_path)
    named = {row.slug: row for row in db.session.execute(select(Category)).scalars()}
    network, mail = named["network"], named["mail"]
    topics.change(editor, network, topics.as_wanted(network, title="Network and VPN", slug="connections"))
    topics.merge(editor, named["wifi"], network)
    topics.move(editor, mail, up=True)
    topics.remove(editor, named["empty"])
    tags.rename(editor, "wi-fi", to="wifi")
    places = {row.slug: row.position for row in db.session.execute(select(Category)).scalars()}
    write_file(tmp_path, "guest-wifi", category="wifi", title="Guests in the house", tags="[wi-fi, guest]")
    report = sync(system("sync"), tmp_path)
    assert (report.created, report.changed, report.n_unchanged) == ([], ["guest-wifi"], 1)
    rows = {row.slug: row for row in db.session.execute(select(Category)).scalars()}
    assert {slug: row.position for slug, row in rows.items()} == places
    assert rows.keys() == {"connections", "mail"}
    assert rows["connections"].title == "Network and VPN"
    inside = db.session.execute(select(Article).where(Article.slug == "guest-wifi")).scalar_one()
    assert (inside.category_id, [tag.tag for tag in inside.tags]) == (network.id, ["guest", "wifi"])


def test_a_file_that_closes_a_topic_closes_what_the_portal_put_below(tmp_path: Path) -> None:
    write_file(tmp_path)
    settle(DARA)
    sync(system("sync"), tmp_path)
    network = db.session.execute(select(Category)).scalar_one()
    own = article(category_id=network.id, origin="portal")
    below = topics.add(dara(), topics.Wanted(title="VPN", parent_id=network.id))
    finance = audience("Finance")
    path = tmp_path / "categories.toml"
    path.write_text(f'{path.read_text()}audience = ["{finance.slug}"]\n')
    sync(system("sync"), tmp_path)
    db.session.refresh(own)
    assert {own.access_key, below.access_key} == {f"a{finance.id}"}


@pytest.mark.both
def test_tags_become_one_on_articles_drafts_and_the_index() -> None:
    editor = dara()
    one, both = article(tags=("e-mail",)), article(tags=("e-mail", "mail"))
    draft = kb.draft(one, tags=["e-mail", "phone"])
    assert tags.rename(editor, "e-mail", to="Mail ") == 2
    used = select(ArticleTag.article_id, ArticleTag.tag).order_by(ArticleTag.article_id)
    assert list(db.session.execute(used)) == [(one.id, "mail"), (both.id, "mail")]
    db.session.refresh(draft)
    assert draft.tags == ["mail", "phone"]
    assert len(db.session.execute(select(Job.payload).where(Job.kind == "search.update")).scalar_one()["refs"]) == 2
    tags.give_up(editor, "mail")
    assert [(row.tag, row.becomes) for row in tags.aliases(editor)] == [("e-mail", ""), ("mail", "")]
    tags.allow(editor, "mail")
    assert [fact["after"] for fact in props(Name.TAG_CHANGED)] == ["mail", "", "mail"]


def test_a_tag_of_hidden_articles_alone_is_unknown() -> None:
    article(tags=("redundancy",), access_key="a0")
    assert tags.used(dara()) == []
    with pytest.raises(NotFound):
        tags.rename(dara(), "redundancy", to="leaving")


def test_nothing_counts_what_was_closed_a_moment_ago(dara: Visitor, ana: Visitor) -> None:
    hr = audience("HR", ("person", str(dara.person_id)))
    topic = category("Leaving", slug="leaving")
    article("Redundancy plan", category_id=topic.id, body="## The plan\n\nZebrafish are let go.")
    tree.rekey()
    db.session.commit()
    search.rebuild({})
    db.session.commit()
    assert "Redundancy plan" in ana.page("/search?q=zebrafish").text
    path = f"/desk/topics/{topic.id}"
    sent = {**dara.page(path).form(path), "title": "Leaving us", "audience": hr.slug}
    page = dara.post(path, sent)
    assert page.status_code == 422
    assert "1 article gets other readers." in page.text
    assert 'value="Leaving us"' in page.text
    assert topic.access_key == "signed-in"
    assert dara.post(path, {**sent, "is_sure": "y"}).status_code == 303
    page = ana.page("/search?q=zebrafish")
    assert "Redundancy plan" not in page.text
    assert "1 result" not in page.text
    assert ana.get("/kb/topics/leaving").status_code == 404


def test_a_topic_is_added_in_the_browser_and_moved(dara: Visitor) -> None:
    form = dara.page("/desk/topics/").form("/desk/topics/#new-title")
    sent = {**form, "title": "Café machines", "mode": Mode.WIKI.value, "needs_second": "y", "icon": "heart"}
    for _ in range(2):
        assert dara.post("/desk/topics/", sent).status_code == 303
    (topic,) = db.session.execute(select(Category)).scalars()
    assert (topic.slug, topic.is_wiki, topic.needs_second, topic.origin) == ("cafe-machines", True, True, "portal")
    page = dara.page("/desk/topics/")
    assert "Everybody writes" in page.text
    assert "Four eyes" in page.text
    assert dara.post(f"/desk/topics/{topic.id}/move", {"to": "down"}).status_code == 303
    assert dara.post(f"/desk/topics/{topic.id}/delete").status_code == 303
    assert db.session.execute(select(Category)).first() is None


def test_the_tree_costs_the_same_however_many_topics(dara: Visitor, queries: object) -> None:
    counts = []
    for n in (2, 28):
        for _ in range(n):
            article(category_id=category().id)
        db.session.commit()
        dara.page("/desk/topics/")
        with queries() as seen:  # type: ignore[operator]
            dara.page("/desk/topics/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
