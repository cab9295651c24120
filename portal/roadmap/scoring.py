"""What an item is worth doing first, from its evidence: RICE with its interval and grade, and what was set by hand.

Reach is everybody who had a need in the slice within a quarter; impact follows from the tickets each of them caused
there, as if all of these went away; confidence from the grade of the evidence. Overrides are shown as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from analytics import priorities
from analytics.priorities import CONFIDENCE, Grade, Scored
from analytics.rates import Span
from portal.core.actor import Actor
from portal.core.database import db
from portal.kb.models import Category
from portal.roadmap import evidence, policies
from portal.roadmap.evidence import Known
from portal.roadmap.models import GOING, Item, ItemState

OPEN = (ItemState.DRAFT.value, *GOING)
BARS = {Grade.A: 4, Grade.B: 3, Grade.C: 2, Grade.D: 1}


@dataclass(frozen=True, kw_only=True)
class Score:
    """The score of an item with what it is made of; None where something is missing."""

    span: Span | None
    reach: Span | None
    impact: Span | None
    confidence: float | None
    effort: float | None
    grade: Grade | None
    by_hand: frozenset[str]
    """What somebody set against the evidence."""
    is_stale: bool

    @property
    def missing(self) -> list[str]:
        """Name what the score waits for."""
        parts = {"reach": self.reach, "impact": self.impact, "confidence": self.confidence, "effort": self.effort}
        return [name for name, value in parts.items() if value is None]


def score(item: Item, known: Sequence[Known]) -> Score:
    """Work the score of an item out."""
    grade = min((each.grade for each in known), default=None)
    reach, impact = measured(known)
    if item.reach is not None:
        reach = priorities.exactly(item.reach)
    if item.impact is not None:
        impact = priorities.exactly(item.impact)
    confidence = item.confidence if item.confidence is not None else CONFIDENCE[grade] if grade else None
    span = None
    if reach is not None and impact is not None and confidence is not None and item.effort is not None:
        span = priorities.rice(reach, impact, confidence=confidence, effort=item.effort)
    return Score(
        span=span,
        reach=reach,
        impact=impact,
        confidence=confidence,
        effort=item.effort,
        grade=grade,
        by_hand=frozenset(name for name in ("reach", "impact", "confidence") if getattr(item, name) is not None),
        is_stale=any(each.is_stale for each in known),
    )


def measured(known: Sequence[Known]) -> tuple[Span | None, Span | None]:
    """Return reach and impact as the evidence has them: of the piece that reaches most people."""
    read = [each.reading for each in known if each.reading is not None and each.reading.n_people]
    if not read:
        return None, None
    widest = max(read, key=lambda reading: reading.n_people or 0)
    n_people = widest.n_people or 1
    reach = priorities.counted(n_people)
    if widest.n_tickets is None:
        return reach, None
    tickets = priorities.counted(widest.n_tickets)
    each = Span(tickets.point / n_people, tickets.low / n_people, tickets.high / n_people)
    return reach, priorities.impact_span(each)


@dataclass(frozen=True, kw_only=True)
class Place:
    """An item in the order of scores."""

    item: Item
    score: Score
    known: Sequence[Known]


def by_rice(actor: Actor) -> tuple[list[list[Place]], list[Place]]:
    """Return the items that are not finished, the highest score first and ties together; then those without a score."""
    places = _open(actor)
    scored = {str(place.item.id): place for place in places if place.score.span is not None}
    ties = priorities.ranked(
        Scored(key=key, score=place.score.span, since=place.item.created_at.date())
        for key, place in scored.items()
        if place.score.span is not None
    )
    return [[scored[one.key] for one in tie] for tie in ties], [row for row in places if row.score.span is None]


def by_wsjf(actor: Actor) -> tuple[list[tuple[float, Place]], list[Place]]:
    """Return the same items as the steering group weighed them, and those it has not."""
    weighed: list[tuple[float, Place]] = []
    rest: list[Place] = []
    for place in _open(actor):
        found = wsjf(place.item)
        if found is None:
            rest.append(place)
        else:
            weighed.append((found, place))
    weighed.sort(key=lambda row: (-row[0], row[1].item.created_at, row[1].item.id))
    return weighed, rest


def wsjf(item: Item) -> float | None:
    """Return what the steering group's points come to; None while one is missing."""
    value, urgency, risk, size = item.value_points, item.urgency_points, item.risk_points, item.size_points
    if value is None or urgency is None or risk is None or not size:
        return None
    return priorities.wsjf(value=value, urgency=urgency, risk=risk, size=size)


def _open(actor: Actor) -> list[Place]:
    query = select(Item).outerjoin(Category, Category.id == Item.category_id)
    query = query.where(Item.state.in_(OPEN), policies.is_of_topic_seen(actor))
    query = query.options(joinedload(Item.owner), joinedload(Item.category)).order_by(Item.id).limit(300)
    rows = list(db.session.execute(query).scalars())
    known: Mapping[int, list[Known]] = evidence.of([row.id for row in rows])
    return [Place(item=row, score=score(row, known.get(row.id, [])), known=known.get(row.id, [])) for row in rows]
