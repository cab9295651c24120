"""Setting up prepared requests, and the replies prepared for the whole desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import database
from portal.core.database import db
from portal.kb.models import Category
from portal.tickets import queries, queues
from portal.tickets.managing import replies, requests
from portal.tickets.managing.forms import NOTHING, RequestForm, SavedReplyForm
from portal.tickets.models import Queue, RequestTemplate, SavedReply
from portal.tickets.requesting.prepared import FIELDS
from portal.tickets.views.manage import keep, manager

bp = Blueprint("desk_requests", __name__, url_prefix="/admin", template_folder="../templates")


@bp.get("/requests")
def index() -> str:
    """The prepared requests."""
    manager()
    return render_template("manage/requests.html", requests=requests.every())


@bp.get("/requests/new")
def new() -> str:
    """The form for a new one."""
    manager()
    return _page(RequestForm(formdata=None), None)


@bp.post("/requests")
def add() -> ResponseReturnValue:
    """Add one."""
    return _keep(None, _("It is offered to everybody who hands something over."))


@bp.get("/requests/<int:template_id>")
def show(template_id: int) -> str:
    """One request and what it asks."""
    manager()
    found = requests.get(template_id)
    form = RequestForm(
        formdata=None,
        asked=requests.written(found),
        title=found.title,
        summary=found.summary,
        icon=found.icon,
        category_id=found.category_id or NOTHING,
        queue_id=found.queue_id or NOTHING,
        position=found.position,
        is_active=found.is_active,
    )
    return _page(form, found)


@bp.post("/requests/<int:template_id>")
def change(template_id: int) -> ResponseReturnValue:
    """Change it; tickets that were opened with it keep what was answered."""
    manager()
    return _keep(requests.get(template_id), _("Saved."))


def _keep(found: RequestTemplate | None, said: str) -> ResponseReturnValue:
    who, form = manager(), RequestForm()
    template_id = found.id if found else None
    _offer(form)
    form.read(request.form)
    if "more" in request.form:
        database.set_looking(True)
        return _page(form, found)

    def act() -> None:
        category_id, queue_id = form.category_id.data, form.queue_id.data
        requests.save(
            who,
            found,
            title=form.title.data or "",
            summary=form.summary.data or "",
            icon=form.icon.data,
            category=db.session.get(Category, category_id) if category_id else None,
            queue=db.session.get(Queue, queue_id) if queue_id else None,
            fields=form.asked,
            is_active=bool(form.is_active.data),
            position=form.position.data,
        )

    def page() -> str:
        return _page(form, requests.get(template_id) if template_id else None)

    return keep(who, form, act, url_for("desk_requests.index"), said, page)


def _offer(form: RequestForm) -> None:
    form.offer([(one.id, one.title) for one in queries.topics_for(manager())], queues.active())


def _page(form: RequestForm, found: RequestTemplate | None) -> str:
    _offer(form)
    kinds = {
        "line": _("A line"),
        "text": _("Several lines"),
        "choice": _("A choice"),
        "date": _("A day"),
        "person": _("A person"),
    }
    return render_template(
        "manage/request.html", form=form, template=found, kinds=[(kind, kinds[kind]) for kind in FIELDS]
    )


@bp.get("/saved-replies")
def saved_replies() -> str:
    """The replies prepared for everybody at the desk."""
    manager()
    return render_template("manage/replies.html", replies=replies.every(), form=SavedReplyForm(formdata=None))


@bp.post("/saved-replies")
def add_reply() -> ResponseReturnValue:
    """Prepare one more."""
    who, form = manager(), SavedReplyForm()

    def act() -> None:
        replies.save(who, None, title=form.title.data or "", body=form.body.data or "")

    def page() -> str:
        return render_template("manage/replies.html", replies=replies.every(), form=form)

    return keep(who, form, act, url_for("desk_requests.saved_replies"), _("Everybody at the desk has it now."), page)


@bp.get("/saved-replies/<int:reply_id>")
def saved_reply(reply_id: int) -> str:
    """One of them."""
    manager()
    found = replies.get(reply_id)
    return _reply(SavedReplyForm(formdata=None, title=found.title, body=found.body), found)


@bp.post("/saved-replies/<int:reply_id>")
def change_reply(reply_id: int) -> ResponseReturnValue:
    """Change it."""
    who, form = manager(), SavedReplyForm()
    found = replies.get(reply_id)

    def act() -> None:
        replies.save(who, found, title=form.title.data or "", body=form.body.data or "")

    def page() -> str:
        return _reply(form, replies.get(reply_id))

    return keep(who, form, act, url_for("desk_requests.saved_replies"), _("Saved."), page)


@bp.post("/saved-replies/<int:reply_id>/remove")
def remove_reply(reply_id: int) -> ResponseReturnValue:
    """Take it away."""
    who = manager()
    replies.remove(who, replies.get(reply_id))
    db.session.commit()
    flash(_("Removed."), "success")
    return redirect(url_for("desk_requests.saved_replies"), 303)


def _reply(form: SavedReplyForm, found: SavedReply) -> str:
    return render_template("manage/reply.html", form=form, reply=found)
