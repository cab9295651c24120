"""One need in words: what it was about, how it ended and what decided, without telling whose it was."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from analytics.needs.outcomes import Outcome, Row
from portal.measures import columns

SHORT = 6
"""Letters of a pseudonym that are shown: enough to see that two rows are one person's."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A row of the list."""

    who: str
    topic: str
    outcome: str
    kind: str
    why: str
    on: dt.date
    n_attempts: int
    n_events: int


def told(row: Row, topics: Mapping[int, str]) -> Told:
    """Put a need into words; topics this reader may not see, and searches of one's own words, stay unnamed."""
    kind, _sep, number = row.topic.partition(":")
    if kind == columns.TOPIC and number.isdigit():
        topic = topics.get(int(number), _("A topic not shown to you"))
    else:
        topic = _("No topic: a search that led nowhere") if kind == "q" else _("No topic")
    return Told(
        who=hashlib.sha256(row.actor.encode()).hexdigest()[:SHORT],
        topic=topic,
        outcome=called(row.outcome),
        kind=row.outcome.value,
        why=_why(row),
        on=(columns.EPOCH + dt.timedelta(milliseconds=row.end)).date(),
        n_attempts=row.n_attempts,
        n_events=row.n_events,
    )


def called(outcome: Outcome) -> str:
    """Return what an outcome is called."""
    return {
        Outcome.CONFIRMED: _("Confirmed"),
        Outcome.FAILED: _("Failed"),
        Outcome.AVERTED: _("Averted"),
        Outcome.PRESUMED: _("Presumed"),
        Outcome.ABANDONED: _("Abandoned"),
        Outcome.ESCALATED: _("Escalated"),
        Outcome.IMMATURE: _("Too early to tell"),
        Outcome.AFTER_TICKET: _("After a ticket"),
        Outcome.FORM_ONLY: _("A form alone"),
    }[outcome]


def _why(row: Row) -> str:
    """Say what decided."""
    if row.outcome is Outcome.ESCALATED:
        return _escalated(row)
    return {
        Outcome.CONFIRMED: _("The last answer to “Did this solve it?” is yes, and no related ticket followed."),
        Outcome.FAILED: _("The last answer is “not yet”, and no related ticket followed."),
        Outcome.AVERTED: _("A form was begun, then something was read and nothing sent."),
        Outcome.PRESUMED: _("Something was read and no ticket followed; nobody said whether it solved anything."),
        Outcome.ABANDONED: _("Nothing was read that could help, and no ticket followed."),
        Outcome.IMMATURE: _("A ticket may still follow."),
        Outcome.AFTER_TICKET: _("It began soon after a ticket on the same: reading what the desk sent."),
        Outcome.FORM_ONLY: _("A form and nothing looked for: a contact, not a need."),
    }[row.outcome]


def _escalated(row: Row) -> str:
    if not row.tickets:
        return _("A form was sent; its ticket is not on file.")
    tie = {
        "form": _("made from its form"),
        "agent": _("which the desk tied to it"),
        "topic": _("on the same topic"),
        "met": _("on a topic met on the way"),
        "similar": _("in similar words"),
        "any": _("of the same person"),
    }[row.tickets[0][1]]
    return ngettext(
        "A ticket followed, %(tie)s.", "%(num)s tickets followed, the first %(tie)s.", len(row.tickets), tie=tie
    )
