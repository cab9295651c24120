"""The overview: how needs ended, and how many were settled here."""

from __future__ import annotations

from flask import render_template

from analytics import figures
from portal.insights import asking
from portal.insights.presenting import picture, voice
from portal.insights.views.blueprint import insights as bp
from portal.insights.views.blueprint import reader
from portal.measures import fold, reports


@bp.get("/")
def index() -> str:
    """Whether it works: needs by outcome, the range from floor to ceiling."""
    reader()
    as_of = fold.as_of()
    if as_of is None:
        return render_template("insights/nothing.html")
    asked = asking.asked(as_of)
    found = reports.read(asked.since, asked.until)
    assert found is not None  # noqa: S101 - there is a first fold
    report = found.report(asked.window, asked.slice)
    outcomes = figures.outcomes(report.series, voice=voice())
    settled = figures.settled(report.series, report.whole, voice=voice())
    return render_template(
        "insights/index.html",
        asked=asked,
        report=report,
        as_of=as_of,
        pictures=[picture("outcomes", outcomes), picture("settled", settled)],
    )
