"""The pages on which the desk is set up (portal.tickets.views.manage*)."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from sqlalchemy import select

from portal.tickets.models import BusinessHours, Queue, RequestTemplate
from tests.factories import tickets
from tests.people import CLEO, settle


def test_a_queue_is_set_up_with_its_people_and_promises(db: Any, ada: Any) -> None:
    cleo = settle(CLEO).id
    ada.submit(
        "/admin/queues/new",
        "/admin/queues",
        name="Network",
        members=str(cleo),
        normal_first="4:00",
        urgent_first="30 min",
    )
    queue = db.session.execute(select(Queue)).scalar_one()
    assert [row.person_id for row in queue.members] == [cleo]
    assert {row.priority: row.first_response_minutes for row in queue.levels} == {"normal": 240, "urgent": 30}
    page = ada.page(f"/admin/queues/{queue.id}")
    assert page.form(f"/admin/queues/{queue.id}")["normal_first"] == "4:00"
    audit = ada.page("/admin/audit").text
    assert "Network" in audit
    assert "normal 240/– min" in audit


def test_a_promise_nobody_can_read_comes_back_as_it_was_typed(db: Any, ada: Any) -> None:
    answer = ada.submit("/admin/queues/new", "/admin/queues", name="Network", normal_first="soon")
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text


def test_a_week_is_a_table_of_times(db: Any, ada: Any) -> None:
    form = ada.page("/admin/hours/new").form("/admin/hours")
    assert (form["day_0_0_from"], form["day_5_0_from"]) == ("09:00", "")
    changed = {"name": "Nights", "day_5_0_from": "20:00", "day_5_0_to": "00:00", "day_0_1_from": "18:00"}
    refused = ada.open("/admin/hours", method="POST", data={**form, **changed})
    assert refused.status_code == 422
    assert 'value="18:00"' in refused.text
    ada.open("/admin/hours", method="POST", data={**form, **changed, "day_0_1_to": "20:00"})
    made = db.session.execute(select(BusinessHours)).scalar_one()
    assert made.week[0] == [["09:00", "17:00"], ["18:00", "20:00"]]
    assert made.week[5] == [["20:00", "24:00"]]


def test_days_off_come_one_by_one_and_as_a_calendar(db: Any, ada: Any) -> None:
    made = tickets.hours()
    where = f"/admin/hours/{made.id}"
    entry = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261226\r\nSUMMARY:Boxing Day\r\nEND:VEVENT\r\n"
    sent = {"on": "2026-12-25", "title": "Christmas", "file": (io.BytesIO(entry), "days.ics")}
    ada.submit(where, f"{where}/days-off", **sent)
    days = [(day.on, day.name) for day in db.session.get_one(BusinessHours, made.id).holidays]
    assert days == [(dt.date(2026, 12, 25), "Christmas"), (dt.date(2026, 12, 26), "Boxing Day")]
    refused = ada.submit(where, f"{where}/days-off", lines="some time in May")
    assert refused.status_code == 422
    assert "some time in May" in refused.text


def test_a_request_grows_without_script(db: Any, ada: Any) -> None:
    where = "/admin/requests"
    more = ada.submit(f"{where}/new", where, title="Software", asked_0_label="Which?", more="yes")
    assert more.status_code == 200
    assert 'value="Which?"' in more.text
    assert db.session.execute(select(RequestTemplate)).first() is None
    ada.submit(f"{where}/new", where, title="Software", asked_0_label="Which?", asked_0_required="y")
    made = db.session.execute(select(RequestTemplate)).scalar_one()
    assert made.fields == [{"name": "which", "label": "Which?", "kind": "line", "is_required": True}]
    assert "Software" in ada.page(f"/tickets/new?request={made.slug}").text
