"""The rows behind the figures of the desk: each ticket with how long it took, without names or words."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core.arguments import number
from portal.core.permissions import Permission
from portal.insights import asking, choosing
from portal.insights.pages import PAGES
from portal.insights.views.blueprint import insights as bp
from portal.insights.views.blueprint import reader
from portal.measures import desk, fold, kept, presenting, reports

PAGE = 50


@bp.get("/tickets/rows")
def handled() -> ResponseReturnValue:
    """Tickets of the period, the latest first; of a department or site only for who may write them to a file."""
    who, as_of = reader(), fold.as_of()
    if as_of is None:
        return render_template("insights/nothing.html")
    asked, offered = asking.asked(as_of), choosing.choices(who)
    choosing.require_rows(who, asked)
    page = number("page", default=1, least=1, most=10_000)
    rows, n = list[desk.Took](), 0
    if not _is_kept_back(asked, offered):
        skip, n = (page - 1) * PAGE, desk.n_opened(asked.since, asked.until, asked.slice)
        rows = list(desk.each(asked.since, asked.until, asked.slice, skip=skip, most=PAGE))
    return render_template(
        "insights/handled.html",
        pages=PAGES,
        asked=asked,
        told=choosing.told(asked, offered),
        rows=rows,
        n=n,
        page=page,
        has_more=n > page * PAGE,
        can_open=who.can(Permission.TICKET_WORK),
        hours=lambda value: presenting.number(value, 1),
        as_of=as_of,
    )


def _is_kept_back(asked: asking.Asked, offered: choosing.Choices) -> bool:
    """Say whether so few people stand behind the rows that somebody could be recognised."""
    if choosing.is_kept_back(asked, offered):
        return True
    report = kept.find(asked.since, asked.until, asked.window, asked.slice)
    if report is None or report.is_hidden:
        return True
    return bool(asked.slice.kind) and desk.n_people(asked.since, asked.until, asked.slice) < reports.LEAST
