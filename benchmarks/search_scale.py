"""What the scorer over arrays gives, against Whoosh's own, in one run: the same rankings for less CPU.

    python -m benchmarks.search_scale [--sizes 1000 10000] [--queries 60] [--json]

Documents are made of a small vocabulary, which is the worst case: every word has long posting lists. Whoosh ranks with
its BM25F over title and body; the scorer is set to the same two fields, boosts and per-field statistics.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query import Or
from whoosh.query import Term as WhooshTerm
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from portal.core.refs import Ref
from portal.search.documents import Document, Passage, SearchRequest
from portal.search.engines.snapshot import View
from portal.search.engines.whoosh import WhooshEngine
from portal.search.query import Term, Token
from portal.search.schema import K1, SCHEMA, B
from portal.search.scorer import Scorer

KEYS = frozenset({"everybody"})
BOOSTS = {"title": 3.0, "body": 1.0}
TOP = 10
SPEED = {1_000: 5.0, 10_000: 20.0}
"""How many times as fast the scorer has to be, by number of documents."""
ANSWER_MS = {10_000: (4.0, 8.0)}
"""CPU of a whole answer, warm, at the median and the 95th percentile: a figure for quiet machines, doubled."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """One size of collection. Times are CPU milliseconds of one thread."""

    n_documents: int
    build_s: float
    whoosh_p50: float
    whoosh_p95: float
    scorer_p50: float
    scorer_p95: float
    ratio: float
    n_same: int
    n_queries: int
    answer_p50: float
    answer_p95: float
    update_ms: float

    @property
    def holds(self) -> bool:
        p50, p95 = ANSWER_MS.get(self.n_documents, (math.inf, math.inf))
        is_fast = self.ratio >= SPEED.get(self.n_documents, 1.0)
        return is_fast and self.n_same == self.n_queries and self.answer_p50 <= p50 and self.answer_p95 <= p95


class AsWhoosh:
    """The documents of a view with the statistics Whoosh takes: each field's own, lengths as it sums them."""

    def __init__(self, view: View, searcher: Searcher) -> None:
        self._view, self._searcher = view, searcher
        self.n_rows, self.n_documents, self.parents = view.n_rows, view.n_documents, None
        self.postings, self.lengths = view.postings, view.lengths

    def mean_length(self, field: str) -> float:
        return float(self._searcher.avg_field_length(field))

    def frequency(self, field: str, word: str) -> int:
        return len(self._view.postings(field, word)[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a ranking differs or a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = [measure(size, options.queries) for size in options.sizes]
    if options.json:
        print(json.dumps({"scales": [asdict(scale) | {"holds": scale.holds} for scale in found]}))
    else:
        _print(found)
    return 0 if all(scale.holds for scale in found) else 1


def measure(size: int, n_queries: int) -> Scale:
    """Build an index of this size and ask it the same questions both ways, in turn."""
    with tempfile.TemporaryDirectory(prefix="search-scale-") as name:
        engine = WhooshEngine(Path(name))
        began = time.process_time()
        engine.rebuild(lambda _refs: documents(size), "benchmark")
        build_s = time.process_time() - began
        index = FileIndex(FileStorage(str(Path(name) / "benchmark")), SCHEMA)
        with index.searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
            asked = list(sentences(n_queries))
            view = engine._open().view(KEYS)
            scorer = Scorer(AsWhoosh(view, searcher), boosts=BOOSTS, line_boost=0.0)
            for words in asked:
                _by_scorer(scorer, view, words)  # read each posting list once: what is measured is the warm state
            pairs = [(_timed(_by_whoosh, searcher, words), _timed(_by_scorer, scorer, view, words)) for words in asked]
        answers = _answers(engine, asked)
        update_ms = _update(engine, size)
    slow, fast = [p[0][0] for p in pairs], [p[1][0] for p in pairs]
    return Scale(
        n_documents=size,
        build_s=build_s,
        whoosh_p50=statistics.median(slow),
        whoosh_p95=_p95(slow),
        scorer_p50=statistics.median(fast),
        scorer_p95=_p95(fast),
        ratio=sum(slow) / sum(fast),
        n_same=sum(_same(a[1], b[1]) for a, b in pairs),
        n_queries=n_queries,
        answer_p50=statistics.median(answers),
        answer_p95=_p95(answers),
        update_ms=update_ms,
    )


def documents(size: int, seed: int = 1) -> Iterator[Document]:
    """Make documents of some 120 words out of 4,000, a few of them in most documents."""
    rng = random.Random(seed)
    words = _vocabulary()
    weights = [1 / (i + 8) for i in range(len(words))]
    for number in range(1, size + 1):
        text = rng.choices(words, weights, k=130)
        yield Document(
            ref=Ref("article", number),
            title=" ".join(text[:7]),
            summary=" ".join(text[7:20]),
            passages=tuple(Passage(text=" ".join(text[i : i + 22])) for i in range(20, 130, 22)),
            category=f"topic-{number % 9}",
            access_key="everybody",
        )


def sentences(n: int, seed: int = 2) -> Iterator[list[str]]:
    """Make questions of eight words, common and rare ones."""
    rng = random.Random(seed)
    words = _vocabulary()
    weights = [1 / (i + 30) for i in range(len(words))]
    for _ in range(n):
        yield sorted(set(rng.choices(words, weights, k=8)))


def _vocabulary() -> list[str]:
    """Return words that stemming leaves alone, so that both sides look for the same."""
    first, second = "b d f g k l m n p r t v".split(), "a o u".split()
    syllables = [c + v for c in first for v in second]
    return [a + b + "x" for a in syllables for b in syllables] + [a + b + "nx" for a in syllables for b in syllables]


def _by_whoosh(searcher: Searcher, words: list[str]) -> list[tuple[str, float]]:
    terms = [WhooshTerm(field, word, boost=boost) for word in words for field, boost in BOOSTS.items()]
    return [(hit["ref"], hit.score) for hit in searcher.search(Or(terms), limit=TOP)]


def _by_scorer(scorer: Scorer, view: View, words: list[str]) -> list[tuple[str, float]]:
    terms = [Term(token=Token(word, 0, 0), words=((word, 1.0),)) for word in words]
    scores = scorer.score(terms).scores
    best = (-scores).argsort(kind="stable")[:TOP].tolist()
    return [(view.stored(row)["ref"], float(scores[row])) for row in best if scores[row] > 0]


def _same(left: list[tuple[str, float]], right: list[tuple[str, float]]) -> bool:
    """Say whether both rank alike: the same names in order, but for documents whose scores are the same."""
    if len(left) != len(right) or not all(
        math.isclose(a, b, rel_tol=1e-6) for (_, a), (_, b) in zip(left, right, strict=True)
    ):
        return False
    last = left[-1][1] if left else 0.0
    certain = {name for name, score in left if not math.isclose(score, last, rel_tol=1e-6)}
    return certain == {name for name, score in right if not math.isclose(score, last, rel_tol=1e-6)}


def _answers(engine: WhooshEngine, asked: Sequence[list[str]]) -> list[float]:
    for words in asked:
        engine.search(SearchRequest(text=" ".join(words)), KEYS)
    return [_timed(engine.search, SearchRequest(text=" ".join(words)), KEYS)[0] for words in asked]


def _update(engine: WhooshEngine, size: int) -> float:
    """Return the wall time from a changed document to finding it, in milliseconds."""
    changed = Document(ref=Ref("article", size), title="unheard of", access_key="everybody")
    began = time.perf_counter()
    engine.update([changed.ref], lambda _refs: [changed])
    if engine.search(SearchRequest(text="unheard"), KEYS).total != 1:
        raise SystemExit("A changed document was not found.")
    return (time.perf_counter() - began) * 1000


def _timed(call, *arguments):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN202 - gives back what it got
    began = time.process_time()
    result = call(*arguments)
    return (time.process_time() - began) * 1000, result


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def _print(found: Sequence[Scale]) -> None:
    heads = ("documents", "Whoosh p50/p95", "scorer", "ratio", "same", "answer", "build", "update")
    sizes = (10, 16, 12, 6, 8, 11, 7, 7)
    print(" ".join(f"{head:>{size}}" for head, size in zip(heads, sizes, strict=True)))
    for s in found:
        print(
            f"{s.n_documents:10,} {s.whoosh_p50:8.1f}/{s.whoosh_p95:7.1f} {s.scorer_p50:5.2f}/{s.scorer_p95:6.2f}"
            f" {s.ratio:6.0f} {s.n_same:4}/{s.n_queries:<3} {s.answer_p50:5.1f}/{s.answer_p95:5.1f} {s.build_s:6.1f}s"
            f" {s.update_ms:4.0f} ms{'' if s.holds else '  MISSED'}"
        )
    print("CPU ms of one thread; ratio: all queries together. Bounds: rankings the same, ratio, a whole answer's CPU.")


if __name__ == "__main__":
    sys.exit(main())
