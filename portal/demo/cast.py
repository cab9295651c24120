"""Who is who: turns the names by which the story speaks of people and things into rows and actors."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.refs import Ref
from portal.demo.organisation import DOMAIN
from portal.ledger import services as ledger
from portal.people import queries as people_queries
from portal.people import services as people


@dataclass
class Cast:
    """People by first name or address, things by a name of the story such as `article:vpn-drops`."""

    refs: dict[str, Ref] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)
    _stamps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, key: str, kind: str, row_id: int) -> None:
        """Remember which row a name of the story means."""
        self.refs[key] = Ref(kind, row_id)

    def ref(self, key: str) -> Ref:
        """Return the thing of this name; one that is not there yet is a mistake in the story (KeyError)."""
        return self.refs[key]

    def actor(self, who: str, *, visit: str | None = None) -> Actor:
        """Return somebody as an actor."""
        email = who if "@" in who else f"{who}@{DOMAIN}"
        if email not in self._actors:
            person = people_queries.by_email(email)
            if person is None:
                raise KeyError(f"nobody at Ostrey & Vale has the address {email}")
            self._actors[email] = people.actor_of(person)
        return replace(self._actors[email], visit=visit) if visit else self._actors[email]

    def stamp(self, who: str) -> dict[str, Any]:
        """Return what every fact of this person carries, taken once from a fact made in the usual way."""
        if who not in self._stamps:
            fact = ledger.row(Name.ARTICLE_VIEWED, actor=self.actor(who), at=clock.now(), visit=None, props={})
            self._stamps[who] = fact
        return self._stamps[who]
