"""What tickets bring to the house."""

from __future__ import annotations

from portal.core.feature import Feature, JobKind, ThingKind
from portal.notifications import kinds
from portal.tickets import news, personal, things
from portal.tickets.views import mine

kinds.declare(*news.NEWS)


def feature() -> Feature:
    return Feature(
        name="tickets",
        personal_data=personal.PERSONAL,
        blueprints=(mine.bp,),
        jobs=(JobKind(name=news.ARRIVED, run=news.tell_arrived),),
        things=(
            ThingKind(kind="ticket", load=things.tickets),
            ThingKind(kind="ticket_message", load=things.messages),
        ),
    )
