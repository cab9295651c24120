"""What is known of everybody, from folded attempts, tickets, sign-ins and what people gave; kept for one counting only.

People are found by their pseudonym among the attempts that are kept. When those are forgotten, so is who came when:
what somebody did before counts no longer, and stays in the sums of days that were counted then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select

from analytics.adoption.funnel import HELPED
from analytics.adoption.rhythm import Days
from analytics.adoption.standing import NEVER, Courses, Ints, Marks
from analytics.columns import Coded
from analytics.events import Name
from analytics.needs.outcomes import COUNTED, Outcome, judge
from analytics.needs.trails import HOUR
from portal.adoption.roster import EPOCH, Roster, number
from portal.community.models import Answer, Question, Tip
from portal.core.database import db
from portal.kb.models import Draft, State, Suggestion
from portal.ledger.models import LedgerEntry
from portal.measures import columns, packs, reports

DAY_MS = 24 * HOUR
HERE = (*COUNTED, Outcome.IMMATURE)
"""Needs that began here, however they ended."""
MONTH = dt.timedelta(days=28)
CAPABILITIES = {
    "search": (Name.SEARCH_PERFORMED,),
    "read": (Name.ARTICLE_VIEWED,),
    "say": (Name.SOLUTION_MARKED,),
    "ask": (Name.QUESTION_ASKED,),
    "answer": (Name.ANSWER_GIVEN,),
    "vote": (Name.VOTE_CAST,),
    "tip": (Name.TIP_WRITTEN,),
    "mend": (Name.EDIT_SUGGESTED,),
    "hand over": (Name.TICKET_OPENED,),
}
"""What there is to be used, and the facts that tell of it."""


@dataclass(frozen=True)
class Gathered:
    """Everybody, and what they did, as columns."""

    roster: Roster
    courses: Courses
    visitor: Ints
    """Whose each visit is, a line for each person and day or more."""
    visited_on: Ints
    first: dt.date
    """The first day whose attempts are kept."""
    used: dict[int, frozenset[str]]
    """Which capabilities each person used in the last 28 days."""

    @cached_property
    def days(self) -> dict[int, list[dt.date]]:
        """The days on which each person came."""
        found: dict[int, set[int]] = {}
        for person, day in zip(self.visitor.tolist(), self.visited_on.tolist(), strict=True):
            found.setdefault(person, set()).add(day)
        return {person: [EPOCH + dt.timedelta(days=day) for day in sorted(on)] for person, on in found.items()}

    def days_among(self, people: Marks) -> Days:
        """Return on which days the marked people came."""
        return {str(person): on for person, on in self.days.items() if people[person]}


def gather(roster: Roster, as_of: dt.date) -> Gathered | None:
    """Read what is kept; None where nothing is."""
    first = packs.first_day()
    if first is None or not roster.ids:
        return None
    attempts = packs.attempts(None, as_of)
    tickets = columns.read_tickets(columns.midnight(first), columns.midnight(as_of))
    known = columns.at_ms(columns.midnight(as_of)) - 1
    needs = judge(attempts, tickets, window=reports.WINDOW * HOUR, as_of=known)
    chains = needs.chains
    whose = _places(chains.actor, roster)
    kept = ~chains.is_anon & (whose >= 0) & ~needs.are(Outcome.AFTER_TICKET)
    asker = _places(tickets.requester, roster)
    straight = (needs.links.need < 0) & (asker >= 0)
    at = np.concatenate([chains.start[kept], tickets.at[straight]])
    order = np.argsort(at, kind="stable")
    person = np.concatenate([whose[kept], asker[straight]])[order]
    n_straight = int(straight.sum())
    looked = np.concatenate([needs.are(*HERE)[kept], np.zeros(n_straight, dtype=np.bool_)])[order]
    helped = np.concatenate([needs.are(*HELPED)[kept], np.zeros(n_straight, dtype=np.bool_)])[order]
    came = _places(attempts.actor, roster)
    is_known = ~attempts.is_anon & (came >= 0)
    visitor, visited_on = came[is_known], attempts.start[is_known] // DAY_MS
    came_on = _earliest(len(roster.ids), visitor, visited_on)
    for place, day in _signed_in(roster, as_of):
        came_on[place] = min(came_on[place], day)
    return Gathered(
        roster=roster,
        courses=Courses(
            since=roster.since,
            until=roster.until,
            came_on=came_on,
            gave_on=_gave_on(roster),
            person=person,
            day=at[order] // DAY_MS,
            is_here=looked,
            is_helped=helped,
        ),
        visitor=visitor,
        visited_on=visited_on,
        first=first,
        used=_used(roster, as_of),
    )


def _places(column: Coded, roster: Roster) -> Ints:
    """Return the place of each row's person, -1 for who is not on the roster."""
    found = np.array([roster.visitors.get(label, -1) for label in column.labels] or [-1], dtype=np.int64)
    return np.where(column.codes >= 0, found[column.codes], -1)


