"""Days that Eli pinned on the charts, so that a rise or a fall has its reason beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.timeline import Do
from portal.measures import changes


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield what was pinned, each on the morning of its day."""
    told = [
        (story.begins(at) + dt.timedelta(hours=2), "The portal opens"),
        (story.days_before(at, story.IMPROVED_WEEKS_AGO * 7, hour=10), "“VPN drops” is written anew"),
        (story.days_before(at, story.LATE["passkeys"], hour=9), "An article on passkeys closes a gap"),
    ]
    for when, words in told:
        yield when, partial(_pin, cast, when.date(), words)


def _pin(cast: Cast, on: dt.date, words: str) -> None:
    changes.pin(cast.actor("eli"), on=on, text=words)
