"""What a page may say about readers: counts of people from three on, and never who."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.database import db
from portal.core.permissions import Role
from portal.kb.caring import insight
from portal.kb.models import SearchFinding
from portal.ledger import services as ledger
from portal.talk import solutions
from tests.factories import home, kb, people
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def readers(n: int, *roles: Role) -> list[Any]:
    return [people.actor(f"Reader{i} Example", *roles) for i in range(n)]


@pytest.mark.both
def test_two_readers_are_fewer_than_three() -> None:
    article, three = kb.article(), readers(3)
    home.views(article, *three[:2], *three[:2])
    assert insight.of(article).n_readers is None
    assert insight.of(article).weeks[-1].n is None
    home.views(article, three[2])
    found = insight.of(article)
    assert (found.n_readers, found.weeks[-1].n, found.weeks[-2].n, len(found.weeks)) == (3, 3, None, 12)


def test_editors_do_not_count_and_old_readers_only_in_their_week(stopped_clock: Any) -> None:
    article = kb.article()
    home.views(article, *readers(5, Role.EDITOR))
    home.views(article, *readers(4))
    stopped_clock.move(days=35)
    found = insight.of(article)
    assert found.n_readers is None
    assert [week.n for week in found.weeks].count(4) == 1


def test_a_share_needs_three_people_and_carries_its_interval() -> None:
    article, people_ = kb.article(), readers(10)
    for n, one in enumerate(people_[:2]):
        solutions.mark(one, article.ref, version=1, solved=n == 0)
    assert insight.of(article).solved is None
    for one in people_[2:]:
        solutions.mark(one, article.ref, version=1, solved=True)
    share = insight.of(article).solved
    assert share is not None
    assert (share.k, share.n, round(share.low, 4), round(share.high, 4)) == (9, 10, 0.5958, 0.9821)


def test_reasons_of_fewer_than_three_have_no_number() -> None:
    article = kb.article()
    for n, one in enumerate(readers(5)):
        reason = "hard_to_follow" if n < 3 else "out_of_date"
        solutions.mark(one, article.ref, version=1, solved=False, reason=reason)
    assert insight.of(article).reasons == [("hard_to_follow", 3), ("out_of_date", None)]


def left(article: Any, who: Any, ticked: int, n_steps: int = 2, version: int = 1) -> None:
    facts = {"seconds": 9, "ticked": ticked, "n_steps": n_steps, "version": version}
    ledger.record(Name.ARTICLE_READ, actor=who, subject=article.ref, **facts)  # type: ignore[arg-type]


def test_where_people_stop_is_told_from_three_on() -> None:
    article, seven = kb.article(), readers(7)
    for one in seven[:2]:
        left(article, one, 1)
    assert insight.of(article).stops == []
    left(article, seven[2], 0)
    left(article, seven[2], 1)
    for one in seven[3:6]:
        left(article, one, 1)
        left(article, one, 2)
    left(article, seven[6], 1, version=9)
    assert insight.of(article).stops == [insight.Stop(step=0, n=3), insight.Stop(step=1, n=3)]


# Searches


def gather() -> None:
    db.session.commit()  # as a job begins: it reads what others have written
    insight.gather({})


def search(who: Any, query: str, key: str, article: Any = None) -> None:
    n = 1 if article else 0
    ledger.record(Name.SEARCH_PERFORMED, actor=who, search=key, query=query, n_results=n, surface="home")
    if article is not None:
        ledger.record(Name.SEARCH_RESULT_OPENED, actor=who, subject=article.ref, search=key)


@pytest.mark.both
def test_searches_show_when_three_people_meant_the_same() -> None:
    article, three = kb.article(), readers(3)
    for n, one in enumerate(three):
        search(one, "vpn drops", f"a{n}", article)
        search(one, "bench pc login", f"b{n}")
        search(three[0], "my illness", f"c{n}", article)
        search(three[0], "ana’s salary", f"d{n}")
    gather()
    assert [(row.words, row.n_people) for row in insight.searches(article.id)] == [(["vpn drops"], 3)]
    assert [(row.words, row.n_people) for row in insight.missed()] == [(["bench pc login"], 3)]


def test_gathering_again_changes_nothing_and_forgets_what_is_over(stopped_clock: Any) -> None:
    for n, one in enumerate(readers(3)):
        search(one, "bench pc login", f"b{n}")
    gather()
    (first,) = insight.missed()
    gather()
    assert [row.id for row in insight.missed()] == [first.id]
    stopped_clock.move(days=100)
    gather()
    assert db.session.execute(select(SearchFinding)).first() is None


def test_what_is_being_answered_is_no_gap_any_more(dara: Visitor) -> None:
    for n, one in enumerate(readers(3)):
        search(one, "bench pc login", f"b{n}")
    gather()
    page = dara.page("/desk/")
    assert "3 people searched for it in the last four weeks and found nothing" in page.text
    kb.category()
    start = dara.page(page.links["Write the answer"])
    assert start.form("/desk/drafts/")["query"] == "bench pc login"
    kb.draft(kb.article(status="draft"), queries=["Bench PC login"])
    assert insight.missed() == []


# The pages


def test_an_owner_sees_how_it_does_and_never_who_read_it(dara: Visitor, ana: Visitor) -> None:
    article = kb.article("VPN drops", slug="vpn-drops", owner_id=ana.person.id)
    home.views(article, *readers(2))
    for who in (dara, ana):
        page = who.page("/desk/articles/vpn-drops")
        assert "Not enough data yet" in page.text
        assert "Reader0" not in page.text
    assert "VPN drops" in ana.page("/mine").text


def test_feedback_is_answered_in_place(dara: Visitor) -> None:
    article = kb.article("VPN drops", slug="vpn-drops", owner_id=dara.person.id)
    said = solutions.mark(people.actor("Ben Kaya"), article.ref, version=1, solved=False, comment="Which tab?")
    where = "/desk/articles/vpn-drops"
    response = dara.submit(where, f"/kb/feedback/{said.id}/reply?next=article", reply="The last one.")
    assert (response.status_code, response.location) == (303, where)
    assert "No reader waits" in dara.page(where).text


@pytest.mark.both
def test_one_list_with_the_most_pressing_first(dara: Visitor, stopped_clock: Any) -> None:
    today = clock.today()
    ben = people.actor("Ben Kaya")
    said = kb.article("Said", owner_id=dara.person.id)
    solutions.mark(ben, said.ref, version=1, solved=False, comment="Which tab?")
    kb.article("Late", review_by=today - dt.timedelta(days=50), owner_id=dara.person.id)
    kb.article("Risky", review_by=today - dt.timedelta(days=2), risk="high", owner_id=dara.person.id)
    page = dara.page("/desk/")
    assert page.heading == "3 things to do, and 1 person waits"
    order = [page.text.index(words) for words in ("Answer Ben about “Said”", "Check “Risky”", "Check “Late”")]
    assert order == sorted(order)


def test_an_empty_desk_says_so(dara: Visitor) -> None:
    assert dara.page("/desk/").heading == "Nothing waits for you"


def test_the_desk_costs_the_same_however_much_there_is(dara: Visitor, queries: Any) -> None:
    seen = []
    for n in (2, 30):
        for _i in range(n):
            row = kb.article(review_by=clock.today() - dt.timedelta(days=9), owner_id=people.person(is_active=False).id)
            kb.suggestion(row, people.person())
            kb.draft(kb.article(status="draft"), saved_by_id=people.person().id)
        dara.get("/desk/")
        with queries() as statements:
            dara.get("/desk/")
        seen.append(len(statements))
    assert seen[1] <= seen[0]  # a page of one kind asks less than a page of several
