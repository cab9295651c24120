"""What a page of figures is made of: blocks, each a finding with its picture or its lines, and how one knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from analytics.deflection import Deflection
from analytics.proportions import Share
from portal.measures import catalogue
from portal.measures.catalogue import Measure
from portal.measures.presenting import Picture, number, percent

DECIMALS = 4
"""Of numbers in table files; shares lie between 0 and 1, so this is a hundredth of a per cent."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure in words: what it is, its value, what it rests on."""

    label: str
    value: str
    note: str = ""
    raw: tuple[object, ...] = ()
    """Value, low end, high end and n, unrounded, for the table file."""

    @property
    def is_missing(self) -> bool:
        return self.value == missing()


@dataclass(frozen=True, kw_only=True)
class Block:
    """One finding with everything that stands below it."""

    name: str
    title: str
    picture: Picture | None = None
    lines: tuple[Line, ...] = ()
    note: str = ""
    measures: tuple[Measure, ...] = ()
    """Whose definitions answer "How do you know?"."""
    more: tuple[str, ...] = ()
    """Further sentences of that answer: what is left out, what is believed."""
    rows: str = ""
    """Address of the rows behind it."""
    rows_text: str = ""
    words: tuple[tuple[str, str], ...] = field(default=())
    """Texts with what stands beside them, such as searches with how many people."""


def missing() -> str:
    return _("Not enough data yet")


def between(low: float, high: float) -> str:
    return _("between %(low)s and %(high)s", low=percent(low), high=percent(high))


def share(label: str, found: Share | None, least: int = 5, note: str = "") -> Line:
    """Write a share with its interval, or that there is too little."""
    if found is None or found.n < least:
        return Line(
            label=label,
            value=missing(),
            note=_("%(n)s of the %(least)s it takes", n=found.n if found else 0, least=least),
        )
    words = _("%(k)s of %(n)s", k=number(found.k, 0), n=number(found.n, 0)) + ", " + between(found.low, found.high)
    return Line(
        label=label,
        value=percent(found.point),
        note=f"{words}, {note}" if note else words,
        raw=(found.point, found.low, found.high, found.n),
    )


def figure(label: str, value: float | None, decimals: int, note: str = "", n: int | None = None) -> Line:
    """Write a number, or that there is too little."""
    if value is None:
        return Line(label=label, value=missing(), note=note)
    return Line(label=label, value=number(value, decimals), note=note, raw=(value, None, None, n))


def more_reports(n: int) -> str:
    """Say how many tickets only reported what another one had reported before."""
    return ngettext("and %(num)s more report of the same trouble", "and %(num)s more reports of the same trouble", n)


def named(*names: str) -> tuple[Measure, ...]:
    return tuple(catalogue.get(name) for name in names)


def range_lines(found: Deflection) -> tuple[Line, ...]:
    """Write floor, estimate and ceiling, each with what it means."""
    estimate = found.estimate
    if estimate is None:
        best = Line(label=_("Best estimate"), value=missing(), note=_("Nobody has answered “Did this solve it?” yet."))
    else:
        words = between(estimate.low, estimate.high)
        if not estimate.is_stable:
            words += ". " + _("Unstable: it rests on %(n)s answers. Read floor and ceiling.", n=found.counts.answered)
        best = Line(
            label=_("Best estimate"),
            value=percent(estimate.value),
            note=words,
            raw=(estimate.value, estimate.low, estimate.high, found.counts.n),
        )
    return (share(_("Floor"), found.floor), best, share(_("Ceiling"), found.ceiling))


def as_rows(lines: Iterable[Line]) -> Iterable[tuple[object, ...]]:
    """Give the rows of the table file of a block without a picture."""
    for line in lines:
        yield (line.label, *map(cell, line.raw or ("", "", "", "")))


def cell(value: object) -> object:
    """Return a value as table files hold it: to four decimals, so that nothing that counts is lost nor noise told.

    >>> cell(0.12345678), cell(3.0), cell(None)
    (0.1235, 3, '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, DECIMALS)
    return value
