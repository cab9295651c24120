"""Articles that help, that grow old, and what to do next (METRICS 2.3, 2.4)."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.content import (
    Ended,
    Finding,
    Kept,
    Twins,
    Votes,
    Work,
    by_helpfulness,
    findings,
    freshness,
    near_duplicates,
    parts,
    queue,
    whole_share,
)
from analytics.needs.outcomes import Outcome

TODAY = date(2026, 3, 9)
GOLDEN = [(90, 100), (40, 50), (9, 10), (3, 3), (1, 1), (2, 8)]


def test_the_golden_ranking_of_votes() -> None:
    votes = [Votes(f"{yes}/{n}", yes, n - yes) for yes, n in GOLDEN]
    random.Random(1).shuffle(votes)
    ranked = by_helpfulness(votes)
    assert [each.item for each in ranked] == [f"{yes}/{n}" for yes, n in GOLDEN]
    lows = [each.share.low for each in ranked if each.share]
    assert [round(low, 4) for low in lows] == [0.8256, 0.6696, 0.5958, 0.4385, 0.2065, 0.0715]


def test_without_votes_comes_last_by_how_much_it_is_read() -> None:
    votes = [Votes("dull", 0, 0, views=2), Votes("bad", 0, 9), Votes("busy", 0, 0, views=90)]
    ranked = by_helpfulness(votes)
    assert [each.item for each in ranked] == ["bad", "busy", "dull"]
    assert ranked[1].share is None


@pytest.mark.parametrize(("days", "left"), [(0, 1.0), (90, 0.7071), (180, 0.5), (360, 0.25), (-3, 1.0)])
def test_half_of_the_trust_goes_in_half_a_year(days: int, left: float) -> None:
    fresh = freshness(TODAY - timedelta(days=days), TODAY)
    assert fresh is not None
    assert round(fresh, 4) == left


def test_what_nobody_checked_is_not_fresh_and_not_stale() -> None:
    assert freshness(None, TODAY) is None


def kept(**more: object) -> Kept:
    fine = {
        "item": "a",
        "title": "A",
        "published_on": TODAY - timedelta(days=400),
        "last_viewed_on": TODAY,
        "n_hits": 3,
    }
    return Kept(**{**fine, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("article", "found"),
    [
        (kept(), []),
        (kept(n_hits=0), [Finding.ORPHAN]),
        (kept(n_hits=0, n_inbound=1), []),
        (kept(last_viewed_on=TODAY - timedelta(days=180)), [Finding.NEVER_VIEWED]),
        (kept(last_viewed_on=TODAY - timedelta(days=179)), []),
        (kept(last_viewed_on=None), [Finding.NEVER_VIEWED]),
        (kept(last_viewed_on=None, published_on=TODAY - timedelta(days=9)), []),
        (kept(review_by=TODAY), []),
        (kept(review_by=TODAY - timedelta(days=1), n_broken=2), [Finding.OVERDUE, Finding.BROKEN_LINK]),
    ],
)
def test_what_is_wrong_with_how_an_article_is_kept(article: Kept, found: list[Finding]) -> None:
    assert findings(article, TODAY) == found


def test_titles_that_are_nearly_the_same_are_told_in_pairs() -> None:
    titles = {
        "a": "Reset your VPN token",
        "b": "Your VPN token: Reset!",
        "c": "Reset your VPN tokens",
        "d": "Print",
        "e": "?",
        "f": "!",
    }
    pairs = near_duplicates(titles)
    assert pairs[0] == Twins("a", "b", 100.0)
    assert {(each.one, each.other) for each in pairs} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_credit_goes_to_the_last_article_and_blame_to_all() -> None:
    told = parts(
        [
            Ended(["a", "b"], Outcome.CONFIRMED),
            Ended(["b", "a", "b"], Outcome.PRESUMED),
            Ended(["a", "b"], Outcome.ESCALATED),
            Ended(["a"], Outcome.FAILED),
            Ended([], Outcome.ESCALATED),
        ]
    )
    a, b = told["a"], told["b"]
    assert (a.n_needs, a.n_confirmed, a.n_presumed, a.n_escalated) == (4, 0, 0, 1)
    assert (b.n_needs, b.n_confirmed, b.n_presumed, b.n_escalated) == (3, 1, 1, 1)
    assert b.settled(2 / 3) == pytest.approx(1 + 2 / 3)
    assert b.settled(None) is None
    assert a.escalated is not None
    assert a.escalated.point == 0.25


ARTICLE = Work(item="article:1", people=50, met=50, lost=15)
OVERDUE = Work(item="article:2", people=50, met=50, lost=15, is_overdue=True, effort=2)
GAP = Work(item="gap:1", people=12, met=12, lost=6)


def test_the_golden_queue() -> None:
    rows = queue([GAP, OVERDUE, ARTICLE], whole=0.2)
    assert [row.work for row in rows] == [ARTICLE, OVERDUE, GAP]
    assert [round(row.share, 4) for row in rows] == [0.2833, 0.2833, 0.3636]
    assert [row.terms for row in rows] == [
        "50 people × 0.283 = 14.17",
        "50 people × 0.283 × 1.5 (overdue) / 2 = 10.63",
        "12 people × 0.364 = 4.36",
    ]
    assert [row.score for row in rows] == pytest.approx([14.1667, 10.625, 4.3636], abs=1e-4)


def test_overdue_and_flagged_presses_twice() -> None:
    (row,) = queue([Work(item="a", people=10, met=0, lost=0, is_overdue=True, is_flagged=True, effort=4)], whole=0.2)
    assert row.terms == "10 people × 0.200 × 2 (overdue and flagged) / 4 = 1.00"


@pytest.mark.parametrize(
    "work",
    [
        Work(item="a", people=1, met=2, lost=3),
        Work(item="a", people=1, met=1, lost=1, effort=3),
        Work(item="a", people=-1, met=1, lost=1),
    ],
)
def test_what_cannot_be_is_refused(work: Work) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        queue([work], whole=0.2)


def test_a_portal_nobody_has_used_begins_with_an_assumption() -> None:
    assert (whole_share(0, 0), whole_share(1, 4)) == (0.2, 0.25)
    with pytest.raises(ValueError, match="no share"):
        queue([], whole=1.2)


works = st.integers(0, 60).flatmap(
    lambda met: st.builds(
        Work,
        item=st.text("abc", min_size=1, max_size=3),
        people=st.integers(0, 90),
        met=st.just(met),
        lost=st.integers(0, met),
        is_overdue=st.booleans(),
        is_flagged=st.booleans(),
        effort=st.sampled_from((1, 2, 4)),
    )
)


@given(st.lists(works, max_size=8), st.floats(0, 1))
def test_every_share_lies_between_its_own_and_the_whole(work: list[Work], whole: float) -> None:
    rows = queue(work, whole=whole)
    assert sorted(map(id, work)) == sorted(id(row.work) for row in rows)
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    for row in rows:
        own = row.work.lost / row.work.met if row.work.met else whole
        assert min(own, whole) - 1e-12 <= row.share <= max(own, whole) + 1e-12
        assert row.score <= 2 * row.work.people
    assert [row.score for row in queue(reversed(work), whole=whole)] == [row.score for row in rows]
