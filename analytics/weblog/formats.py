"""Lines of access logs: the combined format, the same with a virtual host before it, and nginx's JSON.

Each line is told apart by itself, so a log may mix them. What cannot be read is refused with a reason (METRICS 11).
"""

from __future__ import annotations

import ipaddress
import json
import re
from enum import StrEnum
from typing import Any

from analytics.weblog import moments

Row = tuple[str, str, str, str, str, str, str, str]
"""Address, account, time, request, status, bytes, referrer, agent; as logged."""

_QUOTED = r'"([^"\\\n]*(?:\\.[^"\\\n]*)*)"'
# Unrolled, so that no line takes longer than its length; one match for each line, readable or not.
_HEAD = rf"([^ \n]+) [^ \n]+ ([^ \n]+) \[([^\]\n]+)\] {_QUOTED} ([0-9]{{3}}) ([0-9]{{1,15}}|-)"
_TAIL = r"(?:\r| [^\n]*)?"
_LINE = rf"{_HEAD} {_QUOTED} {_QUOTED}{_TAIL}"
_ALL = re.compile(rf"^(?:{_LINE}|([^\n]*))$", re.MULTILINE)
_ONE = re.compile(_LINE)
_COMMON = re.compile(_HEAD + _TAIL)
_STATUS = re.compile(r"[0-9]{3}")
_SIZE = re.compile(r"[0-9]{1,15}")
_BROKEN_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})")


class Why(StrEnum):
    """Why a line was refused."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NO_QUOTE = "no closing quote"
    STATUS = "status is not three digits"
    DATE = "no such time"
    NO_AGENT = "ends before referrer and agent"
    NO_LINE = "not a line of an access log"
    JSON = "broken JSON"
    JSON_KEYS = "JSON without time, address, request or status"


def matches(text: str) -> list[Any]:
    """Return all lines at once: the first eight of each are a row, unless the first is empty: the ninth is the line."""
    return _ALL.findall(text)


def slowly(line: str, *, is_common: bool = False) -> Row | Why:
    """Read a line that is not plainly of the combined format, or say why it is refused."""
    line = line.removesuffix("\r")
    if not line.strip():
        return Why.EMPTY
    if line.lstrip().startswith("{"):
        return _from_json(line)
    words, opening, rest = line.partition(" [")
    if not opening:
        return Why.NO_LINE
    before = words.split(" ")
    if len(before) == 4 and is_address(before[1]) and not is_address(before[0]):
        before = before[1:]
    elif len(before) > 3 and is_address(before[0]):
        before = [before[0], before[1], "_".join(before[2:])]
    if len(before) != 3 or not all(before):
        return Why.NO_LINE
    found = _ONE.fullmatch(f"{' '.join(before)} [{rest}")
    if found:
        return found.groups()  # type: ignore[return-value]
    return _refused_or_common(f"{' '.join(before)} [{rest}", is_common=is_common)


def _refused_or_common(line: str, *, is_common: bool) -> Row | Why:
    found = _COMMON.match(line)
    if found and found.end() == len(line):
        if is_common:
            return (*found.groups(), "-", "-")  # type: ignore[return-value]
        return Why.NO_QUOTE if '"' in line[found.end(6) :] else Why.NO_AGENT
    _time, closing, rest = line.partition("] ")
    if not closing or not rest.startswith('"'):
        return Why.NO_LINE
    request = re.match(_QUOTED, rest)
    if not request:
        return Why.NO_QUOTE
    status = rest[request.end() :].split()
    if not status or not _STATUS.fullmatch(status[0]):
        return Why.STATUS
    return Why.NO_QUOTE


def is_address(word: str) -> bool:
    """Tell whether a word is an address of the internet protocol."""
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def _from_json(line: str) -> Row | Why:
    """Read a line of nginx's JSON. Before 1.11.8 it wrote bytes in a way that is no JSON: mended once."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        try:
            said = json.loads(_BROKEN_ESCAPE.sub(r"\\u00\1", line))
        except (ValueError, RecursionError):
            return Why.JSON
    if not isinstance(said, dict):
        return Why.JSON
    time, address = _first(said, "time_iso8601", "time_local", "msec"), _first(said, "remote_addr")
    request, status = _request(said), _first(said, "status")
    if not (time and address and request and status):
        return Why.JSON_KEYS
    at = moments.any_form(time)
    if at is None:
        return Why.DATE
    if not _STATUS.fullmatch(status):
        return Why.STATUS
    size = _first(said, "body_bytes_sent", "bytes_sent")
    return (
        address,
        _first(said, "remote_user") or "-",
        moments.written(at),
        request,
        status,
        size if _SIZE.fullmatch(size) else "-",
        _first(said, "http_referer", "http_referrer") or "-",
        _first(said, "http_user_agent") or "-",
    )


def _request(said: dict[str, Any]) -> str:
    whole = _first(said, "request")
    method, asked = _first(said, "request_method"), _first(said, "request_uri")
    if whole or not method:
        return whole
    if not asked:
        asked, args = _first(said, "uri"), _first(said, "args")
        asked = f"{asked}?{args}" if asked and args else asked
    return f"{method} {asked} {_first(said, 'server_protocol') or 'HTTP/1.1'}" if asked else ""


def _first(said: dict[str, Any], *names: str) -> str:
    """Return the first of these that is there and neither empty nor a dash."""
    for name in names:
        value = said.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value) not in ("", "-"):
            return str(value)
    return ""
