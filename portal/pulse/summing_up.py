"""Sentences around the figures of a wave: who answered, the chosen cell, what was left out, how far to believe it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.database import db
from portal.measures.presenting import percent
from portal.pulse import speaking
from portal.pulse.heat import Marks
from portal.pulse.models import Wave
from portal.pulse.reading import Seen
from surveys.reliability import Reliability


def name_of_before(seen: Seen) -> str:
    """Return what the wave is called that this one is set against; empty for none."""
    compared = seen.released.compared
    before = db.session.get(Wave, int(compared.wave)) if compared and compared.wave.isdigit() else None
    return before.name if before else ""


def answered(seen: Seen) -> str:
    """Say how many answered, and which group shown answered least."""
    total = seen.total
    if total.n is None:
        return ""
    said = speaking.answered(total)
    if total.response is not None:
        said = f"{said}, {percent(total.response)}"
    rates = [(row.response, row.name) for row in seen.released.units.rows if row.is_shown and row.response is not None]
    if len(rates) < 2 or not seen.is_whole:
        return said
    least, name = min(rates)
    return _(
        "%(said)s. Lowest shown: %(group)s, %(share)s", said=said, group=speaking.group(name), share=percent(least)
    )


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One cell in words."""

    title: str
    text: str
    of: str
    marks: tuple[int, ...]


def detail(seen: Seen, chosen: tuple[str, str] | None, marks: Marks, *, since: str) -> Detail | None:
    """Tell of one cell with its range and change; None where there is no such cell, or it is not shown."""
    if chosen is None:
        return None
    unit, of = chosen
    row = seen.total if not unit else seen.released.units.row(unit)
    score = row.score(of) if row is not None and row.is_shown else None
    if row is None or score is None or score.mean is None:
        return None
    parts = [speaking.between(score.mean.low, score.mean.high), _("from %(n)s answers", n=speaking.whole(score.n or 0))]
    text = ", ".join(part for part in parts if part) + "."
    text = text[:1].upper() + text[1:]
    if score.since is not None:
        text = f"{text} {speaking.change(score.since, since)} ({speaking.effect(score.since)})"
    return Detail(
        title=_(
            "%(group)s, %(dimension)s: %(value)s.",
            group=speaking.group(unit) if unit else _("Everybody"),
            dimension=speaking.dimension(seen.instrument, of),
            value=speaking.mean(score.mean),
        ),
        text=text,
        of=of,
        marks=marks.get(chosen, ()),
    )


def reworded(seen: Seen) -> str:
    """Name the statements whose words changed at go-live between the two waves."""
    compared = seen.released.compared
    if compared is None:
        return ""
    stage = seen.released.stage or ""
    return "; ".join(f"“{speaking.statement(seen.instrument, code, stage)}”" for code in compared.reworded)


def straight(seen: Seen) -> str:
    """Say how many ticked one point all the way."""
    found = seen.released.straight
    if found is None or not found.n or found.share is None:
        return ""
    return ngettext(
        "One point ticked all the way, statements worded the other way included: %(num)s answer, %(share)s.",
        "One point ticked all the way, statements worded the other way included: %(num)s answers, %(share)s.",
        found.n,
        share=percent(found.share),
    )


def without_straight(seen: Seen) -> str:
    """Write the scores of everybody without those, where that is safe."""
    found = seen.released.straight
    told = [each for each in found.without if each.mean is not None] if found else []
    return ", ".join(f"{speaking.dimension(seen.instrument, each.code)} {speaking.mean(each.mean)}" for each in told)


@dataclass(frozen=True, kw_only=True)
class Agreeing:
    """How well the statements of a dimension agree."""

    title: str
    alpha: str
    range: str
    n: str
    words: str


def agreements(seen: Seen) -> tuple[Agreeing, ...]:
    """Return Cronbach's alpha of every dimension, with what it means."""
    return tuple(
        _agreeing(speaking.dimension(seen.instrument, each.code), each.found) for each in seen.released.reliability
    )


def _agreeing(title: str, found: Reliability | None) -> Agreeing:
    words = speaking.agreement(found)
    if found is None:
        return Agreeing(title=title, alpha="", range="", n="", words=words)
    low, high = speaking.fine(found.low), speaking.fine(found.high)
    return Agreeing(
        title=title,
        alpha=speaking.fine(found.alpha),
        range=_("between %(low)s and %(high)s", low=low, high=high),
        n=speaking.whole(found.n),
        words=words,
    )


def question(seen: Seen) -> str:
    """Return what people were asked to write about."""
    stage = seen.instrument.stage(seen.wave.stage)
    return seen.wave.open_question or seen.instrument.open_question[stage.phase]
