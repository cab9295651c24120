"""Visits and page views by logs of web servers, over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analytics.figures import drawing
from analytics.figures.drawing import Change, Figure, Kind, Table
from analytics.saying import PLAIN, Voice
from analytics.series import Point


def visits(
    counted: Sequence[Point], views: Sequence[Point], *, changes: Iterable[Change] = (), voice: Voice = PLAIN
) -> Figure:
    """Draw visits and page views by stretch of days; a day of which no line was read is a gap."""
    _ = voice.gettext
    # A stretch that the period only touches would look like a fall: it stands in the table, not in the picture.
    ends = (0, len(counted) - 1) if len(counted) > 2 else ()
    drawn = [place for place, point in enumerate(counted) if place not in ends or point.is_whole]
    starts = [counted[place].bucket.since for place in drawn]
    n_visits = sum(point.value or 0 for point in counted)
    n_views = sum(point.value or 0 for point in views)
    data = [
        drawing.line(
            starts, [views[place].value for place in drawn], _("Page views"), drawing.AVERTED, line={"dash": "dash"}
        ),
        drawing.line(starts, [counted[place].value for place in drawn], _("Visits"), drawing.BRAND),
    ]
    picture = drawing.layout(
        x=drawing.step_words([point.bucket for point in counted], voice),
        y=_("Visits and page views"),
        xaxis={"type": "date"},
        showlegend=True,
    )
    picture, pins = drawing.pinned(picture, changes, [counted[place].bucket for place in drawn])
    title = (
        _("%(visits)s visits with %(each)s pages each, robots left out",
          visits=voice.number(n_visits, 0), each=voice.number(n_views / n_visits, 1))
        if n_visits
        else _("Not enough data yet: no page was viewed in these days")
    )  # fmt: skip
    rows = tuple(
        (point.bucket.since, point.value, seen.value, point.n_days) for point, seen in zip(counted, views, strict=True)
    )
    return Figure(
        title=title,
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns(
                (_("From"), Kind.DATE),
                (_("Visits"), Kind.COUNT),
                (_("Page views"), Kind.COUNT),
                (_("Days with lines"), Kind.COUNT),
            ),
            rows,
        ),
        note=_(
            "A visit is pages of one visitor with no pause longer than 30 minutes. Visitors are known for a day only, "
            "so nobody can be followed from one day to the next. What is left is not identified as a robot, which is "
            "not the same as human. Days are days in UTC."
        ),
        is_empty=not n_visits,
    )
