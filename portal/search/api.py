"""What programs may ask of the search: the same answers as the page gives, in pieces."""

from __future__ import annotations

from typing import Any

from portal.core.feature import Thing
from portal.core.operations import cursors
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import day, many, maybe, text, thing, whole, yes_no
from portal.core.permissions import Permission
from portal.core.scopes import Scope
from portal.notifications.links import absolute
from portal.search import pace, services
from portal.search.documents import LAST_PAGE, QUERY_LIMIT, Hit, Pieces, SearchRequest

GROUP = "Search"
MOST = 50
MOST_SUGGESTED = 10
Q = text("What somebody would type.", least=1, most=QUERY_LIMIT, example="vpn drops")
HIT = thing(
    "Hit",
    needed={
        "kind": text("What it is, such as `article`."),
        "slug": maybe(text("Its short name, where things of the kind have one.")),
        "title": text(),
        "summary": text(),
        "snippet": text("The passage that matched, as plain text."),
        "url": text("Its page in the portal; with the place in it, where the passage stands."),
        "category": text("Path of the category, such as `network/vpn`."),
        "tags": many(text()),
        "platforms": many(text()),
        "verified_on": maybe(day("When somebody last said that it is right.")),
    },
)
RESULTS = thing(
    "SearchResults",
    needed={
        "items": many(HIT),
        "total": whole("How many there are for whoever asks."),
        "is_sure": yes_no("The first is very likely the answer."),
        "corrected": maybe(text("The words the results are for, where the spelling was mended.")),
        "next": maybe(text("Send it as `cursor` for the next page; null: this was the last one.")),
    },
)
SUGGESTIONS = thing(
    "Suggestions", needed={"items": many(HIT), "is_sure": yes_no("The first is very likely the answer.")}
)


def search(call: Call) -> Reply:
    who, asked = call.actor, call.query
    who.require(Permission.SEARCH_USE)
    page, key = cursors.after("search", asked) or (1, None)
    pace.spend("searches", who)
    request = SearchRequest(
        text=asked["q"],
        kind=asked.get("kind", ""),
        category=asked.get("category", ""),
        tag=asked.get("tag", ""),
        platform=asked.get("platform", ""),
        is_exact=asked.get("exact", False),
        page=page,
        size=asked.get("limit", 10),
    )
    found = services.search(who, request, surface="api", of=key)
    has_more = page < min(found.results.n_pages, LAST_PAGE)
    return Reply(
        body={
            "items": [shown(hit, one) for hit, one in found.rows],
            "total": found.results.total,
            "is_sure": found.best is not None,
            "corrected": found.results.corrected or None,
            "next": cursors.make("search", asked, page + 1, key or found.key) if has_more else None,
        }
    )


def suggest(call: Call) -> Reply:
    who = call.actor
    who.require(Permission.SEARCH_USE)
    pace.spend("suggestions", who)
    found = services.suggest(who, call.query["q"], limit=call.query.get("limit", services.SUGGESTIONS), surface="api")
    return Reply(body={"items": [shown(hit, one) for hit, one in found.rows], "is_sure": found.best is not None})


def shown(hit: Hit, found: Thing) -> dict[str, Any]:
    return {
        "kind": found.ref.kind,
        "slug": found.meta.get("slug"),
        "title": found.title,
        "summary": found.summary,
        "snippet": _plain(hit.snippet),
        "url": absolute(f"{found.url}#{hit.anchor}" if hit.anchor else found.url),
        "category": hit.category,
        "tags": list(hit.tags),
        "platforms": list(hit.platforms),
        "verified_on": hit.verified_on.isoformat() if hit.verified_on else None,
    }


def _plain(pieces: Pieces) -> str:
    return "".join(piece for piece, _is_match in pieces)


OPERATIONS = (
    Operation(
        name="search",
        method="GET",
        path="/search",
        group=GROUP,
        summary="Search",
        about="Finds what the page of results finds, in its order, with spelling mended and synonyms known. What"
        " whoever asks may not see is neither found nor counted.",
        scope=Scope.READ,
        run=search,
        query={
            "q": Q,
            "kind": text("Only this kind of thing.", most=40),
            "category": text("Only below this category.", most=120),
            "tag": text("Only with this tag.", most=40),
            "platform": text("Only for this device.", most=40),
            "exact": yes_no("Take every word as it is written."),
            **cursors.PARAMETERS,
            "limit": whole("How many at once.", least=1, most=MOST),
        },
        required=frozenset({"q"}),
        answer=RESULTS,
    ),
    Operation(
        name="suggest",
        method="GET",
        path="/suggest",
        group=GROUP,
        summary="Suggest while somebody types",
        about="For the list below a field. Not counted as a search.",
        scope=Scope.READ,
        run=suggest,
        query={"q": Q, "limit": whole("How many.", least=1, most=MOST_SUGGESTED)},
        required=frozenset({"q"}),
        answer=SUGGESTIONS,
    ),
)
