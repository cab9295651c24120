"""The seam behind which the index lives. What stands here is all that the rest of the portal knows of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portal.core.refs import Ref
from portal.search.documents import Document, Results, SearchRequest
from portal.search.query import Term
from portal.search.synonyms import Synonyms


class State(StrEnum):
    """What an engine found when it looked at its index."""

    GOOD = "good"
    MISSING = "missing"
    DAMAGED = "damaged"


class IndexUnusable(Exception):
    """The index is missing or damaged; it has to be built again, until then search has to do without."""

    def __init__(self, state: State, detail: str) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail


class IndexBusy(Exception):
    """Another process writes to the index; trying again later will succeed."""


@dataclass(frozen=True)
class Stamp:
    """Which index this is: the build it began with and the number of changes since.

    The database keeps the stamp of the last change it knows of; an index with an older one was put back from a
    copy and misses something.
    """

    build: str = ""
    changes: int = 0


@dataclass(frozen=True, kw_only=True)
class IndexHealth:
    """The outcome of looking at the index closely."""

    state: State
    detail: str
    n_documents: int = 0
    stamp: Stamp = Stamp()


Read = Callable[[Collection[Ref] | None], Iterable[Document]]
"""Gives the documents of these refs as they are now, or all for None. What is missing from the answer is gone."""


class SearchEngine(Protocol):
    """Keeps documents and answers requests. `keys` are the access keys of whoever asks.

    A document whose key is not among them never changes an answer: not its hits, counts, order, facets, suggestions,
    corrections or relaxations. Reading raises IndexUnusable, writing also IndexBusy.

    Writing reads the documents itself, while no other writer is at work: an index is never given something older
    than what it has.
    """

    def rebuild(self, read: Read, build: str) -> IndexHealth:
        """Build a fresh index of this name beside the old one and put it in its place at once."""

    def update(self, refs: Collection[Ref], read: Read) -> IndexHealth:
        """Put what these refs are now in place of what is known of them, in one commit."""

    def optimise(self) -> None:
        """Tidy up; meant for the night."""

    def retire(self) -> None:
        """Take an unusable index out of use in every process, until it is built again."""

    def search(self, request: SearchRequest, keys: frozenset[str], words: Synonyms | None = None) -> Results:
        """Answer a request; with other `words` than those that hold, for trying them."""

    def terms(self, text: str, keys: frozenset[str], words: Synonyms) -> tuple[Term, ...]:
        """Return what is looked for when this is asked with these words: the same terms, the same answer."""

    def suggest(self, request: SearchRequest, keys: frozenset[str]) -> Results:
        """Answer what was typed so far: its last word may be unfinished. Hits, total and strength only."""

    def is_hidden(self, request: SearchRequest, keys: frozenset[str]) -> bool:
        """Say whether documents that these keys do not open would have answered. For the ledger, never for a page."""

    def signature(self) -> tuple[int, ...]:
        """Return something that changes whenever the index does; cheap enough for every request."""

    def stamp(self) -> Stamp:
        """Return the stamp of the index as it is now, without looking further."""

    def check(self) -> IndexHealth:
        """Look at the whole index closely; never raises IndexUnusable."""
