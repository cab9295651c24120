"""Keeping and forgetting, backups, room, versions: what is there, for how long, and how much of it."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import queries as account_queries
from portal.admin import archiving, condition, services
from portal.admin import keeping as keeping_rules
from portal.admin.forms.options import KeepingForm
from portal.admin.views.blueprint import bp, enter
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission


@bp.get("/retention")
def retention() -> str:
    """What is kept for how long, and what would go now."""
    enter(Permission.OPTION_CHANGE)
    return _retention(KeepingForm.now())


def _retention(form: KeepingForm) -> str:
    return render_template(
        "admin/retention.html", form=form, due=keeping_rules.dry_run(), erasures=account_queries.erasures()
    )


@bp.post("/retention")
def change_retention() -> ResponseReturnValue:
    """Choose other periods; they hold from the next night on."""
    who = enter(Permission.OPTION_CHANGE)
    form = KeepingForm()
    if not form.validate():
        return _retention(form), 422
    try:
        keeping_rules.change(who, form.days)
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _retention(form), 422
    db.session.commit()
    flash(_("Saved. What is older goes next night; below you see how much that is."), "success")
    return redirect(url_for("admin.retention"), 303)


@bp.get("/backups")
def backups() -> str:
    """Which backups lie here, and when the last one was written."""
    enter(Permission.JOB_MANAGE)
    home = current_app.config["DITY"].home
    last = condition.last_backup(home)
    return render_template(
        "admin/_backup_state.html" if request.headers.get("HX-Request") else "admin/backups.html",
        backups=condition.backups(home),
        last=last,
        is_late=archiving.is_late(last),
        in_hand=archiving.in_hand(),
        latest=archiving.latest(),
        folder=home / "backups",
    )


@bp.post("/backups")
def make_backup() -> ResponseReturnValue:
    """Have one written now."""
    who = enter(Permission.JOB_MANAGE)
    is_new = archiving.ask(who)
    db.session.commit()
    flash(_("A backup is being written.") if is_new else _("One is being written already."), "info")
    return redirect(url_for("admin.backups"), 303)


@bp.get("/storage")
def storage() -> str:
    """How much room each part takes, and how it grows."""
    enter(Permission.JOB_MANAGE)
    room = condition.room(current_app.config["DITY"].home)
    return render_template(
        "admin/storage.html",
        room=room,
        total=sum(room.parts.values()),
        growth=condition.growth(room),
        history=condition.history(),
        rows=services.table_sizes(),
        home=current_app.config["DITY"].home,
    )


@bp.get("/versions")
def versions() -> str:
    """What runs here, for whoever is asked for help."""
    enter(Permission.JOB_MANAGE)
    now, needed, is_current = condition.migrations()
    return render_template(
        "admin/versions.html",
        versions=condition.versions(),
        libraries=condition.libraries(),
        migration=now,
        needed=needed,
        is_current=is_current,
    )
