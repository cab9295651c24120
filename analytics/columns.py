"""Events as columns: one array a field instead of an object an event, so that a year is read in a moment.

Texts that repeat (a topic, a subject) are stored once and pointed at; -1 points at nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.events import ActorKind, Event, Name

NONE = -1


@dataclass(frozen=True)
class Coded:
    """A column of repeating texts.

    >>> Coded.of(["vpn", None, "mail", "vpn"]).codes.tolist()
    [1, -1, 0, 1]
    """

    codes: NDArray[np.int32]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Coded:
        """Code these texts; labels are sorted, so equal columns have equal codes."""
        labels = tuple(sorted({text for text in texts if text is not None}))
        places = {label: place for place, label in enumerate(labels)}
        codes = [NONE if text is None else places[text] for text in texts]
        return cls(np.array(codes, dtype=np.int32), labels)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, place: int) -> str | None:
        code = int(self.codes[place])
        return None if code == NONE else self.labels[code]

    def is_(self, label: str) -> NDArray[np.bool_]:
        """Mark the rows with this label."""
        code = self.labels.index(label) if label in self.labels else NONE - 1
        return np.asarray(self.codes == code)

    def take(self, rows: NDArray[Any]) -> Coded:
        """Keep these rows (a mask or places), in this order."""
        return Coded(self.codes[rows], self.labels)

    def tally(self) -> dict[str, int]:
        """Count the rows of each label that occurs.

        >>> Coded.of(["vpn", None, "mail", "vpn"]).tally()
        {'mail': 1, 'vpn': 2}
        """
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels))
        return {label: int(n) for label, n in zip(self.labels, counts, strict=True) if n}


@dataclass(frozen=True)
class Columns:
    """Events in order of time; every column has the same length."""

    at: NDArray[np.datetime64]
    name: Coded
    visitor: Coded
    actor_kind: Coded
    department: Coded
    site: Coded
    subject: Coded
    topic: Coded
    visit: Coded
    props: Sequence[Mapping[str, Any]]

    def __len__(self) -> int:
        return len(self.at)

    def where(self, rows: NDArray[Any]) -> Columns:
        """Keep these rows (a mask or places), in this order."""
        places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        taken = {
            f.name: getattr(self, f.name).take(places) for f in fields(self) if isinstance(getattr(self, f.name), Coded)
        }
        return Columns(at=self.at[places], props=[self.props[place] for place in places.tolist()], **taken)

    def named(self, *names: Name) -> Columns:
        """Keep the events of these names."""
        rows = np.zeros(len(self), dtype=np.bool_)
        for name in names:
            rows |= self.name.is_(name)
        return self.where(rows)

    def events(self) -> Iterator[Event]:
        """Give the events one by one, for those who need objects more than speed."""
        for place, at in enumerate(self.at.astype("datetime64[us]").tolist()):
            yield self._event(place, at.replace(tzinfo=UTC))

    def _event(self, place: int, at: datetime) -> Event:
        return Event(
            name=Name(self.name[place] or ""),
            at=at,
            visitor=self.visitor[place] or "",
            actor_kind=ActorKind(self.actor_kind[place] or ActorKind.ANON),
            department=self.department[place],
            site=self.site[place],
            subject=self.subject[place],
            topic=self.topic[place],
            visit=self.visit[place],
            props=self.props[place],
        )
