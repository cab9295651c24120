"""Searches that find nothing, over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analytics.figures import drawing
from analytics.figures.drawing import Change, Figure, Kind, Table
from analytics.findability import Findability
from analytics.saying import PLAIN, Voice
from analytics.series import Bucket

Searches = Sequence[tuple[Bucket, Findability | None]]
"""What was found in each stretch of days; None where nothing was measured."""


def zero_results(
    searches: Searches,
    whole: Findability,
    *,
    alarm: float | None = None,
    changes: Iterable[Change] = (),
    voice: Voice = PLAIN,
) -> Figure:
    """Draw the share of searches that found nothing with its interval, and the line above which somebody is told."""
    _ = voice.gettext
    days = [bucket.since for bucket, _found in searches]
    shares = [None if found is None else found.zero_results for _bucket, found in searches]
    points, lows, highs = ([getattr(each, end, None) for each in shares] for end in ("point", "low", "high"))
    data = [
        *drawing.band(days, lows, highs, _("How unsure it is"), drawing.BRAND.faded(0.18)),
        drawing.line(days, points, _("Found nothing"), drawing.BRAND, hovertemplate="%{x|%x}: %{y:.1%}"),
    ]
    picture = drawing.layout(
        x=drawing.stretch_words([bucket for bucket, _found in searches], voice),
        y=_("Searches that found nothing"),
        xaxis={"type": "date"},
        yaxis={"tickformat": ".0%"},
    )
    if alarm is not None:
        # Words stand on the side of the line where the end of the curve is not.
        tail = [point for point in points if point is not None][-max(1, len(points) // 3) :]
        side = "top" if tail and sum(tail) / len(tail) >= alarm else "bottom"
        picture["shapes"] = [
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": alarm, "y1": alarm,
             "line": {"color": drawing.ACCENT, "width": 1, "dash": "dash"}}
        ]  # fmt: skip
        picture["annotations"] = [
            {"xref": "paper", "x": 1, "xanchor": "right", "y": alarm, "yanchor": side, "showarrow": False,
             "text": drawing.text(_("alarm at %(share)s", share=voice.percent(alarm))),
             "font": {"color": drawing.ACCENT}}
        ]  # fmt: skip
    picture, pins = drawing.pinned(picture, changes, [bucket for bucket, _found in searches])
    share = whole.zero_results
    title = (
        _("%(share)s of searches find nothing (between %(low)s and %(high)s)", share=voice.percent(share.point, 1),
          low=voice.percent(share.low, 1), high=voice.percent(share.high, 1))
        if share
        else _("Not enough data yet: nobody has searched")
    )  # fmt: skip
    rows = tuple(
        (
            bucket.since,
            None if found is None else found.tally.searches,
            None if found is None else found.tally.zero,
            points[place],
            lows[place],
            highs[place],
        )
        for place, (bucket, found) in enumerate(searches)
    )
    return Figure(
        title=title,
        data=data,
        layout=picture,
        pins=pins,
        table=Table(
            drawing.columns(
                (_("From"), Kind.DATE),
                (_("Searches"), Kind.COUNT),
                (_("Found nothing"), Kind.COUNT),
                (_("Share"), Kind.SHARE),
                (_("Low end"), Kind.SHARE),
                (_("High end"), Kind.SHARE),
            ),
            rows,
        ),
        note=_(
            "Typing on is one search, and so is coming back to the same words within a minute. What a person may "
            "not see counts as neither found nor missing."
        ),
        is_empty=share is None,
    )
