"""Waves as lines a person can read: who answered, every score of everybody, departments, change, flaws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.figures import figure, response
from surveys.groups import INDEX
from surveys.privacy.released import Released, State
from surveys.report import WaveReport
from surveys.telling import evidence, name_of
from surveys.trend import Change, wording
from surveys.weighting import weighted

WORDS = {
    "not_distinguishable": "not distinguishable",
    "no_notable_change": "no notable change",
    "small_rise": "a small rise",
    "small_fall": "a small fall",
    "clear_rise": "a clear rise",
    "clear_fall": "a clear fall",
    "large_rise": "a large rise",
    "large_fall": "a large fall",
}
STATES = {State.HIDDEN: "hidden", State.EMPTY: "no answers"}


def as_lines(waves: Sequence[WaveReport]) -> Iterator[str]:
    """Tell every wave as tables."""
    for place, told in enumerate(waves):
        if place:
            yield ""
        yield from _wave(told)


def _wave(told: WaveReport) -> Iterator[str]:
    reading, released = told.reading, told.released
    named = f"wave {told.label}, " if told.label is not None else ""
    stage = f"stage {reading.stage}" if reading.stage else "no stage asks just these items"
    yield f"{reading.instrument}, {named}{stage}"
    if not released.total.is_shown:
        yield f"fewer than {released.policy.least} valid sheets: nothing can be told"
        return
    yield from _answered(told)
    yield ""
    yield from _everybody(told)
    yield ""
    yield from _departments(told)
    if told.changes is not None:
        yield ""
        yield from _changed(told)
    yield ""
    yield from _drivers(released)
    if told.flaws:
        yield ""
        yield from _flaws(told)


def _answered(told: WaveReport) -> Iterator[str]:
    found = response(told.reading)
    rate = "" if found.rate is None else f" of {found.delivered} invited = {100 * found.rate:.1f} %"
    yield f"{found.valid} valid sheets{rate}"
    if found.is_low:
        yield "Answers may not represent: fewer than 30 % answered."
    if found.is_apart:
        yield "Answers may not represent: departments' response lies more than 25 points apart."
    if told.reading.not_on_roster:
        yield f"Not on the roster: {', '.join(told.reading.not_on_roster)}; so the headcount of all is unknown."
    straight = told.released.straight
    if straight is not None and straight.n and straight.share is not None:
        yield f"One point ticked all the way: {straight.n} sheets, {100 * straight.share:.1f} %"


def _everybody(told: WaveReport) -> Iterator[str]:
    agreeing = {each.code: each.found for each in told.released.reliability}
    yield f"{'everybody':<10} {'n':>5} {'score':>6}  {'95 %':<14} {'band':<8} {'favourable':<11} {'weighted':<9} alpha"
    for score in told.released.total.scores:
        found = figure(told.instrument, told.reading.total, score.code) if score.mean else None
        if found is None:
            yield f"{score.code:<10} {'':>5} {'hidden' if score.n is None else 'none':>6}"
            continue
        spread = "" if found.low is None else f"[{found.low:.2f}, {found.high:.2f}]"
        share = "" if found.favourable is None else f"{100 * found.favourable.value:.0f} %"
        evened = weighted(told.reading, score.code, told.released.suppression)
        heavy = "" if evened is None else f"{evened.mean:.2f}"
        agreed = agreeing.get(score.code)
        alpha = "" if agreed is None else f"{agreed.alpha:.2f}"
        if agreed is not None and agreed.is_negative:
            alpha += " check the reverse coding"
        elif agreed is not None and agreed.is_low:
            alpha += " do not read this dimension alone"
        band = found.band.value.replace("_", " ")
        line = (
            f"{score.code:<10} {found.n:>5} {found.mean:>6.2f}  {spread:<14} {band:<8} {share:<11} {heavy:<9} {alpha}"
        )
        yield line.rstrip()
    barrier = told.released.total.barrier
    if barrier is not None:
        skipped = f" ({', '.join(barrier.skipped)} not asked or without a score)" if barrier.skipped else ""
        yield f"First barrier: {barrier.code or 'none'}{skipped}"


def _departments(told: WaveReport) -> Iterator[str]:
    released = told.released
    codes = [INDEX, *told.reading.dimensions]
    wide = max(10, *(len(name_of(row.name)) for row in released.units.rows))
    yield f"{'department':<{wide}} {'n':>5}  {'response':>8}  " + "  ".join(f"{code:>6}" for code in codes)
    for row in released.units.rows:
        name = f"{name_of(row.name):<{wide}}"
        if row.state is not State.SHOWN:
            yield f"{name} {'':>5}  {STATES[row.state]}"
            continue
        group = told.reading.unit(row.name)
        seen = {score.code: figure(told.instrument, group, score.code) for score in row.scores if score.mean}
        cells = "  ".join(f"{each.mean:>6.1f}" if (each := seen.get(code)) else f"{'':>6}" for code in codes)
        rate = "" if row.response is None else f"{100 * row.response:.0f} %"
        yield f"{name} {row.n:>5}  {rate:>8}  {cells}"
    hidden = ", ".join(name_of(unit) for unit in released.units.hidden)
    yield f"hidden: {hidden or 'none'}" + (f" ({released.units.n_hidden} sheets)" if released.units.n_hidden else "")


def _changed(told: WaveReport) -> Iterator[str]:
    found = told.changes
    if found is None:
        return
    yield f"since {found.since}"
    for code, change in found.total.items():
        yield f"{code:<10} {_change(change)}"
    for unit, each in found.units.items():
        for code, change in each.items():
            if (unit, code) in found.arrows:
                yield f"{name_of(unit)}, {code}: {_change(change)}"
    if found.comparable.reworded:
        yield f"Worded anew at go-live: {', '.join(found.comparable.reworded)}"
    if found.new:
        yield f"New units: {', '.join(map(name_of, found.new))}"


def _change(found: Change) -> str:
    size = "" if found.g is None else f"  g {found.g:+.2f}"
    interval = f"{found.difference:+.2f} [{found.low:.2f}, {found.high:.2f}]"
    return f"{interval:<26}{size}  p {found.p:.4f}  {WORDS[wording(found).code]}"


def _drivers(released: Released) -> Iterator[str]:
    found = released.drivers
    known = [each for each in found.each if each.r is not None] if found else []
    if found is None or not known:
        yield "drivers: fewer than 30 people with both scores"
        return
    yield f"drivers of {found.outcome}: correlation within one questionnaire; tends to be inflated"
    for each in sorted(known, key=lambda each: -(each.priority or 0)):
        weight = "" if each.weight is None else f"  weight {each.weight:.4f}"
        spread = "" if each.low is None else f" [{each.low:.4f}, {each.high:.4f}]"
        yield f"{each.code:<10} r {each.r:.4f}{spread}{weight}  priority {each.priority or 0:.4f}"


def _flaws(told: WaveReport) -> Iterator[str]:
    for found in told.flaws:
        yield f"{found.code.replace('_', ' ')} ({found.unit or 'everybody'}): {'; '.join(found.handles)}"
        for each in found.evidence:
            said = evidence(each)
            yield "  " + ", ".join(f"{key} {_short(value)}" for key, value in said.items() if value is not None)


def _short(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
