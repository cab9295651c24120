"""What logs of web servers say: visits, pages, errors, where people came from, and honestly what was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analytics import figures, series
from analytics.series import Step
from analytics.weblog import robots
from portal.core.arguments import number as argument
from portal.insights.asking import USUAL
from portal.insights.blocks import Line
from portal.measures import changes
from portal.measures.kept import PERIODS
from portal.measures.presenting import Picture, number, percent, picture, voice
from portal.weblogs import queries, wording
from portal.weblogs.models import RowKind, WebLog
from portal.weblogs.queries import Counted, Named, Span

SHOWN = 20
IN_FILE = 10_000
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which log and which days are shown; the days end with the last one that was counted."""

    days: int
    span: Span
    log: WebLog | None

    def args(self) -> dict[str, int]:
        found = {"days": self.days} if self.days != USUAL else {}
        return found | ({"log": self.log.id} if self.log else {})


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The most frequent of one kind, with what to say where there is none."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: Sequence[Named]
    nothing: str
    note: str = ""


def asked(logs: Sequence[WebLog]) -> Asked | None:
    """Read the address; None where nothing was counted yet. What makes no sense in it is the usual."""
    days = argument("days", default=USUAL)
    days = days if days in PERIODS else USUAL
    chosen = next((log for log in logs if str(log.id) == request.args.get("log")), None)
    there = queries.days_there(chosen.id if chosen else None)
    if there is None:
        return None if chosen is None else _empty(days, chosen)
    until = there[1] + DAY
    since = max(until - dt.timedelta(days=days), there[0])
    return Asked(days=days, log=chosen, span=Span(since=since, until=until, weblog_id=chosen.id if chosen else None))


def _empty(days: int, log: WebLog) -> Asked:
    day = log.created_at.date()
    return Asked(days=days, log=log, span=Span(since=day, until=day + DAY, weblog_id=log.id))


def drawn(on: Asked) -> Picture:
    """Draw visits by day, or by week where there are many days."""
    span = on.span
    found = queries.by_day(span)
    step = Step.DAY if (span.until - span.since).days <= 35 else Step.WEEK
    points = [
        series.fold({day: getattr(each, name) for day, each in found.items()}, step, since=span.since, until=span.until)
        for name in ("visits", "views")
    ]
    return picture(
        "visits", figures.visits(*points, changes=changes.pins(span.since, span.until), voice=voice())
    )  # fmt: skip


def lines(found: Counted) -> tuple[Line, ...]:
    """Write what there was in figures."""
    return (
        Line(
            label=_("Page views"),
            value=number(found.views, 0),
            note=_("asked with GET and answered; no files, no robots"),
        ),
        Line(label=_("Visits"), value=number(found.visits, 0), note=_("made of page views")),
        Line(
            label=_("Visitors, sum of days"),
            value=number(found.visitors, 0),
            note=_("whoever came on two days counts twice: nobody is followed from day to day"),
        ),
        Line(
            label=_("Errors people met"),
            value=number(found.client_errors + found.server_errors, 0),
            note=_("%(n)s of them on our side (5xx)", n=number(found.server_errors, 0)),
        ),
    )


def left_out(found: Counted) -> list[tuple[str, int, str]]:
    """Say why hits are no page views, each by the first reason: what, how many, what share."""
    rows = (
        (_("Robots, and hits without an agent"), found.robots),
        (_("Bad requests"), found.bad_requests),
        (_("Not asked with GET"), found.other_methods),
        (_("Not answered with a page"), found.other_statuses),
        (_("Files such as pictures and styles"), found.static),
        (_("Page views"), found.views),
    )
    return [(text, n, percent(n / found.hits) if found.hits else "–") for text, n in rows]


def spread(found: Counted) -> str:
    """Say how far the choice of a list of robots moves the figures."""
    if not found.hits:
        return ""
    return _(
        "By %(list)s and by missing agents, %(share)s of the hits are robots; by the four words bot, crawl, spider and "
        "slurp alone it would be %(other)s. So never read “humans” here, only “not identified as robots”.",
        list=robots.detector(),
        share=percent(found.robots / found.hits),
        other=percent(found.four_words / found.hits),
    )


LISTINGS = (
    ("pages", RowKind.PAGE, None, _l("Pages"), (_l("Page"), _l("Views")), _l("No page was viewed in these days."), ""),
    (
        "opened-ticket", RowKind.OPENER, "ticket", _l("Pages from which the ticket form was opened"),
        (_l("Page"), _l("Times opened")), _l("The log names no page from which the ticket form was opened."),
        _l("Where people looked before they asked: an answer may belong on these pages."),
    ),
    (
        "opened-portal", RowKind.OPENER, "portal", _l("Pages from which the portal was opened"),
        (_l("Page"), _l("Times opened")), _l("The log names no page elsewhere from which the portal was opened."), "",
    ),
    (
        "errors", RowKind.ERROR, None, _l("Errors people met"), (_l("Page"), _l("Times"), _l("Status")),
        _l("Nobody met an error in these days."), "",
    ),
    (
        "referrers", RowKind.REFERRER, None, _l("Where people came from"), (_l("Page elsewhere"), _l("Views")),
        _l("No page elsewhere led here in these days."), "",
    ),
    (
        "terms", RowKind.TERM, None, _l("What people searched for"), (_l("Words"), _l("Searches")),
        _l("No words were used by at least three visitors on one day."),
        _l("Words are kept from the third different visitor of a day on; rarer ones are forgotten within two days."),
    ),
)  # fmt: skip
"""The lists of the page: name, kind and note of its rows, title, heads, what to say where there is none, and beside."""


def listings(on: Asked, most: int = SHOWN) -> list[Listing]:
    """Return the lists of the page."""
    return [
        Listing(
            name=name,
            title=str(title),
            heads=tuple(map(str, heads)),
            rows=queries.top(on.span, kind, note=of, most=most),
            nothing=str(nothing),
            note=str(note),
        )
        for name, kind, of, title, heads, nothing, note in LISTINGS
    ]


def refused(on: Asked) -> tuple[queries.Imported, list[tuple[str, int]]]:
    """Return what was read in all, and why lines were refused, in words."""
    found = queries.imported(on.log.id if on.log else None)
    return found, [(wording.reason(why), n) for why, n in found.refused]


def table(on: Asked, name: str) -> tuple[tuple[str, ...], Iterable[Sequence[object]]] | None:
    """Return a list as a table for a file, whole; None when there is no such list."""
    if name == "days":
        numbers = queries.NUMBERS
        rows = ((day, *(getattr(each, one) for one in numbers)) for day, each in queries.by_day(on.span).items())
        return ("day", *numbers), rows
    found = next((each for each in listings(on, IN_FILE) if each.name == name), None)
    if found is None:
        return None
    if name == "errors":
        return ("page", "times", "status"), ((row.name, row.n, row.note) for row in found.rows)
    return ("what", "how often"), ((row.name, row.n) for row in found.rows)
