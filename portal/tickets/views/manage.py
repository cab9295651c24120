"""Setting up the desk: its queues with their people, addresses and promises."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.forms import Form
from portal.core.permissions import Permission
from portal.tickets.desk import telling
from portal.tickets.managing import forms, hours, queues
from portal.tickets.managing.forms import NOTHING, QueueForm
from portal.tickets.models import Queue
from portal.tickets.views.sending import Refused, send

bp = Blueprint("desk_queues", __name__, url_prefix="/admin/queues", template_folder="../templates")


def manager() -> Actor:
    """Return who is acting, or refuse (Forbidden) who does not manage the desk."""
    who = actors.current()
    who.require(Permission.TICKET_MANAGE)
    return who


def keep(
    who: Actor, form: Form, act: Callable[[], object], where: str, said: str, page: Callable[[], str]
) -> ResponseReturnValue:
    """Act once and lead on; what is refused comes back on its page with its words."""

    def do() -> tuple[str, str]:
        act()
        return where, said

    answer = send(who, form, do)
    if not isinstance(answer, Refused):
        return answer
    form.form_errors += filter(None, [answer.overtaken])
    return page(), answer.status


@bp.get("")
def index() -> str:
    """The queues."""
    manager()
    return render_template("manage/queues.html", queues=queues.every(), n_open=queues.n_open())


@bp.get("/new")
def new() -> str:
    """The form for a new queue."""
    manager()
    return _page(QueueForm(formdata=None), None)


@bp.post("")
def add() -> ResponseReturnValue:
    """Add a queue."""
    who, form = manager(), QueueForm()
    return _keep(who, form, None, _("The queue is there. Tickets can go to it now."))


@bp.get("/<int:queue_id>")
def show(queue_id: int) -> str:
    """One queue."""
    manager()
    queue = queues.get(queue_id)
    levels = {row.priority: row for row in queue.levels}
    lengths = {}
    for priority, row in levels.items():
        lengths[f"{priority}_first"] = forms.written(row.first_response_minutes)
        lengths[f"{priority}_resolution"] = forms.written(row.resolution_minutes)
    form = QueueForm(
        formdata=None,
        name=queue.name,
        summary=queue.summary,
        email=queue.email,
        hours_id=queue.hours_id or NOTHING,
        members=[row.person_id for row in queue.members],
        is_default=queue.is_default,
        is_active=queue.is_active,
        **lengths,
    )
    return _page(form, queue)


@bp.post("/<int:queue_id>")
def change(queue_id: int) -> ResponseReturnValue:
    """Change it; what is promised for open tickets follows."""
    who, form = manager(), QueueForm()
    return _keep(who, form, queues.get(queue_id), _("Saved. Open tickets follow within a minute."))


def _keep(who: Actor, form: QueueForm, queue: Queue | None, said: str) -> ResponseReturnValue:
    queue_id = queue.id if queue else None
    _offer(form, queue)

    def act() -> None:
        people = {one.id: one for one in queues.agents(queue)}
        wanted = queues.Wanted(
            name=form.name.data or "",
            summary=form.summary.data or "",
            email=form.email.data or "",
            hours=hours.get(form.hours_id.data) if form.hours_id.data else None,
            is_default=bool(form.is_default.data),
            is_active=bool(form.is_active.data),
            members=[people[one] for one in form.members.data or () if one in people],
            levels={
                one: (forms.minutes(first.data or ""), forms.minutes(resolution.data or ""))
                for one, first, resolution in form.promises
            },
        )
        queues.save(who, queue, wanted)

    def page() -> str:
        return _page(form, queues.get(queue_id) if queue_id else None)

    return keep(who, form, act, url_for("desk_queues.index"), said, page)


def _offer(form: QueueForm, queue: Queue | None) -> None:
    always = SelectChoice(NOTHING, _("Day and night, every day"))
    form.hours_id.choices = [always, *(SelectChoice(one.id, one.name) for one in hours.every())]
    form.members.choices = [SelectChoice(one.id, one.name) for one in queues.agents(queue)]


def _page(form: QueueForm, queue: Queue | None) -> str:
    _offer(form, queue)
    return render_template("manage/queue.html", form=form, queue=queue, priority_words=telling.priority)
