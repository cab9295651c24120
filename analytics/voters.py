"""Whether those who answer "Did this solve it?" are like those who do not, as far as that can be seen.

What the silent would have said nobody knows, but what they did next is known: whoever was not helped hands it over
more often. Where those who answered went on to a ticket much more or much less often than those who read and said
nothing, the answers cannot speak for the silent, and floor and ceiling are to be believed before the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.needs.outcomes import Needs, Outcome
from analytics.proportions import Difference, Share, newcombe, wilson


@dataclass(frozen=True, slots=True)
class Voters:
    """How many went on to a ticket after reading; None where there is nobody of the kind."""

    answered: Share | None
    silent: Share | None
    difference: Difference | None
    """How much more often those who said nothing did, with its interval."""

    @property
    def is_different(self) -> bool:
        """Whether chance alone hardly explains the difference."""
        return self.difference is not None and not self.difference.low <= 0 <= self.difference.high


def compare(needs: Needs) -> Voters:
    """Compare what users did next who read something, by whether they answered."""
    read = needs.counted() & ~needs.chains.is_anon & needs.chains.is_read
    said = needs.chains.last_answer >= 0
    went_on = needs.are(Outcome.ESCALATED)
    answered = wilson(int((read & said & went_on).sum()), int(np.sum(read & said)))
    silent = wilson(int((read & ~said & went_on).sum()), int(np.sum(read & ~said)))
    return Voters(answered, silent, newcombe(silent, answered) if answered and silent else None)
