"""Announcements: who says them, who reads them, from when until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock, options
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.home import announced, announcements, jobs
from portal.home.announcements import Wanted
from portal.home.models import Announcement
from portal.jobs.models import Job
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification, OutboxMail
from portal.people.services import actor_of
from tests.factories.kb import article
from tests.factories.people import actor, audience, person
from tests.pages import Page, words
from tests.people import ADA, ANA, BEN, DARA, ELI, MIA, Visitor, settle

pytestmark = pytest.mark.usefixtures("stopped_clock", "_set_up")

DAY = dt.timedelta(days=1)


@pytest.fixture
def _set_up(app: object) -> None:
    options.change(system("tests"), is_set_up=True)


def who(someone: Any) -> Actor:
    return actor_of(settle(someone))


def wanted(**changes: Any) -> Wanted:
    now = clock.now()
    values = {"title": "Closed on Friday", "body": "The **whole** house.", "since": now, "until": now + 2 * DAY}
    return Wanted(**(values | changes))


def form(**changes: Any) -> dict[str, Any]:
    now = clock.now()
    return {
        "form_token": "a-token-of-a-form",
        "title": "Closed on Friday",
        "body": "The **whole** house.",
        "sender": "",
        "since": f"{now:%Y-%m-%dT%H:%M}",
        "until": f"{now + 2 * DAY:%Y-%m-%dT%H:%M}",
        **changes,
    }


def shown(page: Page) -> list[str]:
    return [words(e) for e in page.all("h2") if e.get("class") == "announcement-title"]


def news(someone: Any) -> list[str]:
    query = select(Notification.kind).where(Notification.person_id == settle(someone).id).order_by(Notification.id)
    return list(db.session.execute(query).scalars())


def run_due() -> None:
    """Do what was planned for readers by now."""
    query = select(Job).where(Job.kind == announcements.TELL, Job.run_at <= clock.now(), Job.state == "waiting")
    for job in list(db.session.execute(query).scalars()):
        jobs.tell_announcement(job.payload)
        job.state = "done"
    db.session.commit()


def test_it_is_read_from_its_first_day_until_its_last_with_its_senders_name(
    dara: Visitor, ana: Visitor, stopped_clock: Any
) -> None:
    now = clock.now()
    sent = form(since=f"{now + DAY / 12:%Y-%m-%dT%H:%M}", until=f"{now + DAY / 6:%Y-%m-%dT%H:%M}")
    for _ in range(2):
        assert dara.post("/desk/announcements/", sent).status_code == 303
    (row,) = db.session.execute(select(Announcement)).scalars()
    assert (row.state, row.sender_id) == ("coming", dara.person_id)
    assert shown(ana.page("/")) == []
    assert ana.get(f"/announcements/{row.id}").status_code == 404
    stopped_clock.move(hours=2)
    page = ana.page("/")
    assert shown(page) == ["Closed on Friday"]
    assert "Dara Voss, 9 Mar" in page.text
    assert "whole" in [words(e) for e in page.all("strong")]
    assert "Closed on Friday" in ana.page(f"/announcements/{row.id}").text
    stopped_clock.move(hours=2)
    assert shown(ana.page("/")) == []


def test_strangers_and_readers_of_other_audiences_meet_nothing(ana: Visitor, ben: Visitor, stranger: Visitor) -> None:
    options.change(system("tests"), public_reading=True)
    hr = audience("HR", ("person", str(ana.person_id)))
    row = announcements.make(who(ELI), wanted(audience=(hr.slug,)))
    db.session.commit()
    assert shown(ana.page("/")) == ["Closed on Friday"]
    for visitor in (ben, stranger):
        assert shown(visitor.page("/")) == []
        assert visitor.get(f"/announcements/{row.id}").status_code in (302, 404)
        assert visitor.post(f"/announcements/{row.id}/away").status_code in (303, 404)
        assert "announcements-away" not in {cookie.key for cookie in visitor.client._cookies.values()}
    with pytest.raises(NotFound):
        announcements.get(who(DARA), row.id)
    assert announced.listed(who(DARA), are_over=False) == []
    run_due()
    assert (news(ANA), news(BEN), news(DARA)) == (["announcement"], [], [])


def test_an_answer_is_named_to_those_who_may_read_it_alone(ana: Visitor, dara: Visitor) -> None:
    said, hidden = article("Closing days"), article("Redundancy plan")
    row = announcements.make(dara.actor, wanted(article_id=said.id))
    other = announcements.make(dara.actor, wanted(title="Other", article_id=hidden.id))
    hidden.access_key = "a0"
    db.session.commit()
    page = ana.page("/")
    assert "Closing days" in page.text
    assert "Redundancy" not in page.text
    assert "Redundancy" not in ana.page(f"/announcements/{other.id}").text
    assert row.ref == Ref("announcement", row.id)


def test_put_away_it_stays_away_until_it_says_something_new(ana: Visitor, dara: Visitor) -> None:
    row = announcements.make(dara.actor, wanted())
    run_due()
    assert news(ANA) == ["announcement"]
    assert ana.post(f"/announcements/{row.id}/away").status_code == 303
    assert shown(ana.page("/")) == []
    assert db.session.execute(select(Notification.read_at)).scalar() is not None
    announcements.change(dara.actor, row, wanted(title="Closed on Thursday"), seen=0)
    db.session.commit()
    assert shown(ana.page("/")) == ["Closed on Thursday"]
    run_due()
    assert news(ANA) == ["announcement"]


def test_somebody_else_is_asked_and_nothing_is_read_before_they_agree(mia: Visitor, ana: Visitor, eli: Visitor) -> None:
    sent = form(sender="somebody", sender_mail=MIA.email)
    assert eli.post("/desk/announcements/", sent).status_code == 303
    (row,) = db.session.execute(select(Announcement)).scalars()
    run_due()
    assert (row.state, shown(ana.page("/")), news(ANA), news(MIA)) == ("asked", [], [], ["announcement_asked"])
    assert ana.get(f"/announcements/{row.id}").status_code == 404
    letter = db.session.execute(select(OutboxMail.text)).scalar_one()
    assert "The **whole** house." in letter
    assert f"/announcements/{row.id}" in letter
    assert "May this be announced in your name?" in mia.page(f"/announcements/{row.id}").text
    assert eli.post(f"/announcements/{row.id}/answer", {"answer": "yes"}).status_code == 403
    assert mia.post(f"/announcements/{row.id}/answer", {"answer": "yes"}).status_code == 303
    assert "Mia Duarte, 9 Mar" in ana.page("/").text
    assert news(ELI) == ["announcement_agreed"]
    run_due()
    assert (news(ANA), news(MIA)) == (["announcement"], ["announcement_asked"])
    announcements.change(eli.actor, row, wanted(title="Closed for good", sender=row.sender.ref), seen=0)
    db.session.commit()
    assert shown(ana.page("/")) == []
    assert mia.post(f"/announcements/{row.id}/answer", {"answer": "no"}).status_code == 303
    assert (row.state, shown(ana.page("/"))) == ("declined", [])


@pytest.mark.both
def test_putting_only_its_end_off_asks_nobody_again() -> None:
    mia, eli = who(MIA), who(ELI)
    row = announcements.make(eli, wanted(sender=Ref("person", mia.person_id or 0)))
    announcements.answer(mia, row, agrees=True)
    until = clock.now() + 9 * DAY
    announcements.change(eli, row, wanted(until=until, sender=Ref("person", mia.person_id or 0)), seen=0)
    assert (row.state, row.ends_at) == ("up", until)


def test_whom_somebody_may_name() -> None:
    hr, it = settle(ELI).department_id, settle(DARA).department_id
    mia = settle(MIA).id
    allowed = {
        DARA: [],
        ELI: [Ref("department", hr), Ref("person", mia)],
        ADA: [Ref("department", hr), Ref("department", it), Ref("person", mia)],
    }
    for someone, names in allowed.items():
        for sender in (Ref("department", hr), Ref("department", it), Ref("person", mia), Ref("audience", 1)):
            if sender in names:
                assert announcements.make(who(someone), wanted(sender=sender)).sender_name in ("HR", "IT", "Mia Duarte")
            else:
                with pytest.raises(Invalid) as refused:
                    announcements.make(who(someone), wanted(sender=sender))
                assert refused.value.field == "sender"
    with pytest.raises(Forbidden):
        announcements.make(who(ANA), wanted())
    left = person("Zoe Hart", is_active=False)
    with pytest.raises(Invalid):
        announcements.make(who(ADA), wanted(sender=left.ref))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"body": " "}, "body"),
        ({"until": -1}, "until"),
        ({"until": 367}, "until"),
        ({"since": 3}, "until"),
        ({"since": -1}, "since"),
        ({"since": 367, "until": 368}, "since"),
        ({"audience": ("no-such",)}, "audience"),
        ({"article_id": 999}, "article"),
    ],
)
def test_what_cannot_be_announced_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    times = {name: clock.now() + days * DAY for name, days in changes.items() if name in ("since", "until")}
    with pytest.raises(Invalid) as refused:
        announcements.make(who(DARA), wanted(**(changes | times)))
    assert refused.value.field == field


def test_colleagues_end_what_they_see_and_change_only_what_is_theirs(dara: Visitor, eli: Visitor, ada: Visitor) -> None:
    hr = Ref("department", settle(ELI).department_id)
    row = announcements.make(eli.actor, wanted(sender=hr))
    db.session.commit()
    assert dara.post(f"/desk/announcements/{row.id}", form(title="Mine now")).status_code == 403
    taken = ada.post(f"/desk/announcements/{row.id}", form(title="By two", sender=str(hr), seen="0"))
    assert taken.status_code == 303
    late = eli.post(f"/desk/announcements/{row.id}", form(title="Too late", sender=str(hr), seen="0"))
    assert late.status_code == 409
    assert 'value="Too late"' in late.text
    assert dara.post(f"/desk/announcements/{row.id}/end").status_code == 303
    assert row.state == "over"
    assert "By two" in dara.page("/desk/announcements/").text
    names = select(LedgerEntry.name).where(LedgerEntry.name.like("announcement.%")).order_by(LedgerEntry.id)
    assert list(db.session.execute(names).scalars()) == [
        "announcement.made",
        "announcement.changed",
        "announcement.ended",
    ]


def test_it_is_seen_as_readers_see_it_before_anything_is_kept(dara: Visitor) -> None:
    page = dara.post("/desk/announcements/", form(preview="1", body="[x](javascript:alert(1)) **soon**"))
    assert page.status_code == 200
    assert "As readers see it" in page.text
    assert "<strong>soon</strong>" in page.text
    assert not Page(page.text).all("a", href="javascript:alert(1)")
    assert db.session.execute(select(Announcement)).first() is None


@pytest.mark.both
def test_a_large_house_is_told_piece_by_piece_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcements, "TOLD_AT_ONCE", 2)
    people = [person(f"Reader{i} Example") for i in range(5)]
    row = announcements.make(who(DARA), wanted())
    for _ in range(6):
        run_due()
    jobs.tell_announcement({"announcement": row.id})
    told = list(db.session.execute(select(Notification.person_id)).scalars())
    assert sorted(told) == sorted(one.id for one in people)


def test_without_any_no_page_asks_for_one(ana: Visitor, dara: Visitor, queries: Any, stopped_clock: Any) -> None:
    row = announcements.make(dara.actor, wanted())
    counts = []
    for _ in range(2):
        ana.page("/")
        with queries() as seen:
            ana.page("/")
        counts.append(sum(" announcement" in statement for statement in seen))
        row.ends_at = clock.now()
        options.touch(announced.STAMP)
    assert (counts, row.state) == ([1, 0], "over")


def test_hr_finds_the_way_there_though_the_desk_is_not_theirs(eli: Visitor, dara: Visitor, ana: Visitor) -> None:
    assert eli.page("/").all("a", href="/desk/announcements/")
    assert not ana.page("/").all("a", href="/desk/announcements/")
    assert dara.page("/desk/announcements/").all("a", href="/desk/topics/")
    assert not eli.page("/desk/announcements/").all("a", href="/desk/topics/")
    assert actor("Robin").can("announcement:write") is False  # type: ignore[arg-type]
