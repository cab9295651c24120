"""The pages of imports and exports, in the frame of administration."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analytics.events import Name
from portal.core import actor as actors
from portal.core import clock, database, once, sheets, tables
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.importing import Importer, Outcome, Unusable
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things, registry
from portal.imports import exporting, forms, mapping, policies, queries, services, wording
from portal.imports.models import ImportLine, ImportRun, State
from portal.ledger import services as ledger

bp = Blueprint("imports", __name__, url_prefix="/admin", template_folder="templates")

EXAMPLE = 40
REPORT = ("file", "line", "what", "outcome", "reason", "remark", "not undone")


def _enter() -> Actor:
    who = actors.current()
    policies.require_any(who)
    return who


@bp.get("/imports")
def runs() -> str:
    """What was imported, and where the next one begins."""
    _enter()
    return _runs_page(forms.FileForm(formdata=None))


def _runs_page(form: forms.FileForm, kind: str = "") -> str:
    who = actors.current()
    found = queries.runs(who, before_id=number("before"), limit=queries.PAGE + 1)
    shown = found[: queries.PAGE]
    return render_template(
        "imports/runs.html",
        runs=shown,
        older=shown[-1].id if len(found) > queries.PAGE else None,
        importers=policies.kinds(who),
        exporters=list(registry().exporters.values()) if who.can(Permission.IMPORT_RUN) else (),
        everything=exporting.EVERYTHING,
        form=form,
        empty_form=forms.FileForm(formdata=None),
        kind=kind,
        limit=current_app.config["DITY"].upload_limit // 1_000_000,
        words=wording,
    )


@bp.post("/imports/<kind>")
def bring(kind: str) -> ResponseReturnValue:
    """Take in a file; what becomes of it is asked on the next page."""
    who = _enter()
    services.importer_of(kind)
    form = forms.FileForm()
    if not form.validate():
        return _runs_page(form, kind), 422
    sent = form.file.data
    try:
        run = services.bring(who, kind, sent.stream, name=sent.filename or "")
        once.claim(form.token, person_id=who.person_id, location=url_for("imports.runs"))
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _runs_page(form, kind), 422
    db.session.commit()
    return redirect(url_for("imports.run", run_id=run.id), 303)


@bp.get("/imports/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    """One import: what is asked, how far it is, what came of every line."""
    found = services.get(_enter(), run_id)
    if request.headers.get("HX-Request"):
        if found.is_under_way and not services.is_stuck(found):
            return render_template("imports/_progress.html", run=found, words=wording)
        return "", 200, {"HX-Refresh": "true"}
    return _run_page(found)


def _run_page(found: ImportRun, form: forms.RunForm | None = None) -> str:
    importer = services.importer_of(found.kind)
    show, after = request.args.get("show", ""), number("after", default=0)
    show = show if show in {*Outcome, wording.NOTES, wording.NOT_UNDONE} else ""
    lines = queries.lines(found, show=show, after=after or 0, limit=queries.PAGE + 1)
    is_open = found.state in (State.READY, State.TRIED, State.REFUSED) and Path(found.source).exists()
    return render_template(
        "imports/run.html",
        run=found,
        importer=importer,
        missing=mapping.told_missing(importer, found.columns) if is_open else "",
        form=form or (_form(importer, found) if is_open else None),
        lines=lines[: queries.PAGE],
        places=_places(lines[: queries.PAGE]) if found.state == State.DONE else {},
        after=lines[queries.PAGE - 1].n if len(lines) > queries.PAGE else None,
        show=show,
        is_first=not after,
        is_stuck=services.is_stuck(found),
        n_not_undone=queries.n_not_undone(found) if found.state in (State.UNDONE, State.UNDOING) else 0,
        n_waiting=queries.n_waiting_for_search(found) if found.state == State.DONE else 0,
        stays=queries.stays(found) if found.state == State.UNDONE else [],
        words=wording,
    )


def _places(lines: Sequence[ImportLine]) -> dict[str, str]:
    """Return where what became of the lines can be seen, by their subjects."""
    refs = [Ref.parse(line.subject) for line in lines if line.subject]
    return {str(ref): thing.url for ref, thing in load_things(actors.current(), refs).items()}


def _form(importer: Importer, found: ImportRun, *, is_sent: bool = False) -> forms.RunForm:
    return forms.of(importer, found, is_sent=is_sent, examples=_examples(found) if found.columns else {})


def _examples(found: ImportRun) -> dict[str, str]:
    """Return the first line of the table, so that one sees what a column holds."""
    try:
        sheet = tables.read(Path(found.source))
    except Unusable:
        return {}
    first = sheet.lines[0].cells if sheet.lines else ()
    return {heading: cell[:EXAMPLE] for heading, cell in zip(sheet.headings, first, strict=False)}


@bp.post("/imports/<int:run_id>/try")
def try_out(run_id: int) -> ResponseReturnValue:
    """Keep what was chosen and look at every line, without changing anything."""
    who = _enter()
    found = services.get(who, run_id)
    form = _form(services.importer_of(found.kind), found, is_sent=True)
    if not form.validate():
        return _run_page(found, form), 422
    try:
        services.choose(who, found, choices=form.choices, columns=form.columns)
        services.try_out(who, found)
    except Invalid as refusal:
        db.session.rollback()
        refusal.field = f"{forms.CHOICE}{refusal.field}" if refusal.field else ""
        form.add_error(refusal)
        return _run_page(services.get(who, run_id), form), 422
    return _to(found)


@bp.post("/imports/<int:run_id>/run")
def start(run_id: int) -> ResponseReturnValue:
    """Import it."""
    who = _enter()
    found = services.get(who, run_id)
    services.run_it(who, found)
    return _to(found)


@bp.post("/imports/<int:run_id>/undo")
def undo(run_id: int) -> ResponseReturnValue:
    """Take everything back that was not changed since."""
    who = _enter()
    found = services.get(who, run_id)
    services.undo(who, found)
    return _to(found)


@bp.post("/imports/<int:run_id>/go-on")
def go_on(run_id: int) -> ResponseReturnValue:
    """Go on with an import that was interrupted."""
    who = _enter()
    found = services.get(who, run_id)
    services.go_on(who, found)
    flash(_("The import continues after the last finished line."), "success")
    return _to(found)


def _to(found: ImportRun) -> ResponseReturnValue:
    run_id = found.id
    db.session.commit()
    return redirect(url_for("imports.run", run_id=run_id), 303)


@bp.get("/imports/<int:run_id>/report.csv")
def report(run_id: int) -> Response:
    """The report as a table: a line for each line, and one for each remark."""
    found = services.get(_enter(), run_id)
    rows = (row for line in queries.all_lines(found) for row in _report_rows(line))
    response = Response("".join(sheets.write(REPORT, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{run_id}.csv"'
    return response


def _report_rows(line: ImportLine) -> Iterator[tuple[object, ...]]:
    outcome = str(wording.OUTCOMES[line.outcome])
    yield line.path, line.line or "", line.title, outcome, line.reason, "", line.undone or ""
    for number_, text in line.notes:
        yield line.path, number_, line.title, outcome, "", text, ""


@bp.post("/exports/<kind>")
def export(kind: str) -> Response:
    """Give out what whoever asks may read themselves; that they did is recorded."""
    who = actors.current()
    who.require(Permission.IMPORT_RUN)
    if kind not in {*registry().exporters, exporting.EVERYTHING}:
        raise NotFound("")
    ledger.record(Name.EXPORT_MADE, actor=who, kind=kind)
    db.session.commit()
    database.set_looking(True)
    # Whole on the disk before the first byte leaves: trouble on the way is a page, not half an archive.
    services.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=services.folder())  # noqa: SIM115 - closed with the response
    suffix, mimetype, pieces = exporting.handed_out(exporting.members(who, kind))
    for piece in pieces:
        file.write(piece)
    file.seek(0)
    name = f"{kind}-{clock.today():%Y-%m-%d}{suffix}"
    response = send_file(file, mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "no-store"  # not the `no-cache` of files: nobody's browser keeps this
    return response
