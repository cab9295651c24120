"""Mail to the service desk of the last days that no rule can place, so that somebody has something to sort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial

from sqlalchemy import select

from portal.core.database import db
from portal.demo import organisation, story
from portal.demo.timeline import Do
from portal.tickets.mail import dealing, reading, taking
from portal.tickets.models import Queue

MAILS = (
    {
        "days": 1,
        "from": "Jonas Feld <jonas@feld-haulage.example>",
        "subject": "Which gate on Thursday?",
        "text": "Good morning,\n\nour lorry comes on Thursday at seven. Is it the north gate again, and who lets us"
        " in?\n\n-- \nJonas Feld\nFeld Haulage",
    },
    {
        "days": 2,
        "from": "Priya Nair <priya@nair-timber.example>",
        "subject": "Your portal refuses our drawings",
        "text": "Hello, the link you sent us for the drawings says that it has run out. Could you send a new one?",
    },
    {
        "days": 3,
        "from": f"Ben Kaya <ben@{organisation.DOMAIN}>",
        "subject": "Automatic reply: How did it go?",
        "text": "I am out of the office until Monday.",
        "Auto-Submitted": "auto-replied",
    },
    {
        "days": 5,
        "from": "Office Offers <news@office-offers.example>",
        "subject": "Chairs: a third off until Friday",
        "text": "Every chair of the range.",
        "List-Id": "<news.office-offers.example>",
    },
)


def planned(at: dt.datetime) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield each mail at its time."""
    yield story.days_before(at, 20, hour=8), give_addresses
    for number, mail in enumerate(MAILS):
        yield story.days_before(at, int(str(mail["days"])), hour=8 + number), partial(arrive, number)


def give_addresses() -> None:
    """Give each queue the address that it reads."""
    for queue in db.session.execute(select(Queue)).scalars():
        queue.email = f"{queue.slug}@{organisation.DOMAIN}"
    db.session.flush()


def arrive(number: int) -> None:
    """Let a mail come in."""
    given = dict(MAILS[number])
    letter = EmailMessage()
    letter["From"], letter["Subject"] = str(given.pop("from")), str(given.pop("subject"))
    letter["To"] = f"desk@{organisation.DOMAIN}"
    letter["Message-ID"] = f"<demo-{number}@{organisation.DOMAIN}>"
    letter.set_content(str(given.pop("text")))
    given.pop("days")
    for name, value in given.items():
        letter[name] = str(value)
    if (row := taking.take(letter.as_bytes())) is not None:
        dealing.deal(row, reading.read(taking.raw_of(row)))
