"""What most people answered to "Did this solve it?" long ago: rows in bulk, and their facts in order.

Of the last weeks every answer goes through `talk.solutions`; the thousands before are written as it would have left
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert

from analytics.events import Event, Name
from portal.core.database import db
from portal.demo.cast import Cast
from portal.talk.models import Solution


@dataclass
class Answered:
    """Collects answers, and writes them when the timeline comes to the end of them."""

    cast: Cast
    _said: dict[tuple[str, str | None, object], tuple[Event, Event | None]] = field(default_factory=dict)

    def hear(self, event: Event) -> Event:
        """Take an answer, or an answer to the one further question; return the fact as the service records it."""
        key = (event.visitor, event.subject, event.props["version"])
        if event.name == Name.INTENT_STATED:
            self._said[key] = (self._said[key][0], event)
            return event
        self._said[key] = (event, None)
        return replace(event, props=dict(event.props) | {"is_change": False, "has_comment": False})

    def __contains__(self, event: Event) -> bool:
        """Whether the answer to which this further answer belongs was taken."""
        return (event.visitor, event.subject, event.props["version"]) in self._said

    def __len__(self) -> int:
        return len(self._said)

    def write(self) -> None:
        """Insert what was said."""
        rows = [self._row(said, intent) for said, intent in self._said.values()]
        if rows:
            db.session.execute(insert(Solution), rows)

    def _row(self, said: Event, intent: Event | None) -> dict[str, Any]:
        props = said.props
        return {
            "subject": str(self.cast.ref(said.subject or "")),
            "version": props["version"],
            "person_id": self.cast.stamp(said.visitor)["actor_id"],
            "is_solved": props["solved"],
            "reason": props.get("reason"),
            "comment": "",
            "via": props["via"],
            "created_at": said.at,
            "changed_at": said.at,
            "is_intent_asked": intent is not None,
            "would_have_called": intent.props["would_have_called"] if intent else None,
            "reply": "",
        }
