"""What programs may read of surveys: those that are closed, as far as whoever asks may."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.operations import cursors
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import Schema, choice, many, maybe, moment, page_of, text, thing, whole, yes_no
from portal.core.permissions import Permission
from portal.core.scopes import Scope
from portal.notifications.links import absolute
from portal.pulse import policies, reading
from portal.pulse.models import Breakdown, Wave, WaveState
from portal.pulse.reading import Seen
from portal.pulse.shapes import shape
from surveys.flaws import Fired
from surveys.privacy import freezing
from surveys.privacy.released import Released

GROUP = "Surveys"
_LINE: dict[str, Schema] = {
    "number": whole(),
    "name": text(),
    "stage": text("How far the change has come."),
    "breakdown": choice(*(each.value for each in Breakdown), about="By which groups it is read."),
    "launched_at": maybe(moment()),
    "closed_at": maybe(moment()),
    "published_at": maybe(moment("When everybody could read its outcome.")),
    "url": text("Its page in the portal."),
}
LINE = thing("SurveyLine", "A closed survey.", needed=_LINE)
SURVEY = thing(
    "Survey",
    "A closed survey with everything that may be read of it, frozen when it closed.",
    needed={
        **_LINE,
        "is_whole": yes_no("Everything that was released; else everybody together and the caller's own departments."),
        "released": shape(Released),
        "flaws": many(shape(Fired, name="SurveyFlaw")),
    },
)


def listed(call: Call) -> Reply:
    who, limit = call.actor, call.query.get("limit", cursors.USUAL)
    who.require(Permission.SURVEY_READ)
    after = cursors.after("surveys", call.query)
    query = select(Wave).where(policies.seen(who), Wave.state == WaveState.CLOSED.value).order_by(Wave.id.desc())
    if after is not None:
        query = query.where(Wave.id < after[0])
    rows = list(db.session.execute(query.limit(limit + 1)).scalars())
    more = cursors.make("surveys", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [line(row) for row in rows[:limit]], "next": more})


def survey(call: Call) -> Reply:
    return Reply(body=told(call.actor, reading.get(call.actor, call.path["number"])))


def line(wave: Wave) -> dict[str, Any]:
    return {
        "number": wave.id,
        "name": wave.name,
        "stage": wave.stage,
        "breakdown": wave.breakdown,
        "launched_at": wave.launched_at.isoformat() if wave.launched_at else None,
        "closed_at": wave.closed_at.isoformat() if wave.closed_at else None,
        "published_at": wave.published_at.isoformat() if wave.published_at else None,
        "url": absolute(f"/surveys/{wave.id}/reading"),
    }


def told(actor: Actor, seen: Seen) -> dict[str, Any]:
    """Return what this actor sees; comments only for those who see them on the page."""
    return {
        **line(seen.wave),
        "is_whole": seen.is_whole,
        "released": freezing.freeze(seen.released),
        "flaws": [freezing.freeze(flaw) for flaw in seen.flaws],
    }


OPERATIONS = (
    Operation(
        name="surveys",
        method="GET",
        path="/surveys",
        group=GROUP,
        summary="Closed surveys, the newest first",
        about="For those who plan surveys or lead a department.",
        scope=Scope.SURVEYS,
        run=listed,
        query=dict(cursors.PARAMETERS),
        answer=page_of(LINE),
    ),
    Operation(
        name="survey",
        method="GET",
        path="/surveys/{number}",
        group=GROUP,
        summary="What one survey says",
        about="Worked out once when it closed and never again. Groups that are hidden have no figures.",
        scope=Scope.SURVEYS,
        run=survey,
        at={"number": whole("Number of the survey.", least=1, example=3)},
        answer=SURVEY,
        is_single=True,
        refusals=frozenset({409}),
    ),
)
