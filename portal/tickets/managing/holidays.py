"""Reading days off from what people paste, and from calendar files (.ics)."""

from __future__ import annotations

import datetime as dt
import re

from flask_babel import gettext as _

from portal.core.errors import Invalid

MOST_LINES = 2000
LONGEST_STRETCH = 31
"""Days a single entry may last; a longer one is no holiday."""
YEARS = 5
"""So many years ahead a yearly day is noted."""
LARGEST = 1_000_000
_LINE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4})[\s,;:–-]*(?P<name>.*)")


def of_lines(text: str) -> dict[dt.date, str]:
    """Return the days of a list, one a line. Refuses a line that is no day, and names it (Invalid, `lines`).

    >>> of_lines("2026-12-25 Christmas Day\\n\\n1.1.2027, New Year")
    {datetime.date(2026, 12, 25): 'Christmas Day', datetime.date(2027, 1, 1): 'New Year'}
    """
    found: dict[dt.date, str] = {}
    for number, line in enumerate(text.splitlines()[:MOST_LINES], start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        day = _day(match["day"]) if match else None
        if match is None or day is None:
            said = line.strip()[:40]
            raise Invalid(
                _("Line %(n)s is no day: “%(line)s”. Write 2026-12-25 and its name.", n=number, line=said), "lines"
            )
        found[day] = match["name"].strip()
    return found


def _day(text: str) -> dt.date | None:
    try:
        if "-" in text:
            return dt.date.fromisoformat(text)
        day, month, year = (int(part) for part in re.split(r"[./]", text))
        return dt.date(year, month, day)
    except ValueError:
        return None


def of_calendar(raw: bytes, *, today: dt.date) -> dict[dt.date, str]:
    """Return the days of the entries of a calendar file; an entry of several days is each of them.

    A yearly entry is noted for the years to come. Refuses what is no calendar (Invalid, `file`).

    >>> day = b"DTSTART;VALUE=DATE:20261225\\r\\nSUMMARY:Christmas\\r\\n  Day\\r\\n"
    >>> of_calendar(b"BEGIN:VCALENDAR\\r\\nBEGIN:VEVENT\\r\\n" + day + b"END:VEVENT", today=dt.date(2026, 3, 1))
    {datetime.date(2026, 12, 25): 'Christmas Day'}
    """
    text = raw[:LARGEST].decode("utf-8-sig", errors="replace")
    if "BEGIN:VCALENDAR" not in text.upper():
        raise Invalid(_("This is no calendar file (.ics)."), field="file")
    found: dict[dt.date, str] = {}
    entry: dict[str, str] | None = None
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        name, _colon, value = line.partition(":")
        key = name.partition(";")[0].strip().upper()
        if key == "BEGIN" and value.strip().upper() == "VEVENT":
            entry = {}
        elif key == "END" and value.strip().upper() == "VEVENT" and entry is not None:
            found |= _of_entry(entry, today)
            entry = None
        elif entry is not None and key in ("DTSTART", "DTEND", "SUMMARY", "RRULE"):
            entry[key] = value.strip()
        if len(found) > MOST_LINES:
            raise Invalid(_("There are too many days in this calendar."), field="file")
    if not found:
        raise Invalid(_("There is no day in this calendar."), field="file")
    return found


def _of_entry(entry: dict[str, str], today: dt.date) -> dict[dt.date, str]:
    start, end = _stamp(entry.get("DTSTART", "")), _stamp(entry.get("DTEND", ""))
    if start is None:
        return {}
    n = (end - start).days if end is not None and end > start else 1
    name = re.sub(r"\\([,;\\])", r"\1", entry.get("SUMMARY", "").replace("\\n", " "))[:120]
    if n > LONGEST_STRETCH:
        return {}
    starts = [start]
    if "FREQ=YEARLY" in entry.get("RRULE", "").upper() and "BY" not in entry["RRULE"].upper():
        years = range(max(start.year, today.year), today.year + YEARS + 1)
        starts = [moved for year in years if (moved := _in(year, start)) is not None]
    return {one + dt.timedelta(days=place): name for one in starts for place in range(n)}


def _stamp(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


def _in(year: int, day: dt.date) -> dt.date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None
