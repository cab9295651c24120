"""How long things are kept. Each feature says what it forgets after how many days; administration shows and runs it.

Counting and forgetting use the same condition, so what a dry run announces is what goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core import clock, options

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Something that is kept for some days and then forgotten."""

    name: str
    label: str | LazyString
    """What it is: "Mail that was sent"."""
    goes: str | LazyString
    """What becomes of it, in a sentence."""
    count: Callable[[dt.datetime], int]
    """Return how much is older than this moment."""
    sweep: Callable[[dt.datetime], int]
    """Forget what is older, or so much of it as a transaction should hold; returns how much. Called until it is 0."""
    option: str = ""
    """The option that holds the days; without one they are `fixed_days`."""
    fixed_days: int = 0
    least_days: int = 1
    """Fewer an administrator cannot choose."""
    is_kept_for_good: bool = False
    """Whether 0 days may be chosen, which keeps it until somebody decides otherwise."""

    @property
    def days(self) -> int:
        return int(getattr(options.get(), self.option)) if self.option else self.fixed_days

    @property
    def before(self) -> dt.datetime | None:
        """Return the moment before which it goes now; None where it is kept for good."""
        return clock.now() - dt.timedelta(days=self.days) if self.days else None
