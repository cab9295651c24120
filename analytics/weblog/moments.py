"""Times as logs write them, as seconds since 1970 UTC. Minutes are worked out once and remembered."""

from __future__ import annotations

import re
from datetime import UTC, datetime

DAY = 86_400
LATEST = 253_370_764_800
"""The year 9999 and what comes after is no time of a log."""
MOST_KEPT = 20_000
_MONTHS = {name: n // 3 + 1 for n in range(0, 36, 3) for name in ("JanFebMarAprMayJunJulAugSepOctNovDec"[n : n + 3],)}
_CLF = re.compile(r"(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,]\d{1,9})?(?:(Z)|([+-])(\d{2}):?(\d{2}))", re.ASCII
)
_EPOCH = re.compile(r"\d{9,11}(?:\.\d{1,9})?", re.ASCII)
SECONDS = {f":{second:02}": second for second in range(60)} | {":60": 59}
"""A leap second belongs to the minute it ends."""
_HOURS = {f":{hour:02}": 3_600 * hour for hour in range(24)}


def clf(stamp: str) -> int | None:
    """Read a time of the common format, None when there is no such.

    >>> clf("17/May/2015:10:05:03 +0000"), clf("17/May/2015:12:05:03 +0200"), clf("31/Feb/2015:10:05:03 +0000")
    (1431857103, 1431857103, None)
    """
    found = _CLF.fullmatch(stamp)
    if not found or found[2] not in _MONTHS:
        return None
    return _moment(found[3], str(_MONTHS[found[2]]), found[1], *found.group(4, 5, 6, 7, 8, 9))


def any_form(text: str) -> int | None:
    """Read a time as nginx writes it: `time_iso8601`, `time_local`, or `msec`.

    >>> any_form("2026-03-02T09:00:00+01:00"), any_form("1772438400.123"), any_form("noon")
    (1772438400, 1772438400, None)
    """
    if _EPOCH.fullmatch(text):
        return int(text.partition(".")[0])
    found = _ISO.fullmatch(text)
    if not found:
        return clf(text)
    zone = ("+", "00", "00") if found[7] else found.group(8, 9, 10)
    return _moment(*found.group(1, 2, 3, 4, 5, 6), *zone)


def _moment(year: str, month: str, day: str, hour: str, minute: str, second: str, *zone: str) -> int | None:
    sign, hours, minutes = zone
    if int(hours) > 14 or int(minutes) > 59 or int(second) > 60:
        return None
    try:
        base = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
    except ValueError:
        return None
    ahead = int(hours) * 3_600 + int(minutes) * 60
    found = int(base.timestamp()) - (ahead if sign == "+" else -ahead)
    return found if 0 <= found < LATEST else None


def written(moment: int) -> str:
    """Write a time in the common format.

    >>> written(1431857103)
    '17/May/2015:10:05:03 +0000'
    """
    at = datetime.fromtimestamp(moment, UTC)
    month = list(_MONTHS)[at.month - 1]
    return f"{at.day:02}/{month}/{at.year}:{at:%H:%M:%S} +0000"


class Minutes:
    """Times of the common format, by minute and by day: a log says the same ones many times."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, int]] = {}
        self._days: dict[tuple[str, str], int] = {}

    def of(self, zone: str) -> dict[str, int]:
        """Return the minutes of a zone that are known, to be looked up by the first 17 characters of a stamp."""
        return self._kept.get(zone, {})

    def learn(self, stamp: str) -> int | None:
        """Read a stamp in full, and know its minute from now on."""
        zone, midnight = stamp[20:], self._days.get((stamp[:11], stamp[20:]))
        hour, minute, second = _HOURS.get(stamp[11:14]), SECONDS.get(stamp[14:17]), SECONDS.get(stamp[17:20])
        if midnight is None or hour is None or minute is None or second is None or stamp[14:17] == ":60":
            found = clf(stamp)
            if found is None or hour is None or minute is None or second is None:
                return found
            midnight = found - hour - 60 * minute - second
            if len(self._days) > MOST_KEPT:
                self._days.clear()
            self._days[stamp[:11], zone] = midnight
        at = midnight + hour + 60 * minute
        if not 0 <= at < LATEST:
            return None
        kept = self._kept.setdefault(zone, {})
        if len(kept) > MOST_KEPT:
            kept.clear()
        kept[stamp[:17]] = at
        return at + second
