"""How often the estimate of self-service holds the truth, in plays whose truth is known.

    python -m benchmarks.simulator [--seeds 400] [--json]

Two scenarios (`analytics.scenarios`). Where those who answer are like those who do not, the interval must hold the
truth in at least 92 of 100 plays: what reading settled in the play, and what was to be expected of it. Where people
answer mostly when it helped, floor and ceiling must always hold it, and it must be seen that those who answer differ.
The exit status is 1 where that fails. 400 seeds take about two minutes of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from analytics.scenarios import Scenario, Trial, attempt
from benchmarks.measuring import plays

LEAST = 0.92
"""Share of intervals that must hold the truth; they are meant to hold it in 0.95."""
LEAST_SEEN = 0.85
"""Share of biased plays of which it must be said that those who answer differ."""


@dataclass(frozen=True)
class Result:
    """What came out for one scenario; shares are of the plays."""

    scenario: str
    plays: int
    needs: float
    truth: float
    floor: float
    estimate: float
    ceiling: float
    half_width: float
    holds_truth: float
    holds_expected: float
    between: float
    said_to_differ: float


def result(scenario: Scenario, trials: Sequence[Trial]) -> Result:
    """Sum the plays of one scenario up."""
    return Result(
        scenario=scenario.name.lower(),
        plays=len(trials),
        needs=fmean(trial.n for trial in trials),
        truth=fmean(trial.truth for trial in trials),
        floor=fmean(trial.floor for trial in trials),
        estimate=fmean(trial.value for trial in trials),
        ceiling=fmean(trial.ceiling for trial in trials),
        half_width=fmean((trial.high - trial.low) / 2 for trial in trials),
        holds_truth=fmean(trial.covers for trial in trials),
        holds_expected=fmean(trial.covers_expected for trial in trials),
        between=fmean(trial.is_between for trial in trials),
        said_to_differ=fmean(trial.says_voters_differ for trial in trials),
    )


def complaints(alike: Result, biased: Result) -> list[str]:
    """Say which promises were not kept."""
    kept = {
        "alike: the interval holds what reading settled": alike.holds_truth >= LEAST,
        "alike: the interval holds what was to be expected": alike.holds_expected >= LEAST,
        "alike: floor and ceiling hold the truth": alike.between == 1,
        "biased: floor and ceiling hold the truth": biased.between == 1,
        "biased: it is said that those who answer differ": biased.said_to_differ >= LEAST_SEEN,
    }
    return [promise for promise, is_kept in kept.items() if not is_kept]


def main(arguments: Sequence[str] | None = None) -> int:
    given = plays.asked(__doc__, arguments)
    results = {
        scenario: result(scenario, [attempt(scenario, seed) for seed in range(given.seeds)])
        for scenario in (Scenario.ALIKE, Scenario.BIASED)
    }
    broken = complaints(*results.values())
    return plays.told({str(scenario): found for scenario, found in results.items()}, broken, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
