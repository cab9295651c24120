"""The audit log: a view of the ledger, without addresses of machines, which it does not keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from flask_babel import get_timezone

from portal.admin import queries, telling
from portal.admin.forms.audit import AuditForm
from portal.admin.views.blueprint import bp, enter
from portal.core import clock, sheets
from portal.core.actor import Actor
from portal.core.arguments import LEDGER_ROW, number
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.imports import queries as imports
from portal.ledger import queries as ledger
from portal.ledger.models import LedgerEntry

FILTERS = ("who", "name", "about", "since", "until")
BATCH = 500
MOST_LINES = 100_000
HEADINGS = ("when (UTC)", "who", "in the place of", "what", "to whom or what", "in detail", "fact", "subject")


@bp.get("/audit")
def audit() -> str:
    """Who did what, the latest first; by person, kind of fact, thing and time.

    What an import did is one line that leads to the single ones.
    """
    who = enter(Permission.AUDIT_READ)
    form = AuditForm(request.args)
    form.validate()
    wanted = _wanted(who, form)
    before_id = number("before", most=LEDGER_ROW)
    entries = ledger.audit(**wanted, folded=_folded(wanted), before_id=before_id, limit=queries.PAGE + 1)
    shown = entries[: queries.PAGE]
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return render_template(
        "admin/audit.html",
        form=form,
        lines=telling.lines(who, shown),
        kept=kept,
        older=shown[-1].id if len(entries) > queries.PAGE else None,
        is_first=before_id is None,
    )


@bp.get("/audit.csv")
def audit_table() -> Response:
    """The same as a table for a spreadsheet, with at most a hundred thousand lines."""
    who = enter(Permission.AUDIT_READ)
    form = AuditForm(request.args)
    form.validate()
    text = "".join(sheets.write(HEADINGS, _rows(who, _wanted(who, form))))
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{clock.today():%Y-%m-%d}.csv"'
    return response


def _rows(who: Actor, wanted: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    before_id: int | None = None
    for _n in range(MOST_LINES // BATCH):
        entries = ledger.audit(**wanted, before_id=before_id, limit=BATCH)
        for entry, line in zip(entries, telling.lines(who, entries), strict=True):
            yield _row(entry, line)
        if len(entries) < BATCH:
            return
        before_id = entries[-1].id


def _row(entry: LedgerEntry, line: telling.Line) -> tuple[object, ...]:
    actor, place = (line.helper.text, line.who.text) if line.helper else (line.who.text, "")
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        actor,
        place,
        line.did,
        line.about.text if line.about else "",
        "; ".join(line.details),
        entry.name,
        entry.subject or "",
    )


def _wanted(who: Actor, form: AuditForm) -> dict[str, Any]:
    """Return what the filters ask for; a filter that cannot be read asks for nothing."""
    did, about = _words(form, "who"), _words(form, "about")
    run = telling.run_of(about)
    wanted = {
        "name": form.name.data if not form.name.errors else "",
        "actor_ids": queries.matching_people(did) if did else None,
        "subjects": queries.matching_subjects(who, about) if about and run is None else None,
        "since": _midnight(form.since.data),
        "until": _midnight(form.until.data, days=1),
    }
    return {**wanted, **_of_run(run, wanted)} if run is not None else wanted


def _of_run(run: Ref, wanted: dict[str, Any]) -> dict[str, Any]:
    """Ask for what an import did, within the time it took: so the ledger need not be read from its beginning."""
    spell = imports.spell(run.id)
    if spell is None:
        return {"part_of": run}
    since, until = spell
    return {
        "part_of": run,
        "since": max(since, wanted["since"]) if wanted["since"] else since,
        "until": min(until, wanted["until"]) if wanted["until"] else until,
    }


def _folded(wanted: dict[str, Any]) -> Any:
    """Return of which facts only their import is told: of all but those somebody asks for one by one."""
    if wanted["name"] or wanted["subjects"] is not None or wanted.get("part_of"):
        return None
    return imports.is_of_finished_run(LedgerEntry.request_id)


def _words(form: AuditForm, name: str) -> str:
    field = form[name]
    return (field.data or "").strip() if not field.errors else ""


def _midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    """Return the beginning of a day on the reader's wall, or of the day after."""
    if day is None or not dt.date(1970, 1, 2) <= day <= dt.date(9000, 1, 1):
        return None
    zone = ZoneInfo(str(get_timezone()))
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), tzinfo=zone)
