"""Whether those who answer "Did this solve it?" are like those who do not, as far as that can be seen.

What the silent would have said nobody knows, but what they did next is known: whoever was not helped hands it over
more often. Where those who answered went on to a ticket much more or much less often than those who read and said
nothing, the answers cannot speak for the silent, and floor and ceiling are to be believed before the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.needs.outcomes import Needs, Outcome
from analytics.proportions import Difference, Share, newcombe, wilson
from analytics.table import Mask


@dataclass(frozen=True, slots=True)
class Voters:
    """How many went on to a ticket after reading; None where there is nobody of the kind."""

    answered: Share | None
    silent: Share | None

    @property
    def difference(self) -> Difference | None:
        """How much more often those who said nothing did, with its interval."""
        return newcombe(self.silent, self.answered) if self.answered and self.silent else None

    @property
    def is_different(self) -> bool:
        """Whether chance alone hardly explains the difference."""
        found = self.difference
        return found is not None and not found.low <= 0 <= found.high


def compare(needs: Needs, among: Mask) -> Voters:
    """Compare what those did next who read something, by whether they answered."""
    read = among & needs.counted() & needs.chains.is_read
    said = needs.chains.last_answer >= 0
    went_on = needs.are(Outcome.ESCALATED)
    return Voters(
        answered=wilson(int((read & said & went_on).sum()), int((read & said).sum())),
        silent=wilson(int((read & ~said & went_on).sum()), int((read & ~said).sum())),
    )
