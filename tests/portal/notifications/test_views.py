"""The bell and the page behind it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.database import db
from portal.notifications import services
from portal.notifications.models import Notification
from tests.factories import kb
from tests.people import Visitor


@pytest.fixture
def told(ana: Visitor, dara: Visitor) -> Any:
    """Ana was told of an answer; the article it is about."""
    article = kb.article("Connect to the VPN")
    services.tell([ana.person_id], "feedback_reply", subject=article.ref, actor=dara.actor)
    return article


def bell(visitor: Visitor) -> str:
    (link,) = [a for a in visitor.page("/account").all("a") if "bell" in (a.get("class") or "").split()]
    return next(part.get("aria-label", "") for part in link.iter() if part.get("aria-label"))


def test_the_bell_has_a_dot_until_the_news_is_opened(ana: Visitor, told: Any) -> None:
    assert bell(ana) == "1 new thing"
    form = next(f for f in ana.page("/notifications/").all("form") if f.get("action", "").endswith("/open"))
    opened = ana.post(form.get("action", ""))
    assert (opened.status_code, opened.headers["Location"]) == (303, f"/kb/{told.slug}")
    assert bell(ana) == "Nothing new"


def test_looking_at_the_page_marks_nothing(ana: Visitor, told: Any) -> None:
    for _ in range(2):
        assert "Dara Voss answered what you said" in ana.page("/notifications/").text
    assert bell(ana) == "1 new thing"


def test_all_are_marked_at_one_press(ana: Visitor, told: Any) -> None:
    ana.post("/notifications/read")
    assert bell(ana) == "Nothing new"


def test_nobody_opens_the_news_of_somebody_else(ana: Visitor, ben: Visitor, told: Any) -> None:
    assert ben.post("/notifications/1/open").status_code == 404
    assert ben.post("/notifications/99/open").status_code == 404
    ben.post("/notifications/read")
    assert bell(ana) == "1 new thing"


def test_an_empty_page_teaches_what_will_be_there(ana: Visitor) -> None:
    page = ana.page("/notifications/")
    assert "Nothing yet" in page.text
    assert page.heading == "What is new"
    assert "/account/notifications" in page.links.values()


def test_long_news_is_read_page_by_page_with_the_same_number_of_questions(
    ana: Visitor, told: Any, dara: Visitor, queries: Any
) -> None:
    counts = []
    for more in (60, 0):
        ana.get("/notifications/")
        with queries() as statements:
            ana.get("/notifications/")
        counts.append(len(statements))
        for _ in range(more):
            services.tell([ana.person_id], "feedback_reply", subject=told.ref, actor=dara.actor)
    assert counts[0] == counts[1]
    first = ana.page("/notifications/")
    older = ana.page(first.links["Older"])
    assert first.text.count("Dara Voss answered") == 50
    assert older.text.count("Dara Voss answered") == 11


def test_news_of_what_is_gone_stays_readable(ana: Visitor, told: Any, dara: Visitor) -> None:
    db.session.delete(told)
    db.session.add(
        Notification(
            person_id=ana.person_id, kind="of another release", ref=None, data={}, created_at=dara.person.created_at
        )
    )
    page = ana.page("/notifications/")
    assert "Something that you can no longer see" in page.text
    assert "VPN" not in page.text
    assert ana.post("/notifications/1/open").headers["Location"] == "/notifications/"
