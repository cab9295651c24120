"""What a closed wave says: results, statements, comments, and all of it as a table file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import arguments, once
from portal.core.database import db
from portal.core.forms import Form
from portal.core.permissions import Permission
from portal.pulse import (
    closing,
    heat,
    obstacles,
    queries,
    reading,
    scores,
    sheet_of_figures,
    speaking,
    summing_up,
    waves,
)
from portal.pulse.models import Wave, WaveState
from portal.pulse.reading import Seen
from portal.pulse.views.blueprint import bp

PER_PAGE = 50


@bp.get("/read")
def read() -> ResponseReturnValue:
    """Go from one wave's results to another's."""
    actors.current().require(Permission.SURVEY_READ)
    wave_id = arguments.number("wave")
    return redirect(url_for("surveys.reading", wave_id=wave_id) if wave_id else url_for("surveys.index"), 303)


@bp.get("/<int:wave_id>/reading", endpoint="reading")
def results(wave_id: int) -> str:
    """The results of a wave."""
    who = actors.current()
    seen = reading.get(who, wave_id)
    found = obstacles.obstacles(seen)
    chosen = _chosen(found)
    since = summing_up.name_of_before(seen)
    others = [wave for wave in queries.waves(who) if wave.state == WaveState.CLOSED]
    return render_template(
        "pulse/reading.html",
        seen=seen,
        stage=seen.instrument.stage(seen.wave.stage),
        others=others,
        have_lapsed=_have_lapsed(seen.wave, others),
        answered=summing_up.answered(seen),
        headline=obstacles.headline(seen, found),
        obstacles=found,
        heat=heat.heat(seen, marks=obstacles.marks(found), chosen=chosen) if seen.total.is_shown else None,
        second=heat.second(seen),
        detail=summing_up.detail(seen, chosen, obstacles.marks(found), since=since),
        address=_address(wave_id),
        since=since,
        core=", ".join(speaking.dimension(seen.instrument, code) for code in seen.instrument.rules.core),
        reworded=summing_up.reworded(seen),
        standings=scores.standings(seen, since=since),
        has_weights=any(score.weighted for score in seen.total.scores),
        straight=summing_up.straight(seen),
        without=summing_up.without_straight(seen),
        agreements=summing_up.agreements(seen),
        band_heads=[{"text": str(speaking.BANDS[band]), "kind": "number"} for band in scores.BANDS],
        driving=scores.driving(seen),
        outcome=speaking.dimension(seen.instrument, seen.instrument.rules.outcome),
        responses=scores.responses(seen),
    )


def _have_lapsed(wave: Wave, others: list[Wave]) -> bool:
    """Tell whether another wave has closed since: what this one found is to be acted on no longer."""
    closed_at = wave.closed_at
    return closed_at is not None and any(
        other.closed_at is not None and other.closed_at > closed_at for other in others
    )


def _chosen(found: tuple[obstacles.Obstacle, ...]) -> tuple[str, str] | None:
    """Return the cell whose range is told below the table: the one asked for, else that of the first flaw."""
    if "of" in request.args:
        return request.args.get("unit", "")[:120], request.args["of"][:8]
    return found[0].cells[0] if found and found[0].cells else None


def _address(wave_id: int) -> Callable[[str, str], str]:
    def address(unit: str, of: str) -> str:
        return url_for("surveys.reading", wave_id=wave_id, unit=unit, of=of, _anchor="cell")

    return address


@bp.get("/<int:wave_id>/reading/statements")
def statements(wave_id: int) -> str:
    """Every statement, of everybody and of large groups."""
    seen = reading.get(actors.current(), wave_id)
    points = [{"text": label, "kind": "number"} for label in seen.instrument.scale.labels]
    told = scores.chapters(seen) if seen.total.items else ()
    return render_template("pulse/statements.html", seen=seen, chapters=told, points=points)


@bp.get("/<int:wave_id>/reading/comments")
def comments(wave_id: int) -> str:
    """What people wrote, for those who run the survey."""
    seen = _whole(wave_id)
    said, page = seen.total.comments, max(1, arguments.number("page") or 1)
    first = (page - 1) * PER_PAGE
    some = said[first : first + PER_PAGE]
    where: dict[str, Any] = {"wave_id": wave_id}
    return render_template(
        "pulse/comments.html",
        seen=seen,
        question=summing_up.question(seen),
        comments=some,
        n_all=len(said),
        first=first + 1,
        last=first + len(some),
        previous=url_for("surveys.comments", page=page - 1, **where) if page > 1 else None,
        next=url_for("surveys.comments", page=page + 1, **where) if first + PER_PAGE < len(said) else None,
    )


def _whole(wave_id: int) -> Seen:
    """Return the reading to who sees all of it; refuses others (Forbidden)."""
    who = actors.current()
    seen = reading.get(who, wave_id)
    who.require(Permission.SURVEY_PLAN)
    return seen


@bp.get("/<int:wave_id>/reading.csv")
def reading_table(wave_id: int) -> Response:
    """Every figure that is shown, a line each, for a spreadsheet."""
    seen = reading.get(actors.current(), wave_id)
    return _file("".join(sheet_of_figures.write(seen)), f"survey-{wave_id}.csv")


@bp.get("/<int:wave_id>/reading/comments.csv")
def comments_table(wave_id: int) -> Response:
    """What people wrote, as a table."""
    seen = _whole(wave_id)
    return _file("".join(sheet_of_figures.write_comments(seen)), f"survey-{wave_id}-comments.csv")


def _file(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<int:wave_id>/close")
def ask_to_close(wave_id: int) -> str:
    """Whether a running wave is to be closed before its time."""
    wave = waves.get_to_plan(actors.current(), wave_id)
    counts = queries.counts([wave.id]).get(wave.id, queries.Counts())
    return render_template("pulse/close.html", wave=wave, counts=counts, form=Form(formdata=None))


@bp.post("/<int:wave_id>/close")
def close(wave_id: int) -> ResponseReturnValue:
    """Close it, read it and show it; each is committed by itself, for reading may take long."""
    who = actors.current()
    wave = waves.get_to_plan(who, wave_id)
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("surveys.ask_to_close", wave_id=wave_id), 303)
    where = url_for("surveys.reading", wave_id=wave_id)
    once.claim(form.token, person_id=who.person_id, location=where)
    closing.close(who, wave)
    db.session.commit()
    closing.read(wave_id)
    db.session.commit()
    return redirect(where, 303)
