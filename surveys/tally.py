"""Scores of a group with nobody in it: how many people had each, and nothing that ties one score to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True)
class Tally:
    """Scores in rising order, each with how many people had it."""

    scores: tuple[float, ...] = ()
    people: tuple[int, ...] = ()

    @classmethod
    def of(cls, scores: Iterable[float]) -> Tally:
        """Count scores.

        >>> Tally.of([50.0, 25.0, 50.0])
        Tally(scores=(25.0, 50.0), people=(1, 2))
        """
        counted = sorted(Counter(scores).items())
        return cls(tuple(score for score, _n in counted), tuple(n for _score, n in counted))

    def __add__(self, other: Tally) -> Tally:
        return Tally.of([*self, *other])

    def __iter__(self) -> Iterator[float]:
        """Yield every person's score, lowest first."""
        for score, n in zip(self.scores, self.people, strict=True):
            yield from [score] * n

    @property
    def n(self) -> int:
        return sum(self.people)

    @property
    def mean(self) -> float | None:
        """The mean of persons; None for nobody."""
        return fsum(score * n for score, n in zip(self.scores, self.people, strict=True)) / self.n if self.n else None

    @property
    def variance(self) -> float | None:
        """The variance with n - 1; None for fewer than two."""
        mean, n = self.mean, self.n
        if mean is None or n < 2:
            return None
        return fsum(k * (score - mean) ** 2 for score, k in zip(self.scores, self.people, strict=True)) / (n - 1)

    @property
    def sd(self) -> float | None:
        return None if self.variance is None else sqrt(self.variance)

    def share_at(self, score: float) -> float:
        """Return how large a part of the people has exactly this score."""
        return dict(zip(self.scores, self.people, strict=True)).get(score, 0) / self.n if self.n else 0.0
