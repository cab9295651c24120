"""Words that editors tell the search: they hold at once, and what is shown beforehand is what happens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, g
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.notifications import links
from portal.people.services import actor_of
from portal.search import judging, services, synonyms, trying, words
from portal.search.documents import SearchRequest
from portal.search.models import JudgedQuery
from portal.search.trying import Trial
from portal.search.words import Change
from tests.factories.kb import article
from tests.factories.people import actor
from tests.people import DARA, Visitor, settle

pytestmark = pytest.mark.usefixtures("app")

Index = Callable[[], None]


def dara() -> Actor:
    return actor_of(settle(DARA))


def found(text: str, who: Actor | None = None) -> list[str]:
    with links.addressable():
        g.pop("options", None)  # every request reads them anew
        results = services.search(who or dara(), SearchRequest(text=text)).rows
    return [thing.title for _hit, thing in results]


def tried(change: Change) -> Trial:
    with links.addressable():
        g.pop("options", None)  # every request reads them anew
        return trying.compare(dara(), words.listed().synonyms, words.listed().with_change(change).synonyms)


def page(title: str, text: str = "Nothing more.", **kw: object) -> object:
    return article(title, body=f"## {title}\n\n{text}", summary=title, tags=(), **kw)


def add(kind: str, typed: str, sought: str = "") -> None:
    words.keep(dara(), Change(op="add", group=words.group_of(kind, typed, sought)))
    db.session.commit()


def test_words_that_mean_the_same_lead_to_each_other_from_the_next_search_on(index: Index) -> None:
    page("Book the skylark")
    page("Something else")
    index()
    before = options.stamp(words.STAMP)
    assert found("minibus") == []
    add("same", "minibus, skylark")
    assert options.stamp(words.STAMP) != before
    assert found("minibus") == ["Book the skylark"]
    assert found("skylark") == ["Book the skylark"]


def test_a_short_form_is_read_as_the_phrase_it_stands_for_and_the_other_way_round(index: Index) -> None:
    page("Raise a purchase order")
    page("Order lunch")
    page("Purchase ledger of the year")
    index()
    add("same", "PO, purchase order")
    assert found("po")[0] == "Raise a purchase order"
    page("The PO was refused")
    index()
    assert "The PO was refused" in found("purchase order")


def test_one_way_leads_one_way(index: Index) -> None:
    page("Change the toner")
    page("Where the copier stands")
    index()
    add("leads", "copier", "toner")
    assert set(found("copier")) == {"Where the copier stands", "Change the toner"}
    assert found("toner") == ["Change the toner"]


def test_a_group_that_comes_along_is_switched_off_and_on(index: Index) -> None:
    page("Spam in the evening")
    index()
    assert found("junk") == ["Spam in the evening"]
    for op, expected in (("off", []), ("on", ["Spam in the evening"])):
        words.keep(dara(), Change(op=op, key="same:spam"))
        db.session.commit()
        assert found("junk") == expected
    with pytest.raises(NotFound):
        words.keep(dara(), Change(op="off", key="same:no-such"))


def test_a_word_left_out_is_still_found_when_nothing_else_is_asked(index: Index) -> None:
    page("Ostrey and its history")
    page("Parking")
    index()
    assert "Ostrey and its history" in found("ostrey parking")
    words.keep(dara(), Change(op="stop", word=words.stop_word(" Ostrey ")))
    db.session.commit()
    assert found("ostrey parking") == ["Parking"]
    assert found("Ostrey") == ["Ostrey and its history"]
    assert found("the ostrey") == ["Ostrey and its history"]


@pytest.mark.parametrize(
    ("kind", "typed", "sought", "field"),
    [
        ("same", "alone", "", "words"),
        ("same", "", "", "words"),
        ("same", "two words, three more words", "", "words"),
        ("near", "plug, the", "", "words"),
        ("near", "one two three four, five", "", "words"),
        ("leads", "plug", "", "sought"),
        ("leads", "", "plug", "words"),
        ("alike", "plug, socket", "", "kind"),
        ("same", ",".join(f"word{i}" for i in range(13)), "", "words"),
        ("same", "x" * 41 + ", y1", "", "words"),
    ],
)
def test_what_cannot_be_a_group_is_refused_by_field(app: Flask, kind: str, typed: str, sought: str, field: str) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        words.group_of(kind, typed, sought)
    assert refused.value.field == field


@pytest.mark.parametrize("word", ["", "two words", "the", "x" * 41])
def test_what_cannot_be_left_out_is_refused(app: Flask, word: str) -> None:
    with app.test_request_context(), pytest.raises(Invalid):
        words.stop_word(word)


def test_every_shipped_group_has_a_name_of_its_own() -> None:
    keys = [group.key for group in synonyms.shipped()]
    assert len(set(keys)) == len(keys)


def test_readers_change_no_words() -> None:
    for change in (Change(op="stop", word="plug"), Change(op="off", key="same:spam")):
        with pytest.raises(Forbidden):
            words.keep(actor(), change)


def small_house() -> dict[str, object]:
    titles = ("Charge the handset", "Lend a projector", "Order a projector screen", "Dock the laptop", "Quiet room")
    return {title: page(title) for title in titles}


def place_of(title: str, rows: list[str]) -> int | None:
    return rows.index(title) + 1 if title in rows else None


CHANGES = [
    Change(op="add", group=synonyms.Group("same", ("lightbox", "projector"), (), (), is_whole=True)),
    Change(op="add", group=synonyms.Group("near", ("handset", "laptop"), ("quiet room",), (), is_whole=True)),
    Change(op="off", key="same:phone"),
    Change(op="off", key="same:screen"),
    Change(op="stop", word="monitor"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.op}-{change.key or change.word}")
def test_what_is_shown_beforehand_is_what_the_search_does_afterwards(change: Change, index: Index) -> None:
    house, editor = small_house(), dara()
    asked = ("lightbox", "mobile", "projector monitor", "handset in the quiet room", "handset", "projector laptop")
    for question in asked:
        judging.judge(editor, question, house["Lend a projector"].ref)  # type: ignore[attr-defined]
    index()
    trial = tried(change)
    was = {question: found(question) for question in asked}
    words.keep(editor, change)
    db.session.commit()
    now = {question: found(question) for question in asked}
    assert any(was[question] != now[question] for question in asked), (was, now)
    shown = {row.query: row for row in trial.rows}
    for question in asked:
        places = [place_of("Lend a projector", rows[question]) for rows in (was, now)]
        is_other = places[0] != places[1] or was[question][:1] != now[question][:1]
        assert (question in shown) is is_other, question
        if is_other:
            row = shown[question]
            assert [row.before, row.after] == places
            tops = [row.top_before.title if row.top_before else None, row.top_after.title if row.top_after else None]
            assert tops == [next(iter(was[question]), None), next(iter(now[question]), None)]
    first = [sum(rows[question][:1] == ["Lend a projector"] for question in asked) for rows in (was, now)]
    assert [trial.first_before, trial.first_after] == first


def test_a_trial_knows_nothing_of_what_the_editor_may_not_see(index: Index) -> None:
    hidden = page("Redundancy of the skylark", access_key="a0")
    judging.judge(dara(), "minibus", hidden.ref)  # type: ignore[attr-defined]
    index()
    trial = tried(Change(op="add", group=words.group_of("same", "minibus, skylark")))
    assert (trial.rows, trial.n_judged) == ((), 0)


@pytest.mark.both
def test_only_what_three_people_searched_for_is_tried_besides(index: Index) -> None:
    page("Book the skylark")
    index()
    people = [actor(f"Reader{i} Example") for i in range(3)]
    for who in people:
        ledger.record(Name.SEARCH_PERFORMED, actor=who, search="k", query="Minibus", n_results=0, surface="search")
    for who in people[:2]:
        ledger.record(Name.SEARCH_PERFORMED, actor=who, search="k", query="my minibus", n_results=0, surface="search")
    assert judging.frequent(limit=9) == [("minibus", 3)]
    (row,) = tried(Change(op="add", group=words.group_of("same", "minibus, skylark"))).rows
    assert (row.query, row.n_people, row.top_before, row.change) == ("minibus", 3, None, "other")
    assert row.top_after is not None
    assert row.top_after.title == "Book the skylark"


def test_an_editor_tries_a_change_keeps_it_and_finds_it_in_the_record(dara: Visitor, index: Index) -> None:
    made = page("Book the skylark")
    index()
    sent = dara.page("/desk/words/questions?question=minibus").form("/desk/words/questions#ask")
    assert dara.post("/desk/words/questions", {**sent, "other": "skylark"}).status_code == 303
    assert db.session.execute(select(JudgedQuery.answers)).scalar() == [str(made.ref)]  # type: ignore[attr-defined]
    shown = dara.page("/desk/words/try?op=add&kind=same&words=Minibus, skylark")
    assert "1 better" in shown.text
    assert words.listed().own == {}
    form = shown.form("/desk/words/keep")
    for _ in range(2):
        assert dara.post("/desk/words/keep", form).status_code == 303
    assert [str(group) for group in words.listed().own.values()] == ["minibus = skylark"]
    (fact,) = db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == "words.changed")).scalars()
    assert fact == {"kind": "add", "before": "", "after": "minibus = skylark", "n_better": 1, "n_worse": 0}
    (own,) = words.listed().own
    edited = dara.page(f"/desk/words/try?op=change&id={own}")
    assert edited.one("input", name="words").get("value") == "minibus, skylark"
    assert "minibus = skylark" in dara.page(f"/desk/words/try?op=remove&id={own}").text


def test_what_was_typed_wrongly_comes_back(dara: Visitor) -> None:
    response = dara.get("/desk/words/try?op=add&kind=same&words=alone")
    assert response.status_code == 422
    assert 'value="alone"' in response.text
    assert dara.get("/desk/words/try?op=remove&id=999").status_code == 404
    assert (
        dara.post("/desk/words/questions", {"question": "minibus", "answer": "article:99999999999"}).status_code == 422
    )


def test_a_long_list_of_questions_comes_in_pages(dara: Visitor, index: Index) -> None:
    made = page("Book the skylark")
    for n in range(judging.PAGE + 1):
        db.session.add(
            JudgedQuery(query=f"question {n:03}", answers=[str(made.ref)], created_at=clock.now())  # type: ignore[attr-defined]
        )
    db.session.commit()
    first, second = dara.page("/desk/words/questions"), dara.page("/desk/words/questions?page=2")
    assert "51 questions" in first.text
    assert ("question 049" in first.text, "question 050" in first.text) == (True, False)
    assert ("question 049" in second.text, "question 050" in second.text) == (False, True)
