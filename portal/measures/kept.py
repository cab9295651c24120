"""Reports of the usual periods, worked out at night, so that a page reads rows instead of a year of attempts.

Other periods are worked out when somebody asks, and kept by the process that did until the next fold.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert

from analytics.deflection import Avoided, Counts, Deflection, Estimate
from analytics.findability import Findability, Tally
from analytics.proportions import Share, wilson
from analytics.series import Bucket
from analytics.servicedesk import Times
from portal.core.database import db, looking
from portal.measures import columns, desk, fixed, fold, people, reports
from portal.measures.models import KeptReport
from portal.measures.reports import ALL, Reader, Report, Slice

PERIODS = (28, 84, 364)
"""Days of the usual periods, each up to the last day counted, or of a department or site up to the last one settled."""
SHARES = (
    *("floor", "ceiling", "calibration", "answer_rate", "intent", "no_ticket", "self_service_first", "false_yes"),
    *("answered_went_on", "silent_went_on"),
)
DESK = "desk"
"""What is kept of the desk's speed is called so, where reports are called by their window."""
MOST = 64
"""Reports a process keeps of periods somebody chose."""
_chosen: dict[tuple[Any, ...], Report] = {}


def find(since: dt.date, until: dt.date, window: int, of: Slice = ALL) -> Report | None:
    """Return the report of a period; None where nothing is folded."""
    as_of = fold.as_of()
    if as_of is None:
        return None
    row = _usual(since, until, f"{window}h", of, as_of)
    if row is not None:
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


def speed(since: dt.date, until: dt.date, of: Slice = ALL) -> desk.Speed:
    """Return how fast the desk was with the tickets of a period; of a usual one as it stood at night."""
    as_of = fold.as_of()
    row = _usual(since, until, DESK, of, as_of) if as_of is not None else None
    return _speed(row.figures) if row is not None else desk.speed(since, until, of)


def _usual(since: dt.date, until: dt.date, what: str, of: Slice, as_of: dt.date) -> KeptReport | None:
    """Return what was worked out of a usual period at the last fold, if it was."""
    days = (until - since).days
    if days not in PERIODS or (since, until) != _period(days, as_of, of):
        return None
    row = db.session.get(KeptReport, _key(days, what, of))
    if row is None or row.as_of != as_of or row.version != fold.VERSION:
        return None
    return row if row.figures["since"] == since.isoformat() else None  # another release may have had other periods


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
    found = reports.read(*_period(days, as_of, ALL))
    if found is None:
        return
    topics, groups = list(_topics(found)), _groups()
    for window in reports.WINDOWS:
        yield _row(found, days, window, ALL)
    for of in topics:
        yield _row(found, days, reports.WINDOW, of)
    yield from _of_desk(as_of, days, [ALL, *topics])
    found = reports.read(*_period(days, as_of, groups[0])) if groups else None
    if found is not None:
        for of in groups:
            yield _row(found, days, reports.WINDOW, of)
        yield from _of_desk(as_of, days, groups)


def _period(days: int, as_of: dt.date, of: Slice) -> tuple[dt.date, dt.date]:
    """Return the usual period of so many days of a slice."""
    return fixed.usual(days, as_of) if of.kind in reports.GROUPS else (as_of - dt.timedelta(days=days), as_of)


def _topics(found: Reader) -> Iterator[Slice]:
    """Give the topics somebody had a need on."""
    for label in found.needs(reports.WINDOW).chains.topic.labels:
        kind, _, name = label.partition(":")
        if kind == columns.TOPIC and name.isdigit():
            yield Slice(columns.TOPIC, int(name))


def _groups() -> list[Slice]:
    """Return the departments and sites that may be shown."""
    return [Slice(kind, number) for kind, numbers in people.shown_groups().items() for number in sorted(numbers)]


def _of_desk(as_of: dt.date, days: int, slices: Sequence[Slice]) -> Iterator[dict[str, Any]]:
    """Work out how fast the desk was, for several slices of one period; each ticket once."""
    since, until = _period(days, as_of, slices[0])
    took = list(desk.each(since, until))
    for of in slices:
        found = desk.together(one for one in took if one.is_in(of))
        figures = {"since": since.isoformat(), "answers": _times(found.answers), "solutions": _times(found.solutions)}
        yield {"key": _key(days, DESK, of), "as_of": as_of, "version": fold.VERSION, "figures": figures}


def _row(found: Reader, days: int, window: int, of: Slice) -> dict[str, Any]:
    figures = _written(found.report(window, of))
    return {"key": _key(days, f"{window}h", of), "as_of": found.as_of, "version": fold.VERSION, "figures": figures}


def _key(days: int, what: str, of: Slice) -> str:
    return f"{days}d|{what}|{of}"


def _times(found: Times) -> dict[str, Any]:
    """Turn times into plain values: each in whole minutes, with how many took so long."""
    minutes = Counter(int(hours * 60) for hours in found.hours)
    within = [found.within.k, found.within.n] if found.within else None
    whole = {"n": found.n, "n_pending": found.n_pending, "median": found.median, "p90": found.p90, "within": within}
    return {**whole, "minutes": sorted(minutes.items())}


def _speed(figures: Mapping[str, Any]) -> desk.Speed:
    def read(told: Mapping[str, Any]) -> Times:
        given = {**told, "within": wilson(*told["within"]) if told["within"] else None}
        minutes = given.pop("minutes")
        return Times(**given, hours=tuple(each / 60 for each, n in minutes for _ in range(n)))

    return desk.Speed(answers=read(figures["answers"]), solutions=read(figures["solutions"]))


def _written(report: Report) -> dict[str, Any]:
    """Turn a report into plain values."""
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "window": report.window,
        "slice": [report.slice.kind, report.slice.id],
        "n_people": report.n_people,
        "n_left_out": report.n_left_out,
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
        n_left_out=figures.get("n_left_out", 0),
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
