"""Both tables in, every figure of METRICS 1.5, 1.6 and 2.1 out, with each need and its reason.

`dity measure needs` prints this for anybody's files, and the dashboard calls the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analytics import deflection, findability
from analytics.deflection import Counts, Deflection
from analytics.findability import Findability, Resolution
from analytics.needs import trails
from analytics.needs.attempts import Attempts, pack
from analytics.needs.outcomes import Needs, Outcome, judge
from analytics.needs.topics import find
from analytics.needs.trails import GAP, HOUR
from analytics.table import NEVER, EventTable, TicketTable

WINDOW = 24 * HOUR
WINDOWS = (4 * HOUR, 24 * HOUR, 72 * HOUR)
"""How long to wait for a ticket has no right answer, so the others are shown beside the chosen one."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Tickets against the people who could have written them (rule 25)."""

    n: int
    """Without the children of a parent incident."""
    n_with_children: int
    eligible: int | None = None
    months: float | None = None

    @property
    def rate(self) -> float | None:
        return self.n / self.eligible if self.eligible else None

    @property
    def rate_with_children(self) -> float | None:
        return self.n_with_children / self.eligible if self.eligible else None

    @property
    def per_user_month(self) -> float | None:
        """Contacts of a person in a month; only where the length of the period is known."""
        return self.n / (self.eligible * self.months) if self.eligible and self.months else None


@dataclass(frozen=True, slots=True)
class Foreign:
    """What others would report of the same tables: to compare with, not to steer by."""

    sessions: int
    ticket_users: int
    confirmed: int
    tickets: int
    estimated: float | None

    @property
    def sessions_to_ticket_users(self) -> float | None:
        """Zendesk's self-service score."""
        return self.sessions / self.ticket_users if self.ticket_users else None

    @property
    def self_service_rate(self) -> float | None:
        """MetricNet's, over confirmed needs and tickets."""
        whole = self.confirmed + self.tickets
        return self.confirmed / whole if whole else None

    @property
    def self_service_rate_estimated(self) -> float | None:
        """The same with the estimate in place of the confirmed ones."""
        if self.estimated is None:
            return None
        whole = self.estimated + self.tickets
        return self.estimated / whole if whole else None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was read and not measured; nothing vanishes silently."""

    excluded: dict[str, int]
    anonymous: int
    set_aside: int
    repeated_events: int
    repeated_tickets: int
    later_events: int
    later_tickets: int


@dataclass(frozen=True)
class Reckoning:
    """Everything that can be said of two tables at one moment under one window."""

    window: int
    gap: int
    as_of: int
    deflection: Deflection
    anonymous: Counts
    windows: dict[int, Deflection]
    without_topics: Deflection
    """Every near ticket linked, whatever its topic: what is wrong without topics."""
    contacts: Contacts
    foreign: Foreign
    findability: Findability
    resolution: Resolution
    left_out: LeftOut
    needs: Needs
    within: tuple[int, int] | None = None
    """Of which stretch the needs are that are told of, by their end; None: of all."""


def reckon(
    events: EventTable,
    tickets: TicketTable,
    *,
    as_of: int,
    window: int = WINDOW,
    gap: int = GAP,
    eligible: int | None = None,
    months: float | None = None,
    windows: Iterable[int] = WINDOWS,
    reach: int | None = None,
    within: tuple[int, int] | None = None,
) -> Reckoning:
    """Measure both tables as known at `as_of`; `reach` bounds how far back sources are heeded, as the portal does.

    `within` tells of the needs that ended in a stretch of time, as the pages do of a period. Searches, tickets and what
    was left out stay those of the whole.
    """
    events, tickets = events.until(as_of), tickets.until(as_of)
    followed = trails.follow(events, gap=gap, reach=reach)
    topics = find(followed, gap=gap, reach=reach)
    attempts = pack(followed.table, followed.who, topics, gap=gap)
    needs = judge(attempts, tickets, window=window, as_of=as_of)
    found = deflection.deflect_in(needs, within)
    return Reckoning(
        window=window,
        gap=gap,
        as_of=as_of,
        deflection=found,
        anonymous=deflection.counts(needs, is_anon=True),
        windows={other: _under(attempts, tickets, other, as_of, needs, found, within) for other in windows},
        without_topics=deflection.deflect_in(judge(attempts, tickets, window=window, as_of=as_of, is_any=True), within),
        contacts=contacts(tickets, eligible=eligible, months=months),
        foreign=_foreign(events, tickets, found),
        findability=findability.figures(findability.read(followed, topics, gap=gap)),
        resolution=resolution(needs),
        left_out=LeftOut(
            excluded=followed.excluded,
            anonymous=int(events.by("anon").sum()),
            set_aside=followed.n_set_aside,
            repeated_events=events.n_repeated,
            repeated_tickets=tickets.n_repeated,
            later_events=events.n_later,
            later_tickets=tickets.n_later,
        ),
        needs=needs,
        within=within,
    )


def _under(
    attempts: Attempts,
    tickets: TicketTable,
    window: int,
    as_of: int,
    needs: Needs,
    found: Deflection,
    within: tuple[int, int] | None,
) -> Deflection:
    if window == needs.window:
        return found
    return deflection.under(attempts, tickets, window=window, as_of=as_of, within=within)


def contacts(tickets: TicketTable, *, eligible: int | None = None, months: float | None = None) -> Contacts:
    """Count tickets, children of a parent incident apart."""
    children = int((tickets.parent.codes >= 0).sum())
    return Contacts(len(tickets) - children, len(tickets), eligible, months)


def _foreign(events: EventTable, tickets: TicketTable, found: Deflection) -> Foreign:
    sessions = events.session.codes[events.by("user", "anon")]
    return Foreign(
        sessions=len(np.unique(sessions[sessions >= 0])),
        ticket_users=len(np.unique(tickets.requester.codes)),
        confirmed=found.counts.confirmed,
        tickets=len(tickets),
        estimated=found.estimate.count if found.estimate else None,
    )


def resolution(needs: Needs) -> Resolution:
    """Measure from the first event of each confirmed need of a user to the first yes; the others are counted."""
    users = needs.counted() & ~needs.chains.is_anon
    solved = users & needs.are(Outcome.CONFIRMED) & (needs.chains.first_yes_at != NEVER)
    return findability.resolution(
        needs.chains.start[solved], needs.chains.first_yes_at[solved], n_open=int((users & ~solved).sum())
    )


def naive_to_floor(found: Deflection) -> float | None:
    """Return how many times the floor the figure of vendors is, None where there is no floor to speak of."""
    floor = found.floor
    if floor is None or found.no_ticket is None or not floor.k:
        return None
    return found.no_ticket.point / floor.point
