"""What was announced, and the words and questions that Dara keeps for the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from portal.core import clock
from portal.core.refs import Ref
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.organisation import DATA
from portal.demo.timeline import Do
from portal.home import announcements
from portal.kb.shelving import tags
from portal.people import queries as people
from portal.search import judging, words
from portal.search.synonyms import LEADS, SAME
from portal.search.words import Change

GROUPS = ((SAME, "PO, purchase order", ""), (LEADS, "fob, key ring", "badge"), (SAME, "foreman, supervisor", ""))
LEFT_OUT = ("ostrey", "vale")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One announcement: by whom, in whose name, from how many days ago and for how long."""

    by: str
    title: str
    body: str
    days_ago: int
    lasts: int
    written: int
    sender: str = ""
    """First name, or the slug of a department; empty for whoever writes it."""
    article: str = ""
    audience: tuple[str, ...] = ()


TOLD = (
    Told(
        by="eli",
        sender="hr",
        title="The party is at Old Mill",
        body="Friday from four, families welcome. The bus leaves Harbour House at half past three.",
        days_ago=160,
        lasts=14,
        written=161,
    ),
    Told(
        by="dara",
        title="The badge opens the printers now",
        body="No more codes at the printers: hold your badge against the reader.",
        days_ago=95,
        lasts=21,
        written=96,
        article="follow-me-printing",
    ),
    Told(
        by="eli",
        sender="hr",
        title="Hand in your expenses by the end of the month",
        body="What comes later is paid **a month later**. A photo of the receipt is enough.",
        days_ago=9,
        lasts=40,
        written=10,
        article="expenses-with-receipts",
    ),
    Told(
        by="ada",
        sender="it",
        title="No mail for an hour, early in the morning",
        body="We move the mailboxes to new machines between six and seven. Nothing gets lost.",
        days_ago=-4,
        lasts=4,
        written=1,
    ),
    Told(
        by="eli",
        sender="mia",
        title="Safety day in the workshop",
        body="On the first Thursday of the month, the machines stand still from ten to twelve.",
        days_ago=-3,
        lasts=14,
        written=1,
        audience=("workshop",),
    ),
)


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield when who announced what, and when Dara told the search its words, for a story that ends at `at`."""
    for told in TOLD:
        yield story.days_before(at, told.written, hour=9), partial(_announce, cast, told, at)
    yield story.days_before(at, 70, hour=14), partial(_tell_words, cast)
    yield story.days_before(at, 1, hour=14), partial(_judge, cast)
    yield story.days_before(at, 33, hour=15), partial(_tidy_tags, cast)


def _announce(cast: Cast, told: Told, at: dt.datetime) -> None:
    author = cast.actor(told.by)
    since = max(story.days_before(at, told.days_ago, hour=9), clock.now())
    wanted = announcements.Wanted(
        title=told.title,
        body=told.body,
        since=since,
        until=since + dt.timedelta(days=told.lasts),
        sender=_sender(cast, told.sender),
        audience=told.audience,
        article_id=cast.ref(f"article:{told.article}").id if told.article else None,
    )
    row = announcements.make(author, wanted)
    if row.from_at <= clock.now():
        announcements.tell_readers(row.id)


def _sender(cast: Cast, name: str) -> Ref | None:
    if not name:
        return None
    unit = next((one for one in people.departments() if one.slug == name), None)
    return Ref("department", unit.id) if unit else Ref("person", cast.actor(name).person_id or 0)


def _judge(cast: Cast) -> None:
    dara = cast.actor("dara")
    for line in (DATA / "judged.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            question, slugs = line.split("\t")
            for slug in (one for one in slugs.split("|") if f"article:{one}" in cast.refs):
                judging.judge(dara, question, cast.ref(f"article:{slug}"))


def _tidy_tags(cast: Cast) -> None:
    tags.rename(cast.actor("dara"), "memory stick", to="usb")


def _tell_words(cast: Cast) -> None:
    dara = cast.actor("dara")
    for kind, typed, sought in GROUPS:
        words.keep(dara, Change(op="add", group=words.group_of(kind, typed, sought)))
    for word in LEFT_OUT:
        words.keep(dara, Change(op="stop", word=word))
