"""How each need ended, and why (rules 15, 16, 18 to 21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.columns import Coded
from analytics.needs.attempts import Attempts
from analytics.needs.chaining import Chains, chain
from analytics.needs.linking import METHODS, Links, link
from analytics.table import Mask, Places, Small, TicketTable


class Outcome(StrEnum):
    """What can be said of a need. The first six are counted; of the others it cannot be said yet, or does not apply."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    AVERTED = "averted"
    PRESUMED = "presumed"
    ABANDONED = "abandoned"
    ESCALATED = "escalated"
    IMMATURE = "immature"
    AFTER_TICKET = "after_ticket"
    FORM_ONLY = "form_only"


OUTCOMES = tuple(Outcome)
COUNTED = OUTCOMES[:6]
CODE = {outcome: np.int8(code) for code, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class _Told:
    """What only the telling of needs asks for."""

    session: Coded
    n_events: Places
    n_searches: Places
    n_attempts: Places


@dataclass(frozen=True)
class Needs:
    """Needs with their outcomes, as known at one moment under one window."""

    chains: Chains
    tickets: TicketTable
    links: Links
    outcome: Small
    window: int
    as_of: int
    is_false_yes: Mask

    def __len__(self) -> int:
        return len(self.outcome)

    def are(self, *outcomes: Outcome) -> Mask:
        """Mark the needs with one of these outcomes."""
        return np.asarray(np.isin(self.outcome, [CODE[outcome] for outcome in outcomes]))

    def counted(self) -> Mask:
        """Mark the needs that are in N."""
        return self.are(*COUNTED)

    def tickets_of(self, need: int) -> list[int]:
        """Return the places of the tickets linked to a need."""
        return np.flatnonzero(self.links.need == need).tolist()

    def rows(self, places: Iterable[int] | None = None) -> Iterator[Row]:
        """Give every need with its reason, one by one; or those at these places."""
        of_need: dict[int, list[int]] = {}
        for ticket in np.flatnonzero(self.links.need >= 0).tolist():
            of_need.setdefault(int(self.links.need[ticket]), []).append(ticket)
        chains = self.chains
        told = _Told(
            chains.session,
            chains.total(chains.attempts.n_events),
            chains.total(chains.attempts.n_searches),
            chains.n_attempts(),
        )
        for need in range(len(self)) if places is None else places:
            yield self._row(need, of_need.get(need, []), told)

    def _row(self, need: int, tickets: list[int], told: _Told) -> Row:
        chains = self.chains
        outcome = OUTCOMES[self.outcome[need]]
        return Row(
            actor=chains.actor[need] or "",
            session=told.session[need],
            topic=chains.topic[need] or "",
            start=int(chains.start[need]),
            end=int(chains.end[need]),
            outcome=outcome,
            why=_why(self, need, outcome, tickets, is_search=bool(told.n_searches[need])),
            n_events=int(told.n_events[need]),
            n_attempts=int(told.n_attempts[need]),
            tickets=tuple((self.tickets.id[t] or "", METHODS[self.links.method[t]]) for t in tickets),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One need as people read it."""

    actor: str
    session: str | None
    topic: str
    start: int
    end: int
    outcome: Outcome
    why: str
    n_events: int
    n_attempts: int
    tickets: tuple[tuple[str, str], ...]
    """Linked tickets with what tied them."""


def judge(attempts: Attempts, tickets: TicketTable, *, window: int, as_of: int, is_any: bool = False) -> Needs:
    """Chain attempts into needs, link the tickets and give each need its one outcome.

    `is_any` links every ticket near enough whatever its topic: to show what is wrong without topics.
    """
    chains = chain(attempts, window=window)
    links = link(chains, tickets, window=window, is_any=is_any)
    linked = np.zeros(len(chains), dtype=np.bool_)
    linked[links.need[links.need >= 0]] = True
    escalated = linked | chains.has_submit
    # The first that fits wins: maturity before everything, then the precedence of METRICS 1.4.
    rules: list[tuple[Mask, Outcome]] = [
        (~chains.is_need, Outcome.FORM_ONLY),
        (chains.end + window > as_of, Outcome.IMMATURE),
        (escalated, Outcome.ESCALATED),
        (links.after >= 0, Outcome.AFTER_TICKET),
        (chains.last_answer == 1, Outcome.CONFIRMED),
        (chains.last_answer == 0, Outcome.FAILED),
        (chains.has_form & chains.is_read, Outcome.AVERTED),
        (chains.is_read, Outcome.PRESUMED),
    ]
    outcome = np.select(
        [mask for mask, _ in rules], [CODE[word] for _, word in rules], default=CODE[Outcome.ABANDONED]
    ).astype(np.int8)
    return Needs(
        chains=chains,
        tickets=tickets,
        links=links,
        outcome=outcome,
        window=window,
        as_of=as_of,
        is_false_yes=_false_yes(chains, links, tickets) & (outcome == CODE[Outcome.ESCALATED]),
    )


def _false_yes(chains: Chains, links: Links, tickets: TicketTable) -> Mask:
    """Mark needs whose last answer is yes although a ticket followed (rule 21)."""
    found = np.zeros(len(chains), dtype=np.bool_)
    linked = np.flatnonzero(links.need >= 0)
    need: Places = links.need[linked]
    belied = (chains.last_answer[need] == 1) & (tickets.at[linked] >= chains.answered_at[need])
    found[need[belied]] = True
    return found


_TIES = {
    "form": "made from its form",
    "agent": "which an agent said belongs to it",
    "topic": "on the same topic",
    "met": "on a topic met on the way",
    "similar": "in similar words",
    "any": "of the same person",
}


def _why(needs: Needs, need: int, outcome: Outcome, tickets: list[int], *, is_search: bool) -> str:
    """Say in plain words what decided."""
    chains = needs.chains
    hours = f"{needs.window / 3_600_000:g} h"
    if outcome is Outcome.ESCALATED:
        return _why_escalated(needs, need, tickets)
    if outcome is Outcome.AFTER_TICKET:
        return f"began within {hours} after the related ticket {needs.tickets.id[int(needs.links.after[need])]}"
    said = {
        Outcome.FORM_ONLY: "a form and nothing looked for: a contact, not a need",
        Outcome.IMMATURE: f"too early to tell: less than {hours} have passed since it ended",
        Outcome.CONFIRMED: "the last answer to 'solved?' is yes, and no related ticket followed",
        Outcome.FAILED: "the last answer to 'solved?' is no, and no related ticket followed",
        Outcome.AVERTED: "began a form, then read an answer and sent nothing",
        Outcome.PRESUMED: "read an answer and asked nobody; did not say whether it solved anything",
    }
    if outcome in said:
        return said[outcome]
    if chains.has_form[need]:
        return "began a form and left it, without an answer read after it"
    if is_search:
        return "searched and read nothing that could help"
    return "opened something, but read nothing that could help"


def _why_escalated(needs: Needs, need: int, tickets: list[int]) -> str:
    if not tickets:
        return "sent a form; its ticket is not on file"
    strongest = min(tickets, key=lambda ticket: (int(needs.links.method[ticket]), ticket))
    tie = _TIES[METHODS[int(needs.links.method[strongest])]]
    others = f" and {len(tickets) - 1} more" if len(tickets) > 1 else ""
    although = ", although the last answer was yes" if needs.is_false_yes[need] else ""
    return f"ticket {needs.tickets.id[strongest]}{others} followed, {tie}{although}"
