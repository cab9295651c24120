"""What goes into an index and what comes out of it: plain values, so that engines can be exchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.refs import Ref

Pieces = tuple[tuple[str, bool], ...]
"""Text cut into pieces; True marks a piece that answers a word of the query. Templates make the bold of it."""

QUERY_LIMIT = 400
"""Characters of a query that are read; nobody types more, and time to answer grows with it."""
PAGE_SIZE = 10
LAST_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A paragraph, step or heading of a document as plain text; `anchor` leads there."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One thing that can be found. It has no address: a hit is led to by its feature, which may refuse."""

    ref: Ref
    title: str
    summary: str = ""
    passages: tuple[Passage, ...] = ()
    category: str = ""
    """Path of slugs from the root, such as `network/vpn`; a filter on `network` finds it too."""
    tags: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    access_key: str = ""
    """Who may find it; a document without one is found by nobody."""
    verified_on: dt.date | None = None
    steps: tuple[str, ...] = ()
    """The first steps as plain text, shown where this is the best answer."""
    lines: tuple[str, ...] = ()
    """Questions that were settled by this document; each is matched for itself, as a second title."""

    @property
    def body(self) -> str:
        return "\n".join(passage.text for passage in self.passages)


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """What somebody asks for. Empty filters do not filter."""

    text: str
    kind: str = ""
    category: str = ""
    tag: str = ""
    platform: str = ""
    page: int = 1
    size: int = PAGE_SIZE
    is_exact: bool = False
    """Take every word as typed: no spelling is mended, no synonym is added."""
    is_unasked: bool = False
    """Nobody searched: it is offered to who writes. Better nothing than what only shares a word with them."""

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are on, by facet name."""
        found = {"kind": self.kind, "category": self.category, "tag": self.tag, "platform": self.platform}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One document of an answer."""

    ref: Ref
    title: Pieces
    summary: str
    snippet: Pieces = ()
    anchor: str = ""
    """Where in the document the snippet stands; empty for its beginning."""
    score: float = 0.0
    cover: float = 0.0
    """Share of the query that the document speaks of, 0 to 1; rare words weigh more."""
    category: str = ""
    tags: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    verified_on: dt.date | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Correction:
    """A word nobody wrote, and the word it was taken for."""

    typed: str
    meant: str


@dataclass(frozen=True)
class Relaxation:
    """A way to find more: the words to leave out, the query that stays, and how many results it has."""

    left_out: str
    query: str
    n_results: int


@dataclass(frozen=True, kw_only=True)
class Results:
    """The answer to a request, as one person may see it."""

    request: SearchRequest
    hits: tuple[Hit, ...] = ()
    total: int = 0
    n_unfiltered: int = 0
    """How many there would be without filters."""
    is_strong: bool = False
    """The first hit is very likely the answer."""
    corrections: tuple[Correction, ...] = ()
    corrected: str = ""
    """The query with its spelling mended; empty when nothing was."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """How many results each value of a filter would give: facet name, value, count."""
    examples: Mapping[str, Ref] = field(default_factory=dict)
    """One document of each category that no hit is in, so that its name can be asked for."""
    relaxations: tuple[Relaxation, ...] = ()
    close: tuple[Hit, ...] = ()
    """When nothing is found: the documents that come nearest."""
    is_fallback: bool = False
    """The index is being mended; this was found by a plain look through the rows."""

    @property
    def n_pages(self) -> int:
        return min(LAST_PAGE, -(-self.total // self.request.size))
