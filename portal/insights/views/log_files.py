"""Which logs are read, from where and how often; and whether any may be."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.insights.forms import LogForm
from portal.insights.pages import PAGES
from portal.insights.views.blueprint import insights as bp
from portal.measures import fold
from portal.weblogs import folders, queries, services, watching
from portal.weblogs.models import WebLog


def _enter() -> Actor:
    who = actors.current()
    who.require(Permission.WEBLOG_IMPORT)
    return who


def _page(form: LogForm, log: WebLog | None = None) -> str:
    return render_template(
        "insights/log_files.html",
        pages=PAGES,
        as_of=fold.as_of(),
        form=form,
        log=log,
        logs=queries.logs(),
        may_lie=folders.told(),
        is_on=services.is_on(),
        can_switch=actors.current().can(Permission.OPTION_CHANGE),
    )


@bp.get("/logs/files")
def logs_files() -> str:
    """The logs that are read, and a form for another."""
    _enter()
    return _page(LogForm(formdata=None, hosts="\n".join(services.own_hosts())))


@bp.post("/logs/files")
def logs_add() -> ResponseReturnValue:
    """Add a log."""
    who, form = _enter(), LogForm()
    return _saved(form, None, lambda: _added(who, form))


def _added(who: Actor, form: LogForm) -> None:
    services.add(who, form.about())
    once.claim(form.token, person_id=who.person_id, location=url_for("insights.logs_files"))


@bp.get("/logs/files/<int:log_id>")
def logs_edit(log_id: int) -> str:
    """One log: what it is called, where it lies, how often it is looked at."""
    log = services.get(_enter(), log_id)
    form = LogForm(formdata=None, obj=log)
    form.hosts.data = "\n".join(log.hosts)
    return _page(form, log)


@bp.post("/logs/files/<int:log_id>")
def logs_change(log_id: int) -> ResponseReturnValue:
    """Change a log."""
    who, form = _enter(), LogForm()
    log = services.get(who, log_id)
    return _saved(form, log, lambda: services.change(who, log, form.about()))


def _saved(form: LogForm, log: WebLog | None, save: Callable[[], None]) -> ResponseReturnValue:
    if form.validate():
        try:
            save()
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("insights.logs_files"), 303)
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
    return _page(form, log), 422


@bp.post("/logs/files/<int:log_id>/read")
def logs_read(log_id: int) -> ResponseReturnValue:
    """Have a log's path looked at now."""
    who = _enter()
    try:
        watching.ask_to_read(who, services.get(who, log_id))
        db.session.commit()
        flash(_("It is being read. What is new stands among the figures in a moment."), "success")
    except (Invalid, services.SwitchedOff) as refusal:
        db.session.rollback()
        flash(refusal.message, "error")
    return redirect(url_for("insights.logs_files"), 303)


@bp.post("/logs/files/<int:log_id>/remove")
def logs_remove(log_id: int) -> ResponseReturnValue:
    """Remove a log with its counts."""
    who = _enter()
    log = services.get(who, log_id)
    name = log.name
    services.remove(who, log)
    db.session.commit()
    flash(_("“%(name)s” and everything that was counted of it is gone.", name=name), "success")
    return redirect(url_for("insights.logs_files"), 303)


@bp.post("/logs/reading/<any(on, off):state>")
def logs_switch(state: str) -> ResponseReturnValue:
    """Let logs be read, or not."""
    who = actors.current()
    who.require(Permission.OPTION_CHANGE)
    services.switch(who, is_on=state == "on")
    db.session.commit()
    flash(_("Logs are read again.") if state == "on" else _("From now on nothing of any log is read."), "success")
    return redirect(url_for("insights.logs"), 303)
