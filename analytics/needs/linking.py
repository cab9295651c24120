"""Which ticket belongs to which need, and which need only came after one (rules 13 to 17).

A ticket is linked to one need of its requester, inside `[start, end + W]`, by the strongest of five ties. Pairs of a
ticket and a need that lie near enough in time are listed once; then each tie is looked up for all pairs at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics import words
from analytics.columns import NONE, Coded
from analytics.needs.attempts import Listed
from analytics.needs.chaining import Chains
from analytics.table import Mask, Places, TicketTable, Whole

METHODS = ("form", "agent", "topic", "met", "similar", "any")
"""Ties, the strongest first. `met` is a topic met on the way; `any` ties whatever lies near enough, to compare with."""
FORM, AGENT, TOPIC, MET, SIMILAR, ANY = range(6)
UNTIED = len(METHODS)
AT_A_TIME = 500_000
"""Needs, and pairs, held in memory at a time."""


@dataclass(frozen=True)
class Links:
    """What was found. `need` and `method` are by ticket, -1 where there is none; `after` is by chain."""

    need: Places
    method: Places
    after: Places
    """The ticket a chain came after: related, of the same requester, at most W before it begins; -1 for none."""


@dataclass(frozen=True)
class _Pairs:
    ticket: Places
    chain: Places

    def __len__(self) -> int:
        return len(self.ticket)

    def where(self, rows: Mask) -> _Pairs:
        return _Pairs(self.ticket[rows], self.chain[rows])


def link(chains: Chains, tickets: TicketTable, *, window: int, is_any: bool = False) -> Links:
    """Link each ticket to one need; with `is_any` whatever its topic, as those do who have no topics."""
    n_tickets, n_chains = len(tickets), len(chains)
    links = Links(_none(n_tickets), _none(n_tickets), _none(n_chains))
    if not n_tickets or not n_chains:
        return links
    ties = _Ties(chains, tickets, is_any)
    for inside, before in _near(chains, tickets, window):
        _choose(links, chains, inside, ties.of(inside))
        related = before.where(ties.of(before) < UNTIED)
        np.maximum.at(links.after, related.chain, related.ticket)
    return links


def _none(n: int) -> Places:
    return np.full(n, -1, dtype=np.int64)


def _choose(links: Links, chains: Chains, inside: _Pairs, tie: Places) -> None:
    """Note for each ticket the need with the strongest tie (rule 14)."""
    tied = tie < UNTIED
    inside, tie = inside.where(tied), tie[tied]
    # Of equal ties the need begun last, then the last topic by name: labels are in order, so codes are too.
    topic = chains.topic.codes[inside.chain]
    order = np.lexsort((-topic, -chains.start[inside.chain], tie, inside.ticket))
    first = order[np.flatnonzero(np.diff(inside.ticket[order], prepend=-1))]
    links.need[inside.ticket[first]] = inside.chain[first]
    links.method[inside.ticket[first]] = tie[first]


def _near(chains: Chains, tickets: TicketTable, window: int) -> Iterator[tuple[_Pairs, _Pairs]]:
    """List the pairs of one actor with the ticket inside the need's interval, and those with it at most W before.

    Some actors at a time, and some of their tickets: a busy actor's tickets have many needs near them.
    """
    requester = recoded(tickets.requester, chains.actor.labels)
    every = np.flatnonzero(chains.is_need & ~chains.is_anon)
    for needs in _some_actors(every, chains.actor.codes[every]):
        yield from _near_of(chains, tickets, window, requester, needs)


def _some_actors(needs: Places, actor: Whole) -> Iterator[Places]:
    """Cut needs, which are in order of their actors, so that each actor's stay together."""
    begin = 0
    while begin < len(needs):
        end = int(np.searchsorted(actor, actor[min(begin + AT_A_TIME, len(needs)) - 1], side="right"))
        yield needs[begin:end]
        begin = end


def _near_of(
    chains: Chains, tickets: TicketTable, window: int, requester: Places, needs: Places
) -> Iterator[tuple[_Pairs, _Pairs]]:
    actor = chains.actor.codes[needs].astype(np.int64)
    order = np.lexsort((chains.start[needs], actor))
    needs, actor = needs[order], actor[order]
    start, end = chains.start[needs], chains.end[needs]
    # Actors are laid end to end on one line of time, far enough apart for no window to reach over.
    origin = min(int(start.min()), int(tickets.at.min())) - window
    width = max(int(end.max()), int(tickets.at.max())) + 2 * window + 1 - origin
    begun = actor * width + (start - origin)
    ended = np.maximum.accumulate(actor * width + (end - origin))
    asked = np.flatnonzero((requester >= max(int(actor[0]), 0)) & (requester <= actor[-1]))
    moment = requester[asked].astype(np.int64) * width + (tickets.at[asked] - origin)
    low = np.searchsorted(ended, moment - window, side="left")
    middle = np.searchsorted(begun, moment, side="right")
    high = np.searchsorted(begun, moment + window, side="right")
    block = np.cumsum(np.maximum(high - low, 0)) // AT_A_TIME
    for number in np.unique(block).tolist():
        part = np.flatnonzero(block == number)
        inside = _listed(asked[part], low[part], middle[part], needs)
        before = _listed(asked[part], middle[part], high[part], needs)
        yield (
            inside.where(chains.end[inside.chain] + window >= tickets.at[inside.ticket]),
            before,
        )


