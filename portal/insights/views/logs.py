"""What logs of web servers say, and each list as a table file."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from portal.core import sheets
from portal.core.permissions import Permission
from portal.insights import choosing, of_logs
from portal.insights.pages import PAGES
from portal.insights.views.blueprint import insights as bp
from portal.insights.views.blueprint import reader
from portal.measures import fold
from portal.weblogs import queries, services, wording


@bp.get("/logs")
def logs() -> ResponseReturnValue:
    """Visits, pages, errors, where people came from; what was refused and left out."""
    who = reader()
    known = queries.logs()
    shared = {
        "pages": PAGES,
        "as_of": fold.as_of(),
        "can_import": who.can(Permission.WEBLOG_IMPORT),
        "can_switch": who.can(Permission.OPTION_CHANGE),
        "is_on": services.is_on(),
    }
    found = of_logs.asked(known) if services.is_on() else None
    if found is None:
        return render_template("insights/no_logs.html", **shared)
    counted = queries.whole(found.span)
    read, reasons = of_logs.refused(found)
    return render_template(
        "insights/logs.html",
        **shared,
        on=found,
        logs=known,
        periods=choosing.periods(),
        counted=counted,
        picture=of_logs.drawn(found),
        lines=of_logs.lines(counted),
        left_out=of_logs.left_out(counted),
        spread=of_logs.spread(counted),
        listings=of_logs.listings(found),
        read=read,
        reasons=reasons,
        batches=queries.batches(found.log.id if found.log else None),
        other_detectors=queries.other_detectors(),
        reason=wording.reason,
    )


@bp.get("/logs/<name>.csv")
def logs_table(name: str) -> Response:
    """One list, whole, or the counts of days, as a table for a spreadsheet."""
    reader()
    found = of_logs.asked(queries.logs()) if services.is_on() else None
    table = of_logs.table(found, name) if found is not None else None
    if found is None or table is None:
        abort(404)
    response = Response("".join(sheets.write(*table)), mimetype="text/csv")
    file = f"logs-{name}-{found.span.since}-{found.span.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
