"""How many needs were settled without a ticket: never one figure, always floor, estimate and ceiling (METRICS 1.5).

The floor counts what people confirmed, the ceiling whatever ended without a ticket after something was read. The
estimate lies between: it believes the silent as far as those deserve belief who did answer. `None` is no data, and
never the same as nought.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.columns import Coded
from analytics.needs.attempts import Attempts
from analytics.needs.outcomes import CODE, Needs, Outcome, judge
from analytics.proportions import Share, wilson
from analytics.table import Mask, TicketTable
from analytics.voters import Voters, compare

ROUNDS = 2_000
FEW_ANSWERS = 30
"""Below this many explicit answers the estimate is called unstable, and floor and ceiling lead."""
AT_A_TIME = 1_000_000
"""Draws held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Needs by outcome; the first six make up n. Orphans are answers that belong to no need."""

    confirmed: int = 0
    averted: int = 0
    presumed: int = 0
    failed: int = 0
    abandoned: int = 0
    escalated: int = 0
    immature: int = 0
    after_ticket: int = 0
    form_only: int = 0
    orphan_answers: int = 0

    @property
    def n(self) -> int:
        return self.confirmed + self.averted + self.presumed + self.failed + self.abandoned + self.escalated

    @property
    def answered(self) -> int:
        """Explicit answers among needs without a ticket."""
        return self.confirmed + self.failed

    @property
    def silent(self) -> int:
        """Needs without a ticket in which something was read and nothing said."""
        return self.averted + self.presumed


@dataclass(frozen=True, slots=True)
class Estimate:
    """The calibrated share of needs settled, as a count too, with its interval from resampling people."""

    value: float
    count: float
    low: float
    high: float
    envelope_low: float
    envelope_high: float
    """From the low end of the floor to the high end of the ceiling: what to draw while n is below 100."""
    is_stable: bool
    n_left_out: int
    """Rounds in which nobody had answered."""


@dataclass(frozen=True, slots=True)
class Avoided:
    """Tickets that were not written. The lower bound counts only who said they would have asked."""

    value: float | None
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Deflection:
    """Every figure of METRICS 1.5 that rests on needs and their tickets."""

    counts: Counts
    floor: Share | None
    ceiling: Share | None
    calibration: Share | None
    """r: how often those who answered said yes."""
    answer_rate: Share | None
    estimate: Estimate | None
    intent: Share | None
    """i: how many with a confirmed need would have asked otherwise."""
    avoided: Avoided
    no_ticket: Share | None
    """Naive: for comparison with the reports of vendors only."""
    self_service_first: Share | None
    false_yes: Share | None
    answered_went_on: Share | None = None
    """How many of those who read something and answered went on to a ticket."""
    silent_went_on: Share | None = None
    """The same of those who read something and said nothing."""

    @property
    def voters(self) -> Voters:
        """Whether those who answered are like the others, as far as it can be seen."""
        return Voters(self.answered_went_on, self.silent_went_on)


def counts(needs: Needs, *, is_anon: bool = False, among: Mask | None = None) -> Counts:
    """Count the needs of users, or of the anonymous, by outcome; orphans are counted only where all needs are."""
    rows = needs.chains.is_anon == is_anon
    if among is not None:
        return _tally(needs, rows & among)
    return replace(_tally(needs, rows), orphan_answers=needs.chains.n_orphans(is_anon=is_anon))


def _tally(needs: Needs, among: Mask) -> Counts:
    found = np.bincount(needs.outcome[among], minlength=len(CODE))
    return Counts(**{outcome.value: int(found[code]) for outcome, code in CODE.items()})


def calibrated(found: Counts) -> float | None:
    """Return S = (C + r(V + P)) / N, None if nobody answered.

    >>> round(calibrated(Counts(confirmed=2, averted=1, presumed=3, failed=1, abandoned=2, escalated=2)), 4)
    0.4242
    """
    if not found.answered:
        return None
    return (found.confirmed + found.confirmed / found.answered * found.silent) / found.n


def resampled(by_actor: NDArray[np.float64]) -> tuple[float, float, int] | None:
    """Return the 95 per cent interval of S from 2,000 samples of whole people, and the rounds left out (rule 23).

    A line each actor, in order of their keys: confirmed, failed, silent, all counted. Efron's percentile bootstrap,
    by clusters, since the needs of one person resemble each other; the seed is fixed, so that a figure stays itself.
    """
    k = len(by_actor)
    if not k:
        return None
    draws = np.random.default_rng(0)
    sums = []
    step = max(1, AT_A_TIME // k)
    for begin in range(0, ROUNDS, step):
        rows = min(step, ROUNDS - begin)
        drawn = draws.integers(0, k, (rows, k)) + np.arange(rows)[:, None] * k
        sums.append(np.bincount(drawn.ravel(), minlength=rows * k).reshape(rows, k) @ by_actor)
    confirmed, failed, silent, total = np.concatenate(sums).T
    answered = confirmed + failed
    said = answered > 0
    if not said.any():
        return None
    shares = (confirmed[said] + confirmed[said] / answered[said] * silent[said]) / total[said]
    low, high = np.percentile(shares, [2.5, 97.5])
    return float(low), float(high), int((~said).sum())


def by_actor(needs: Needs, among: Mask) -> NDArray[np.float64]:
    """Count confirmed, failed, silent and all counted needs of each actor, in order of their keys."""
    rows = among & needs.counted()
    outcome = needs.outcome[rows]
    actors, place = np.unique(needs.chains.actor.codes[rows], return_inverse=True)
    columns = (
        outcome == CODE[Outcome.CONFIRMED],
        outcome == CODE[Outcome.FAILED],
        (outcome == CODE[Outcome.AVERTED]) | (outcome == CODE[Outcome.PRESUMED]),
        np.ones(len(outcome), dtype=np.bool_),
    )
    place = place.reshape(-1)
    return np.stack([np.bincount(place[column], minlength=len(actors)) for column in columns], axis=1).astype(
        np.float64
    )


def estimate(found: Counts, people: NDArray[np.float64]) -> Estimate | None:
    """Return the calibrated estimate with its interval, cut to the envelope; None if nobody answered."""
    value = calibrated(found)
    floor, ceiling = wilson(found.confirmed, found.n), wilson(found.confirmed + found.silent, found.n)
    sampled = resampled(people)
    if value is None or floor is None or ceiling is None or sampled is None:
        return None
    low, high, left_out = sampled
    return Estimate(
        value=value,
        count=value * found.n,
        low=min(max(low, floor.low), ceiling.high),
        high=max(min(high, ceiling.high), floor.low),
        envelope_low=floor.low,
        envelope_high=ceiling.high,
        is_stable=found.answered >= FEW_ANSWERS,
        n_left_out=left_out,
    )


def avoided(found: Counts, intent: Share | None) -> Avoided:
    """Return A = i(C + rP) + rV, who began a form having meant to write by that alone; None without answers.

    At least those are avoided who confirmed and said so; at most every need that ended well without a ticket.

    >>> avoided(Counts(confirmed=2, averted=1, presumed=3, failed=1), wilson(1, 2))
    Avoided(value=2.6666666666666665, low=1, high=6)
    """
    low, high = intent.k if intent else 0, found.confirmed + found.silent
    if intent is None or not found.answered:
        return Avoided(None, low, high)
    r = found.confirmed / found.answered
    return Avoided(intent.point * (found.confirmed + r * found.presumed) + r * found.averted, low, high)


def intent_of(needs: Needs, among: Mask) -> Share | None:
    """Return how many with a confirmed need said they would have asked otherwise (rule 22)."""
    said = needs.chains.last_intent[among & needs.are(Outcome.CONFIRMED)]
    return wilson(int((said == 1).sum()), int((said >= 0).sum()))


def false_yes(needs: Needs, among: Mask) -> Share | None:
    """Return how often a last yes was followed by a ticket (rule 21)."""
    yes = among & needs.counted() & (needs.chains.last_answer == 1)
    return wilson(int((yes & needs.is_false_yes).sum()), int(yes.sum()))


def deflect(needs: Needs) -> Deflection:
    """Work out every figure from the needs of users; anonymous ones are never in n (rule 5)."""
    unlinked = int((needs.links.need < 0).sum())
    return _deflected(needs, ~needs.chains.is_anon, counts(needs), unlinked)


def ended(needs: Needs, since: int, until: int) -> Mask:
    """Mark the needs that ended in a stretch of time; `until` is not in it."""
    return np.asarray((needs.chains.end >= since) & (needs.chains.end < until))


def deflect_within(needs: Needs, since: int, until: int) -> Deflection:
    """Work out every figure from the needs that ended in a stretch of time, and the tickets opened in it."""
    among = ended(needs, since, until) & ~needs.chains.is_anon
    at = needs.tickets.at
    unlinked = int(((needs.links.need < 0) & (at >= since) & (at < until)).sum())
    return _deflected(needs, among, counts(needs, among=among), unlinked)


def deflect_in(needs: Needs, within: tuple[int, int] | None) -> Deflection:
    """Work out every figure of a stretch of time, or of all there is."""
    return deflect(needs) if within is None else deflect_within(needs, *within)


def deflect_among(needs: Needs, among: Mask) -> Deflection:
    """Work out the figures of some of the needs of users; whose the other tickets are is not known, as in `slices`."""
    rows = among & ~needs.chains.is_anon
    return _deflected(needs, rows, _tally(needs, rows), None)


def slices(needs: Needs, by: Coded, *, least: int = 5) -> dict[str, Deflection]:
    """Work out the figures apart for each label of a column of the needs: department, site or topic.

    A label with fewer than `least` people is left out, so that nobody is looked at alone. A ticket that was linked to
    no need is in no slice, hence none has a share of self-service first.
    """
    users = ~needs.chains.is_anon
    found: dict[str, Deflection] = {}
    for label in by.labels:
        among = users & by.is_(label)
        if len(np.unique(needs.chains.actor.codes[among])) >= least:
            found[label] = _deflected(needs, among, _tally(needs, among), None)
    return found


def _deflected(needs: Needs, among: Mask, found: Counts, unlinked: int | None) -> Deflection:
    intent, n, next_step = intent_of(needs, among), found.n, compare(needs, among)
    return Deflection(
        counts=found,
        floor=wilson(found.confirmed, n),
        ceiling=wilson(found.confirmed + found.silent, n),
        calibration=wilson(found.confirmed, found.answered),
        answer_rate=wilson(found.answered, found.answered + found.silent),
        estimate=estimate(found, by_actor(needs, among)),
        intent=intent,
        avoided=avoided(found, intent),
        no_ticket=wilson(n - found.escalated, n),
        self_service_first=None if unlinked is None else wilson(n, n + unlinked),
        false_yes=false_yes(needs, among),
        answered_went_on=next_step.answered,
        silent_went_on=next_step.silent,
    )


def under(
    attempts: Attempts, tickets: TicketTable, *, window: int, as_of: int, within: tuple[int, int] | None = None
) -> Deflection:
    """Work out every figure under another window, from attempts alone; of a stretch of time or of all."""
    return deflect_in(judge(attempts, tickets, window=window, as_of=as_of), within)
