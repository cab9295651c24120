"""Whom things met, and how it went on for them: how many people opened one, how many of them ended at the desk.

Of a person only the worst counts: who came three times and called once ended at the desk (METRICS 2.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.columns import Coded
from analytics.needs.outcomes import Needs, Outcome
from analytics.table import Mask, Places

LOST = (Outcome.ESCALATED, Outcome.FAILED)
"""Ended at the desk, or said that it did not help."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is known of a thing over a stretch of time."""

    people: int = 0
    """Different people, or visits of those who did not sign in, that met it."""
    met: int = 0
    """Those with an account of whom it is known how it ended."""
    lost: int = 0


def whole(needs: Needs, among: Mask) -> tuple[int, int]:
    """Return how many of these needs of users are known to have ended, and how many at the desk or with a no."""
    users = among & ~needs.chains.is_anon
    return int((users & needs.counted()).sum()), int((users & needs.are(*LOST)).sum())


def of_things(needs: Needs, among: Mask) -> dict[str, Meeting]:
    """Count every thing that was opened in these needs, by its Ref."""
    looks = needs.chains.attempts.looks
    chain = needs.chains.of[looks.owner].astype(np.int64)
    return _counted(needs, among, chain, looks.object)


def of_words(needs: Needs, among: Mask, names: Mapping[str, str]) -> dict[str, Meeting]:
    """Count what was searched for in these needs; `names` says what each text is counted as, others are left out."""
    texts = needs.chains.attempts.texts
    chain = needs.chains.of[texts.owner].astype(np.int64)
    return _counted(needs, among, chain, renamed(texts.text, names))


def renamed(column: Coded, names: Mapping[str, str]) -> Coded:
    """Give texts other names; those without one point at nothing.

    >>> renamed(Coded.of(["a", "b", "c"]), {"a": "x", "c": "x"}).codes.tolist()
    [0, -1, 0]
    """
    labels = tuple(sorted({names[text] for text in column.labels if text in names}))
    places = {label: place for place, label in enumerate(labels)}
    new = np.array([places[names[text]] if text in names else -1 for text in column.labels] + [-1], dtype=np.int32)
    return Coded(new[column.codes], labels)  # the last entry is what -1 points at


def _counted(needs: Needs, among: Mask, chain: Places, thing: Coded) -> dict[str, Meeting]:
    kept = (chain >= 0) & (thing.codes >= 0)
    kept[kept] &= among[chain[kept]]
    chain, codes = chain[kept], thing.codes[kept].astype(np.int64)
    anon = needs.chains.is_anon[chain]
    who = needs.chains.actor.codes[chain].astype(np.int64)
    n = len(thing.labels)
    people = _distinct(codes, _visitors(needs, chain, who), n)
    known = ~anon & needs.counted()[chain]
    lost = ~anon & needs.are(*LOST)[chain]
    met, gone = _distinct(codes[known], who[known], n), _distinct(codes[lost], who[lost], n)
    return {
        label: Meeting(int(a), int(b), int(c))
        for label, a, b, c in zip(thing.labels, people, met, gone, strict=True)
        if a
    }


def _visitors(needs: Needs, chain: Places, who: Places) -> Places:
    """Number people; of those who did not sign in each visit is one."""
    session = needs.chains.session.codes[chain].astype(np.int64)
    anon = needs.chains.is_anon[chain]
    return np.asarray(np.where(anon, -2 - session, who))


def _distinct(codes: Places, who: Places, n: int) -> Places:
    """Count different people of each thing."""
    if not len(codes):
        return np.zeros(n, dtype=np.int64)
    pairs = np.unique(np.stack([codes, who]), axis=1)
    return np.bincount(pairs[0], minlength=n)
