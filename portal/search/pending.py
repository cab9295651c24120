"""What was published or changed and is not in the index yet, as far as whoever searches may see it."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.jobs import queries as jobs

UPDATE = "search.update"
COUNTED = 500
"""More are not looked at one by one: whoever searches learns that there are so many at least."""
WORTH_TELLING = 10
"""Beside results, so many or more are told of; where nothing was found, each is."""


def n_waiting(actor: Actor) -> int:
    """Count the things this actor may see that wait for their place in the index; one query while none does."""
    refs = waiting()
    return len(load_things(actor, refs[:COUNTED])) if refs else 0


def waiting() -> list[Ref]:
    """Return what the index has still to take in, whoever may see it."""
    found = {text for payload in jobs.in_hand(UPDATE) for text in payload["refs"]}
    return sorted((Ref.parse(text) for text in found), key=str)
