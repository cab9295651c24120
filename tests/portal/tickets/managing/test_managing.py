"""Setting up the desk (portal.tickets.managing): what is refused, what follows, what the audit log keeps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.jobs.models import Job
from portal.ledger.models import LedgerEntry
from portal.people import services as people
from portal.tickets.levels import anew
from portal.tickets.managing import holidays, hours, queues, replies, requests
from portal.tickets.managing.queues import Wanted
from portal.tickets.managing.requests import Asked
from portal.tickets.models import Priority, SavedReply
from portal.tickets.requesting import prepared
from tests.factories import tickets
from tests.people import ADA, CLEO, SAM, settle

OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]


def ada() -> Any:
    return people.actor_of(settle(ADA))


def told() -> list[tuple[str, str, str | None, str | None]]:
    from portal.core.database import db

    query = select(LedgerEntry.props).where(LedgerEntry.name == "queue.changed").order_by(LedgerEntry.id)
    rows = db.session.execute(query).scalars()
    return [(row["what"], row["title"], row.get("before"), row.get("after")) for row in rows]


def planned() -> list[int]:
    from portal.core.database import db

    return [one["queue"] for one in db.session.execute(select(Job.payload).where(Job.kind == anew.JOB)).scalars()]


# Queues


def test_only_who_manages_the_desk_sets_it_up(db: Any) -> None:
    cleo = people.actor_of(settle(CLEO))
    with pytest.raises(Forbidden):
        queues.save(cleo, None, Wanted(name="Network"))
    with pytest.raises(Forbidden):
        hours.save(cleo, None, name="Office", timezone="UTC", week=OFFICE)
    with pytest.raises(Forbidden):
        requests.save(cleo, None, title="Software")
    with pytest.raises(Forbidden):
        replies.save(cleo, None, title="Hello", body="Hello")


def test_the_first_queue_is_the_default_and_another_takes_its_place(db: Any) -> None:
    first = queues.save(ada(), None, Wanted(name="Service desk"))
    assert (first.is_default, first.slug) == (True, "service-desk")
    second = queues.save(ada(), None, Wanted(name="Service desk", is_default=True))
    db.session.refresh(first)
    assert (first.is_default, second.is_default, second.slug) == (False, True, "service-desk-2")
    with pytest.raises(Conflict):
        queues.save(ada(), second, Wanted(name="Service desk"))
    with pytest.raises(Invalid):
        queues.save(ada(), second, Wanted(name="Service desk", is_default=True, is_active=False))


def test_a_change_of_a_queue_stands_in_the_audit_log_as_it_was_and_as_it_is(db: Any) -> None:
    queue = queues.save(ada(), None, Wanted(name="Network", is_default=True, members=[settle(CLEO)]))
    levels = {Priority.URGENT: (30, 240), Priority.LOW: (None, None)}
    wanted = Wanted(name="Network", is_default=True, members=[settle(CLEO), settle(SAM)], levels=levels)
    queues.save(ada(), queue, wanted)
    assert told()[-1] == (
        "queue",
        "Network",
        "members: Cleo Okafor",
        "members: Cleo Okafor, Sam Brandt; promises: urgent 30/240 min",
    )
    queues.save(ada(), queue, wanted)
    assert len(told()) == 2  # nothing differs, nothing is told


def test_open_tickets_follow_when_promises_change_and_only_then(db: Any) -> None:
    queue = queues.save(ada(), None, Wanted(name="Network", is_default=True))
    queues.save(ada(), queue, Wanted(name="Networks", is_default=True))
    assert planned() == []
    queues.save(ada(), queue, Wanted(name="Networks", is_default=True, levels={Priority.NORMAL: (60, None)}))
    assert planned() == [queue.id]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(name=" "), "name"),
        (Wanted(name="Network", email="no address"), "email"),
        (Wanted(name="Network", email="DESK@ostreyvale.example"), "email"),
        (Wanted(name="Network", levels={Priority.HIGH: (0, None)}), "high_first"),
    ],
)
def test_a_queue_that_cannot_be_is_refused(db: Any, wanted: Wanted, field: str) -> None:
    tickets.queue("Desk", email="desk@ostreyvale.example")
    with pytest.raises(Invalid) as refusal:
        queues.save(ada(), None, wanted)
    assert refusal.value.field == field


# Hours


def test_hours_that_cannot_be_are_refused_and_the_day_is_named(db: Any) -> None:
    for place, spans in ((2, [["17:00", "09:00"]]), (4, [["09:00", "12:00"], ["11:00", "17:00"]]), (6, [["9", ""]])):
        week: list[Any] = [[] for _day in range(7)]
        week[place] = spans
        with pytest.raises(Invalid) as refusal:
            hours.save(ada(), None, name="Office", timezone="UTC", week=week)
        assert refusal.value.field == f"day_{place}"
    with pytest.raises(Invalid):
        hours.save(ada(), None, name="Office", timezone="UTC", week=[[]] * 7)
    with pytest.raises(Invalid):
        hours.save(ada(), None, name="Office", timezone="Nowhere/Atlantis", week=OFFICE)


def test_a_day_off_moves_what_is_promised_and_hours_in_use_stay(db: Any) -> None:
    made = hours.save(ada(), None, name="Office", timezone="Europe/Berlin", week=OFFICE)
    queue = tickets.queue("Network", hours=made)
    assert hours.add_holidays(ada(), made, {dt.date(2026, 3, 9): "Founding Day"}) == 1
    assert hours.add_holidays(ada(), made, {dt.date(2026, 3, 9): "Founder’s Day"}) == 0
    assert planned() == [queue.id, queue.id]
    assert told()[-1][2:] == ("days off: 2026-03-09 Founding Day", "days off: 2026-03-09 Founder’s Day")
    with pytest.raises(Conflict):
        hours.remove(ada(), made)
    assert hours.remove_holidays(ada(), made, [made.holidays[0].id, 4711]) == 1


# Days off as people have them


def test_a_list_of_days_names_the_line_it_cannot_read() -> None:
    assert holidays.of_lines("25.12.2026 – Christmas\n26/12/2026; Boxing Day\n") == {
        dt.date(2026, 12, 25): "Christmas",
        dt.date(2026, 12, 26): "Boxing Day",
    }


def test_a_line_that_is_no_day_is_named(app: Any) -> None:
    with pytest.raises(Invalid, match="Line 2"):
        holidays.of_lines("2026-12-25\nsome time in May")
    with pytest.raises(Invalid, match="Line 1"):
        holidays.of_lines("31.02.2026 never")


def calendar(*entries: str) -> bytes:
    events = "".join(f"BEGIN:VEVENT\r\n{entry}\r\nEND:VEVENT\r\n" for entry in entries)
    return f"\ufeffBEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode()


def test_a_calendar_gives_each_day_of_its_entries(app: Any) -> None:
    raw = calendar(
        "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Between\\, and after",
        "DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:New Year",
        "DTSTART:20260501T000000Z\r\nSUMMARY:May",
        "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20261231\r\nSUMMARY:The whole year",
        "SUMMARY:no day",
    )
    found = holidays.of_calendar(raw, today=dt.date(2026, 3, 1))
    assert {day: name for day, name in found.items() if day.month == 12} == dict.fromkeys(
        [dt.date(2026, 12, day) for day in (24, 25, 26)], "Between, and after"
    )
    assert [day.year for day, name in found.items() if name == "New Year"] == [2026, 2027, 2028, 2029, 2030, 2031]
    assert found[dt.date(2026, 5, 1)] == "May"


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"\xff\xfe\x00", calendar("SUMMARY:no day")])
def test_what_is_no_calendar_is_refused(app: Any, raw: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        holidays.of_calendar(raw, today=dt.date(2026, 3, 1))
    assert refusal.value.field == "file"


# Requests


def test_a_request_asks_in_the_order_of_its_numbers_and_keeps_the_names_of_its_questions(db: Any) -> None:
    asked = [
        Asked(label="What for?", kind="text", place=2),
        Asked(label="Light or large?", kind="choice", options="Light, Large, Light", place=1, is_required=True),
        Asked(label=" ", place=3),
    ]
    made = requests.save(ada(), None, title="A new laptop", fields=asked)
    assert [one.label for one in prepared.asked(made)] == ["Light or large?", "What for?"]
    assert made.fields[0]["options"] == ["Light", "Large"]
    again = [*requests.written(made)[1:], Asked(label="What for?", place=9)]
    requests.save(ada(), made, title="A new laptop", fields=again)
    assert [row["name"] for row in made.fields] == ["what-for", "what-for-2"]


@pytest.mark.parametrize(
    "asked",
    [
        [Asked(label="Which?", kind="choice", options="One")],
        [Asked(label="Which?", kind="script")],
        [Asked(label=f"Question {n}") for n in range(prepared.MOST_FIELDS + 1)],
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(db: Any, asked: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        requests.save(ada(), None, title="Something", fields=asked)
    assert refusal.value.field == "fields"


# Replies


def test_what_one_person_saved_is_not_the_desks_to_change(db: Any) -> None:
    own = SavedReply(title="Mine", body="Mine", person_id=settle(CLEO).id)
    db.session.add(own)
    made = replies.save(ada(), None, title="Restart", body="Please restart it.")
    assert replies.every() == [made]
    with pytest.raises(NotFound):
        replies.get(own.id)
    replies.remove(ada(), made)
    assert told()[-1] == ("saved reply", "Restart", "title: Restart; words: Please restart it.", None)
