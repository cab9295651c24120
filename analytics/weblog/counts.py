"""What is counted of one day, so that it adds up: counts of two batches of a day make the counts of both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from analytics.weblog.targets import Class


@dataclass(slots=True)
class DayCounts:
    """The roll-up of a day, or what a batch adds to it. No name, no address, no agent, no key."""

    hits: int = 0
    bytes: int = 0
    classes: list[int] = field(default_factory=lambda: [0] * len(Class))
    """Hits by why they are no page view, in the order of `Class`."""
    four_words: int = 0
    """Hits that four plain words would call robots."""
    sessions: int = 0
    """Visits made of all hits, on the day they began."""
    visits: int = 0
    """Visits made of page views."""
    visitors: int = 0
    """Different visitors that day with a page view."""
    everyone: int = 0
    """Different visitors that day, robots too."""
    statuses: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    """Page views by path."""
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Answers from 400 on, by status and path; robots not counted."""
    robot_errors: int = 0
    """The same answers to robots, all together."""
    referrers: Counter[str] = field(default_factory=Counter)
    """Page views by the page somewhere else they came from."""
    terms: Counter[str] = field(default_factory=Counter)
    """Searches by their words, of those that enough different visitors used on the day."""
    openers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Openings by what was opened (`portal`, `ticket`) and the page it was opened from."""

    @property
    def views(self) -> int:
        return self.classes[Class.PAGE_VIEW]

    def add(self, other: DayCounts) -> None:
        """Add what another batch counted of the same day."""
        for name in ("hits", "bytes", "four_words", "sessions", "visits", "visitors", "everyone", "robot_errors"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.classes = [mine + theirs for mine, theirs in zip(self.classes, other.classes, strict=True)]
        for name in ("statuses", "pages", "errors", "referrers", "terms", "openers"):
            getattr(self, name).update(getattr(other, name))
