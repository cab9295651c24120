"""Which articles help, which have grown old, and what an editor should do next (METRICS 2.3, 2.4).

Helpfulness is ranked by the lower end of its interval, so that one good vote does not beat ninety of a hundred. The
queue puts gaps, weak articles and everything else into one unit: tickets they are likely to cause in 28 days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from rapidfuzz import fuzz, process

from analytics.proportions import Share, wilson
from analytics.words import normal

HALF_LIFE = timedelta(days=180)
UNREAD = timedelta(days=180)
"""Who was not opened for so long is proposed for the archive."""
NEARLY_THE_SAME = 90.0
PRIOR = 10
"""How many people's worth of the portal's own share every item begins with (k)."""
ASSUMED = 0.2
"""The share of people ending at the desk, as long as nobody has been counted."""
EFFORTS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Votes:
    """What people said of one version: one vote a person; a large change begins anew."""

    item: str
    yes: int
    no: int
    views: int = 0

    @property
    def share(self) -> Share | None:
        return wilson(self.yes, self.yes + self.no)


def by_helpfulness(votes: Iterable[Votes]) -> list[Votes]:
    """Rank by the lower end of the interval; what has no votes follows, most viewed first.

    Miller, E. (2009): How not to sort by average rating.

    >>> [v.item for v in by_helpfulness([Votes("1/1", 1, 0), Votes("0/0", 0, 0), Votes("90/100", 90, 10)])]
    ['90/100', '1/1', '0/0']
    """

    def place(each: Votes) -> tuple[bool, float, int, str]:
        share = each.share
        return share is None, -share.low if share else 0.0, -each.views, each.item

    return sorted(votes, key=place)


def freshness(verified_on: date | None, today: date) -> float | None:
    """Return how much of its trust an article still has: half of it goes in 180 days after somebody checked it.

    Only the explicit act of checking counts, not any edit; None if nobody ever did.

    >>> [round(freshness(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=d)), 4) for d in (0, 90, 180, 360)]
    [1.0, 0.7071, 0.5, 0.25]
    """
    if verified_on is None:
        return None
    return float(0.5 ** (max(timedelta(0), today - verified_on) / HALF_LIFE))


class Finding(StrEnum):
    """What is wrong with an article apart from its words."""

    ORPHAN = "orphan"
    """No other article leads to it, and no search finds it."""
    NEVER_VIEWED = "never_viewed"
    """Not opened in 180 days, though it was there all the time: for the archive."""
    OVERDUE = "overdue"
    """Past the day on which somebody was to check it."""
    BROKEN_LINK = "broken_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of how an article is kept."""

    item: str
    title: str
    published_on: date
    last_viewed_on: date | None = None
    review_by: date | None = None
    n_inbound: int = 0
    """Links from other articles."""
    n_hits: int = 0
    """Searches among whose results it was."""
    n_broken: int = 0


def findings(article: Kept, today: date) -> list[Finding]:
    """Return what is wrong with how an article is kept."""
    found = []
    if not article.n_inbound and not article.n_hits:
        found.append(Finding.ORPHAN)
    if today - (article.last_viewed_on or article.published_on) >= UNREAD:
        found.append(Finding.NEVER_VIEWED)
    if article.review_by is not None and article.review_by < today:
        found.append(Finding.OVERDUE)
    if article.n_broken:
        found.append(Finding.BROKEN_LINK)
    return found


@dataclass(frozen=True, slots=True)
class Twins:
    """Two articles whose titles are nearly the same, whatever the order of words."""

    one: str
    other: str
    likeness: float


def near_duplicates(titles: Mapping[str, str]) -> list[Twins]:
    """Return pairs of articles with nearly the same title, the most alike first.

    >>> near_duplicates({"a": "Reset your VPN token", "b": "Your VPN token: reset!", "c": "Print a page"})
    [Twins(one='a', other='b', likeness=100.0)]
    """
    items = sorted(titles)
    names = [normal(titles[item]) for item in items]
    found = []
    for place, name in enumerate(names):
        if not name:
            continue
        near = process.extract(
            name, names[place + 1 :], scorer=fuzz.token_sort_ratio, score_cutoff=NEARLY_THE_SAME, limit=None
        )
        found += [Twins(items[place], items[place + 1 + after], likeness) for _, likeness, after in near]
    return sorted(found, key=lambda pair: (-pair.likeness, pair.one, pair.other))


