"""The overview, as people meet it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actor import Actor
from portal.insights.worth import LABELS
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.measures import counting, fold
from tests.factories.measures import searched, solved, user, viewed
from tests.people import Visitor

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("db")


def a_month(now: dt.datetime) -> None:
    """Twelve people search and read on thirty days; every third says that it solved it."""
    for day in range(30):
        for number in range(12):
            who = user(number, department=number % 2 + 1)
            at = now - (31 - day) * DAY + number * MINUTE
            key = searched(who, at, "vpn token", 3 if number else 0)
            if number:
                viewed(who, at + MINUTE, 1, search=key)
            if number % 3 == 1:
                solved(who, at + 2 * MINUTE, 1, yes=number != 4)


def test_before_anything_is_counted_the_page_says_when_it_will_be(eli: Visitor) -> None:
    page = eli.page("/insights/")
    assert "Nothing is counted yet" in page.text


def test_eli_sees_how_needs_ended_and_the_range_they_were_settled_in(eli: Visitor, db: Any) -> None:
    a_month(clock.now())
    db.session.commit()
    assert len(list(fold.fold())) == 31
    page = eli.page("/insights/")
    finding = r"Between \S+ % and \S+ % of needs are settled here; best estimate \S+ %"
    assert re.fullmatch(finding, page.heading), page.heading
    assert "of needs are settled here" in page.text
    for word in ("Floor", "Best estimate", "Ceiling", "Confirmed: said “solved”", "The same as a table"):
        assert word in page.text
    assert "<svg" in page.html
    assert "style=" not in page.html


PAGES = ("", "search", "tickets", "knowledge", "how", "dates", "needs")


def test_every_page_speaks_before_and_after_the_first_fold(eli: Visitor, mia: Visitor, db: Any) -> None:
    for page in PAGES:
        assert eli.get(f"/insights/{page}").status_code == 200
    a_month(clock.now())
    db.session.commit()
    for _day in counting.counted():
        pass
    for page in PAGES:
        for who in (eli, mia):
            assert who.page(f"/insights/{page}").heading
    page = eli.page("/insights/?days=28&window=72")
    assert "How do you know?" in page.text
    assert "Left out" in page.text


@pytest.fixture
def _counted(db: Any) -> None:
    a_month(clock.now())
    db.session.commit()
    for _day in counting.counted():
        pass


@pytest.mark.usefixtures("_counted")
def test_a_figure_as_a_table_file_says_what_the_page_says(eli: Visitor) -> None:
    response = eli.get("/insights/index/range.csv?days=28")
    assert response.mimetype == "text/csv"
    head, *rows = response.text.strip().splitlines()
    assert '"From","Needs"' in head
    assert len(rows) == 4
    assert eli.get("/insights/index/nothing.csv").status_code == 404


@pytest.mark.usefixtures("_counted")
def test_the_downloaded_file_asks_nothing_of_any_network(eli: Visitor) -> None:
    response = eli.get("/insights/report")
    assert "attachment" in response.headers["Content-Disposition"]
    text = response.text
    assert text.startswith("<!doctype html>")
    assert text.count("<svg") >= 2
    assert "--out-confirmed" in text
    for word in ("http://", "https://", "<script", "src=", "href=", "@import", "url(/", "<link"):
        assert word not in text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.usefixtures("_counted")
def test_each_finding_says_what_its_ranges_mean_what_is_left_out_and_leads_to_its_rows(eli: Visitor) -> None:
    found = [part.split("</section>")[0] for part in eli.page("/insights/").html.split('<section class="insight"')[1:]]
    names = [part.split('id="')[1].split('"')[0] for part in found]
    assert names == ["needs", "range", "windows", "avoided", "first"]
    for name, part in zip(names, found, strict=True):
        assert "95 hold the true value" in part
        assert ("Left out, because" in part and "Each need, with its outcome" in part) or name == "windows"


@pytest.mark.usefixtures("_counted")
def test_the_command_that_works_it_out_again_is_of_the_very_days_and_window(eli: Visitor) -> None:
    page = eli.page("/insights/?days=28&window=72")
    how = page.links["Work it out yourself"]
    days = re.search(r"since=([\d-]+)&(?:amp;)?until=([\d-]+)", page.links["Link to this figure and these days"])
    assert days
    assert "--window 72h --reach 24h --as-of 2026-" in eli.page(how).text
    assert f"--since {days[1]} --until {days[2]}" in eli.page(how).text


@pytest.mark.usefixtures("_counted")
def test_a_need_is_told_by_a_pseudonym_with_its_reason(eli: Visitor, mia: Visitor) -> None:
    page = eli.page("/insights/needs?outcome=confirmed")
    assert "The last answer to “Did this solve it?” is yes" in page.text
    visitor = ledger.visitor_of(Actor(person_id=1))
    assert visitor not in page.html
    assert visitor[:6] not in page.html
    assert mia.get("/insights/needs?department=1").status_code == 403


@pytest.mark.usefixtures("_counted")
def test_a_small_department_is_neither_offered_nor_told_of(eli: Visitor, db: Any) -> None:
    page = eli.page("/insights/?department=1")
    assert "Too few people to be shown" in page.text
    assert "Floor" not in page.text
    assert eli.get("/insights/index/needs.csv?department=1").status_code == 404


@pytest.mark.usefixtures("_counted")
def test_a_pinned_date_stands_on_the_charts_and_in_the_audit_log(eli: Visitor, mia: Visitor, db: Any) -> None:
    on = clock.today() - 10 * DAY
    response = eli.submit("/insights/dates", "/insights/dates", on=on.isoformat(), text="New <b>phones</b>")
    assert response.status_code == 303
    page = mia.page("/insights/?days=28")
    assert "New <b>phones</b>" in page.text
    assert "New <b>phones</b>" not in page.html
    (noted,) = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == "change_date.noted")).scalars()
    assert noted.props["what"] == "New <b>phones</b>"
    assert mia.post("/insights/dates/1/remove", {}).status_code == 403
    assert eli.submit("/insights/dates", "/insights/dates/1/remove").status_code == 303
    assert "phones" not in mia.page("/insights/?days=28").text


@pytest.mark.usefixtures("_counted")
def test_cost_is_told_only_with_a_year_before_and_every_assumption_stands_beside_it(eli: Visitor) -> None:
    page = eli.page("/insights/tickets?days=28")
    assert "No cost is shown" in page.text
    assert "These are placeholders" in page.text
    sent = dict.fromkeys(LABELS, "1")
    assert eli.submit("/insights/assumptions", "/insights/assumptions", **{**sent, "varying": "2"}).status_code == 422
    assert eli.submit("/insights/assumptions", "/insights/assumptions", **sent).status_code == 303
    page = eli.page("/insights/tickets?days=28")
    assert "These are placeholders" not in page.text
    assert "Cost of one ticket at the first level: 1" in page.text


@pytest.mark.usefixtures("_counted")
def test_looking_costs_few_queries_and_writes_nothing(eli: Visitor, db: Any) -> None:
    before = db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar()
    for page in PAGES:
        eli.get(f"/insights/{page}?since=2026-02-20&until=2026-03-01")
    assert db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar() == before
