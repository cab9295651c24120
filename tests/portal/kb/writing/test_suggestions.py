"""What becomes of a reader's suggestion, who learns of it, and who never does."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.core.permissions import Role
from portal.core.registry import load_things
from portal.kb.caring import arranging
from portal.kb.models import Suggestion
from portal.kb.writing import drafts, publishing, suggestions
from portal.notifications import links
from portal.notifications.models import Notification
from portal.people import audiences, services
from tests.factories import kb, people
from tests.people import ANA, BEN, DARA, Visitor, settle

QUOTE, OTHER = "Right-click the Start button.", "Left-click the Start button."


@pytest.fixture
def house(app: Any, db: Any, stopped_clock: Any) -> Any:
    """Ana reads, Dara looks after the article, Ed is an editor too."""
    ana, dara = settle(ANA), settle(DARA)
    article = kb.article("VPN drops", slug="vpn-drops", owner_id=dara.id, n_revisions=1)
    ed = people.person("Ed Long", Role.EDITOR)
    return type("House", (), {"ana": services.actor_of(ana), "dara": services.actor_of(dara), "article": article,
                              "ed": services.actor_of(ed)})  # fmt: skip


def told(db: Any, actor: Any) -> list[str]:
    query = select(Notification.kind).where(Notification.person_id == actor.person_id).order_by(Notification.id)
    return list(db.session.execute(query).scalars())


def edit(house: Any, **kw: Any) -> Suggestion:
    given = {"kind": "edit", "quote": QUOTE, "replacement": OTHER, **kw}
    return suggestions.offer(house.ana, house.article, **given)


def test_words_go_into_the_draft_and_its_author_hears_twice(house: Any, db: Any) -> None:
    made = edit(house)
    assert told(db, house.dara) == ["suggestion"]
    taken = suggestions.accept(house.dara, made, answer="Well seen.")
    assert taken.is_applied
    assert "Left-click the **Start** button." in taken.draft.body
    assert "Right-click" in house.article.body, "nothing is published by it"
    assert told(db, house.ana) == ["suggestion_taken"]
    publishing.publish(house.dara, taken.draft)
    assert made.outcome == "published"
    assert told(db, house.ana)[-1] == "suggestion_published"


def test_where_the_place_is_gone_the_editor_sees_both(house: Any) -> None:
    made = edit(house, quote="Press the purple key.")
    taken = suggestions.accept(house.dara, made)
    assert not taken.is_applied
    assert taken.draft.body == house.article.body


def test_a_whole_text_never_takes_the_place_of_what_an_editor_wrote(house: Any) -> None:
    first, second = edit(house, kind="whole", replacement="New."), edit(house, kind="whole", replacement="Newer.")
    assert suggestions.accept(house.dara, first).is_applied
    taken = suggestions.accept(house.dara, second)
    assert not taken.is_applied
    assert taken.draft.body == "New."


def test_a_no_gives_its_reason_and_is_final(house: Any, db: Any) -> None:
    made = edit(house)
    with pytest.raises(Invalid) as refusal:
        suggestions.decline(house.dara, made, answer="  ")
    assert refusal.value.field == "answer"
    suggestions.decline(house.dara, made, answer="The left button does nothing.")
    assert told(db, house.ana) == ["suggestion_declined"]
    with pytest.raises(Conflict):
        suggestions.accept(house.ed, made)


@pytest.mark.both
def test_what_went_into_a_draft_that_was_put_away_waits_again(house: Any) -> None:
    made = edit(house)
    taken = suggestions.accept(house.dara, made)
    assert suggestions.inbox(house.dara) == []
    drafts.discard(house.dara, taken.draft)
    assert suggestions.inbox(house.dara) == [made]
    assert suggestions.is_open(made)
    assert suggestions.accept(house.dara, made).is_applied


def test_every_editor_hears_where_nobody_looks_after_the_article(house: Any, db: Any) -> None:
    house.article.owner.is_active = False
    edit(house)
    assert told(db, house.ed) == ["suggestion"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "praise"}, "kind"),
        ({"kind": "error", "words": " "}, "words"),
        ({"quote": ""}, "quote"),
        ({"replacement": QUOTE}, "replacement"),
        ({"replacement": ""}, "replacement"),
        ({"words": "x" * 2001}, "words"),
        ({"kind": "whole", "replacement": kb.BODY}, "replacement"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused_by_field(house: Any, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        edit(house, **given)
    assert refusal.value.field == field


def test_nobody_floods_the_desk(house: Any) -> None:
    for _n in range(suggestions.AN_HOUR):
        edit(house)
    with pytest.raises(TooMany):
        edit(house)


def test_who_may_not_see_the_article_never_learns_of_it(house: Any, db: Any) -> None:
    made = edit(house)
    hr = people.audience("HR")
    house.article.access_key = audiences.key_for([[hr.id]])
    db.session.flush()
    for actor in (house.ed, house.ana, house.dara):
        assert suggestions.inbox(actor) == []
        assert suggestions.n_waiting(actor) == 0
        assert load_things(actor, [made.ref]) == {}
        with pytest.raises(NotFound):
            suggestions.get(actor, made.id)


def test_other_readers_are_met_as_if_it_were_not_there(house: Any) -> None:
    made = edit(house)
    with pytest.raises(NotFound):
        suggestions.get(services.actor_of(settle(BEN)), made.id)
    with pytest.raises(Forbidden):
        suggestions.get(house.ana, made.id)
    with links.addressable():
        assert set(load_things(house.ana, [made.ref])) == {made.ref}


# Pages


def test_a_reader_suggests_without_script_and_finds_it_among_her_own(ana: Visitor, dara: Visitor, house: Any) -> None:
    page = ana.page("/kb/vpn-drops/suggest")
    assert "Keep the network card awake" in page.text, "the headings can be chosen"
    sent = {"kind": "edit", "quote": QUOTE, "replacement": OTHER}
    assert ana.submit("/kb/vpn-drops/suggest", "/kb/vpn-drops/suggest", **sent).status_code == 303
    assert "Waits for an editor" in ana.page("/mine").text
    inbox = dara.page("/desk/suggestions")
    assert inbox.heading == "1 suggestion waits for you"
    address = inbox.links["VPN drops"]
    answer = dara.submit(address, address, decision="accept", answer="Thank you.")
    assert answer.status_code == 303
    assert "Dara is writing it in" in ana.page("/mine").text


def test_what_was_typed_survives_a_refusal(ana: Visitor, house: Any) -> None:
    response = ana.submit("/kb/vpn-drops/suggest", "/kb/vpn-drops/suggest", kind="edit", quote=QUOTE, words="Because")
    assert response.status_code == 422
    assert QUOTE in response.text
    assert "Because" in response.text


def test_the_inbox_costs_the_same_however_many_there_are(dara: Visitor, house: Any, queries: Any) -> None:
    ana = settle(ANA)
    seen = []
    for n in (2, 20):
        for _i in range(n):
            kb.suggestion(kb.article(), ana)
        dara.get("/desk/suggestions")
        with queries() as statements:
            dara.get("/desk/suggestions")
        seen.append(len(statements))
    assert seen[0] == seen[1]


def test_what_waits_for_an_article_that_is_archived_is_closed_and_its_author_hears(
    house: Any, db: Any, ana: Visitor, dara: Visitor
) -> None:
    made, taken = edit(house), edit(house, quote="", kind="error", words="It is blue.")
    suggestions.decline(house.dara, taken, answer="It is green.")
    arranging.archive(house.dara, house.article)
    assert (made.outcome, taken.outcome) == ("closed", "declined")
    assert told(db, house.ana) == ["suggestion_declined", "suggestion_closed"]
    with pytest.raises(Conflict):
        suggestions.accept(house.dara, made)
    db.session.commit()
    mine = ana.page("/mine").text
    assert "The article was archived" in mine
    assert "Waits for an editor" not in mine
    assert "“VPN drops” was archived, so your suggestion is closed" in ana.page("/notifications").text
    assert "Closed, the article was archived" in dara.page(f"/desk/suggestions/{made.id}").text


def test_of_an_article_hidden_since_its_author_learns_no_name(house: Any, db: Any) -> None:
    made = edit(house)
    board = people.audience("Board only", ("person", "0"))
    key = audiences.key_for([[board.id]])
    house.article.access_key, house.article.status = key, "archived"
    db.session.flush()
    suggestions.archived(house.dara, house.article)
    assert made.outcome == "closed"
    assert told(db, house.ana) == []
