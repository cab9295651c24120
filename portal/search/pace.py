"""How often somebody may look. Searches and suggestions apart, so that a fast typist can still search."""

from __future__ import annotations

from flask import current_app

from portal.core.actor import Actor
from portal.core.limits import ReadingLimit, address

LIMITS = "dity-search-limits"


def spend(what: str, who: Actor) -> None:
    """Count one look at `searches` or `suggestions`; refuse (TooMany) the one above the setting's limit."""
    limits: dict[str, ReadingLimit] = current_app.extensions.setdefault(LIMITS, {})
    settings = current_app.config["DITY"]
    most = {"searches": settings.searches_per_minute, "suggestions": settings.suggestions_per_minute}
    limits.setdefault(what, ReadingLimit()).spend(_who(who), most[what])


def _who(who: Actor) -> str:
    """A program counts by its token, a person whatever browser they use, a stranger by address."""
    if who.scopes is not None:
        return f"token:{who.visit}"
    return f"person:{who.person_id}" if who.is_signed_in else address()
