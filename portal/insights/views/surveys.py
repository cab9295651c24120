"""Say and do: what a survey's departments mean to do, beside what they did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analytics.adoption.saydo import Point
from analytics.figures.saying_doing import names
from portal.core import actor as actors
from portal.core import sheets
from portal.core.arguments import number
from portal.core.permissions import Permission
from portal.insights import of_surveys
from portal.insights.views.blueprint import insights as bp
from portal.measures.presenting import picture, voice
from portal.pulse import beside, queries, reading
from portal.pulse.models import Wave, WaveState
from portal.pulse.reading import Seen


@bp.get("/say-and-do")
def say_and_do() -> ResponseReturnValue:
    """The map of what departments say and do, of one closed survey."""
    who = actors.current()
    who.require(Permission.SURVEY_READ)
    closed = _closed(who)
    seen = _seen(who, closed)
    if seen is None:
        return render_template("insights/nothing_said.html")
    found = of_surveys.say_and_do(seen)
    since, until = beside.span(seen.wave)
    called, advice = names(voice()), of_surveys.advice()
    return render_template(
        "insights/say_and_do.html",
        seen=seen,
        others=closed,
        picture=picture("say-and-do", found.figure),
        hidden=found.hidden,
        quarters=[
            (called[quadrant], advice[quadrant], [_named(each) for each in found.points if each.quadrant is quadrant])
            for quadrant in called
        ],
        since=since,
        until=until,
    )


@bp.get("/say-and-do.csv")
def say_and_do_table() -> ResponseReturnValue:
    """The same as a table for a spreadsheet; before any survey is closed, the page that says so."""
    who = actors.current()
    who.require(Permission.SURVEY_READ)
    seen = _seen(who, _closed(who))
    if seen is None:
        return redirect(url_for("insights.say_and_do"), 303)
    table = of_surveys.say_and_do(seen).figure.table
    rows = [["" if value is None else value for value in row] for row in table.rows]
    response = Response("".join(sheets.write([column.label for column in table.columns], rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="say-and-do-{seen.wave.id}.csv"'
    return response


def _named(point: Point) -> str:
    name = point.unit.name
    return name if point.is_sure else _("%(name)s (or next to it)", name=name)


def _closed(who: actors.Actor) -> list[Wave]:
    return [wave for wave in queries.waves(who) if wave.state == WaveState.CLOSED]


def _seen(who: actors.Actor, closed: list[Wave]) -> Seen | None:
    """Return the wave that was asked for, else the last one."""
    wanted = number("wave")
    if wanted is None and not closed:
        return None
    return reading.get(who, wanted if wanted is not None else closed[0].id)


def tab(context: Mapping[str, Any]) -> str:
    """Draw the way from a survey's results to its map."""
    if not actors.current().can(Permission.SURVEY_READ):
        return ""
    where = url_for("insights.say_and_do", wave=context["wave"].id)
    is_here = request.endpoint == "insights.say_and_do"
    return render_template("insights/_say_and_do_tab.html", where=where, is_here=is_here)
