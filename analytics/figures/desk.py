"""Tickets for each person against last year, and how long people wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analytics.figures import drawing
from analytics.figures.drawing import Change, Figure, Kind, Table
from analytics.rates import Rate, RateRatio
from analytics.saying import PLAIN, Voice
from analytics.seasonality import Comparison, Refused
from analytics.series import Bucket
from analytics.servicedesk import Times

PEOPLE = 100
"""Rates are told for so many people, since a hundredth of a ticket is no picture."""
BARS = 12
WIDTHS = (0.25, 0.5, 1, 2, 4, 8, 16, 40, 80)
"""Hours that a bar may stand for."""

Tickets = Sequence[tuple[Bucket, Rate | None, Rate | None]]
"""Of each stretch: tickets over person-months now, and in the same stretch of last year."""


def contact_rate(
    tickets: Tickets,
    told: Comparison | Refused,
    *,
    last_year: RateRatio | None = None,
    changes: Iterable[Change] = (),
    voice: Voice = PLAIN,
) -> Figure:
    """Draw tickets for each hundred people, with last year's beneath where it is known.

    The season is out of `last_year`, this time over the same weeks a year ago, but not out of what is told against the
    time before where that has no year before it: the title is then about last year.
    """
    _ = voice.gettext
    days = [bucket.since for bucket, _now, _then in tickets]
    now = [_of_people(rate) for _bucket, rate, _then in tickets]
    then = [_of_people(rate) for _bucket, _now, rate in tickets]
    template = {"hovertemplate": "%{x|%x}: %{y:.1f}"}
    data = [drawing.line(days, now, _("This year"), drawing.BRAND, **template)]
    if any(rate is not None for rate in then):
        data.insert(0, drawing.line(days, then, _("A year before"), drawing.MUTED, line={"dash": "dash"}, **template))
    picture = drawing.layout(
        x=drawing.stretch_words([bucket for bucket, _now, _then in tickets], voice),
        y=_("Tickets for each %(n)s people and month", n=PEOPLE),
        showlegend=True,
        legend=drawing.LEGEND,
        xaxis={"type": "date"},
    )
    picture, pins = drawing.pinned(picture, changes, [bucket for bucket, _now, _then in tickets])
    rows = tuple(
        (bucket.since, _count(rate), now[place], _count(before), then[place])
        for place, (bucket, rate, before) in enumerate(tickets)
    )
    return Figure(
        title=_rate_title(told, last_year, voice),
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns(
                (_("From"), Kind.DATE),
                (_("Tickets"), Kind.COUNT),
                (_("For each %(n)s people and month", n=PEOPLE), Kind.NUMBER),
                (_("Tickets a year before"), Kind.COUNT),
                (_("For each %(n)s people and month a year before", n=PEOPLE), Kind.NUMBER),
            ),
            rows,
        ),
        note=_rate_note(told, voice),
        is_empty=all(rate is None for rate in now),
    )


def _of_people(rate: Rate | None) -> float | None:
    return None if rate is None else PEOPLE * rate.point


def _count(rate: Rate | None) -> int | None:
    return None if rate is None else rate.k


def _rate_title(told: Comparison | Refused, last_year: RateRatio | None, voice: Voice) -> str:
    """Say which way it went, or that nobody can tell."""
    _ = voice.gettext
    if last_year is not None and (isinstance(told, Refused) or told.season is None):
        return _on_last_year(last_year, voice)
    if isinstance(told, Refused):
        return _("Not enough data yet to set tickets for each person against an earlier time")
    ratio = told.change
    low, high = (voice.percent(abs(1 - end)) for end in _nearer_first(ratio))
    by = voice.percent(abs(1 - ratio.point))
    if ratio.low <= 1 <= ratio.high:
        if told.season is not None:
            return _("Against what last year would lead one to expect, tickets for each person have not changed by "
                     "more than chance would change them")  # fmt: skip
        return _("Against the time before, tickets for each person have not changed by more than chance would "
                 "change them")  # fmt: skip
    if told.season is not None and ratio.point < 1:
        return _("Tickets for each person are %(by)s below what last year would lead one to expect "
                 "(between %(low)s and %(high)s)", by=by, low=low, high=high)  # fmt: skip
    if told.season is not None:
        return _("Tickets for each person are %(by)s above what last year would lead one to expect "
                 "(between %(low)s and %(high)s)", by=by, low=low, high=high)  # fmt: skip
    if ratio.point < 1:
        return _("Tickets for each person are %(by)s below the time before (between %(low)s and %(high)s)",
                 by=by, low=low, high=high)  # fmt: skip
    return _("Tickets for each person are %(by)s above the time before (between %(low)s and %(high)s)",
             by=by, low=low, high=high)  # fmt: skip


def _on_last_year(ratio: RateRatio, voice: Voice) -> str:
    _ = voice.gettext
    if ratio.low <= 1 <= ratio.high:
        return _("Against the same weeks of last year, tickets for each person have not changed by more than chance "
                 "would change them")  # fmt: skip
    low, high = (voice.percent(abs(1 - end)) for end in _nearer_first(ratio))
    by = voice.percent(abs(1 - ratio.point))
    if ratio.point < 1:
        return _("Tickets for each person are %(by)s below the same weeks of last year (between %(low)s and %(high)s)",
                 by=by, low=low, high=high)  # fmt: skip
    return _("Tickets for each person are %(by)s above the same weeks of last year (between %(low)s and %(high)s)",
             by=by, low=low, high=high)  # fmt: skip


def _nearer_first(ratio: RateRatio) -> list[float]:
    return sorted((ratio.low, ratio.high), key=lambda end: abs(1 - end))


def _rate_note(told: Comparison | Refused, voice: Voice) -> str:
    if isinstance(told, Refused):
        return told.sentence(voice.gettext)
    return told.caveat(voice.gettext) or voice.gettext(
        "Tickets of one incident count once. The change is divided by what the same weeks did a year ago."
    )


def answer_times(times: Times, *, promised: float | None = None, voice: Voice = PLAIN) -> Figure:
    """Draw how many tickets waited how long, in working hours; what is past the promise in another colour."""
    _ = voice.gettext
    width, counts, beyond = _bars(times.hours)
    edges = [width * place for place in range(len(counts))]
    labels = [f"{edge:g}-{edge + width:g}" for edge in edges]
    if beyond:
        edges, counts, labels = [*edges, width * BARS], [*counts, beyond], [*labels, f"> {width * BARS:g}"]
    is_late = [promised is not None and edge >= promised for edge in edges]
    bars = {
        "type": "bar",
        "x": [edge + width / 2 for edge in edges],
        "y": counts,
        "width": [width * 0.94] * len(counts),
        "customdata": labels,
        "hovertemplate": "%{customdata} h: %{y}<extra></extra>",
        "marker": {"color": [drawing.ACCENT if late else drawing.BRAND for late in is_late]},
    }
    picture = drawing.layout(x=_("Working hours until somebody answered"), y=_("Tickets"), bargap=0)
    if promised is not None:
        picture["shapes"] = [
            {"type": "line", "x0": promised, "x1": promised, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"color": drawing.INK, "width": 1, "dash": "dash"}}
        ]  # fmt: skip
        picture["annotations"] = [
            {"x": promised, "yref": "paper", "y": 1, "yanchor": "bottom", "text": drawing.text(_("promised")),
             "showarrow": False, "font": {"color": drawing.INK}}
        ]  # fmt: skip
    return Figure(
        title=_times_title(times, voice),
        data=[bars],
        layout=picture,
        table=Table(
            drawing.columns((_("Working hours"), Kind.TEXT), (_("Tickets"), Kind.COUNT)),
            tuple(zip(labels, counts, strict=True)),
        ),
        note=_times_note(times, voice),
        is_empty=not times.n,
    )


def _bars(hours: Sequence[float]) -> tuple[float, list[int], int]:
    """Choose the narrowest bars of a round width that hold nine tenths, and count; the rest is past the last bar."""
    if not hours:
        return WIDTHS[0], [], 0
    enough = float(np.percentile(hours, 90))
    width = next((each for each in WIDTHS if each * BARS >= enough), WIDTHS[-1])
    counts = np.histogram(hours, bins=BARS, range=(0, width * BARS))[0].tolist()
    # The last bar of a histogram holds its right edge; ours ends before it.
    on_edge = sum(each == width * BARS for each in hours)
    counts[-1] -= on_edge
    return width, counts, len(hours) - sum(counts)


def _times_title(times: Times, voice: Voice) -> str:
    _ = voice.gettext
    if times.median is None or times.p90 is None:
        return _("Not enough data yet: no ticket has been answered")
    median, p90 = (voice.number(each, 1) for each in (times.median, times.p90))
    return _("Half of the tickets are answered within %(median)s working hours, nine in ten within %(p90)s",
             median=median, p90=p90)  # fmt: skip


def _times_note(times: Times, voice: Voice) -> str:
    _ = voice.gettext
    parts = []
    if times.within is not None:
        share = times.within
        parts.append(
            _("%(share)s within what was promised (%(k)s of %(n)s, between %(low)s and %(high)s).",
              share=voice.percent(share.point), k=share.k, n=share.n,
              low=voice.percent(share.low), high=voice.percent(share.high))
        )  # fmt: skip
    if times.n_pending:
        parts.append(_("Not in the picture, because nobody has answered yet: %(n)s.", n=times.n_pending))
    return " ".join(parts)
