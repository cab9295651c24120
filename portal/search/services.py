"""Searching and suggesting, for one person: the engine finds, the features confirm, the ledger keeps what was asked."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app

from analytics.blotting import blot
from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.buffer import Buffer
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things, registry
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.search import maintenance, pending, typing_pauses
from portal.search.documents import Hit, Results, SearchRequest
from portal.search.engine import IndexUnusable, State
from portal.search.query import read

log = logging.getLogger(__name__)

SUGGESTIONS = 5
FALLBACK_LIMIT = 30
TOPIC_VOTES = 3


@dataclass(frozen=True, kw_only=True)
class Found:
    """An answer with everything in it confirmed as visible to who asked."""

    results: Results
    rows: tuple[tuple[Hit, Thing], ...]
    close: tuple[tuple[Hit, Thing], ...]
    """Where there are no rows: what comes nearest."""
    key: str
    """Names this search; goes along with what is opened from it."""
    category_names: dict[str, str]
    n_waiting: int = 0
    """Things this reader may see that the index does not hold yet."""

    @property
    def best(self) -> tuple[Hit, Thing] | None:
        """The first row where it is very likely the answer."""
        return self.rows[0] if self.results.is_strong and self.rows else None


def search(
    actor: Actor, request: SearchRequest, *, surface: str = "search", of: str | None = None, is_relaxed: bool = False
) -> Found:
    """Answer a search and note it with its number of results, also when there are none.

    Where nothing is found while the index is catching up, the fact says so: it tells of no gap.
    `of` names the search of which this is a further page or a filter.
    """
    request = replace(request, text=read(request.text))
    n_waiting = pending.n_waiting(actor)  # before it is asked: what comes in meanwhile is found and told of
    found = replace(_confirm(actor, _ask(actor, request)), n_waiting=n_waiting)
    ledger.observe(
        Name.SEARCH_PERFORMED,
        actor=actor,
        topic=_topic(thing for _, thing in found.rows),
        search=found.key,
        query=blot(request.text),
        n_results=found.results.total,
        surface=surface,
        corrected=blot(found.results.corrected) or None,
        is_relaxed=is_relaxed or None,
        is_trimmed=(not found.results.total and _is_trimmed(actor, request)) or None,
        is_behind=(not found.results.total and bool(n_waiting)) or None,
        top=[str(hit.ref) for hit, _ in found.rows[:TOPIC_VOTES]],
        of=of,
        page=request.page if request.page > 1 else None,
        filters=[f"{name}:{value}"[:100] for name, value in request.filters.items()] or None,
    )
    return found


def suggest(actor: Actor, text: str, *, limit: int = SUGGESTIONS, surface: str = "search") -> Found:
    """Answer what was typed so far. Not a search: what is noted is that these were shown.

    On a `form` nobody searched: nothing is offered unless the first of it is likely to help.
    """
    request = SearchRequest(text=read(text), size=limit, is_unasked=surface == "form")
    try:
        results = maintenance.engine().suggest(request, actor.allowed_keys)
    except IndexUnusable as trouble:
        _ask_for_rebuild(trouble)
        results = Results(request=request, is_fallback=True)
    found = _confirm(actor, results)
    typing_pauses.note(
        ledger.row(
            Name.SUGGESTION_SHOWN,
            actor=actor,
            at=clock.now(),
            visit=actor.visit or None,
            props={
                "query": blot(request.text),
                "n_results": len(found.rows),
                "surface": surface,
                "search": found.key,
                "shown": [str(hit.ref) for hit, _ in found.rows],
            },
        )
    )
    return found


def _ask(actor: Actor, request: SearchRequest) -> Results:
    try:
        if reason := _noticed_staleness():
            raise IndexUnusable(State.DAMAGED, reason)
        return maintenance.engine().search(request, actor.allowed_keys)
    except IndexUnusable as trouble:
        _ask_for_rebuild(trouble)
        return _fall_back(actor, request)


def _noticed_staleness() -> str:
    """Compare the index with the database whenever another index than the last time lies there."""
    signature = maintenance.engine().signature()
    seen = current_app.extensions.setdefault("dity-search-seen", {})
    if seen.get("signature") != signature:
        seen["reason"] = maintenance.staleness()
        # A stale index is looked at again each time: the database may have caught up.
        seen["signature"] = signature if not seen["reason"] else None
    return str(seen["reason"])


def _fall_back(actor: Actor, request: SearchRequest) -> Results:
    """Look through the rows for the very words; no ranking, no counts of filters."""
    refs: list[Ref] = []
    for kind, source in sorted(registry().sources.items()):
        if request.kind in ("", kind) and request.text:
            refs += source.fallback(actor, request.text, FALLBACK_LIMIT)
    start = (request.page - 1) * request.size
    hits = tuple(Hit(ref=ref, title=(), summary="") for ref in refs[start : start + request.size])
    return Results(request=request, hits=hits, total=len(refs), n_unfiltered=len(refs), is_fallback=True)


def _ask_for_rebuild(trouble: IndexUnusable) -> None:
    """Have the index built again. A page only looks, so the job is written by the buffer, once a minute at most."""
    log.warning("search_index_unusable", extra={"state": trouble.state.value, "detail": trouble.detail})
    buffer: Buffer = current_app.extensions["dity-buffer"]
    buffer.add(_enqueue_watch, f"search.watch:trouble:{int(clock.now().timestamp()) // 60}")


def _enqueue_watch(keys: list[Any]) -> None:
    for key in set(keys):
        jobs.enqueue("search.watch", {}, key=key)


def _confirm(actor: Actor, results: Results) -> Found:
    """Keep what its feature shows this actor now; the index may be a moment behind a change of audience."""
    wanted = [hit.ref for hit in (*results.hits, *results.close)]
    things = load_things(actor, [*wanted, *results.examples.values()])
    rows, close = _paired(results.hits, things), _paired(results.close, things)
    n_gone = len(results.hits) - len(rows)
    if n_gone:
        total = max(len(rows), results.total - n_gone)
        is_strong = results.is_strong and bool(rows) and rows[0][0] is results.hits[0]
        results = replace(results, total=total, is_strong=is_strong)
    return Found(
        results=results,
        rows=rows,
        close=close,
        key=secrets.token_hex(8),
        category_names=_category_names(results, things),
    )


def _paired(hits: Sequence[Hit], things: dict[Ref, Thing]) -> tuple[tuple[Hit, Thing], ...]:
    return tuple((hit, things[hit.ref]) for hit in hits if hit.ref in things)


def _category_names(results: Results, things: dict[Ref, Thing]) -> dict[str, str]:
    """Tell the names of categories by things that are in them; a category with none of its own goes by its slug."""
    by_slug = {thing.meta.get("category_slug"): str(thing.meta.get("category")) for thing in things.values()}
    paths = {*results.facets.get("category", {}), results.request.category} - {""}
    return {path: by_slug.get(path.split("/")[-1]) or _in_words(path) for path in sorted(paths)}


def _in_words(path: str) -> str:
    return path.split("/")[-1].replace("-", " ").capitalize()


def _topic(things: Iterable[Thing]) -> Ref | None:
    """Return the category most of the first three results have; a draw goes to the higher one."""
    first = [thing.meta.get("topic") for _, thing in zip(range(TOPIC_VOTES), things, strict=False)]
    votes = Counter(topic for topic in first if isinstance(topic, Ref))
    return votes.most_common(1)[0][0] if votes else None


def _is_trimmed(actor: Actor, request: SearchRequest) -> bool:
    try:
        return maintenance.engine().is_hidden(request, actor.allowed_keys)
    except IndexUnusable:
        return False
