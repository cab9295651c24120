"""Ideas like the words somebody is typing: asked of the search, and while that is down of the database."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.feature import Thing
from portal.core.registry import load_things
from portal.roadmap import documents
from portal.search import maintenance
from portal.search.documents import SearchRequest
from portal.search.engine import IndexUnusable
from portal.search.query import read

SHOWN = 4


def look(actor: Actor, words: str) -> list[Thing]:
    """Return ideas that may be the same, as far as this actor sees them."""
    try:
        request = SearchRequest(text=read(words), kind="idea", size=SHOWN)
        refs = [hit.ref for hit in maintenance.engine().search(request, actor.allowed_keys).hits]
    except IndexUnusable:
        refs = documents.find_ideas(actor, words, SHOWN)
    things = load_things(actor, refs)
    return [things[ref] for ref in refs if ref in things]
