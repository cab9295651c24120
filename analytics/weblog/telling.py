"""A survey told: as one object for programs, unrounded (METRICS 10), or as lines a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from analytics.weblog import robots
from analytics.weblog.days import Days, Memory
from analytics.weblog.surveying import ByAddress, Survey
from analytics.weblog.targets import Class

MOST_ROWS = 20
EPOCH = date(1970, 1, 1)
CLASSES = {Class.BOT: "bot", Class.BAD_REQUEST: "bad_request", Class.METHOD: "method", Class.STATUS: "status",
           Class.STATIC: "static", Class.PAGE_VIEW: "page_view"}  # fmt: skip
K = TypeVar("K", bound=Hashable)


def top(found: Mapping[K, int], most: int = MOST_ROWS) -> list[tuple[K, int]]:
    """Return the most frequent, those of the same number by name, so that the order is always the same."""
    return sorted(found.items(), key=lambda each: (-each[1], str(each[0])))[:most]


def as_object(found: Survey) -> dict[str, Any]:
    """Tell everything of a log. Addresses and agents are counted and never named."""
    whole, batch = found.whole, found.batch
    asked, paths, methods, protocols, errors = found.targets()
    missing = Counter({path: n for (status, path), n in errors.items() if status == "404"})
    addressed = found.by_address or ByAddress(Days(Memory()))
    n_bad = sum(n for status, n in whole.statuses.items() if status[0] in "45")
    return {
        "read": batch.read,
        "parsed": batch.parsed,
        "refused": {
            "n": sum(batch.refused.values()),
            "reasons": {why.value: n for why, n in top(batch.refused)},
            "first": [{"file": name, "line": line, "why": why.value} for name, line, why in found.examples],
        },
        "first": _iso(found.first),
        "last": _iso(found.last),
        "addresses": len(found.addresses),
        "visitors": len(found.visitors),
        "agents": len(found.agents),
        "bytes": whole.bytes,
        "without_bytes": found.no_bytes,
        "classes": {CLASSES[each]: whole.classes[each] for each in Class},
        "page_views": whole.views,
        "page_view_addresses": len(found.viewers),
        "sessions": {"address_and_agent": whole.sessions, "address": addressed.sessions.total()},
        "visits": {"address_and_agent": whole.visits, "address": addressed.visits.total()},
        "visitor_days": {
            "address_and_agent": whole.everyone,
            "address": addressed.visitors.total(),
        },
        "robots": {
            "detector": robots.detector(),
            "hits": whole.classes[Class.BOT],
            "without_agent": found.no_agent,
            "hits_by_four_words": whole.four_words,
        },
        "statuses": dict(sorted(whole.statuses.items())),
        "error_share": n_bad / whole.hits if whole.hits else None,
        "methods": dict(top(methods)),
        "protocols": dict(top(protocols)),
        "days": [_day(found, day) for day in sorted(found.days)],
        "pages": [{"path": path, "views": n} for path, n in top(whole.pages)],
        "targets": {"n": len(asked), "top": [{"target": text, "hits": n} for text, n in top(asked)]},
        "paths": {"n": len(paths), "top": [{"path": text, "hits": n} for text, n in top(paths)]},
        "errors": [{"status": status, "path": path, "hits": n} for (status, path), n in top(errors)],
        "not_found_paths": len(missing),
        "without_referrer": found.no_referrer,
        "referrers": [{"host": host, "hits": n} for host, n in top(found.hosts)],
        "came_from": [{"page": page, "views": n} for page, n in top(whole.referrers)],
        "terms": [{"term": term, "searches": n} for term, n in top(whole.terms)],
        "opened": [{"what": what, "from": page, "views": n} for (what, page), n in top(whole.openers)],
    }  # fmt: skip


def _day(found: Survey, day: int) -> dict[str, Any]:
    counts = found.days[day]
    return {
        "day": (EPOCH + timedelta(days=day)).isoformat(),
        "hits": counts.hits,
        "addresses": found.by_address.visitors[day] if found.by_address else None,
        "visitors": counts.visitors,
        "sessions": counts.sessions,
        "visits": counts.visits,
        "page_views": counts.views,
    }


def _iso(moment: int | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def as_lines(found: Survey) -> Iterator[str]:
    """Tell the same in lines."""
    told = as_object(found)
    refused = told["refused"]
    yield f"{told['read']:,} lines read: {told['parsed']:,} parsed, {refused['n']:,} refused."
    for each in refused["first"]:
        yield f"  {each['file']}, line {each['line']}: {each['why']}"
    if not told["parsed"]:
        return
    yield f"From {told['first']} to {told['last']}; {told['bytes']:,} bytes sent."
    yield f"{told['addresses']:,} addresses, {told['visitors']:,} with their agents, {told['agents']:,} agents."
    yield ""
    yield "Why a hit is no page view, first reason in this order:"
    words = ("robot or no agent", "bad request", "not GET", "not answered with a page", "static file", "PAGE VIEW")
    for word, n in zip(words, told["classes"].values(), strict=True):
        yield f"  {word:26}{n:>12,}"
    found_by = told["robots"]
    yield f"Robots by {found_by['detector']}; four plain words would find {found_by['hits_by_four_words']:,}."
    yield ""
    yield f"{'':28}{'address and agent':>18}{'address':>12}"
    for word, name in (("sessions (all hits)", "sessions"), ("visits (page views)", "visits"),
                       ("visitors, sum of days", "visitor_days")):  # fmt: skip
        yield f"{word:28}{told[name]['address_and_agent']:>18,}{told[name]['address']:>12,}"
    yield ""
    yield f"{'day':12}{'hits':>12}{'page views':>12}{'visits':>10}{'visitors':>10}"
    for day in told["days"]:
        yield f"{day['day']:12}{day['hits']:>12,}{day['page_views']:>12,}{day['visits']:>10,}{day['visitors']:>10,}"
    for title, rows, text, n in (
        ("Pages", "pages", "path", "views"),
        ("Answers from 400 on, robots too", "errors", "path", "hits"),
        ("Where hits came from", "referrers", "host", "hits"),
        ("Searched for", "terms", "term", "searches"),
        ("Pages from which the portal or its ticket form was opened", "opened", "from", "views"),
    ):
        if told[rows]:
            yield ""
            yield f"{title}:"
            for each in told[rows]:
                note = each.get("status") or each.get("what") or ""
                yield f"{each[n]:>10,}  {f'{note}  ' if note else ''}{_safe(each[text])}"
    yield ""
    yield "Days are days in UTC. Visitors are known for a day only; a month's is the sum of its days."


def _safe(text: str) -> str:
    """Return text from a log fit for a terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)[:160]
