"""Who looks after articles, handing them over, and when they are to be checked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock, options
from portal.core.actor import system
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.kb.reading import services
from portal.kb.shelving import inventory, ownership
from portal.kb.shelving.inventory import Filter
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people import audiences
from tests.factories import kb, people
from tests.people import ANA, Visitor, settle

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def facts(db: Any, name: str) -> list[tuple[str, dict[str, Any]]]:
    query = select(LedgerEntry.subject, LedgerEntry.props).where(LedgerEntry.name == name).order_by(LedgerEntry.id)
    return [tuple(row) for row in db.session.execute(query)]


def told(db: Any, person: Any) -> list[tuple[str, dict[str, str]]]:
    query = select(Notification.kind, Notification.data).where(Notification.person_id == person.id)
    return [tuple(row) for row in db.session.execute(query.order_by(Notification.id))]


# Checks


@pytest.mark.parametrize(("risk", "days"), [("low", 365), ("normal", 180), ("high", 90)])
def test_the_more_harm_the_sooner_it_is_checked_again(risk: str, days: int) -> None:
    dara, article = people.actor("Dara Voss", Role.EDITOR), kb.article(origin="portal", risk=risk)
    services.verify(dara, article)
    assert article.review_by == clock.today() + dt.timedelta(days=days)


def test_an_administrator_sets_the_intervals() -> None:
    options.change(system("tests"), review_days_high=30)
    dara, article = people.actor("Dara Voss", Role.EDITOR), kb.article(origin="portal")
    ownership.plan(dara, article, risk="high")
    assert article.review_by == clock.today() + dt.timedelta(days=30)


def test_a_day_that_is_named_wins_over_the_risk(db: Any) -> None:
    dara, article = people.actor("Dara Voss", Role.EDITOR), kb.article()
    named = clock.today() + dt.timedelta(days=5)
    ownership.plan(dara, article, risk="high", review_by=named)
    assert (article.risk, article.review_by) == ("high", named)
    assert facts(db, "article.review_planned")[0][1] == {"risk": "high", "review_by": named.isoformat()}
    for wrong in (clock.today() - dt.timedelta(days=1), clock.today() + dt.timedelta(days=3000)):
        with pytest.raises(Invalid) as refusal:
            ownership.plan(dara, article, risk="high", review_by=wrong)
        assert refusal.value.field == "review_by"


def test_a_file_that_states_its_interval_keeps_it_until_somebody_rates_the_risk() -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    article = kb.article(origin="file", review_by=clock.today() + dt.timedelta(days=30))
    services.verify(dara, article)
    assert article.review_by == clock.today() + dt.timedelta(days=30)


def test_the_owner_says_it_is_right_without_being_an_editor() -> None:
    owner, stranger = people.actor("Ana Ruiz"), people.actor("Ben Kaya")
    article = kb.article(owner_id=owner.person_id, verified_at=None)
    with pytest.raises(Forbidden):
        services.verify(stranger, article)
    services.verify(owner, article)
    assert article.verified_by_id == owner.person_id


# Owners


def test_an_owner_must_be_here_and_see_the_article() -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    hr = people.audience("HR", ("person", str(dara.person_id)))
    key = audiences.key_for([[hr.id]])
    dara = people.services.actor_of(people.services.get_person(dara.person_id))
    hidden, gone, ana = (
        kb.article(access_key=key),
        people.person("Zoe Hart", is_active=False),
        people.person("Ana Ruiz"),
    )
    for owner in (gone, ana):
        with pytest.raises(Invalid) as refusal:
            ownership.give(dara, [hidden], owner)
        assert refusal.value.field == "owner"
    with pytest.raises(Forbidden):
        ownership.give(people.actor("Ben Kaya"), [kb.article()], ana)


@pytest.mark.both
def test_everything_of_a_leaver_goes_by_topic_and_each_heir_is_told_once(db: Any) -> None:
    dara, zoe = people.actor("Dara Voss", Role.EDITOR), people.person("Zoe Hart", is_active=False)
    network, mail = kb.category("Network"), kb.category("Mail")
    for n in range(3):
        kb.article(f"VPN {n}", category=network, owner_id=zoe.id)
    kb.article("Mail is late", category=mail, owner_id=zoe.id)
    sam, eli = people.person("Sam Brandt"), people.person("Eli Lindqvist")
    assert ownership.hand_over(dara, zoe, {network.id: sam, mail.id: eli}) == 4
    assert told(db, sam) == [("articles_given", {"n": "3"})]
    assert told(db, eli) == [("article_given", {})]
    assert told(db, zoe) == [], "who has left is not written to"
    assert [props["before"] for _subject, props in facts(db, "article.owner_changed")] == [zoe.id] * 4
    with pytest.raises(NotFound):
        ownership.shelf_of(dara, zoe.id)


def test_handing_over_is_all_or_nothing_and_tells_both() -> None:
    dara, tom = people.actor("Dara Voss", Role.EDITOR), people.person("Tom Reed")
    network, mail = kb.category("Network"), kb.category("Mail")
    first, second = kb.article(category=network, owner_id=tom.id), kb.article(category=mail, owner_id=tom.id)
    sam = people.person("Sam Brandt")
    with pytest.raises(Invalid) as refusal:
        ownership.hand_over(dara, tom, {network.id: sam})
    assert refusal.value.field == f"heir-{mail.id}"
    assert {first.owner_id, second.owner_id} == {tom.id}
    ownership.hand_over(dara, tom, {network.id: sam, mail.id: sam})
    from portal.core.database import db

    assert [kind for kind, _data in told(db, tom)] == ["articles_taken"]


def test_what_an_editor_may_not_see_stays_where_it_is_and_unmentioned() -> None:
    dara, zoe = people.actor("Dara Voss", Role.EDITOR), people.person("Zoe Hart", is_active=False)
    hidden = kb.article(access_key=audiences.key_for([[people.audience("HR").id]]), owner_id=zoe.id)
    assert ownership.keepers(dara) == []
    with pytest.raises(NotFound):
        ownership.hand_over(dara, zoe, {})
    assert hidden.owner_id == zoe.id


# The list


@pytest.mark.both
def test_the_list_is_filtered_and_sorted() -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    today, zoe = clock.today(), people.person("Zoe Hart", is_active=False)
    kb.article("Overdue", review_by=today - dt.timedelta(days=1), owner_id=zoe.id)
    kb.article("Soon", review_by=today + dt.timedelta(days=3), owner_id=dara.person_id, risk="high")
    kb.article("Never", verified_at=None, review_by=None)
    kb.article("A draft", status="draft", language="de")

    def titles(**kw: str) -> list[str]:
        rows, n = inventory.find(dara, Filter(**kw))
        assert n == len(rows)
        return [row.title for row in rows]

    assert titles(due="overdue") == ["Never", "Overdue"]
    assert titles(due="soon") == ["Soon"]
    assert titles(due="never") == ["Never"]
    assert titles(owner="me") == ["Soon"]
    assert titles(owner="left") == ["Overdue"]
    assert titles(owner=str(zoe.id)) == ["Overdue"]
    assert titles(owner="nobody", state="published") == ["Never"]
    assert titles(owner="99999999999") == []
    assert titles(risk="high", q="so") == ["Soon"]
    assert titles(language="de", state="draft") == ["A draft"]
    assert titles(sort="title", language="en") == ["Never", "Overdue", "Soon"]


def test_ticked_articles_are_changed_together_and_hidden_ones_are_not(dara: Visitor, db: Any) -> None:
    editor, ana = dara.person, settle(ANA)
    hidden = kb.article("Hidden", access_key=audiences.key_for([[people.audience("HR").id]]), verified_at=None)
    shown = [kb.article(f"VPN {n}", verified_at=None, owner_id=editor.id) for n in range(2)]
    ids = [str(row.id) for row in (*shown, hidden)]
    form = dara.page("/desk/articles").form("/desk/articles")
    dara.post("/desk/articles", {**form, "id": ids, "action": "verify"})
    assert [row.verified_at is not None for row in (*shown, hidden)] == [True, True, False]
    form = dara.page("/desk/articles").form("/desk/articles")
    dara.post("/desk/articles", {**form, "id": ids, "action": "owner", "owner": str(ana.id)})
    assert [row.owner_id for row in (*shown, hidden)] == [ana.id, ana.id, None]
    response = dara.post("/desk/articles", {**form, "form_token": "", "action": "risk", "risk": "high"})
    assert response.status_code == 422
    assert "Tick the articles first" in response.text


def test_a_leaver_shows_on_the_desk_and_is_handed_over_with_a_preview(dara: Visitor, db: Any) -> None:
    zoe = people.person("Zoe Hart", is_active=False, deactivated_at=clock.now())
    topic = kb.category()
    row = kb.article(category=topic, owner_id=zoe.id)
    todo = dara.page("/desk/")
    where = todo.links["Hand over 1 article of Zoe Hart"]
    preview = dara.page(f"{where}?heir={dara.person.id}")
    assert "Dara Voss takes over 1 article and is told" in preview.text
    assert row.owner_id == zoe.id
    assert [one.get("value") for one in preview.all("input", name=f"heir-{topic.id}")] == [str(dara.person.id)]
    assert dara.post(where, {f"heir-{topic.id}": str(dara.person.id)}).status_code == 303
    db.session.refresh(row)
    assert row.owner_id == dara.person.id


def test_the_list_costs_the_same_however_many_there_are(dara: Visitor, queries: Any) -> None:
    topic, seen = kb.category(), []
    for n in (2, 30):
        for _i in range(n):
            kb.article(category=topic, owner_id=people.person().id)
        dara.get("/desk/articles")
        with queries() as statements:
            dara.get("/desk/articles")
        seen.append(len(statements))
    assert seen[0] == seen[1]
