"""The editors' list: what is on it for whom, how its numbers come about, and what editors decide about its rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from analytics.content import Work, queue
from analytics.events import Name
from portal.core import clock
from portal.core.database import db
from portal.core.desk import DeskRow
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.kb.caring import marks, met, of_owners, rows, terms, twins, worklist
from portal.kb.caring.met import Met, Whole
from portal.kb.models import ArticleLink, DeskMark, SearchFinding
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people.services import actor_of
from portal.talk import solutions
from tests.factories import kb, people
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    """Let addresses be made as during a request."""
    with app.test_request_context():
        yield


def weigh(subject: object, n: int, lost: int = 0, **more: Any) -> Met:
    return Met(subject=str(subject), n_people=n, n_met=n, n_lost=lost, **more)


def keep(*found: Met) -> None:
    """Keep what was counted; of everybody one in five ended at the desk."""
    whole = Met(subject=met.WHOLE, n_met=100, n_lost=20)
    met.keep([whole, *found], counted_on=clock.today())


def gap(words: str, n: int) -> SearchFinding:
    row = SearchFinding(article_id=None, words=[words], n_people=n, n_searches=n, found_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row


def late(title: str, **kw: Any) -> Any:
    return kb.article(title, review_by=clock.today() - dt.timedelta(days=9), owner_id=people.person().id, **kw)


def dara() -> Any:
    return people.actor("Dara Voss", Role.EDITOR)


def titles(actor: Any, **how: Any) -> list[str]:
    return [line.row.title for line in worklist.of(actor, **how).lines]


@pytest.mark.usefixtures("asked")
@pytest.mark.both
def test_gaps_and_articles_rank_together_by_the_tickets_they_cause() -> None:
    weak, check = late("Weak"), late("Check")
    missed = gap("bench login", 12)
    keep(weigh(weak.ref, 50, 15), weigh(check.ref, 30, 2), weigh(f"gap:{missed.id}", 12, 6))
    found = worklist.of(dara())
    told = [(line.row.title, terms.sum_of(line.place, line.row)) for line in found.lines]
    assert told == [
        ("Improve “Weak”", "50 people × 0.283 × 1.5 (check overdue) ÷ 2 (an hour’s work) = 10.63 tickets"),
        ("Check “Check”", "30 people × 0.100 × 1.5 (check overdue) = 4.50 tickets"),
        ("Answer “bench login”", "12 people × 0.364 = 4.36 tickets"),
    ]
    assert terms.share_of(found.lines[0].place, found.whole).endswith("0.200: (15 + 10 × 0.200) ÷ (50 + 10) = 0.283.")


@pytest.mark.usefixtures("asked")
@pytest.mark.both
def test_articles_of_who_left_and_of_nobody_are_counted_so_far_as_it_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = people.person("Ben Okafor")
    gone.is_active = False
    of_gone = [kb.article(f"Left {n}", owner_id=gone.id) for n in range(3)]
    of_nobody = kb.article("Lost", owner_id=None)
    secret = kb.article("Secret", owner_id=gone.id, access_key="a999")
    kb.article("Kept", owner_id=people.person("Ana Ruiz").id)
    keep(weigh(of_gone[1].ref, 7), weigh(of_gone[2].ref, 4), weigh(of_nobody.ref, 9), weigh(secret.ref, 99))
    lines = worklist.of(dara(), kind="owner").lines
    assert [line.row.title for line in lines] == ["Find somebody for 1 article", "Hand over 3 articles of Ben Okafor"]
    assert [line.place.work.people for line in lines] == [9, 7]
    monkeypatch.setattr(of_owners, "MOST", 2)
    rows._statement.cache_clear()
    assert "Hand over more than 2 articles of Ben Okafor" in titles(dara(), kind="owner")
    rows._statement.cache_clear()


@pytest.mark.usefixtures("asked")
def test_the_list_begins_with_what_presses_and_not_with_every_article() -> None:
    keep(weigh(late("Check").ref, 30))
    asked: list[tuple[str, Any]] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _m, sql, given, *_: asked.append((sql, given)))
    worklist.of(dara())
    sql, given = max(asked, key=lambda one: len(one[0]))
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
    steps = {row.detail for row in plan if re.match(r"(SCAN|SEARCH) (article|solution|desk_met)(_\d)?\b", row.detail)}
    narrow = r"rowid=|\(subject=|owner_id|_review_by|_pressing|_waiting|_open"
    assert {step for step in steps if not re.search(narrow, step)} == set()
    assert any("rowid=" in step for step in steps)


@pytest.mark.usefixtures("asked")
def test_fewer_than_three_people_are_told_as_such() -> None:
    place = queue([Work(item="check:1", people=2, met=2, lost=1)], whole=0.2)[0]
    row = DeskRow(icon="clock", title="Check", url="/")
    assert terms.sum_of(place, row) == "fewer than 3 people × 0.250 = under 0.8 tickets"
    assert "Hardly anybody" in terms.share_of(place, Whole())


@pytest.mark.usefixtures("asked")
def test_high_risk_and_broken_links_press_and_readers_who_wait_come_first() -> None:
    said, risky = kb.article("Said", owner_id=people.person().id), late("Risky", risk="high")
    link = {"target": "gone", "is_outside": False, "state": "broken", "n_failed": 1}
    db.session.add(ArticleLink(article_id=late("Linked").id, **link))
    db.session.flush()
    solutions.mark(people.actor("Ben Kaya"), said.ref, version=1, solved=False, comment="Which tab?")
    lines = worklist.of(dara()).lines
    assert [line.row.title for line in lines] == ["Answer Ben about “Said”", "Check “Risky”", "Check “Linked”"]
    assert [line.row.flagged for line in lines] == ["it did not help", "much harm", "broken link"]
    keep(weigh(risky.ref, 30))
    assert worklist.of(dara()).lines[0].row.title == "Check “Risky”"


def look_for_twins() -> None:
    db.session.commit()
    twins.look({})


@pytest.mark.usefixtures("asked")
def test_nobody_sees_rows_of_what_they_may_not_see() -> None:
    hidden = late("Board papers", access_key="a999")
    kb.suggestion(hidden, people.person())
    other = late("Board papers too", access_key="a999")
    solutions.mark(people.actor("Ben Kaya"), hidden.ref, version=1, solved=False, comment="What?")
    kb.draft(hidden, state="in_review", submitted_at=clock.now())
    look_for_twins()
    keep(weigh(hidden.ref, 50, 20), weigh(other.ref, 50, 20))
    actor = dara()
    assert worklist.of(actor).n_all == 0
    for kind in ("weak", "check"):
        with pytest.raises(NotFound):
            marks.put_aside(actor, f"{kind}:{hidden.id}", reason="later", weeks=4)


@pytest.mark.usefixtures("asked")
def test_a_misspelt_word_wants_the_search_taught() -> None:
    missed = gap("outlok", 5)
    keep(weigh(f"gap:{missed.id}", 5, slip_of="outlook"))
    assert titles(dara()) == ["Teach the search that “outlok” means “outlook”"]


@pytest.mark.usefixtures("asked")
def test_articles_that_stand_twice_are_offered_to_be_merged_until_one_goes() -> None:
    one, other = (
        kb.article(title, owner_id=people.person().id) for title in ("Reset your VPN token", "Your VPN token: reset")
    )
    kb.article("Reset your VPN token", language="de", owner_id=people.person().id)
    look_for_twins()
    (line,) = worklist.of(dara()).lines
    assert (line.row.act and line.row.act.url).endswith(f"/kb/{one.slug}/manage?into={other.slug}")
    look_for_twins()
    assert worklist.of(dara()).lines[0].key == line.key
    other.status = "archived"
    db.session.flush()
    assert titles(dara()) == []
    look_for_twins()
    assert db.session.execute(select(twins.Twins)).first() is None


@pytest.mark.usefixtures("asked")
def test_what_is_put_aside_is_gone_for_everybody_and_comes_back_by_itself(stopped_clock: Any) -> None:
    actor, key = dara(), f"check:{late('Late').id}"
    marks.put_aside(actor, key, reason="other", words="  Waits for \n the new app ", weeks=4)
    assert worklist.of(people.actor("Ada Demir", Role.ADMIN)).n_aside == 1
    (line,) = worklist.aside(actor)
    assert (line.mark and line.mark.words, line.aside_by) == ("Waits for the new app", "Dara Voss")
    fact = db.session.execute(select(LedgerEntry).order_by(LedgerEntry.id.desc())).scalars().first()
    assert (fact.name, fact.subject, fact.props["reason"]) == (Name.DESK_ROW_PUT_ASIDE, key.replace("check", "desk_check"), "other")  # noqa: E501 # fmt: skip
    stopped_clock.move(days=28)
    assert worklist.of(actor).n == 1


@pytest.mark.usefixtures("asked")
def test_what_is_put_aside_for_good_comes_back_when_twice_as_many_meet_it() -> None:
    missed, actor = gap("bench login", 4), dara()
    marks.put_aside(actor, f"gap:{missed.id}", reason="not_ours", weeks=marks.EVER)
    missed.n_people = 7
    assert titles(actor) == []
    missed.n_people = 8
    assert titles(actor) == ["Answer “bench login”"]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("reason", {"reason": "", "weeks": 4}),
        ("words", {"reason": "other", "weeks": 4}),
        ("words", {"reason": "later", "words": "x" * 301, "weeks": 4}),
        ("weeks", {"reason": "later", "weeks": 3}),
        ("weeks", {"reason": "fine", "weeks": marks.EVER}),
    ],
)
def test_putting_aside_wants_a_reason_and_an_end(field: str, sent: dict[str, Any]) -> None:
    key = f"check:{late('Late').id}"
    with pytest.raises(Invalid) as refused:
        marks.put_aside(dara(), key, **sent)
    assert refused.value.field == field
    assert db.session.execute(select(DeskMark)).first() is None


@pytest.mark.usefixtures("asked")
def test_it_is_brought_back_before_its_time_once() -> None:
    actor, key = dara(), f"check:{late('Late').id}"
    marks.put_aside(actor, key, reason="later", weeks=26)
    marks.bring_back(actor, key)
    assert titles(actor) == ["Check “Late”"]
    with pytest.raises(Conflict):
        marks.bring_back(actor, key)


@pytest.mark.usefixtures("asked")
def test_a_colleague_is_told_and_finds_it_under_mine() -> None:
    actor, ada = dara(), people.person("Ada Demir", Role.ADMIN)
    row = late("Late")
    assert marks.assign(actor, f"check:{row.id}", ada)
    assert not marks.assign(actor, f"check:{row.id}", ada)
    assert titles(actor_of(ada), is_mine=True) == ["Check “Late”"]
    assert titles(actor, is_mine=True) == []
    news = db.session.execute(select(Notification).where(Notification.person_id == ada.id)).scalars().one()
    assert (news.kind, news.ref) == ("desk_row_given", str(Ref("desk_check", row.id)))
    assert marks.assign(actor, f"check:{row.id}", None)
    assert titles(actor_of(ada), is_mine=True) == []


@pytest.mark.usefixtures("asked")
def test_nothing_is_given_to_who_does_not_have_it_on_the_desk() -> None:
    key = f"check:{late('Late').id}"
    with pytest.raises(Invalid, match="does not have this"):
        marks.assign(dara(), key, people.person("Ana Ruiz"))


# The pages


def test_one_click_puts_aside_and_takes_on(dara: Visitor) -> None:
    row = late("Late")
    page = dara.page("/desk/")
    token = page.form("/desk/")
    where = f"/desk/rows/check/{row.id}"
    assert dara.post(f"{where}/assign", {**token, "person": str(dara.person.id)}).status_code == 303
    assert "You see to it" in dara.page("/desk/?whose=me").text
    assert dara.post(f"{where}/aside", {**token, "weeks": "4"}).status_code == 303
    assert dara.page("/desk/").heading == "Nothing waits for you"
    assert "1 thing put aside" in dara.page("/desk/").text
    assert "Not now" in dara.page("/desk/rows/").text
    assert dara.submit("/desk/rows/", f"{where}/back").status_code == 303
    assert dara.page("/desk/").heading == "1 thing to do"


def test_what_was_typed_survives_a_refusal(dara: Visitor) -> None:
    where = f"/desk/rows/check/{late('Late').id}"
    answer = dara.submit(where, f"{where}/aside", reason="other", words="", weeks="26")
    assert answer.status_code == 422
    assert "Say it in a few words." in answer.text


def test_an_overdue_check_is_done_with_one_click(dara: Visitor) -> None:
    row = late("Late")
    token = dara.page("/desk/").form("/desk/")
    answer = dara.post(f"/kb/{row.slug}/verify", {**token, "back": "desk"})
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert dara.page("/desk/").heading == "Nothing waits for you"


def test_a_long_list_is_read_by_the_page_and_by_kind(dara: Visitor) -> None:
    for n in range(22):
        late(f"Late {n:02}")
    gap("bench login", 12)
    first, second = dara.page("/desk/"), dara.page("/desk/?page=2")
    assert ("1 to 6 of 23" in first.text, "7 to 12 of 23" in second.text) == (True, True)
    assert "bench login" in first.text
    assert "bench login" not in dara.page("/desk/?kind=check").text


def test_a_search_somebody_answers_has_no_row_any_more(dara: Visitor) -> None:
    missed = gap("bench pc login", 5)
    where = f"/desk/rows/gap/{missed.id}"
    assert dara.get(where).status_code == 200
    kb.draft(kb.article(status="draft"), queries=["Bench PC login"])
    assert dara.get(where).status_code == 404
    assert "Finish and publish" in dara.page("/desk/").text