@dataclass(frozen=True, slots=True)
class Ended:
    """A need that is counted: what was opened in it, in order, and how it ended (a word of `needs.Outcome`)."""

    opened: Sequence[str]
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What an article did for the needs in which it was opened."""

    n_needs: int
    n_confirmed: int
    """It was the last thing read before somebody said that it solved it."""
    n_presumed: int
    """It was the last thing read, and nobody asked further."""
    n_escalated: int

    def settled(self, r: float | None) -> float | None:
        """Needs it settled: confirmed ones in full, presumed ones with the share r of yes among those who said.

        None where nobody has said anything, so that r is unknown (METRICS 1.5).
        """
        return None if r is None else self.n_confirmed + r * self.n_presumed

    @property
    def escalated(self) -> Share | None:
        """Needs that ended at the desk although it had been opened."""
        return wilson(self.n_escalated, self.n_needs)


def parts(needs: Iterable[Ended]) -> dict[str, Part]:
    """Count what each article did; the last one opened gets the credit, every one opened the blame."""
    counts: dict[str, list[int]] = {}
    for need in needs:
        for item in dict.fromkeys(need.opened):
            is_last = item == need.opened[-1]
            told = counts.setdefault(item, [0, 0, 0, 0])
            told[0] += 1
            told[1] += is_last and need.outcome == "confirmed"
            told[2] += is_last and need.outcome == "presumed"
            told[3] += need.outcome == "escalated"
    return {
        item: Part(n_needs=n, n_confirmed=confirmed, n_presumed=presumed, n_escalated=escalated)
        for item, (n, confirmed, presumed, escalated) in counts.items()
    }


def _half_up(score: float) -> str:
    """Round as people do on paper: Python would make 10.62 of 10.625."""
    return str(Decimal(repr(score)).quantize(Decimal("0.01"), ROUND_HALF_UP))


# The editors' queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something an editor could do, with what is known of it over the last 28 days."""

    item: str
    people: int
    """Distinct people it met (D)."""
    met: int
    """Those of whom it is known how it ended (n); of a gap, all who searched."""
    lost: int
    """Those who ended at the desk or said that it did not solve it (x)."""
    is_overdue: bool = False
    is_flagged: bool = False
    effort: int = 1
    """1 a quarter of an hour, 2 an hour, 4 half a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A place in the queue, with every term of its score."""

    work: Work
    share: float
    """How likely one who meets it ends at the desk, drawn towards the portal's own share (p~)."""
    urgency: float
    score: float
    """Tickets likely caused in 28 days, for each unit of effort."""

    @property
    def terms(self) -> str:
        """The score as a sum that anybody can do again.

        >>> work = Work(item="A1", people=50, met=50, lost=15, is_overdue=True, effort=2)
        >>> queue([work], whole=0.2)[0].terms
        '50 people × 0.283 × 1.5 (overdue) / 2 = 10.63'
        """
        why = " and ".join(
            word for word, holds in (("overdue", self.work.is_overdue), ("flagged", self.work.is_flagged)) if holds
        )
        pressed = f" × {self.urgency:g} ({why})" if why else ""
        effort = f" / {self.work.effort}" if self.work.effort != 1 else ""
        return f"{self.work.people} people × {self.share:.3f}{pressed}{effort} = {_half_up(self.score)}"


def whole_share(lost: int, met: int) -> float:
    """Return the share of people ending at the desk over the whole portal, an assumed one before anybody was met."""
    return lost / met if met else ASSUMED


def queue(work: Iterable[Work], *, whole: float) -> list[Row]:
    """Rank work by the tickets it is likely to cause: gaps and weak articles together.

    p~ = (x + k·p0) / (n + k): few people say little, so an item of few is drawn to the portal's own share p0
    (an empirical-Bayes shrinkage with a fixed prior weight). score = D·p~·(1 + .5·overdue + .5·flagged) / effort.
    """
    if not 0 <= whole <= 1:
        raise ValueError(f"{whole} is no share")
    rows = [place(each, whole) for each in work]
    return sorted(rows, key=lambda row: (-row.score, -row.work.people, row.work.item))


def place(work: Work, whole: float) -> Row:
    """Return what one thing weighs, with its terms."""
    if not 0 <= work.lost <= work.met or work.people < 0 or work.effort not in EFFORTS:
        raise ValueError(f"{work.item}: {work.lost} of {work.met} with effort {work.effort} makes no sense")
    share, urgency = share_of(work.lost, work.met, whole=whole), urgency_of(work.is_overdue, work.is_flagged)
    score = score_of(work.people, work.met, work.lost, urgency, work.effort, whole=whole)
    return Row(work=work, share=share, urgency=urgency, score=score)


def score_of(people: int, met: int, lost: int, urgency: float, effort: int, *, whole: float) -> float:
    """Return D·p~·urgency / effort.

    >>> round(score_of(50, 50, 15, 1.5, 2, whole=0.2), 3)
    10.625
    """
    return people * (lost + PRIOR * whole) / (met + PRIOR) * urgency / effort


def share_of(lost: int, met: int, *, whole: float) -> float:
    """Return p~: the share of those met who were lost, drawn towards everybody's.

    >>> round(share_of(15, 50, whole=0.2), 4)
    0.2833
    """
    return (lost + PRIOR * whole) / (met + PRIOR)


def urgency_of(is_overdue: bool, is_flagged: bool) -> float:
    """Return how many times as much it counts for what presses."""
    return 1 + 0.5 * is_overdue + 0.5 * is_flagged
