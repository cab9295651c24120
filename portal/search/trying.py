"""Trying a change of words before it holds: which questions would get another answer, for better or worse.

Each question is read twice, with the words as they are and as they would be. Only where it would be read differently
is it also asked twice, so that hundreds of questions take less than a second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from portal.core.actor import Actor
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.search import judging, maintenance
from portal.search.documents import SearchRequest
from portal.search.engine import SearchEngine
from portal.search.synonyms import Synonyms

MOST = 300
"""Questions that are tried at most, the judged ones first."""
LONGEST = 4.0
"""Seconds after which no further question is tried."""
DEPTH = 20
"""Places among which the right answer is looked for."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One question that would be answered differently."""

    query: str
    n_people: int = 0
    """How many people asked it in the last three months; 0 for one that an editor wrote down."""
    right: tuple[Thing, ...] = ()
    before: int | None = None
    after: int | None = None
    """Place of the right answer; None when it is not among the first 20, or nobody judged."""
    top_before: Thing | None = None
    top_after: Thing | None = None

    @property
    def change(self) -> str:
        """Say `better`, `worse` or `other`."""
        if not self.right or self.before == self.after:
            return "other"
        far = DEPTH + 1
        return "better" if (self.after or far) < (self.before or far) else "worse"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came out."""

    rows: tuple[Tried, ...]
    n_judged: int
    n_searched: int
    first_before: int
    """How many judged questions have the right answer first, with the words as they are."""
    first_after: int
    n_left: int = 0
    """Questions that were not tried, for want of time."""

    def n(self, change: str) -> int:
        return sum(row.change == change for row in self.rows)


@dataclass(frozen=True)
class _Question:
    text: str
    n_people: int = 0
    right: tuple[Thing, ...] = ()


def compare(actor: Actor, before: Synonyms, after: Synonyms) -> Trial:
    """Try the judged questions, and what people search for, with both; as this actor would find. Raises IndexUnusable.

    Worse ones come first, then better ones, then those that merely change.
    """
    engine, keys = maintenance.engine(), actor.allowed_keys
    questions = _questions(actor)
    began, first, found, left = time.monotonic(), [0, 0], [], 0
    for n, question in enumerate(questions):
        if time.monotonic() - began > LONGEST:
            left = len(questions) - n
            break
        differs = engine.terms(question.text, keys, before) != engine.terms(question.text, keys, after)
        if not differs and not question.right:
            continue
        tops = [_top(engine, question.text, keys, words) for words in ((before, after) if differs else (before,))]
        right = {thing.ref for thing in question.right}
        places = [_place(top, right) for top in tops] * (1 if differs else 2)
        if right:
            first = [n + (place == 1) for n, place in zip(first, places, strict=True)]
        if differs and (tops[0][:1] != tops[1][:1] or places[0] != places[1]):
            found.append((question, places, [top[:1] for top in tops]))
    things = load_things(actor, [ref for _q, _p, tops in found for top in tops for ref in top])
    rows = [
        Tried(
            query=question.text,
            n_people=question.n_people,
            right=question.right,
            before=places[0],
            after=places[1],
            top_before=things.get(tops[0][0]) if tops[0] else None,
            top_after=things.get(tops[1][0]) if tops[1] else None,
        )
        for question, places, tops in found
    ]
    order = {"worse": 0, "better": 1, "other": 2}
    rows.sort(key=lambda row: (order[row.change], -row.n_people, row.query))
    n_judged = sum(bool(question.right) for question in questions)
    return Trial(
        rows=tuple(rows),
        n_judged=n_judged,
        n_searched=len(questions) - n_judged,
        first_before=first[0],
        first_after=first[1],
        n_left=left,
    )


def _questions(actor: Actor) -> list[_Question]:
    judged = {
        row.query.casefold(): _Question(row.query, 0, tuple(right)) for row, right in judging.judged(actor) if right
    }
    asked = judging.frequent(limit=MOST)
    counted = dict(asked)
    known = [_Question(one.text, counted.get(key, 0), one.right) for key, one in judged.items()]
    return [*known, *(_Question(text, n) for text, n in asked if text not in judged)][:MOST]


def _top(engine: SearchEngine, text: str, keys: frozenset[str], words: Synonyms) -> list[Ref]:
    return [hit.ref for hit in engine.search(SearchRequest(text=text, size=DEPTH), keys, words).hits]


def _place(top: list[Ref], right: set[Ref]) -> int | None:
    return next((place for place, ref in enumerate(top, start=1) if ref in right), None)
