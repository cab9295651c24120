"""What the desk at Ostrey & Vale arranged for itself: prepared replies, a view of Cleo's, one trouble two report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.handing_over import read
from portal.demo.timeline import Do
from portal.tickets.desk import keeping, prepared, reports
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import SavedReply, Ticket

ARRANGED_DAYS = 50
REPLIES = (
    (
        "More about it",
        "Hello {name},\n\nso that we look in the right place: since when, on which device, and what do you see? "
        "A picture helps.",
    ),
    ("We look at it", "Hello {name},\n\nthank you, we are on it. You hear from us here, number {number}."),
    (
        "Is it solved?",
        "Hello {name},\n\nis it solved? If we hear nothing for three days, we think so; an answer opens it again.",
    ),
)
CLEOS = (
    "Restart first",
    "Hello {name},\n\nplease restart it once, wait two minutes, and tell me whether it is the same.",
)
TROUBLE = "Opening drawings from Old Mill is very slow"
REPORT = "Drawings take minutes to open from the Old Mill server"


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield what was arranged when the desk opened, and how two tickets turned out to be one trouble."""
    yield story.days_before(at, ARRANGED_DAYS), partial(arrange, cast)
    yield at - dt.timedelta(minutes=20), partial(tie, cast)


def arrange(cast: Cast) -> None:
    """Prepare replies, and keep a view."""
    db.session.add_all(SavedReply(title=title, body=body) for title, body in REPLIES)
    cleo = cast.actor("cleo")
    prepared.keep(cleo, None, title=CLEOS[0], body=CLEOS[1])
    keeping.keep_view(cleo, name="Older than a week", wanted=Wanted(view="queues", filters={"age": "7"}))


def tie(cast: Cast) -> None:
    """Hang the one report below the other, if both are open."""
    numbers = {entry["subject"]: number for number, entry in enumerate(read())}
    trouble, report = (db.session.get_one(Ticket, cast.ref(f"ticket:{numbers[one]}").id) for one in (TROUBLE, REPORT))
    if trouble.is_open and report.is_open:
        reports.tie(cast.actor("cleo"), report, parent=trouble)
