"""Reports of the usual periods, worked out at night, so that a page reads rows instead of a year of attempts.

Other periods are worked out when somebody asks, and kept by the process that did until the next fold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert

from analytics.deflection import Avoided, Counts, Deflection, Estimate
from analytics.findability import Findability, Tally
from analytics.proportions import Share, wilson
from analytics.series import Bucket
from portal.core.database import db, looking
from portal.measures import columns, fold, people, reports
from portal.measures.models import KeptReport
from portal.measures.reports import ALL, Reader, Report, Slice

PERIODS = (28, 84, 364)
"""Days of the usual periods, each up to the last day counted."""
SHARES = (
    *("floor", "ceiling", "calibration", "answer_rate", "intent", "no_ticket", "self_service_first", "false_yes"),
    *("answered_went_on", "silent_went_on"),
)
MOST = 64
"""Reports a process keeps of periods somebody chose."""
_chosen: dict[tuple[Any, ...], Report] = {}


def find(since: dt.date, until: dt.date, window: int, of: Slice = ALL) -> Report | None:
    """Return the report of a period; None where nothing is folded."""
    as_of = fold.as_of()
    if as_of is None:
        return None
    if until == as_of and (until - since).days in PERIODS:
        row = db.session.get(KeptReport, _key((until - since).days, window, of))
        if row is not None and row.as_of == as_of and row.version == fold.VERSION:
            return _report(row.figures)
    state = fold.state()
    key = (str(db.engine.url), state.changed_at, state.last_entry_id, since, until, window, of)
    if key not in _chosen:
        found = reports.read(since, until)
        if found is None:
            return None
        while len(_chosen) >= MOST:
            _chosen.pop(next(iter(_chosen)), None)
        _chosen[key] = found.report(window, of)
    return _chosen[key]


def renew(as_of: dt.date) -> None:
    """Work out the usual periods anew: all under every window, and each group and topic under the usual one.

    Nothing may be waiting to be committed; a lock is taken only when everything is worked out.
    """
    db.session.rollback()
    with looking():
        rows = [row for days in PERIODS for row in _of_period(as_of, days)]
        db.session.rollback()
    db.session.execute(delete(KeptReport))
    if rows:
        db.session.execute(insert(KeptReport), rows)


def _of_period(as_of: dt.date, days: int) -> Iterator[dict[str, Any]]:
    found = reports.read(as_of - dt.timedelta(days=days), as_of)
    if found is None:
        return
    for window in reports.WINDOWS:
        yield _row(found, days, window, ALL)
    for of in _slices(found):
        yield _row(found, days, reports.WINDOW, of)


def _slices(found: Reader) -> Iterator[Slice]:
    """Give the groups that may be shown, and the topics somebody had a need on."""
    for kind, numbers in people.shown_groups().items():
        for number in sorted(numbers):
            yield Slice(kind, number)
    for label in found.needs(reports.WINDOW).chains.topic.labels:
        kind, _, name = label.partition(":")
        if kind == columns.TOPIC and name.isdigit():
            yield Slice(columns.TOPIC, int(name))


def _row(found: Reader, days: int, window: int, of: Slice) -> dict[str, Any]:
    figures = _written(found.report(window, of))
    return {"key": _key(days, window, of), "as_of": found.as_of, "version": fold.VERSION, "figures": figures}


def _key(days: int, window: int, of: Slice) -> str:
    return f"{days}d|{window}h|{of}"


def _written(report: Report) -> dict[str, Any]:
    """Turn a report into plain values."""
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "window": report.window,
        "slice": [report.slice.kind, report.slice.id],
        "n_people": report.n_people,
        "is_cover": report.is_cover,
        "whole": _deflection(report.whole),
        "windows": {str(hours): _deflection(found) for hours, found in report.windows.items()},
        "series": [[*_bucket(bucket), asdict(found) if found else None] for bucket, found in report.series],
        "search": asdict(report.search.tally),
        "seconds_to_click": report.search.seconds_to_click,
        "search_series": [
            [*_bucket(bucket), asdict(found.tally) if found else None] for bucket, found in report.search_series
        ],
        "anonymous": asdict(report.anonymous),
        "excluded": dict(report.excluded),
    }


def _bucket(bucket: Bucket) -> tuple[str, str]:
    return bucket.since.isoformat(), bucket.until.isoformat()


def _deflection(found: Deflection) -> dict[str, Any]:
    shares: dict[str, Share | None] = {name: getattr(found, name) for name in SHARES}
    return {
        "counts": asdict(found.counts),
        "estimate": asdict(found.estimate) if found.estimate else None,
        "avoided": asdict(found.avoided),
        **{name: [share.k, share.n] if share else None for name, share in shares.items()},
    }


def _report(figures: Mapping[str, Any]) -> Report:
    """Turn plain values back into a report."""
    day = dt.date.fromisoformat

    def series(rows: list[list[Any]], make: Callable[[dict[str, Any]], Any]) -> tuple[tuple[Bucket, Any], ...]:
        return tuple((Bucket(day(a), day(b)), None if found is None else make(found)) for a, b, found in rows)

    return Report(
        since=day(figures["since"]),
        until=day(figures["until"]),
        window=figures["window"],
        slice=Slice(*figures["slice"]),
        n_people=figures["n_people"],
        is_cover=figures.get("is_cover", False),
        whole=_deflected(figures["whole"]),
        windows={int(hours): _deflected(found) for hours, found in figures["windows"].items()},
        series=series(figures["series"], lambda found: Counts(**found)),
        search=Findability(tally=Tally(**figures["search"]), seconds_to_click=figures["seconds_to_click"]),
        search_series=series(figures["search_series"], lambda found: Findability(tally=Tally(**found))),
        anonymous=Counts(**figures["anonymous"]),
        excluded=figures["excluded"],
    )


def _deflected(found: Mapping[str, Any]) -> Deflection:
    return Deflection(
        counts=Counts(**found["counts"]),
        estimate=Estimate(**found["estimate"]) if found["estimate"] else None,
        avoided=Avoided(**found["avoided"]),
        **{name: wilson(*found[name]) if found.get(name) else None for name in SHARES},
    )
