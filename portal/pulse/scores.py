"""The rest of what a wave says, line by line: scores of all, what goes with intention, statements, who answered."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.measures.presenting import percent
from portal.pulse import speaking
from portal.pulse.reading import Seen
from surveys.groups import INDEX
from surveys.instrument import Band
from surveys.privacy.released import ItemScore, Row, Score, State
from surveys.reliability import Reliability


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One score of everybody."""

    code: str
    title: str
    value: str
    look: str
    band: str
    n: str
    ends: tuple[float, float, float] | None
    """Low end, value and high end, of 100."""
    range: str
    favourable: str
    weighted: str
    change: str
    effect: str
    warning: str
    bands: tuple[int, ...]
    """How many people's scores lie in each band, the barrier first; empty where that is not told."""
    shares: tuple[float, ...]
    why: str


def standings(seen: Seen, *, since: str) -> tuple[Standing, ...]:
    """Return the index and every dimension of everybody; `since` names the wave before."""
    agreeing = {each.code: each.found for each in seen.released.reliability}
    return tuple(
        _standing(seen, score, agreeing.get(score.code), is_index=score.code == INDEX, since=since)
        for score in seen.total.scores
    )


def _standing(seen: Seen, score: Score, agreed: Reliability | None, *, is_index: bool, since: str) -> Standing:
    found, bands = score.mean, score.bands or ()
    low, high = (found.low, found.high) if found else (None, None)
    return Standing(
        code=score.code,
        title=speaking.dimension(seen.instrument, score.code),
        value=speaking.mean(found),
        look=speaking.LOOKS[score.band] if score.band and found else "none",
        band=str(speaking.BANDS[score.band]) if score.band and found else "",
        n="" if score.n is None else speaking.whole(score.n),
        ends=None if found is None or low is None or high is None else (low, found.value.value, high),
        range=speaking.between(low, high),
        favourable=speaking.share(score.favourable) if score.favourable and found else "",
        weighted=speaking.mean(score.weighted) if score.weighted else "",
        change=speaking.change(score.since, since) if score.since else "",
        effect=speaking.effect(score.since) if score.since else "",
        warning="" if is_index else _warning(agreed, has_any=bool(seen.released.reliability)),
        bands=bands,
        shares=tuple(100 * n / sum(bands) for n in bands) if sum(bands) else (),
        why="" if found else _("not told"),
    )


def _warning(agreed: Reliability | None, *, has_any: bool) -> str:
    is_fine = agreed.is_sure if agreed is not None else not has_any
    return "" if is_fine else speaking.agreement(agreed)


@dataclass(frozen=True, kw_only=True)
class Driving:
    """What goes with the intention to look here first."""

    title: str
    n: str
    r: str
    range: str
    mean: str
    priority: str
    weight: str
    share: float
    """Of the line, for the drawing."""


def driving(seen: Seen) -> tuple[Driving, ...]:
    """Return the dimensions by how much there is to win; nothing from fewer than 30 people."""
    found = seen.released.drivers
    known = [each for each in found.each if each.r is not None] if found else []
    return tuple(
        Driving(
            title=speaking.dimension(seen.instrument, each.code),
            n=speaking.whole(each.n),
            r=speaking.fine(each.r or 0.0),
            range=""
            if each.low is None or each.high is None
            else _("between %(low)s and %(high)s", low=speaking.fine(each.low), high=speaking.fine(each.high)),
            mean=speaking.DASH if each.mean is None else speaking.whole(each.mean),
            priority=speaking.fine(each.priority or 0.0),
            weight="" if each.weight is None else speaking.fine(each.weight),
            share=max(0.0, min(1.0, each.priority or 0.0)),
        )
        for each in sorted(known, key=lambda each: -(each.priority or 0.0))
    )


@dataclass(frozen=True, kw_only=True)
class Response:
    """Who answered, of one group."""

    title: str
    n: str
    delivered: str
    eligible: str
    rate: str
    share: float | None
    state: State


def responses(seen: Seen) -> tuple[Response, ...]:
    """Return how many answered, group by group against the roster, everybody last."""
    rows = [*seen.released.units.rows] if seen.has_units else []
    return tuple(
        Response(
            title=_("Everybody") if row is seen.total else speaking.group(row.name),
            n=_count(row.n),
            delivered=_count(row.delivered),
            eligible=_count(row.eligible),
            rate=speaking.DASH if row.response is None else percent(row.response),
            share=row.response,
            state=row.state,
        )
        for row in [*rows, seen.total]
    )


def _count(n: int | None) -> str:
    return speaking.DASH if n is None else speaking.whole(n)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One statement in one group."""

    title: str
    n: str
    mean: str
    favourable: str
    range: str
    people: tuple[int, ...]
    """How many gave each point, turned, the lowest first; empty where that is not told."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    code: str
    text: str
    is_reversed: bool
    is_reworded: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The statements of one dimension."""

    code: str
    title: str
    meaning: str
    statements: tuple[Statement, ...]


def chapters(seen: Seen) -> tuple[Chapter, ...]:
    """Return every statement that is told, dimension by dimension; of groups of 30 people and more, and of all."""
    rows = [seen.total, *(row for row in seen.released.units.rows if row.is_shown and row.items)]
    reworded = seen.released.compared.reworded if seen.released.compared else ()
    return tuple(
        Chapter(
            code=code,
            title=speaking.dimension(seen.instrument, code),
            meaning=seen.instrument.dimension(code).meaning,
            statements=tuple(
                Statement(
                    code=item.code,
                    text=speaking.statement(seen.instrument, item.code, seen.released.stage or ""),
                    is_reversed=item.is_reversed,
                    is_reworded=item.code in reworded,
                    said=tuple(_said(row, told, seen) for row in rows if (told := row.item(item.code)) is not None),
                )
                for item in seen.instrument.dimension(code).items
                if item.code in seen.released.asked
            ),
        )
        for code in seen.released.dimensions
    )


def _said(row: Row, item: ItemScore, seen: Seen) -> Said:
    return Said(
        title=_("Everybody") if row is seen.total else speaking.group(row.name),
        n=speaking.whole(item.n),
        mean=speaking.mean(item.mean),
        favourable=speaking.share(item.favourable),
        range=speaking.between(item.favourable.low, item.favourable.high, is_share=True),
        people=item.people or (),
    )


BANDS = tuple(Band)
"""In the order of `Standing.bands`."""
