"""Attempts joined into needs under a window (rules 10 to 12): a whole year at once, so that any window can be asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.columns import Coded
from analytics.needs.attempts import ENDED, READ, Attempts, Listed, Looks
from analytics.table import NEVER, Mask, Places, Small, Times, Whole

AT_A_TIME = 250_000
"""Chains whose looks are sorted in memory at a time."""


@dataclass(frozen=True)
class Chains:
    """Needs, and the contacts by a form alone, ordered by actor, topic and time.

    `of` says of each piece of the attempts which chain it belongs to, -1 for orphans, answers without a need; `first`
    is the piece a chain begins with. What is needed only to tell of a chain is read off the pieces when asked for.
    """

    attempts: Attempts
    of: Whole
    first: Places
    actor: Coded
    is_anon: Mask
    topic: Coded
    start: Times
    end: Times
    is_need: Mask
    """False for a form alone."""
    has_submit: Mask
    last_answer: Small
    last_intent: Small
    has_form: Mask
    is_read: Mask
    """Content was read, and not only before the last form or question (rule 20)."""

    def __len__(self) -> int:
        return len(self.start)

    @property
    def session(self) -> Coded:
        return self.attempts.session.take(self.first)

    @property
    def department(self) -> Coded:
        """As it was when the need began."""
        return self.attempts.department.take(self.first)

    @property
    def site(self) -> Coded:
        return self.attempts.site.take(self.first)

    @property
    def answered_at(self) -> Times:
        """When it was said last whether it is solved; `NEVER` if it was not."""
        found = np.full(len(self), NEVER, dtype=np.int64)
        said = np.flatnonzero((self.of >= 0) & (self.attempts.answered_at != NEVER))
        np.maximum.at(found, self.of[said], self.attempts.answered_at[said])
        return found

    @property
    def first_yes_at(self) -> Times:
        found = np.full(len(self), ENDED, dtype=np.int64)
        said = np.flatnonzero((self.of >= 0) & (self.attempts.first_yes_at != NEVER))
        np.minimum.at(found, self.of[said], self.attempts.first_yes_at[said])
        return np.where(found == ENDED, NEVER, found)

    def total(self, column: Whole | Mask) -> Places:
        """Add up a column of the pieces."""
        kept = self.of >= 0
        return np.bincount(self.of[kept], weights=column[kept], minlength=len(self)).astype(np.int64)

    def n_attempts(self) -> Places:
        """Count the attempts; of one cut in two, whose first piece is an orphan, the second counts."""
        heads = self.attempts.is_head.copy()
        heads[self.first] = True
        return self.total(heads)

    def n_orphans(self, *, is_anon: bool) -> int:
        """Count the answers and left forms that belong to no need."""
        lost = (self.of < 0) & (self.attempts.is_anon == is_anon)
        return int(self.attempts.n_events[lost].sum())

    def lines(self, listed: Listed) -> tuple[Whole, Whole]:
        """Give the chain and the text of each line that belongs to one."""
        owner = self.of[listed.owner]
        kept = owner >= 0
        return owner[kept], listed.text.codes[kept]


def chain(attempts: Attempts, *, window: int) -> Chains:
    """Join attempts of one actor and topic whose gap is no more than the window."""
    key = _key(attempts)
    order = _in_order(key, attempts.start)
    head = _heads(attempts, order, key[order], window)
    del key
    stretch = np.cumsum(head, dtype=np.int32) - 1
    kept = ~_orphans(attempts.is_passive[order], head, stretch)
    rows = order[kept]
    begins = np.flatnonzero(np.append(True, np.diff(stretch[kept]) != 0)) if len(rows) else rows
    del order, stretch, kept
    of = np.full(len(attempts), -1, dtype=np.int32)
    is_first = np.zeros(len(rows), dtype=np.bool_)
    is_first[begins] = True
    of[rows] = np.cumsum(is_first) - 1
    return _summed(attempts, of, rows, begins)


def _key(attempts: Attempts) -> Places:
    """Number actors with their topics: an anonymous actor is one for each session (rule 5)."""
    session = np.where(attempts.is_anon, attempts.session.codes.astype(np.int64) + 2, 0)
    key = attempts.actor.codes.astype(np.int64)
    for codes, n in ((session, len(attempts.session.labels) + 3), (attempts.topic.codes, len(attempts.topic.labels))):
        key *= n
        key += codes
    return key


def _orphans(passive: Mask, head: Mask, stretch: Whole) -> Mask:
    """Mark what no beginning precedes in its stretch: answers never begin a need (rule 11)."""
    awake = np.cumsum(~passive, dtype=np.int32)
    before = (awake - ~passive)[head]
    return np.asarray(awake == before[stretch])


def _in_order(key: Places, start: Times) -> Places:
    """Sort by actor and topic, then time; the two pieces of an attempt stay in their order."""
    if len(start) and bool((np.diff(start) >= 0).all()):
        return np.argsort(key, kind="stable")
    return np.lexsort((start, key))


def _heads(attempts: Attempts, order: Places, key: Places, window: int) -> Mask:
    """Mark the pieces with which something new begins."""
    if not len(order):
        return np.zeros(0, dtype=np.bool_)
    start, end = attempts.start[order], attempts.end[order]
    other = np.append(True, np.diff(key) != 0)
    late = np.append(True, start[1:] - end[:-1] > window)
    late &= attempts.is_head[order]
    asked = attempts.asked_at[order]
    if (asked < np.iinfo(np.int64).max).any():
        # Whoever comes back to their own question continues the need that asked it, with all between (rule 10).
        late &= ~_is_bridged(asked, end, other)
    return np.asarray(other | late)


def _is_bridged(asked: Times, end: Times, other: Mask) -> Mask:
    """Mark the pieces at or after which the same actor and topic comes back to a question asked before them."""
    bridged = np.zeros(len(asked), dtype=np.bool_)
    group = np.cumsum(other) - 1
    begins = np.flatnonzero(other)
    for row in np.flatnonzero(asked < np.iinfo(np.int64).max).tolist():
        begin = int(begins[group[row]])
        # Pieces are in order of time: the one holding the question is the first that ends at or after it.
        holder = begin + int(np.searchsorted(end[begin : row + 1], asked[row]))
        bridged[holder + 1 : row + 1] = True
    return bridged


def _summed(attempts: Attempts, of: Whole, rows: Places, begins: Places) -> Chains:
    """Read the columns of chains off their pieces."""
    n = len(begins)
    first = rows[begins]
    owner = of[rows]

    def latest(column: Times) -> Times:
        return np.maximum.reduceat(column[rows], begins) if n else np.zeros(0, dtype=np.int64)

    def any_(column: Mask) -> Mask:
        return np.logical_or.reduceat(column[rows], begins) if n else np.zeros(0, dtype=np.bool_)

    def last_word(column: Small) -> Small:
        words = column[rows]
        place = np.full(n, -1, dtype=np.int64)
        said = np.flatnonzero(words >= 0)
        np.maximum.at(place, owner[said], said)
        return np.where(place >= 0, words[place], -1).astype(np.int8) if n else np.zeros(0, dtype=np.int8)

    form_at = latest(attempts.form_at)
    return Chains(
        attempts=attempts,
        of=of,
        first=first,
        actor=attempts.actor.take(first),
        is_anon=attempts.is_anon[first],
        topic=attempts.topic.take(first),
        start=attempts.start[first],
        end=latest(attempts.end),
        is_need=any_(attempts.holds),
        has_submit=any_(attempts.n_submits > 0),
        last_answer=last_word(attempts.last_answer),
        last_intent=last_word(attempts.last_intent),
        has_form=any_(attempts.has_form),
        is_read=_is_read(attempts.looks, of, form_at),
    )


def _is_read(looks: Looks, of: Whole, form_at: Times) -> Mask:
    """Mark the chains in which content was read at or after the last form or question (rule 20)."""
    owner = of[looks.owner]
    read = np.zeros(len(form_at), dtype=np.bool_)
    for low in range(0, len(form_at), AT_A_TIME):
        kept = np.flatnonzero((owner >= low) & (owner < low + AT_A_TIME))
        read[_helped(looks, kept, owner[kept], form_at)] = True
    return read


def _helped(looks: Looks, kept: Places, owner: Whole, form_at: Times) -> Places:
    """Return the chains of some looks in which one of them helped: its object was opened late enough, and read."""
    key = owner.astype(np.int64) * (len(looks.object.labels) + 1) + looks.object.codes[kept]
    order = np.argsort(key, kind="stable")
    key, kept, owner = key[order], kept[order], owner[order]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    if not len(begins):
        return begins
    opened_at = np.maximum.reduceat(looks.opened_at[kept], begins)
    seconds = np.fmax.reduceat(looks.seconds[kept], begins)
    chains = owner[begins]
    helps = (opened_at != NEVER) & (opened_at >= form_at[chains]) & ~(seconds < READ)
    return np.asarray(chains[helps])
