"""What somebody tried in this visit before they hand over: the searches, the pages, and where they said "not yet".

It is read from what the ledger saw of this very visit. What goes along is chosen chip by chip; each names an entry of
the ledger, so nobody hands over words that were never searched, nor a page of somebody else's visit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.arguments import LEDGER_ROW, ROW
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.ledger import queries as ledger
from portal.ledger.models import LedgerEntry
from portal.tickets.models import Source, Status, Ticket, TrailKind
from portal.tickets.opening import Tried

WITHIN = dt.timedelta(hours=2)
"""So far back a visit is looked at when the form opens."""
KEPT = dt.timedelta(days=1)
"""So long a form may stand open before what goes along is forgotten."""
MOST = 12
NAMES = (Name.SEARCH_PERFORMED, Name.ARTICLE_VIEWED, Name.QUESTION_VIEWED, Name.TIP_VIEWED, Name.SOLUTION_MARKED)
ICONS = {TrailKind.SEARCH: "search", TrailKind.READ: "answer", TrailKind.STEP: "steps", TrailKind.NOT_YET: "flag"}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One thing that can go along; `value` names it in the form."""

    value: str
    tried: Tried
    thing: Thing | None = None

    @property
    def icon(self) -> str:
        return "question" if self.thing and self.thing.ref.kind == "question" else ICONS[self.tried.kind]

    @property
    def text(self) -> str:
        if self.tried.kind is TrailKind.SEARCH:
            return _("“%(words)s”", words=self.tried.text)
        return (
            _("Not yet: %(title)s", title=self.tried.text) if self.tried.kind is TrailKind.NOT_YET else self.tried.text
        )

    @property
    def steps_key(self) -> str:
        """Under what name this device keeps the ticks of an article."""
        if self.thing is None or self.thing.ref.kind != "article" or self.tried.kind is not TrailKind.READ:
            return ""
        return f"{self.thing.meta['slug']}:{self.thing.meta['version']}"


def of_visit(actor: Actor, *, articles: Sequence[int] = ()) -> list[Chip]:
    """Return what was tried in this visit, in its order, each thing once, the latest few.

    What went along with a ticket handed over meanwhile belongs to that one, and what solved something to neither.
    `articles` are pages the address names; they may be too fresh for the ledger.
    """
    if actor.person_id is None:
        return []
    since = max(clock.now() - WITHIN, _last_handed_over(actor.person_id))
    entries = ledger.latest_of(actor.person_id, NAMES, since=since, visit=actor.visit, limit=4 * MOST)
    solved = {one.subject for one in entries if one.name == Name.SOLUTION_MARKED and one.props.get("solved")}
    entries = [one for one in entries if one.subject is None or one.subject not in solved]
    chips = _chips(actor, entries, articles)
    return chips[-MOST:]


def _last_handed_over(person_id: int) -> dt.datetime:
    """Return when they last opened a ticket that they did not withdraw; what is tried for one stays with that one."""
    query = select(Ticket.opened_at).where(Ticket.requester_id == person_id, Ticket.status != Status.WITHDRAWN.value)
    query = query.where(Ticket.source == Source.PORTAL.value).order_by(Ticket.opened_at.desc()).limit(1)
    return db.session.execute(query).scalar() or dt.datetime.min.replace(tzinfo=dt.UTC)


def chosen(actor: Actor, values: Iterable[str], *, ticked: Iterable[str] = ()) -> list[Tried]:
    """Return what somebody left in of what was offered to them; whatever else a form names is dropped."""
    return [chip.tried for chip in named(actor, values, ticked=ticked)]


def named(actor: Actor, values: Iterable[str], *, ticked: Iterable[str] = ()) -> list[Chip]:
    """Return the chips a form names, with how many steps this device says were ticked."""
    if actor.person_id is None:
        return []
    values = list(values)[: 2 * MOST]
    entry_ids = {number for one in values if (number := _number(one, "e", LEDGER_ROW))}
    article_ids = [number for one in values if (number := _number(one, "a", ROW))]
    since = clock.now() - KEPT
    entries = ledger.latest_of(actor.person_id, NAMES, since=since, ids=entry_ids) if entry_ids else []
    return _with_steps(_chips(actor, entries, article_ids), ticked)


def _number(value: str, letter: str, most: int) -> int:
    digits = value[1:]
    is_number = value[:1] == letter and digits.isascii() and digits.isdigit() and len(digits) <= 19
    return int(digits) if is_number and int(digits) <= most else 0


def _chips(actor: Actor, entries: Sequence[LedgerEntry], articles: Sequence[int]) -> list[Chip]:
    """Turn entries into chips: each search and page once, where it was first; what is not seen any more is left out."""
    named_here = [Ref("article", one) for one in articles]
    refs = [Ref.parse(entry.subject) for entry in entries if entry.subject]
    things = load_things(actor, [*refs, *named_here]) if refs or named_here else {}
    chips: dict[tuple[str, str], Chip] = {}
    for entry in entries:
        chip = _chip(entry, things)
        if chip is not None:
            chips.setdefault((chip.tried.kind, _what(chip.tried)), chip)
    for ref in named_here:
        thing = things.get(ref)
        if thing is not None:
            tried = Tried(kind=TrailKind.READ, text=thing.title, subject=ref)
            chips.setdefault((TrailKind.READ, _what(tried)), Chip(value=f"a{ref.id}", tried=tried, thing=thing))
    return list(chips.values())


def _what(tried: Tried) -> str:
    return str(tried.subject) if tried.subject else tried.text.casefold()


def _chip(entry: LedgerEntry, things: dict[Ref, Thing]) -> Chip | None:
    value, at = f"e{entry.id}", entry.at
    if entry.name == Name.SEARCH_PERFORMED:
        words = str(entry.props.get("query", ""))
        if not words or entry.props.get("of"):
            return None
        n = entry.props.get("n_results")
        return Chip(value=value, tried=Tried(kind=TrailKind.SEARCH, text=words, n_results=n, at=at))
    thing = things.get(Ref.parse(entry.subject)) if entry.subject else None
    if thing is None or (entry.name == Name.SOLUTION_MARKED and entry.props.get("solved")):
        return None
    kind = TrailKind.NOT_YET if entry.name == Name.SOLUTION_MARKED else TrailKind.READ
    return Chip(value=value, tried=Tried(kind=kind, text=thing.title, subject=thing.ref, at=at), thing=thing)


def _with_steps(chips: list[Chip], ticked: Iterable[str]) -> list[Chip]:
    """Put how many steps were ticked behind the article they are of; no more than it has."""
    by_article: dict[int, int] = {}
    for one in list(ticked)[: 2 * MOST]:
        article, _colon, done = one.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (article, done)):
            by_article[int(article)] = int(done)
    found: list[Chip] = []
    for chip in chips:
        found.append(chip)
        if not chip.steps_key or chip.thing is None:
            continue
        done_here = by_article.get(chip.thing.ref.id, 0)
        if 0 < done_here <= int(chip.thing.meta.get("n_steps", 0)):
            title = chip.thing.title
            words = ngettext(
                "%(num)s step ticked: %(title)s", "%(num)s steps ticked: %(title)s", done_here, title=title
            )
            tried = Tried(kind=TrailKind.STEP, text=words, subject=chip.thing.ref, at=chip.tried.at)
            found.append(Chip(value=f"{chip.thing.ref.id}:{done_here}", tried=tried, thing=chip.thing))
    return found
