"""One state of a Whoosh index as arrays, and the part of it that one person may see.

Segments of an index never change, so what was read of one is kept for all later states; a commit costs only the new
segment. A `View` cuts everything down to the rows whose access key is open, before anything is counted or scored.
"""

from __future__ import annotations

import threading
import weakref
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader, TermNotFound

from portal.core.refs import Ref
from portal.search.engine import IndexUnusable, State
from portal.search.schema import FACETS, SCORED
from portal.search.scorer import NO_ROWS, Floats, Rows, Scorer
from portal.search.speller import Speller

Mask = NDArray[np.bool_]
K = TypeVar("K")
T = TypeVar("T")
N = TypeVar("N", bound=np.generic)

NO_COUNTS: Floats = np.zeros(0, np.float32)
VIEWS_KEPT = 12
REMEMBERED = 5_000
SHORTEST_ROOT = 5
"""Letters that two stems must share from the beginning, one of them whole, to be of one family."""


class _Memory(dict[K, T]):
    """What was found out about words; forgets everything when it has grown too large, as words have no end."""

    def __setitem__(self, word: K, value: T) -> None:
        if len(self) >= REMEMBERED:
            self.clear()
        super().__setitem__(word, value)


def _side_by_side(parts: Sequence[NDArray[N]]) -> NDArray[N]:
    """Join arrays; one alone is not copied, as most of an index is one large segment."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


class Segment:
    """What was read of one segment. Whoosh's files keep a position, so only one thread at a time reads."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        weakref.finalize(self, reader.close)  # snapshots share it, and the last of them may still be answering
        self._lock = threading.Lock()
        self._postings: dict[tuple[str, str], tuple[Rows, Floats]] = {}
        self._absent: _Memory[tuple[str, str], bool] = _Memory()
        self._words: dict[str, list[str]] = {}
        self.n_rows = int(reader.doc_count_all())
        self.lengths = {field: self._lengths(field) for field in (*SCORED, "line")}
        self.values = {field: self._by_value(field) for field in (*FACETS, "access_key")}
        self.lines = self._lines()

    def postings(self, field: str, word: str) -> tuple[Rows, Floats]:
        """Return rows and counts of a word; the list is decoded the first time it is asked for."""
        key = (field, word)
        found = self._postings.get(key)
        if found is None and key not in self._absent:
            with self._lock:
                found = self._decode(field, word)
            if len(found[0]):  # there is no end of words that do not exist
                self._postings[key] = found
            else:
                self._absent[key] = True
        return found or (NO_ROWS, NO_COUNTS)

    def words(self, field: str) -> list[str]:
        """Return all words of a field, sorted."""
        if field not in self._words:
            with self._lock:
                self._words[field] = [raw.decode() for raw in self._reader.lexicon(field)]
        return self._words[field]

    def stored(self, row: int) -> dict[str, Any]:
        with self._lock:
            found: dict[str, Any] = self._reader.stored_fields(row)
        return found

    @staticmethod
    def deleted_in(reader: IndexReader) -> list[int]:
        """Return the rows that are gone; the one thing about a segment that changes."""
        if not reader.has_deletions():
            return []
        return [row for row in range(reader.doc_count_all()) if reader.is_deleted(row)]

    def _decode(self, field: str, word: str) -> tuple[Rows, Floats]:
        try:
            matcher = self._reader.postings(field, word)
        except TermNotFound:
            return NO_ROWS, NO_COUNTS
        row, count, is_active, advance = matcher.id, matcher.weight, matcher.is_active, matcher.next
        rows, counts = [], []
        while is_active():
            rows.append(row())
            counts.append(count())
            advance()
        return np.array(rows, np.int32), np.array(counts, np.float32)

    def _lengths(self, field: str) -> Floats:
        length = self._reader.doc_field_length
        return np.fromiter((length(row, field, 0) or 0 for row in range(self.n_rows)), np.float32, self.n_rows)

    def _by_value(self, field: str) -> dict[str, Rows]:
        values = [raw.decode() for raw in self._reader.lexicon(field)]
        return {value: self._rows(field, value) for value in values}

    def _rows(self, field: str, word: str) -> Rows:
        return np.fromiter(self._reader.postings(field, word).all_ids(), np.int32)

    def _lines(self) -> list[tuple[int, Rows]]:
        """Return the row of each document that has lines, with theirs; written in one go, they stay side by side."""
        found = [(self._rows("ref", ref), rows) for ref, rows in self._by_value("line_of").items()]
        return [(int(own[0]), rows) for own, rows in found if len(own) and len(rows)]


