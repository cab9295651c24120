"""How much a wave lets be seen. Settled before it is launched; afterwards it may only become stricter."""

from __future__ import annotations

from dataclasses import dataclass, replace

from surveys.privacy.suppression import LEAST, LEAST_TEXTS, check_least

LEAST_ITEMS = 30
"""From so many people on a group is told of item by item: below, item means beside the mean of their dimension would
give away who left one out (METRICS 11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the gate asks of a group before it is shown."""

    least: int = LEAST
    """People for scores."""
    least_texts: int = LEAST_TEXTS
    """People for distributions and comments."""
    is_exact: bool = False
    """Unrounded and uncapped, for a reader who holds the sheets anyway: `dity measure`, never the portal."""
    has_second: bool = False
    """A second breakdown is wished for; shown only if nothing hidden follows from it."""
    comments_by_group: bool = False
    """Comments also under the groups that have people enough, not under the total only."""

    def __post_init__(self) -> None:
        check_least(self.least)
        if self.least_texts < max(LEAST_TEXTS, self.least):
            raise ValueError(f"comments need at least {max(LEAST_TEXTS, self.least)} people")

    def raised(self, *, least: int | None = None, least_texts: int | None = None) -> Policy:
        """Return a stricter policy; lowering a threshold is refused (ValueError).

        >>> Policy().raised(least=8).least
        8
        """
        wished = self.least if least is None else least
        wished_texts = max(self.least_texts, wished) if least_texts is None else least_texts
        if wished < self.least or wished_texts < self.least_texts:
            raise ValueError("a threshold may be raised, never lowered")
        return replace(self, least=wished, least_texts=wished_texts)
