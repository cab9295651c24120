"""The index kept by Whoosh and answered by numpy.

Whoosh is the durable part: text goes in, posting lists come out. Ranking, spelling and counting work on the arrays of
a `Snapshot`, opened again when the index on disk has changed. Only the interface that all living forks of Whoosh share
is used. Search never waits for a writer, and a writer never for search.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex
from whoosh.writing import IndexWriter, LockError

from portal.core.refs import Ref
from portal.search import query as queries
from portal.search import selection, synonyms
from portal.search.documents import LAST_PAGE, Document, Results, SearchRequest
from portal.search.engine import IndexBusy, IndexHealth, IndexUnusable, Read, Stamp, State
from portal.search.engines.showing import REORDERED, Showing
from portal.search.engines.snapshot import Mask, Segment, Snapshot, View, damage_is_told
from portal.search.engines.store import Manifest, Store, files_in
from portal.search.query import Term
from portal.search.schema import FACETS, SCHEMA, rows
from portal.search.scorer import Scored
from portal.search.selection import Selection
from portal.search.synonyms import Synonyms

WRITER_WAIT = 10.0
REBUILD_WAIT = 120.0
MEMORY_MB = 64
CHECK_WAIT = 0.2
CLOSE_LIMIT = 3


class WhooshEngine:
    """A search engine in one folder. Made once for a process; all methods may be called from several threads."""

    def __init__(self, folder: Path, words: Callable[[], Synonyms] = synonyms.load) -> None:
        self._store, self._words = Store(folder), words
        self._opening = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._signature: tuple[int, ...] = ()
        self._build = ("", 0)
        self._segments: dict[str, Segment] = {}
        self._checked: set[str] = set()

    # Writing

    def rebuild(self, read: Read, build: str) -> IndexHealth:
        """Build a fresh index beside the old one and put it in its place; the old one answers until then."""
        with self._store.writing(REBUILD_WAIT):
            path = self._store.new_build(build)
            index = FileIndex.create(files_in(path), SCHEMA)
            writer = index.writer(limitmb=MEMORY_MB)
            try:
                n = _add(writer, read(None))
            except BaseException:
                writer.commit(merge=False)  # it closes its files only so
                self._store.throw_away(path)
                raise
            writer.commit()
            manifest = self._store.write_manifest(path, changes=0, n_documents=n)
            self._store.put_in_place(path)
        return _healthy(manifest)

    def update(self, refs: Collection[Ref], read: Read) -> IndexHealth:
        """Replace and drop documents in one commit; searchers see all of it or nothing."""
        with self._store.writing(WRITER_WAIT):
            path = self._store.current()
            before = self._store.manifest(path)
            documents = list(read(refs))
            with damage_is_told():
                index = FileIndex(files_in(path), SCHEMA)
                try:
                    writer = index.writer(timeout=WRITER_WAIT, limitmb=MEMORY_MB)
                except LockError:
                    raise IndexBusy("another process writes to the search index") from None
                for ref in {*refs, *(document.ref for document in documents)}:
                    writer.delete_by_term("ref", str(ref))
                try:
                    _add(writer, documents)
                except BaseException:
                    writer.cancel()
                    raise
                writer.commit()
                n_documents = _count(index)
            after = self._store.write_manifest(path, changes=before.changes + 1, n_documents=n_documents)
        return _healthy(after)

    def optimise(self) -> None:
        """Merge the segments of many small commits into one."""
        with self._store.writing(WRITER_WAIT):
            path = self._store.current()
            before = self._store.manifest(path)
            with damage_is_told():
                index = FileIndex(files_in(path), SCHEMA)
                index.optimize(timeout=WRITER_WAIT, limitmb=MEMORY_MB)
            self._store.write_manifest(path, changes=before.changes, n_documents=before.n_documents)

    def retire(self) -> None:
        """Take an unusable index out of use in every process, until it is built again."""
        self._store.retire()

    # Answering

    def search(self, request: SearchRequest, keys: frozenset[str], words: Synonyms | None = None) -> Results:
        """Answer a request; only what the keys open is counted, scored, spelled from or offered."""
        view = self._open().view(keys)
        query = queries.parse(request.text, view, words or self._words(), is_exact=request.is_exact)
        if not query.terms:
            return Results(request=request)
        scored = view.scorer.score(query.terms)
        wanted = _filtered(view, request)
        chosen = selection.select(scored, len(query.terms), view.n_documents, view.is_document, wanted)
        first = (min(request.page, LAST_PAGE) - 1) * request.size
        show = Showing(view, query, scored, chosen)
        order = show.settled(_ordered(view, scored, chosen.results, max(REORDERED, first + request.size)))
        if request.is_unasked and not show.is_likely(order):
            return Results(request=request)
        close = [] if order else _ordered(view, scored, chosen.nearest, CLOSE_LIMIT)[:CLOSE_LIMIT]
        facets = _facets(view, chosen, request)
        hits = tuple(map(show.hit, order[first : first + request.size]))
        unnamed = facets["category"].keys() - {hit.category for hit in hits}
        return Results(
            request=request,
            hits=hits,
            total=len(chosen.results),
            n_unfiltered=len(chosen.unfiltered),
            is_strong=request.page == 1 and show.is_strong(order),
            corrections=query.corrections,
            corrected=query.corrected,
            facets=facets,
            examples={path: view.example("category", path) for path in sorted(unnamed)},
            relaxations=tuple(selection.relaxations(query, chosen)),
            close=tuple(map(show.hit, close)),
        )

    def suggest(self, request: SearchRequest, keys: frozenset[str]) -> Results:
        """Answer what was typed so far; its last word may be unfinished."""
        view = self._open().view(keys)
        query = queries.parse(request.text, view, self._words(), is_unfinished=True)
        if not query.terms:
            return Results(request=request)
        scored = view.scorer.score(query.terms)
        everything = view.is_document
        chosen = selection.select(scored, len(query.terms), view.n_documents, everything, everything)
        show = Showing(view, query, scored, chosen)
        order = show.settled(_ordered(view, scored, chosen.results, REORDERED))
        if request.is_unasked and not show.is_likely(order):
            return Results(request=request)
        return Results(
            request=request,
            hits=tuple(map(show.hit, order[: request.size])),
            total=len(chosen.results),
            is_strong=show.is_strong(order),
        )

    def terms(self, text: str, keys: frozenset[str], words: Synonyms) -> tuple[Term, ...]:
        """Return what is looked for when this is asked with these words: the same terms, the same answer."""
        return queries.parse(text, self._open().view(keys), words).terms

    def is_hidden(self, request: SearchRequest, keys: frozenset[str]) -> bool:
        """Say whether documents that these keys do not open would have answered."""
        snapshot = self._open()
        everything = snapshot.view(frozenset(snapshot.values["access_key"]))
        query = queries.parse(request.text, everything, self._words(), is_exact=request.is_exact)
        if not query.terms:
            return False
        scored = everything.scorer.score(query.terms)
        hidden = everything.is_document & ~snapshot.view(keys).is_document
        wanted = _filtered(everything, request)
        chosen = selection.select(scored, len(query.terms), everything.n_documents, hidden, wanted)
        return bool(len(chosen.results))

    def signature(self) -> tuple[int, ...]:
        return self._store.signature()

    def stamp(self) -> Stamp:
        return self._store.manifest(self._store.current()).stamp

    def check(self) -> IndexHealth:
        """Read every file of the index and compare it with what was written; then open it."""
        try:
            with self._store.writing(CHECK_WAIT):
                manifest = self._store.verify(self._store.current())
            self._open()
        except IndexBusy:
            return IndexHealth(state=State.GOOD, detail="the index is being written")
        except IndexUnusable as error:
            return IndexHealth(state=error.state, detail=error.detail)
        return _healthy(manifest)

    def _open(self) -> Snapshot:
        """Return the index as it is now; read again when it changed since the last time, or in a forked process.

        Processes that inherit an open file share its position too, and would read what another looks for.
        """
        signature = (os.getpid(), *self._store.signature())
        if self._snapshot is not None and signature == self._signature:
            return self._snapshot
        with self._opening:
            if self._snapshot is None or signature != self._signature:
                self._snapshot = self._read()
                self._signature = signature
            return self._snapshot

    def _read(self) -> Snapshot:
        path = self._store.current()
        build = (path.name, os.getpid())
        if build != self._build:
            self._build, self._segments, self._checked = build, {}, set()
        self._store.verify(path, self._checked)
        with damage_is_told():
            # Opened anew each time: a refreshed searcher of an empty index fails, and counts wrongly later.
            reader = FileIndex(files_in(path), SCHEMA).reader()
            leaves = {leaf.segment().segment_id(): leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()}
            known = {name: self._segments[name] for name in leaves.keys() & self._segments.keys()}
            fresh = {name: Segment(leaf) for name, leaf in leaves.items() if name not in known}
            parts = [((known | fresh)[name], Segment.deleted_in(leaf)) for name, leaf in leaves.items()]
            for name in known:
                leaves[name].close()
            self._segments = known | fresh
            return Snapshot(parts)


def _add(writer: IndexWriter, documents: Iterable[Document]) -> int:
    n = 0
    for document in documents:
        for row in rows(document):
            writer.add_document(**row)
        n += 1
    return n


def _ordered(view: View, scored: Scored, found: NDArray[np.intp], limit: int) -> list[int]:
    """Return the best rows in order; equal scores go by name, so that a fresh index orders like an old one."""
    if len(found) > limit:
        scores = scored.scores[found]
        found = found[scores >= np.partition(scores, len(scores) - limit)[len(scores) - limit]]
    rows = found.tolist()
    scores_of = dict(zip(rows, scored.scores[found].tolist(), strict=True))
    n_with = Counter(scores_of.values())
    names = {row: view.stored(row)["ref"] for row in rows if n_with[scores_of[row]] > 1}
    return sorted(rows, key=lambda row: (-scores_of[row], names.get(row, "")))


def _facets(view: View, chosen: Selection, request: SearchRequest) -> dict[str, dict[str, int]]:
    """Count the values of each facet among the results of the other filters."""
    results: Mask = np.zeros(view.n_rows, np.bool_)
    results[chosen.unfiltered] = True
    return {facet: view.counts(facet, results & _filtered(view, request, leave_out=facet)) for facet in FACETS}


def _healthy(manifest: Manifest) -> IndexHealth:
    detail = f"{manifest.n_documents} documents, {manifest.changes} changes since it was built"
    return IndexHealth(state=State.GOOD, detail=detail, n_documents=manifest.n_documents, stamp=manifest.stamp)


def _filtered(view: View, request: SearchRequest, leave_out: str = "") -> Mask:
    wanted = view.is_document
    for facet, value in request.filters.items():
        if facet != leave_out:
            wanted = wanted & view.rows_with(facet, value)
    return wanted


def _count(index: FileIndex) -> int:
    reader = index.reader()
    try:
        kinds = [raw.decode() for raw in reader.lexicon("kind")]
        return sum(1 for kind in kinds for row in reader.postings("kind", kind).all_ids() if not reader.is_deleted(row))
    finally:
        reader.close()