class Snapshot:
    """All segments of one state side by side."""

    def __init__(self, segments: Sequence[tuple[Segment, list[int]]]) -> None:
        self._parts: list[tuple[Segment, int]] = []
        self.n_rows = 0
        for segment, _ in segments:
            self._parts.append((segment, self.n_rows))
            self.n_rows += segment.n_rows
        self.is_live: Mask = np.ones(self.n_rows, np.bool_)
        for (_, deleted), (_, start) in zip(segments, self._parts, strict=True):
            self.is_live[[start + row for row in deleted]] = False
        self._has_deletions = not self.is_live.all()
        self._postings: dict[tuple[str, str], tuple[Rows, Floats]] = {}
        self._lengths: dict[str, Floats] = {}
        self.values = {field: self._join_values(field) for field in (*FACETS, "access_key")}
        self.is_document: Mask = np.zeros(self.n_rows, np.bool_)
        for rows in self.values["kind"].values():
            self.is_document[rows] = True
        self.parents = self._parents()
        self._views: OrderedDict[frozenset[str], View] = OrderedDict()
        self._lock = threading.Lock()

    def view(self, keys: frozenset[str]) -> View:
        """Return the part of it that these keys open."""
        known = frozenset(keys & self.values["access_key"].keys())
        with self._lock:
            view = self._views.pop(known, None) or View(self, known)
            self._views[known] = view
            while len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        return view

    def postings(self, field: str, word: str) -> tuple[Rows, Floats]:
        key = (field, word)
        found = self._postings.get(key)
        if found is None:
            found = self._join_postings(field, word)
            if len(found[0]):
                self._postings[key] = found
        return found

    def lengths(self, field: str) -> Floats:
        if field not in self._lengths:
            parts = [segment.lengths[field] for segment, _ in self._parts]
            self._lengths[field] = _side_by_side(parts) if parts else NO_COUNTS
        return self._lengths[field]

    def stored(self, row: int) -> dict[str, Any]:
        """Return what is stored with a row; raises IndexUnusable when it cannot be read."""
        for segment, start in reversed(self._parts):
            if row >= start:
                with damage_is_told():
                    return segment.stored(row - start)
        raise IndexError(row)

    def _join_postings(self, field: str, word: str) -> tuple[Rows, Floats]:
        rows, counts = [], []
        with damage_is_told():
            for segment, start in self._parts:
                own, times = segment.postings(field, word)
                if len(own):
                    rows.append(own + np.int32(start) if start else own)
                    counts.append(times)
        if not rows:
            return NO_ROWS, NO_COUNTS
        joined, joined_counts = _side_by_side(rows), _side_by_side(counts)
        if self._has_deletions:
            live = self.is_live[joined]
            joined, joined_counts = joined[live], joined_counts[live]
        return joined, joined_counts

    def _join_values(self, field: str) -> dict[str, Rows]:
        found: dict[str, list[Rows]] = {}
        for segment, start in self._parts:
            for value, rows in segment.values[field].items():
                live = rows[self.is_live[rows + start]] + np.int32(start)
                if len(live):
                    found.setdefault(value, []).append(live)
        return {value: np.concatenate(parts) for value, parts in found.items()}

    def _parents(self) -> Rows | None:
        if not any(segment.lines for segment, _ in self._parts):
            return None
        parents = np.arange(self.n_rows, dtype=np.int32)
        for segment, start in self._parts:
            for parent, rows in segment.lines:
                parents[rows + start] = parent + start
        return parents

    @cached_property
    def speller(self) -> Speller:
        with damage_is_told():
            return Speller(word for segment, _ in self._parts for word in segment.words("words"))

    def beginning_with(self, prefix: str, fields: Iterable[str] = ("starts",)) -> set[str]:
        """Return the words of these fields that begin like this; `starts` has those of titles, summaries and tags."""
        found: set[str] = set()
        with damage_is_told():
            for segment, _ in self._parts:
                for field in fields:
                    words = segment.words(field)
                    at = bisect_left(words, prefix)
                    while at < len(words) and words[at].startswith(prefix):
                        found.add(words[at])
                        at += 1
        return found

    def stems_beginning_with(self, root: str) -> set[str]:
        return self.beginning_with(root, SCORED) if len(root) >= SHORTEST_ROOT else set()


