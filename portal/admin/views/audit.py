"""The audit log: a view of the ledger, without addresses of machines, which it does not keep."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_babel import get_timezone

from portal.admin import presenting, queries
from portal.admin.forms.audit import AuditForm
from portal.admin.views.blueprint import bp, enter
from portal.core.arguments import LEDGER_ROW, number
from portal.core.permissions import Permission
from portal.ledger import queries as ledger


@bp.get("/audit")
def audit() -> str:
    """Who did what, the latest first; by person, kind of fact and day."""
    who = enter(Permission.AUDIT_READ)
    form = AuditForm(request.args)
    form.validate()
    since, until = _day(form.day.data)
    entries = ledger.audit(
        name=form.name.data if not form.name.errors else "",
        person_ids=queries.matching_people(words) if (words := _words(form)) else None,
        since=since,
        until=until,
        before_id=number("before", most=LEDGER_ROW),
        limit=queries.PAGE + 1,
    )
    shown = entries[: queries.PAGE]
    kept = {name: request.args[name] for name in ("person", "name", "day") if request.args.get(name)}
    return render_template(
        "admin/audit.html",
        form=form,
        lines=presenting.lines(who, shown),
        kept=kept,
        older=shown[-1].id if len(entries) > queries.PAGE else None,
        is_first=number("before") is None,
    )


def _words(form: AuditForm) -> str:
    return (form.person.data or "").strip() if not form.person.errors else ""


def _day(day: dt.date | None) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return the beginning and the end of a day on the reader's wall."""
    if day is None or not dt.date(1970, 1, 2) <= day <= dt.date(9000, 1, 1):
        return None, None
    zone = ZoneInfo(str(get_timezone()))
    begin = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    return begin, dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
