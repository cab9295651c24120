"""Quiet hours: when a mail may leave."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def release_at(now: dt.datetime, *, starts: dt.time, ends: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return `now` outside the quiet hours, and within them the instant they end.

    Judged by the clock on the person's wall: the hour that is repeated or skipped when clocks change makes a night
    longer or shorter, never a mail lost or sent twice. Equal times mean no quiet hours.
    """
    local = now.astimezone(zone)
    time = local.time()
    is_over_midnight = starts > ends
    is_quiet = (time >= starts or time < ends) if is_over_midnight else starts <= time < ends
    if not is_quiet:
        return now
    day = local.date() + dt.timedelta(days=1 if is_over_midnight and time >= starts else 0)
    end = dt.datetime.combine(day, ends, tzinfo=zone).astimezone(dt.UTC)
    # In the repeated hour the wall shows the end twice; the first showing may lie behind us.
    return max(end, now)
