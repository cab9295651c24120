"""The pages of figures, each figure as a table file, all of them as one file, and what each counts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask import Response, abort, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, sheets
from portal.core.actor import Actor
from portal.insights import asking, blocks, choosing, pages, scene
from portal.insights.asking import Asked
from portal.insights.blocks import Block
from portal.insights.choosing import Choices
from portal.insights.pages import Page
from portal.insights.views.blueprint import insights as bp
from portal.insights.views.blueprint import reader
from portal.measures import catalogue, changes, fold, kept
from portal.measures.reports import Report

SHEETS = ("tokens.css", "features/insights.css", "report.css")
"""What the downloaded file needs to look like itself."""


@bp.get("/")
def index() -> ResponseReturnValue:
    """Whether it works: needs by outcome, the range from floor to ceiling."""
    return _page("index")


@bp.get("/adoption")
def adoption() -> ResponseReturnValue:
    """Who came how far: reach, stages, who comes again, how soon, how it spreads."""
    return _page("adoption")


@bp.get("/search")
def search() -> ResponseReturnValue:
    """Whether people find: searches in vain, without a click, tried again; gaps."""
    return _page("search")


@bp.get("/tickets")
def tickets() -> ResponseReturnValue:
    """Tickets for each person against last year, what that is worth, times of the desk."""
    return _page("tickets")


@bp.get("/knowledge")
def knowledge() -> ResponseReturnValue:
    """Times of colleagues' answers, and what solved tickets leave behind."""
    return _page("knowledge")


def _page(name: str) -> ResponseReturnValue:
    who, as_of = reader(), fold.as_of()
    if as_of is None:
        return render_template("insights/nothing.html")
    asked, offered = asking.asked(as_of), choosing.choices(who)
    report = _report(asked, offered)
    made = pages.BY_NAME[name].blocks(_scene(who, asked, report, as_of)) if report is not None else []
    return render_template(
        "insights/page.html",
        page=pages.BY_NAME[name],
        pages=pages.PAGES,
        asked=asked,
        offered=offered,
        told=choosing.told(asked, offered),
        report=report,
        blocks=made,
        as_of=as_of,
        state=fold.state(),
    )


def _report(asked: Asked, offered: Choices) -> Report | None:
    """Return the report, None where it would tell of too few people."""
    if choosing.is_kept_back(asked, offered):
        return None
    report = kept.find(asked.since, asked.until, asked.window, asked.slice)
    return None if report is None or report.is_hidden else report


def _scene(who: Actor, asked: Asked, report: Report, as_of: dt.date) -> scene.Scene:
    pins = changes.pins(asked.since, asked.until)
    return scene.Scene(who=who, asked=asked, report=report, pins=pins, as_of=as_of)


@bp.get("/<page>/<name>.csv")
def table(page: str, name: str) -> Response:
    """One figure as a table for a spreadsheet: shares and numbers to four decimals, counts whole."""
    who, as_of = reader(), fold.as_of()
    if as_of is None or page not in pages.BY_NAME:
        abort(404)
    asked = asking.asked(as_of)
    report = _report(asked, choosing.choices(who))
    if report is None:
        abort(404)
    made = pages.BY_NAME[page].blocks(_scene(who, asked, report, as_of))
    block = next((each for each in made if each.name == name), None)
    if block is None:
        abort(404)
    response = Response("".join(_sheet(block)), mimetype="text/csv")
    file = f"{name}-{asked.since}-{asked.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _sheet(block: Block) -> list[str]:
    if block.picture is not None and not block.picture.figure.is_empty:
        found = block.picture.figure.table
        rows = [[blocks.cell(value) for value in row] for row in found.rows]
        return list(sheets.write(tuple(column.label for column in found.columns), rows))
    if block.words:
        return list(sheets.write(("what", "how often"), block.words))
    return list(sheets.write(("figure", "value", "low", "high", "n"), blocks.as_rows(block.lines)))


@bp.get("/report")
def report() -> ResponseReturnValue:
    """Every figure in one file that opens anywhere, without this portal and without a network.

    Where there is nothing to put in, the page says why.
    """
    who, as_of = reader(), fold.as_of()
    if as_of is None:
        return redirect(url_for("insights.index"))
    asked, offered = asking.asked(as_of), choosing.choices(who)
    found = _report(asked, offered)
    if found is None:
        return redirect(url_for("insights.index", **asked.args()))
    on = _scene(who, asked, found, as_of)
    made: list[tuple[Page, list[Block]]] = [(page, page.blocks(on)) for page in pages.PAGES]
    text = render_template(
        "insights/report.html",
        made=made,
        asked=asked,
        told=choosing.told(asked, offered),
        as_of=as_of,
        made_at=clock.now(),
        look=_look(),
    )
    response = make_response(text)
    file = f"is-it-working-{asked.since}-{asked.last}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _look() -> str:
    """Return the style sheets that the file carries along."""
    folder = Path(current_app.root_path) / "static" / "css"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in SHEETS)


@bp.get("/how")
def how() -> str:
    """What each figure counts, and how anybody can work it out again."""
    reader()
    as_of = fold.as_of()
    return render_template(
        "insights/how.html",
        pages=pages.PAGES,
        measures=catalogue.every(),
        asked=asking.asked(as_of) if as_of else None,
        as_of=as_of,
    )
