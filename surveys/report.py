"""A file of sheets read whole: every wave, each set against the one before, as `dity measure pulse` tells it.

For a reader who holds the sheets: figures are unrounded. What the gate hides stays hidden all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from surveys.answers import Answers, Roster
from surveys.changes import Changes, changes
from surveys.finding import find
from surveys.flaws import Fired, Flaw
from surveys.instrument import Instrument
from surveys.privacy.gate import Before, release
from surveys.privacy.policy import Policy
from surveys.privacy.released import Released
from surveys.privacy.suppression import LEAST, LEAST_TEXTS
from surveys.reading import WaveReading, read_wave


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveReport:
    """One wave: raw, as it may be shown, and what both say of it."""

    label: str | None
    """None where the file names no waves."""
    instrument: Instrument
    reading: WaveReading
    released: Released
    before: WaveReading | None
    changes: Changes | None
    """None for the first wave, and where one of the two is not shown."""
    flaws: tuple[Fired, ...]


def report(
    instrument: Instrument,
    answers: Answers,
    *,
    rules: Iterable[Flaw],
    roster: Roster | None = None,
    least: int = LEAST,
) -> tuple[WaveReport, ...]:
    """Read every wave of a file; labels are compared in code-point order."""
    policy = Policy(least=least, least_texts=max(LEAST_TEXTS, least), is_exact=True)
    every = tuple(rules)
    found: list[WaveReport] = []
    before: Before | None = None
    for label, sheets in answers.sheets.items():
        reading = read_wave(
            instrument,
            sheets,
            wave=label or "",
            asked=answers.asked[label],
            roster=None if roster is None else roster.of(label),
        )
        released = release(instrument, reading, policy, before=before)
        found.append(
            WaveReport(
                label=label,
                instrument=instrument,
                reading=reading,
                released=released,
                before=before.reading if before else None,
                changes=_changes(instrument, before, reading, released),
                flaws=find(every, released),
            )
        )
        before = Before(reading, released)
    return tuple(found)


def _changes(instrument: Instrument, before: Before | None, reading: WaveReading, released: Released) -> Changes | None:
    if before is None or not (released.total.is_shown and before.released.total.is_shown):
        return None
    return changes(
        instrument,
        before.reading,
        reading,
        hidden_before=before.released.suppression,
        hidden_after=released.suppression,
    )
