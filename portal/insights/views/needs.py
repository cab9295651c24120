"""The rows behind the figures: each need with its outcome and why, by pseudonym and never by name."""

from __future__ import annotations

import numpy as np
from flask import render_template, request
from flask.typing import ResponseReturnValue

from analytics.needs.outcomes import CODE, Outcome
from portal.core.arguments import number
from portal.insights import asking, choosing, telling
from portal.insights.pages import PAGES
from portal.insights.views.blueprint import insights as bp
from portal.insights.views.blueprint import reader
from portal.measures import fold, reports

PAGE = 50


@bp.get("/needs")
def needs() -> ResponseReturnValue:
    """Needs of the period, the latest first; of a department or site only for who may write them to a file."""
    who, as_of = reader(), fold.as_of()
    if as_of is None:
        return render_template("insights/nothing.html")
    asked, offered = asking.asked(as_of), choosing.choices(who)
    choosing.require_rows(who, asked)
    found = None if choosing.is_kept_back(asked, offered) else reports.read(asked.since, asked.until)
    chosen = request.args.get("outcome", "")
    outcome = Outcome(chosen) if chosen in set(Outcome) else None
    page = number("page", default=1, least=1, most=10_000)
    rows: list[telling.Told] = []
    n = 0
    if found is not None:
        judged = found.needs(asked.window)
        inside = found.inside(asked.window, asked.slice) & ~judged.chains.is_anon
        n_people = len(np.unique(judged.chains.actor.codes[inside]))
        if asked.slice.kind and n_people < reports.LEAST:
            inside &= False
        if outcome is not None:
            inside &= judged.outcome == CODE[outcome]
        places = np.flatnonzero(inside)
        places = places[np.argsort(-judged.chains.end[places], kind="stable")]
        n = len(places)
        rows = [
            telling.told(row, offered.topics) for row in judged.rows(places[(page - 1) * PAGE : page * PAGE].tolist())
        ]
    return render_template(
        "insights/needs.html",
        pages=PAGES,
        asked=asked,
        told=choosing.told(asked, offered),
        rows=rows,
        n=n,
        page=page,
        has_more=n > page * PAGE,
        outcome=outcome,
        outcomes=[(each.value, telling.called(each)) for each in Outcome],
        as_of=as_of,
    )