def _listed(tickets: Places, low: Places, high: Places, things: Places | Whole) -> _Pairs:
    """Write out each ticket with every thing from place low to before high."""
    counts = np.maximum(high - low, 0)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    places = np.arange(int(counts.sum())) - starts + np.repeat(low, counts)
    return _Pairs(np.repeat(tickets, counts), things[places].astype(np.int64))


def recoded(column: Coded, labels: tuple[str, ...]) -> Places:
    """Give a column the codes of other labels; -1 for nothing and for what is not among them."""
    places = {label: code for code, label in enumerate(labels)}
    turn = np.array([*(places.get(label, NONE) for label in column.labels), NONE], dtype=np.int64)
    return turn[column.codes]


class _Ties:
    """The strongest tie of each pair."""

    def __init__(self, chains: Chains, tickets: TicketTable, is_any: bool) -> None:
        attempts = chains.attempts
        self.chains, self.is_any = chains, is_any
        self.topic = recoded(tickets.topic, chains.topic.labels)
        self.made = _Members(chains, attempts.tickets, tickets.id)
        self.named = _Members(chains, attempts.names, tickets.related)
        self.met = _Members(chains, attempts.met, tickets.topic)
        self.like = _Likeness(chains, tickets)

    def of(self, pairs: _Pairs) -> Places:
        """Return the strongest tie of each pair, `UNTIED` for none."""
        tie = np.full(len(pairs), ANY if self.is_any else UNTIED, dtype=np.int64)
        tie[self.met.hold(pairs)] = MET
        topic = self.topic[pairs.ticket]
        tie[(topic >= 0) & (topic == self.chains.topic.codes[pairs.chain])] = TOPIC
        tie[self.named.hold(pairs)] = AGENT
        tie[self.made.hold(pairs)] = FORM
        loose = np.flatnonzero(tie > SIMILAR)
        rest = _Pairs(pairs.ticket[loose], pairs.chain[loose])
        tie[loose[self.like.hold(rest)]] = SIMILAR
        return tie


class _Members:
    """Texts listed with chains, to be asked whether a ticket's text is among those of a chain."""

    def __init__(self, chains: Chains, listed: Listed, of_ticket: Coded) -> None:
        owner, text = chains.lines(listed)
        self.width = len(listed.text.labels) + 1
        self.keys = np.unique(owner.astype(np.int64) * self.width + text)
        self.of_ticket = recoded(of_ticket, listed.text.labels)

    def hold(self, pairs: _Pairs) -> Mask:
        text = self.of_ticket[pairs.ticket]
        key = pairs.chain * self.width + text
        if not len(self.keys):
            return np.zeros(len(pairs), dtype=np.bool_)
        found = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.asarray((text >= 0) & (self.keys[found] == key))


class _Likeness:
    """Queries and titles of each chain, to be asked whether a ticket's subject is similar to one (rule 17)."""

    def __init__(self, chains: Chains, tickets: TicketTable) -> None:
        texts = chains.attempts.texts
        owner, text = chains.lines(texts)
        order = np.argsort(owner, kind="stable")
        self.owner, self.text = owner[order], text[order]
        self.labels, self.subject = texts.text.labels, tickets.subject
        self.normal: dict[str, str] = {}

    def hold(self, pairs: _Pairs) -> Mask:
        found = np.zeros(len(pairs), dtype=np.bool_)
        subject = self.subject.codes[pairs.ticket].astype(np.int64)
        chain = pairs.chain.astype(self.owner.dtype)  # of another type, all owners would be copied
        low, high = np.searchsorted(self.owner, chain, "left"), np.searchsorted(self.owner, chain, "right")
        each = _listed(np.arange(len(pairs)), low, np.where(subject < 0, low, high), self.text)
        width = len(self.labels) + 1
        distinct, inverse = np.unique(subject[each.ticket] * width + each.chain, return_inverse=True)
        subjects = [self._form(self.subject.labels[code]) for code in (distinct // width).tolist()]
        others = [self._form(self.labels[code]) for code in (distinct % width).tolist()]
        similar = words.similar_pairs(subjects, others)[inverse.reshape(-1)]
        found[each.ticket[similar]] = True
        return found

    def _form(self, label: str) -> str:
        if label not in self.normal:
            self.normal[label] = words.normal(label)
        return self.normal[label]
