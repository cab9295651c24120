"""How often a planted campaign is found again, and how often nothing is taken for something.

    python -m benchmarks.campaigns [--seeds 400] [--json]

Two scenarios (`analytics.campaigns`), each an organisation played for 24 weeks with starts drawn by lot. Where the
campaign works, its interval must hold what was planted, and it must be detected, in at least 92 of 100 plays; where it
does nothing, "no detectable effect" must be said as often. The interval is meant to hold in 0.95. The exit status is 1
where that fails. 400 seeds take about three minutes of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from analytics.campaigns import Scenario, Trial, attempt
from analytics.effects.judging import Verdict
from benchmarks.measuring import plays

LEAST = 0.92


@dataclass(frozen=True)
class Result:
    """What came out for one scenario; shares are of the plays."""

    scenario: str
    plays: int
    planted: float
    point: float
    half_width: float
    holds_planted: float
    detected: float
    not_detectable: float
    wrong_way: float


def result(scenario: Scenario, trials: Sequence[Trial]) -> Result:
    """Sum the plays of one scenario up."""
    return Result(
        scenario=scenario.name.lower(),
        plays=len(trials),
        planted=fmean(trial.planted for trial in trials),
        point=fmean(trial.point for trial in trials),
        half_width=fmean((trial.high - trial.low) / 2 for trial in trials),
        holds_planted=fmean(trial.covers for trial in trials),
        detected=fmean(trial.is_detected for trial in trials),
        not_detectable=fmean(trial.verdict is Verdict.NOT_DETECTABLE for trial in trials),
        wrong_way=fmean(trial.verdict is Verdict.WRONG_WAY for trial in trials),
    )


def complaints(works: Result, nothing: Result) -> list[str]:
    """Say which promises were not kept."""
    kept = {
        "works: the interval holds what was planted": works.holds_planted >= LEAST,
        "works: it is detected": works.detected >= LEAST,
        "nothing: it is said that nothing can be detected": nothing.not_detectable >= LEAST,
    }
    return [promise for promise, is_kept in kept.items() if not is_kept]


def main(arguments: Sequence[str] | None = None) -> int:
    given = plays.asked(__doc__, arguments)
    results = {
        scenario: result(scenario, [attempt(scenario, seed) for seed in range(given.seeds)])
        for scenario in (Scenario.WORKS, Scenario.NOTHING)
    }
    broken = complaints(*results.values())
    return plays.told({str(scenario): found for scenario, found in results.items()}, broken, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
