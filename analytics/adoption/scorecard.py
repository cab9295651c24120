"""The nine things that make self-service succeed, each with the figures it is measured by (METRICS 3.5).

The card does not add up to one number: a programme that promotes well and never decides anything together is not
average, it is failing at one of them. Each figure is held against the last one: better, worse, or no more than chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analytics.adoption.goals import Better


class Factor(StrEnum):
    """In the order in which a programme meets them."""

    SHOW_THE_FUTURE = "show_the_future"
    NOT_AN_IT_INITIATIVE = "not_an_it_initiative"
    REQUIREMENTS_AND_EXAMPLES = "requirements_and_examples"
    ROADMAP_TOGETHER = "roadmap_together"
    INCREMENTS = "increments"
    PROMOTE_AND_REWARD = "promote_and_reward"
    MANAGEMENT_EXAMPLE = "management_example"
    CAPTURE_AND_SHARE = "capture_and_share"
    EVERY_TIME_BETTER = "every_time_better"


MEASURES: Mapping[Factor, Mapping[str, Better]] = {
    Factor.SHOW_THE_FUTURE: {
        "pulse_awareness": Better.UP,
        "pulse_value": Better.UP,
        "stakeholder_attendance": Better.UP,
    },
    Factor.NOT_AN_IT_INITIATIVE: {
        "communications_by_hr_or_line": Better.UP,
        "goals_owned_by_hr": Better.UP,
        "pulse_item_so3": Better.UP,
    },
    Factor.REQUIREMENTS_AND_EXAMPLES: {
        "demo_attendance": Better.UP,
        "requirements_traced": Better.UP,
        "pulse_ease": Better.UP,
    },
    Factor.ROADMAP_TOGETHER: {"voices_outside_it": Better.UP, "ideas_answered_in_time": Better.UP},
    Factor.INCREMENTS: {"increments_read_out": Better.UP},
    Factor.PROMOTE_AND_REWARD: {"goals_on_track": Better.UP, "campaign_effects_detected": Better.UP},
    Factor.MANAGEMENT_EXAMPLE: {
        "manager_activation": Better.UP,
        "pulse_item_so1": Better.UP,
        "fixes_by_managers": Better.UP,
    },
    Factor.CAPTURE_AND_SHARE: {
        "capture_rate": Better.UP,
        "hours_to_publish": Better.DOWN,
        "questions_answered": Better.UP,
        "hours_to_answer": Better.DOWN,
    },
    Factor.EVERY_TIME_BETTER: {
        "changes_closed_with_reply": Better.UP,
        "contact_rate": Better.DOWN,
        "coaching_taken": Better.UP,
    },
}
"""What each is measured by, and which way is better."""


class Course(StrEnum):
    """Where a figure, or a factor, is going."""

    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"
    """No more than chance."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A figure now, and the interval in which its change since the last reading lies."""

    value: float
    change_low: float | None = None
    change_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One factor: its figures with their course, and its own."""

    factor: Factor
    figures: Mapping[str, tuple[Reading | None, Course]]

    @property
    def n_known(self) -> int:
        return sum(reading is not None for reading, _course in self.figures.values())

    @property
    def course(self) -> Course:
        """Worse where one is worse: what goes wrong must not hide behind what goes well."""
        courses = {course for _reading, course in self.figures.values()}
        return next((each for each in (Course.WORSE, Course.BETTER, Course.STEADY) if each in courses), Course.UNKNOWN)


def scorecard(readings: Mapping[str, Reading]) -> list[Mark]:
    """Fill the card in; a figure that nobody measures stays open, and is not counted as bad.

    >>> card = scorecard({"contact_rate": Reading(value=0.12, change_low=-0.05, change_high=-0.01)})
    >>> [(mark.factor.value, mark.course.value) for mark in card if mark.n_known]
    [('every_time_better', 'better')]
    """
    if strange := set(readings) - {name for own in MEASURES.values() for name in own}:
        raise ValueError(f"no factor is measured by {', '.join(sorted(strange))}")
    return [
        Mark(
            factor=factor,
            figures={name: (readings.get(name), _course(readings.get(name), better)) for name, better in own.items()},
        )
        for factor, own in MEASURES.items()
    ]


def _course(reading: Reading | None, better: Better) -> Course:
    if reading is None or reading.change_low is None or reading.change_high is None:
        return Course.UNKNOWN
    if reading.change_low <= 0 <= reading.change_high:
        return Course.STEADY
    return Course.BETTER if (reading.change_low > 0) is (better is Better.UP) else Course.WORSE
