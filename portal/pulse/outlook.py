"""What a wave will be able to tell, before anybody is asked: how sure figures become, which groups stay hidden."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from portal.pulse.models import Breakdown, Wave
from portal.pulse.roster import Roster
from surveys.sampling import USUAL_SD, Outlook, answers_needed, answers_to_see, expect

RESPONSES = (30, 40, 50, 60, 70, 80)
"""Shares who answer, in per cent, to choose from."""
USUAL_RESPONSE = 50
MARGIN = 0.05
SMALL_CHANGE = 0.3


@dataclass(frozen=True)
class Prospect:
    """The outlook of a wave at a share who answer."""

    response: int
    n_people: int
    outlook: Outlook
    n_needed: int
    """Answers by which a share is known to ± 5 points."""
    n_to_see: int
    """Answers in each of two waves by which a small to middling change is seen four times in five."""
    points_seen: float | None
    """The smallest change of the total that would be seen, in points of 100."""

    @property
    def n_hidden(self) -> int:
        return sum(unit.is_hidden or unit.is_never_shown for unit in self.outlook.units)

    @property
    def is_enough(self) -> bool:
        return self.outlook.total.n >= self.n_to_see


def prospect(wave: Wave, people: Roster, response: int) -> Prospect:
    """Say what the wave will tell if so many per cent of those asked answer."""
    n = len(people.people)
    counts = people.counts(wave.breakdown) if wave.breakdown != Breakdown.NONE else {"": n}
    found = expect(counts, response=response / 100, least=wave.threshold)
    needed = answers_needed(MARGIN, headcount=n) if n else 0
    return Prospect(
        response=response,
        n_people=n,
        outlook=found,
        n_needed=min(n, ceil(needed)),
        n_to_see=answers_to_see(SMALL_CHANGE),
        points_seen=found.smallest_seen * USUAL_SD if found.smallest_seen is not None else None,
    )
