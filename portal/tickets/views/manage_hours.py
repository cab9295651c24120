"""Setting up when the desk works: a week as a table of times, and the days off."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from analytics.workinghours import DAYS
from portal.core import clock
from portal.core.arguments import ROW
from portal.core.database import db
from portal.core.errors import Invalid
from portal.tickets.managing import holidays, hours
from portal.tickets.managing.forms import HolidaysForm, HoursForm
from portal.tickets.models import BusinessHours
from portal.tickets.views.manage import keep, manager

bp = Blueprint("desk_hours", __name__, url_prefix="/admin/hours", template_folder="../templates")

OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]
"""What a new week begins with."""


@bp.get("")
def index() -> str:
    """All working hours."""
    manager()
    return render_template("manage/hours_list.html", hours=hours.every(), today=clock.today())


@bp.get("/new")
def new() -> str:
    """The form for new hours."""
    who = manager()
    return _page(HoursForm(formdata=None, week=OFFICE, timezone=who.timezone or "UTC"), None)


@bp.post("")
def add() -> ResponseReturnValue:
    """Add working hours."""
    return _keep(None, _("The hours are there. Give them to a queue."))


@bp.get("/<int:hours_id>")
def show(hours_id: int) -> str:
    """One week, with its days off."""
    manager()
    found = hours.get(hours_id)
    return _page(HoursForm(formdata=None, week=found.week, name=found.name, timezone=found.timezone), found)


@bp.post("/<int:hours_id>")
def change(hours_id: int) -> ResponseReturnValue:
    """Change a week; what is promised for open tickets follows."""
    manager()
    return _keep(hours.get(hours_id), _("Saved. Open tickets follow within a minute."))


def _keep(found: BusinessHours | None, said: str) -> ResponseReturnValue:
    who, form = manager(), HoursForm(timezone=found.timezone if found else None)
    form.read(request.form)
    hours_id = found.id if found else None

    def act() -> None:
        try:
            hours.save(who, found, name=form.name.data or "", timezone=form.timezone.data or "", week=form.week)
        except Invalid as refusal:
            if refusal.field and refusal.field.startswith("day_"):
                form.refused.add(int(refusal.field.removeprefix("day_")))
            raise

    def page() -> str:
        return _page(form, hours.get(hours_id) if hours_id else None)

    where = url_for("desk_hours.show", hours_id=hours_id) if hours_id else url_for("desk_hours.index")
    return keep(who, form, act, where, said, page)


@bp.post("/<int:hours_id>/days-off")
def add_days(hours_id: int) -> ResponseReturnValue:
    """Add days off: one, a list, or those of a calendar file."""
    who, form = manager(), HolidaysForm()
    found = hours.get(hours_id)

    def act() -> None:
        days = holidays.of_lines(form.lines.data or "")
        if form.on.data is not None:
            days[form.on.data] = form.title.data or ""
        if form.file.data and form.file.data.filename:
            days |= holidays.of_calendar(form.file.data.stream.read(holidays.LARGEST), today=clock.today())
        if not days:
            raise Invalid(_("Name a day, paste a list or choose a calendar file."), field="on")
        hours.add_holidays(who, found, days)

    def page() -> str:
        there = hours.get(hours_id)
        week = HoursForm(formdata=None, week=there.week, name=there.name, timezone=there.timezone)
        return _page(week, there, days=form)

    where = url_for("desk_hours.show", hours_id=hours_id, _anchor="days-off")
    return keep(who, form, act, where, _("The days off are noted."), page)


@bp.post("/<int:hours_id>/days-off/remove")
def remove_days(hours_id: int) -> ResponseReturnValue:
    """Take days off away."""
    who = manager()
    found = hours.get(hours_id)
    hours.remove_holidays(who, found, [one for one in request.form.getlist("day", type=int) if 0 < one <= ROW])
    db.session.commit()
    flash(_("Removed."), "success")
    return redirect(url_for("desk_hours.show", hours_id=hours_id, _anchor="days-off"), 303)


@bp.post("/<int:hours_id>/remove")
def remove(hours_id: int) -> ResponseReturnValue:
    """Take hours away that no queue works in."""
    who = manager()
    hours.remove(who, hours.get(hours_id))
    db.session.commit()
    flash(_("They are gone."), "success")
    return redirect(url_for("desk_hours.index"), 303)


def _page(form: HoursForm, found: BusinessHours | None, *, days: HolidaysForm | None = None) -> str:
    return render_template(
        "manage/hours.html",
        form=form,
        hours=found,
        days_form=days or HolidaysForm(formdata=None),
        used_by=hours.used_by(found) if found else [],
        day_names=_day_names(),
        today=clock.today(),
    )


def _day_names() -> list[str]:
    """Return the days of a week from Monday, in the reader's language."""
    monday = clock.today().fromordinal(clock.today().toordinal() - clock.today().weekday())
    return [format_date(monday.fromordinal(monday.toordinal() + n), "EEEE") for n in range(len(DAYS))]