class View:
    """What one set of access keys opens; nothing behind the others reaches a number that is given out."""

    def __init__(self, snapshot: Snapshot, keys: frozenset[str]) -> None:
        self._snapshot = snapshot
        self.n_rows = snapshot.n_rows
        self.parents = snapshot.parents
        opened = [snapshot.values["access_key"][key] for key in sorted(keys)]
        self.is_open: Mask = np.zeros(self.n_rows, np.bool_)
        for rows in opened:
            self.is_open[rows] = True
        self.is_document: Mask = snapshot.is_document & self.is_open
        self.n_documents = int(self.is_document.sum())
        self._sees_all = bool((self.is_open == snapshot.is_live).all())
        self.scorer = Scorer(self)
        self._means: dict[str, float] = {}
        self._known: _Memory[str, bool] = _Memory()
        self._completions: _Memory[str, tuple[str, ...]] = _Memory()
        self._frequencies: _Memory[str, int] = _Memory()
        self._examples: dict[str, Ref] = {}
        self._families: _Memory[str, tuple[str, ...]] = _Memory()

    def postings(self, field: str, word: str) -> tuple[Rows, Floats]:
        rows, counts = self._snapshot.postings(field, word)
        if self._sees_all or not len(rows):
            return rows, counts
        seen = self.is_open[rows]
        return rows[seen], counts[seen]

    def lengths(self, field: str) -> Floats:
        return self._snapshot.lengths(field)

    def mean_length(self, field: str) -> float:
        if field not in self._means:
            lengths = self._snapshot.lengths(field)[self.is_document]
            self._means[field] = (float(lengths.sum(dtype=np.float64)) / max(1, self.n_documents)) or 1.0
        return self._means[field]

    def has(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None:
            known = any(len(self.postings(field, word)[0]) for field in (*SCORED, "line"))
            self._known[word] = known
        return known

    def frequency(self, field: str, word: str) -> int:
        """Return how many visible documents have this stem in any field; one field's count says less."""
        frequency = self._frequencies.get(word)
        if frequency is None:
            found: Mask = np.zeros(self.n_rows, np.bool_)
            for field in SCORED:
                found[self.postings(field, word)[0]] = True
            self._frequencies[word] = frequency = int(found.sum())
        return frequency

    def nearest(self, word: str) -> str | None:
        return self._snapshot.speller.nearest(word, lambda near: len(self.postings("words", near)[0]))

    def family(self, word: str, limit: int) -> tuple[str, ...]:
        family = self._families.get(word)
        if family is None:
            longer = self._snapshot.stems_beginning_with(word)
            shorter = [word[:size] for size in range(SHORTEST_ROOT, len(word))]
            found = [(-self.frequency("", w), w) for w in (*longer, *shorter) if w != word and self.has(w)]
            self._families[word] = family = tuple(w for _, w in sorted(found))
        return family[:limit]

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        # All words are counted before any is left out: what nobody may see must not crowd out what they may.
        completions = self._completions.get(prefix)
        if completions is None:
            found = [(-len(self.postings("starts", w)[0]), w) for w in self._snapshot.beginning_with(prefix)]
            self._completions[prefix] = completions = tuple(word for count, word in sorted(found) if count)
        return completions[:limit]

    def rows_with(self, field: str, value: str) -> Mask:
        """Return which documents have this value of a facet."""
        mask: Mask = np.zeros(self.n_rows, np.bool_)
        mask[self._snapshot.values[field].get(value, NO_ROWS)] = True
        return mask & self.is_document

    def counts(self, field: str, among: Mask) -> dict[str, int]:
        """Return how many of these documents have each value of a facet; values none of them has are left out."""
        counted = {value: int(among[rows].sum()) for value, rows in self._snapshot.values[field].items()}
        return {value: n for value, n in sorted(counted.items()) if n}

    def example(self, field: str, value: str) -> Ref:
        """Return one document with this value of a facet."""
        found = self._examples.get(value)
        if found is None:
            row = int(np.flatnonzero(self.rows_with(field, value))[-1])
            found = self._examples[value] = Ref.parse(self.stored(row)["ref"])
        return found

    def stored(self, row: int) -> dict[str, Any]:
        return self._snapshot.stored(row)


class damage_is_told:
    """Reading a damaged file fails in any way there is; say it in the one word callers know."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if error is not None and isinstance(error, Exception) and not isinstance(error, IndexUnusable):
            raise IndexUnusable(State.DAMAGED, f"reading the index failed: {error!r}") from error
