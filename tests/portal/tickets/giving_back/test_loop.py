"""From a search that found nothing to an answer that is found (T8): each step as its person takes it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.jobs.runner import Runner
from portal.kb.models import Draft
from portal.kb.writing import publishing
from portal.notifications.models import Notification
from portal.search import jobs as maintenance
from portal.tickets.models import Ticket
from tests.factories import kb, tickets
from tests.people import CLEO, settle


def test_what_was_searched_for_in_vain_is_found_once_the_desk_has_given_it_back(
    db: Any, app: Any, ana: Any, cleo: Any, dara: Any
) -> None:
    topic = kb.article("Connect to the VPN").category
    tickets.queue("Desk", settle(CLEO), is_default=True)
    maintenance.rebuild({})
    words = "plotter smears edges"
    assert "Plotter smears edges" not in ana.page(f"/search?q={words}").text
    app.extensions["dity-buffer"].flush()
    ana.submit(f"/tickets/new?q={words}", "/tickets/new", subject="The plotter is useless", category_id=str(topic.id))
    ticket = db.session.execute(select(Ticket)).scalar_one()
    where = f"/queue/tickets/{ticket.id}/solve"
    answer = cleo.submit(where, where, knowledge="drafted", body="Hello Ana,\n\nclean its rail with the grey cloth.")
    draft = db.session.execute(select(Draft)).scalar_one()
    assert answer.location == f"/desk/drafts/{draft.id}"
    assert (draft.title, draft.body) == ("Plotter smears edges", "clean its rail with the grey cloth.")
    draft.summary = "Smeared edges come from a dirty rail."
    publishing.publish(dara.actor, draft, although=True)
    db.session.commit()
    Runner(app).drain()
    assert "Plotter smears edges" in ana.page(f"/search?q={words}").text
    told = db.session.execute(select(Notification.kind).where(Notification.person_id == ana.person_id)).scalars().all()
    assert "now_an_answer" in told
