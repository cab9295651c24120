"""The pages people answer on. Nobody asks who they are, and nothing of the visit is kept (`core.access.nameless`).

The link of the mail carries the token behind the #, which browsers do not send; a script posts it. Who has no script
types the code of the mail.
"""

from __future__ import annotations

from dataclasses import replace

import flask_babel
from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.access import door
from portal.core import database, i18n
from portal.core.access import nameless
from portal.core.actor import ANONYMOUS
from portal.core.database import db
from portal.core.errors import Invalid
from portal.pulse import answering, asking
from portal.pulse.answering import Opened

bp = nameless(Blueprint("survey", __name__, template_folder="../templates"))


@bp.before_request
def choose_language() -> None:
    """Speak the language that was chosen on the page; else the browser's."""
    chosen = request.values.get("lang", "")
    if chosen in i18n.available():
        g.actor = replace(ANONYMOUS, locale=chosen)
        flask_babel.refresh()


@bp.after_request
def leave_no_trace(response: Response) -> Response:
    """Have browsers keep no copy, and tell no other page that somebody came from here."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/survey")
@door
def enter() -> str:
    return render_template("pulse/answer_door.html", languages=i18n.languages())


@bp.post("/survey")
@door
def ask() -> ResponseReturnValue:
    """Show the questions that a code opens, with what was filled in before the language was changed."""
    opened = answering.open_with(_code())
    return _questions(opened) if opened else _nothing()


@bp.post("/survey/answers")
@door
def keep() -> ResponseReturnValue:
    answers, comment = answering.sent(request.form), request.form.get("comment", "")
    is_empty = not answers and not comment.strip()
    if is_empty and "empty" not in request.form:
        opened = answering.open_with(_code())
        return _questions(opened, status=422, is_empty=True) if opened else _nothing()
    try:
        opened = answering.answer(_code(), answers=answers, comment=comment)
    except Invalid as refusal:
        opened = answering.open_with(_code())
        return _questions(opened, status=422, trouble=refusal.message) if opened else _nothing()
    db.session.commit()
    database.set_looking(True)
    return _thanks(opened) if opened else _nothing()


def _code() -> str:
    return request.form.get("code", "")


def _questions(opened: Opened, *, status: int = 200, is_empty: bool = False, trouble: str = "") -> ResponseReturnValue:
    found = asking.questions(opened.wave, answering.sent(request.form), request.form.get("comment", ""))
    page = render_template(
        "pulse/answer.html",
        code=_code(),
        wave=opened.wave,
        is_test=opened.is_test,
        questions=found,
        kept_by=asking.groups_kept(opened.wave),
        languages=i18n.languages(),
        longest=answering.LONGEST_COMMENT,
        step=request.form.get("step", "")[:8],
        is_empty=is_empty,
        trouble=trouble,
    )
    return page, status


def _thanks(opened: Opened) -> ResponseReturnValue:
    return render_template(
        "pulse/answer_thanks.html", wave=opened.wave, is_test=opened.is_test, last_time=asking.last_time()
    )


def _nothing() -> ResponseReturnValue:
    """Say the same whatever the reason, and give back what was typed, which is in nobody else's hands."""
    return render_template("pulse/answer_nothing.html", comment=request.form.get("comment", "").strip()), 404
