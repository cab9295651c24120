"""Waves as one object for programs: figures unrounded, None for none, hidden groups told as hidden (METRICS 9, 10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveys.changes import Changes
from surveys.figures import Favourable, Figure, figure, item_figure, response
from surveys.flaws import Evidence, Fired
from surveys.groups import Group
from surveys.privacy.released import Row, State
from surveys.reliability import Reliability
from surveys.report import WaveReport
from surveys.trend import Change, bootstrap, wording
from surveys.weighting import weighted

NOT_STATED = "not stated"
"""What the group of sheets that name no department is called on paper."""


def as_object(waves: Sequence[WaveReport], *, least: int) -> dict[str, Any]:
    """Return what `--json` prints."""
    first = waves[0]
    instrument = first.instrument
    return {
        "instrument": instrument.name,
        "digest": instrument.digest,
        "min": least,
        "waves": [_wave(each) for each in waves],
    }


def name_of(unit: str) -> str:
    return unit or NOT_STATED


def _wave(told: WaveReport) -> dict[str, Any]:
    reading, released = told.reading, told.released
    total = released.total
    return {
        "wave": told.label,
        "stage": reading.stage,
        "dimensions": list(reading.dimensions),
        "items": list(reading.asked),
        "n": total.n,
        "state": total.state.value,
        "response": _response(told),
        "total": _row(told, total, reading.total) if total.is_shown else None,
        "hidden": [name_of(unit) for unit in released.units.hidden],
        "n_hidden": released.units.n_hidden,
        "departments": [
            {"department": name_of(row.name), "state": row.state.value} | _unit(told, row)
            for row in released.units.rows
        ],
        "not_on_roster": [name_of(unit) for unit in reading.not_on_roster],
        "straight_liners": _straight(told),
        "reliability": {each.code: _reliability(told, each.code, each.found) for each in released.reliability},
        "drivers": _drivers(told),
        "change": None if told.changes is None else _changes(told.changes, told),
        "flaws": [_flaw(each) for each in told.flaws],
    }


def _response(told: WaveReport) -> dict[str, Any]:
    """Tell who answered; of a wave too small to be shown, nothing."""
    found, is_shown = response(told.reading), told.released.total.is_shown
    return {
        "valid": found.valid if is_shown else None,
        "delivered": found.delivered,
        "value": found.rate if is_shown else None,
        "low": found.is_low if is_shown else None,
        "apart": found.is_apart if is_shown else None,
        "may_not_represent": found.may_mislead if is_shown else None,
    }


def _unit(told: WaveReport, row: Row) -> dict[str, Any]:
    if row.state is State.HIDDEN:
        return {}
    group = told.reading.unit(row.name)
    return {"new": row.is_new} | _row(told, row, group)


def _row(told: WaveReport, row: Row, group: Group) -> dict[str, Any]:
    """Tell of a group that is shown."""
    instrument = told.instrument
    scores: dict[str, Any] = {}
    for score in row.scores:
        found = figure(instrument, group, score.code) if score.mean else None
        scores[score.code] = None if found is None else _figure(found)
        if found is not None and row is told.released.total:
            scores[score.code]["weighted"] = _weighted(told, score.code)
    items = {}
    for item in row.items:
        seen = item_figure(instrument, group, item.code)
        items[item.code] = seen and _figure(seen) | {"people": list(item.people) if item.people else None}
    return {
        "n": row.n,
        "eligible": row.eligible,
        "delivered": row.delivered,
        "response": row.response,
        "scores": scores,
        "items": items,
        "first_barrier": row.barrier and {"dimension": row.barrier.code, "skipped": list(row.barrier.skipped)},
    }


def _figure(found: Figure) -> dict[str, Any]:
    return {
        "n": found.n,
        "mean": found.mean,
        "sd": found.sd,
        "low": found.low,
        "high": found.high,
        "band": found.band.value,
        "favourable": _favourable(found.favourable),
    }


def _favourable(found: Favourable | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"k": found.k, "n": found.n, "value": found.value, "low": found.low, "high": found.high}


def _weighted(told: WaveReport, code: str) -> dict[str, Any] | None:
    found = weighted(told.reading, code, told.released.suppression)
    if found is None:
        return None
    return {
        "mean": found.mean,
        "se": found.se,
        "low": found.low,
        "high": found.high,
        "strata": found.n_strata,
        "left_out": [name_of(unit) for unit in found.left_out],
        "not_stated_left_out": found.has_unnamed_left_out,
    }


def _straight(told: WaveReport) -> dict[str, Any] | None:
    found, raw = told.released.straight, told.reading.straight.without
    if found is None:
        return None
    codes = [score.code for score in found.without if score.mean]
    seen = {code: figure(told.instrument, raw, code) for code in codes} if raw else {}
    return {
        "n": found.n,
        "share": found.share,
        "without": {code: _figure(each) for code, each in seen.items() if each} or None,
    }


def _reliability(told: WaveReport, code: str, found: Reliability | None) -> dict[str, Any] | None:
    if found is None:
        return None
    codes = [item.code for item in told.instrument.dimension(code).items if item.code in told.reading.asked]
    return {
        "n": found.n,
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
        "if_dropped": dict(zip(codes, found.if_dropped, strict=True)),
        "check_reverse_coding": found.is_negative,
        "not_alone": found.is_low,
    }


def _drivers(told: WaveReport) -> dict[str, Any] | None:
    found = told.released.drivers
    if found is None:
        return None
    keys = ("n", "r", "low", "high", "mean", "priority", "weight")
    return {
        "outcome": found.outcome,
        "n_complete": found.n_complete,
        "r_squared": found.r_squared,
        "dimensions": {each.code: {key: getattr(each, key) for key in keys} for each in found.each},
    }


def _changes(found: Changes, told: WaveReport) -> dict[str, Any]:
    return {
        "since": found.since or None,
        "comparable": list(found.comparable.codes),
        "reworded": list(found.comparable.reworded),
        "total": {code: _change(change) | _footnote(told, code) for code, change in found.total.items()},
        "departments": [
            {"department": name_of(unit)}
            | {code: _change(change) | _arrow(found, unit, code) for code, change in each.items()}
            for unit, each in found.units.items()
        ],
        "new": [name_of(unit) for unit in found.new],
    }


def _change(found: Change) -> dict[str, Any]:
    keys = (
        *("n_before", "n_after", "mean_before", "mean_after", "difference", "low", "high"),
        *("t", "df", "d", "g", "p", "u", "superiority", "rank_biserial"),
    )
    return {key: getattr(found, key) for key in keys} | {"p_by": found.p_by.value, "wording": wording(found).code}


def _footnote(told: WaveReport, code: str) -> dict[str, Any]:
    if told.before is None:
        return {}
    found = bootstrap(told.before.total.score(code), told.reading.total.score(code))
    return {"bootstrap": {"low": found.low, "high": found.high}}


def _arrow(found: Changes, unit: str, code: str) -> dict[str, bool]:
    return {"stands_out": (unit, code) in found.arrows}


def _flaw(found: Fired) -> dict[str, Any]:
    return {
        "flaw": found.code,
        "department": found.unit or None,
        "evidence": [evidence(each) for each in found.evidence],
        "handles": list(found.handles),
    }


def evidence(found: Evidence) -> dict[str, Any]:
    """Tell a condition that holds, and its figure."""
    condition, measured = found.condition, found.measured
    return {
        "figure": condition.source.value,
        "of": condition.of or None,
        condition.bound.value: condition.threshold,
        "value": measured.value,
        "low": measured.low,
        "high": measured.high,
        "n": measured.n,
    }
