"""How needs ended, over time; and how many were settled here, as a range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from analytics.deflection import FEW_ANSWERS, Counts, Deflection, calibrated
from analytics.figures import drawing
from analytics.figures.drawing import Change, Figure, Kind, Pair, Table
from analytics.proportions import wilson
from analytics.saying import PLAIN, Voice
from analytics.series import Bucket

Counted = Sequence[tuple[Bucket, Counts | None]]
"""The outcomes of each stretch of days; None where nothing was measured."""


def outcomes(counted: Counted, *, changes: Iterable[Change] = (), voice: Voice = PLAIN) -> Figure:
    """Draw how needs ended, one bar a stretch, from the surest success below to the ticket on top."""
    _ = voice.gettext
    series: list[tuple[str, str, Pair, str]] = [
        ("confirmed", _("Confirmed: said “solved”"), drawing.CONFIRMED, ""),
        ("averted", _("Averted: began a form, read, sent nothing"), drawing.AVERTED, ""),
        ("presumed", _("Presumed: read it, no ticket followed"), drawing.PRESUMED, ""),
        ("failed", _("Failed: said “not solved”"), drawing.FAILED, "."),
        ("abandoned", _("Abandoned: left without reading"), drawing.ABANDONED, "/"),
        ("escalated", _("Escalated: became a ticket"), drawing.ESCALATED, ""),
    ]
    days = [bucket.since for bucket, _found in counted]
    data = [
        {
            "type": "bar",
            "x": days,
            "y": [None if found is None else getattr(found, word) for _bucket, found in counted],
            "name": label,
            "marker": {
                "color": colour,
                "line": {"color": drawing.PAPER, "width": 1},
                "pattern": {"shape": hatch, "fgcolor": drawing.MUTED, "fgopacity": 0.6},
            },
        }
        for word, label, colour, hatch in series
    ]
    picture = drawing.layout(
        x=drawing.stretch_words([bucket for bucket, _found in counted], voice, is_end=True),
        y=_("Needs"),
        barmode="stack",
        showlegend=True,
        legend=drawing.LEGEND,
        xaxis={"type": "date"},
    )
    picture, pins = drawing.pinned(picture, changes, [bucket for bucket, _found in counted])
    known = [found for _bucket, found in counted if found is not None]
    n, confirmed, escalated = (sum(getattr(each, word) for each in known) for word in ("n", "confirmed", "escalated"))
    title = (
        _("Of %(n)s needs: %(confirmed)s confirmed as solved, %(escalated)s handed over as a ticket",
          n=voice.number(n, 0), confirmed=voice.number(confirmed, 0),
          escalated=voice.number(escalated, 0))
        if n
        else _("Not enough data yet: no need has ended")
    )  # fmt: skip
    rows = tuple(
        (bucket.since, *(None if found is None else getattr(found, word) for word, *_rest in series))
        for bucket, found in counted
    )
    return Figure(
        title=title,
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns((_("From"), Kind.DATE), *((label, Kind.COUNT) for _word, label, *_rest in series)), rows
        ),
        note=_("One need is one person with one trouble, however often they tried."),
        is_empty=not n,
    )


def settled(counted: Counted, whole: Deflection, *, changes: Iterable[Change] = (), voice: Voice = PLAIN) -> Figure:
    """Draw the range from floor to ceiling with the estimate in it, and around both how unsure they are.

    The outer band runs from the low end of the floor's interval to the high end of the ceiling's: the estimate lies
    in it whatever one believes of those who said nothing.
    """
    _ = voice.gettext
    days = [bucket.since for bucket, _found in counted]
    found = [_range(counts) for _bucket, counts in counted]
    as_share: dict[str, Any] = {"hovertemplate": "%{x|%x}: %{y:.1%}"}
    data = [
        *drawing.band(
            days,
            [each.low for each in found],
            [each.high for each in found],
            _("How unsure both ends are"),
            drawing.BRAND.faded(0.12),
        ),
        *drawing.band(
            days,
            [each.floor for each in found],
            [each.ceiling for each in found],
            _("From floor to ceiling"),
            drawing.BRAND.faded(0.22),
        ),
        drawing.line(days, [each.estimate for each in found], _("Best estimate"), drawing.BRAND, **as_share),
    ]
    picture = drawing.layout(
        x=drawing.stretch_words([bucket for bucket, _counts in counted], voice, is_end=True),
        y=_("Needs settled without a ticket"),
        showlegend=True,
        legend=drawing.LEGEND,
        xaxis={"type": "date"},
        yaxis={"tickformat": ".0%", "range": [0, 1]},
    )
    picture, pins = drawing.pinned(picture, changes, [bucket for bucket, _counts in counted])
    return Figure(
        title=_settled_title(whole, voice),
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns(
                (_("From"), Kind.DATE),
                (_("Needs"), Kind.COUNT),
                (_("Floor: confirmed"), Kind.SHARE),
                (_("Best estimate"), Kind.SHARE),
                (_("Ceiling: no ticket after something was read"), Kind.SHARE),
                (_("Low end of the floor"), Kind.SHARE),
                (_("High end of the ceiling"), Kind.SHARE),
            ),
            tuple((day, *astuple(each)) for day, each in zip(days, found, strict=True)),
        ),
        note=_settled_note(whole, voice),
        is_empty=whole.floor is None,
    )


@dataclass(frozen=True, slots=True)
class _Range:
    """One stretch: None all through where nothing was measured, or nothing ended."""

    n: int | None = None
    floor: float | None = None
    estimate: float | None = None
    ceiling: float | None = None
    low: float | None = None
    high: float | None = None


def _range(found: Counts | None) -> _Range:
    if found is None:
        return _Range()
    floor, ceiling = wilson(found.confirmed, found.n), wilson(found.confirmed + found.silent, found.n)
    if floor is None or ceiling is None:
        return _Range(n=0)
    return _Range(found.n, floor.point, calibrated(found), ceiling.point, floor.low, ceiling.high)


def _settled_title(whole: Deflection, voice: Voice) -> str:
    _ = voice.gettext
    if whole.floor is None or whole.ceiling is None:
        return _("Not enough data yet: no need has ended")
    low, high = voice.percent(whole.floor.point), voice.percent(whole.ceiling.point)
    if whole.estimate is None:
        return _("Between %(low)s and %(high)s of needs are settled here; nobody has said enough for an estimate",
                 low=low, high=high)  # fmt: skip
    best = voice.percent(whole.estimate.value)
    return _("Between %(low)s and %(high)s of needs are settled here; best estimate %(best)s",
             low=low, high=high, best=best)  # fmt: skip


def _settled_note(whole: Deflection, voice: Voice) -> str:
    _ = voice.gettext
    said = _(
        "The floor counts what people confirmed, the ceiling everything read without a “no” or a ticket after it. "
        "The estimate believes those who said nothing as often as those who answered said yes."
    )
    if whole.estimate is not None and not whole.estimate.is_stable:
        few = _("It is unstable: it rests on %(n)s answers, and takes %(need)s.",
                n=whole.counts.answered, need=FEW_ANSWERS)  # fmt: skip
        return f"{said} {few}"
    return said