def _earliest(n: int, person: Ints, day: Ints) -> Ints:
    found = np.full(n, NEVER, dtype=np.int64)
    np.minimum.at(found, person, day)
    return found


def _signed_in(roster: Roster, as_of: dt.date) -> Iterator[tuple[int, int]]:
    """Yield who signed in on which day: whoever came and looked for nothing was reached all the same."""
    entry = LedgerEntry
    query = select(entry.actor_id, entry.at).where(
        entry.name == Name.SESSION_STARTED.value, entry.at < columns.midnight(as_of), entry.actor_id.is_not(None)
    )
    for person_id, at in db.session.execute(query.execution_options(yield_per=columns.BATCH)):
        if person_id in roster.places:
            yield roster.places[person_id], number(at.date())


def _gave_on(roster: Roster) -> Ints:
    """Return when each person first gave something that was taken: an answer, a tip, a correction, a text."""
    found = np.full(len(roster.ids), NEVER, dtype=np.int64)
    for person_id, at in _given():
        if at is not None and person_id in roster.places:
            place = roster.places[person_id]
            found[place] = min(found[place], number(at.date()))
    return found


def _given() -> Iterator[tuple[int | None, dt.datetime | None]]:
    accepted = select(Answer.author_id, Question.accepted_at).join(Question, Question.accepted_answer_id == Answer.id)
    tips = select(Tip.author_id, Tip.created_at).where(Tip.removed_at.is_(None))
    mended = select(Suggestion.person_id, Suggestion.published_at)
    for query in (  # each with a person, by its condition
        accepted.where(Answer.author_id.is_not(None), Answer.removed_at.is_(None)),
        tips,
        mended.where(Suggestion.published_at.is_not(None)),
    ):
        for person_id, at in db.session.execute(query):
            yield person_id, at
    published = select(Draft.written_by, Draft.created_by_id, Draft.based_on, Draft.closed_at)
    for written_by, began, based_on, at in db.session.execute(published.where(Draft.state == State.PUBLISHED.value)):
        for person_id in {*written_by, *([began] if based_on == 0 and began else [])}:
            yield person_id, at


def _used(roster: Roster, as_of: dt.date) -> dict[int, frozenset[str]]:
    """Return what of all there is each person used in the last 28 days; facts of one name are asked for at a time."""
    found: dict[int, set[str]] = {}
    entry = LedgerEntry
    for capability, names in CAPABILITIES.items():
        query = select(entry.actor_id).where(
            entry.name.in_([name.value for name in names]),
            entry.at >= columns.midnight(as_of - MONTH),
            entry.at < columns.midnight(as_of),
            entry.actor_id.is_not(None),
        )
        for person_id in db.session.execute(query.distinct()).scalars():
            if person_id in roster.places:
                found.setdefault(roster.places[person_id], set()).add(capability)
    return {place: frozenset(own) for place, own in found.items()}
