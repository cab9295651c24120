"""How the number of a row comes about, as anybody can work it out again (METRICS 2.4)."""

from __future__ import annotations

from functools import cache

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from analytics.content import PRIOR, Row
from portal.core.desk import DeskRow
from portal.kb.caring.met import Whole
from portal.ledger.queries import MIN_PEOPLE


def score(place: Row) -> str:
    """Return the tickets likely caused in four weeks; of fewer than three people only that they are few."""
    if place.work.people < MIN_PEOPLE:
        return _("under %(n)s", n=_number(max(place.score / max(place.work.people, 1) * MIN_PEOPLE, 0.1), 1))
    return _number(place.score, 1)


def sum_of(place: Row, row: DeskRow) -> str:
    """Return the sum: people, how likely one of them ends at the desk, what presses, through the effort."""
    work = place.work
    parts = [_people(work.people), _number(place.share, 3)]
    why = [word for word, holds in ((row.overdue, work.is_overdue), (row.flagged, work.is_flagged)) if holds and word]
    if place.urgency != 1:
        times = _number(place.urgency, 1)
        parts.append(f"{times} ({_(' and ').join(why)})" if why else times)
    told = " × ".join(parts)
    if work.effort != 1:
        told = f"{told} ÷ {work.effort} ({_effort(work.effort)})"
    n = score(place) if work.people < MIN_PEOPLE else _number(place.score, 2)
    return _("%(sum)s = %(n)s tickets", sum=told, n=n)


def share_of(place: Row, whole: Whole) -> str:
    """Return where the share comes from: those known, drawn towards everybody's."""
    work, usual = place.work, _number(whole.share, 3)
    if work.people < MIN_PEOPLE or not work.met:
        return _("Hardly anybody is known to have met it, so everybody’s share counts: %(usual)s.", usual=usual)
    sum_ = f"({work.lost} + {PRIOR} × {usual}) ÷ ({work.met} + {PRIOR}) = {_number(place.share, 3)}"
    return _(
        "%(lost)s of %(met)s people ended at the desk or said that it did not help. Few people say little, so it is "
        "drawn towards everybody’s share, %(usual)s: %(sum)s.",
        lost=work.lost,
        met=work.met,
        usual=usual,
        sum=sum_,
    )


def _people(n: int) -> str:
    if n < MIN_PEOPLE:
        return _("fewer than %(n)s people", n=MIN_PEOPLE)
    return ngettext("%(num)s person", "%(num)s people", n)


def _effort(effort: int) -> str:
    return _("an hour’s work") if effort == 2 else _("half a day’s work")


def _number(value: float, places: int) -> str:
    """Write a number with so many places, as the reader's language does; half up, as people do on paper."""
    told = f"{value + 10**-9:.{places}f}"
    point = _point(str(get_locale() or "en"))
    return told if point == "." else told.replace(".", point)


@cache
def _point(locale: str) -> str:
    return get_decimal_symbol(locale)
