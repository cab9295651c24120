"""How often search puts the right thing first.

Two collections, each split in half: what was tuned was tuned on the first half and is reported on the second.

    python -m benchmarks.search_quality --questions questions.jsonl --queries queries.tsv [--typos]
    python -m benchmarks.search_quality --judged tests/judged/*.tsv --articles kb_articles [--misses]

Questions: one JSON object a line with `id`, `title`, `answers`; queries: `id<TAB>query`. Without arguments both are
measured, the questions of the folder named in REAL_DATA. Judged: `query<TAB>slug` or `slug|slug`. `--typos` asks all
again with one slip a query (a letter doubled with another, left out or changed places), always the same ones.
`benchmarks.search_in_product` asks the same through the whole product.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import string
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.core import markup
from portal.core.refs import Ref
from portal.kb.syncing import content
from portal.search.documents import Document, Passage, SearchRequest
from portal.search.engines.whoosh import WhooshEngine

SEED = 7
KEYS = frozenset({"everybody"})
ROOT = Path(__file__).resolve().parent.parent
CUT = 10


@dataclass(frozen=True)
class Asked:
    """A query and the names of what answers it."""

    query: str
    right: frozenset[str]


@dataclass(frozen=True)
class Collection:
    """Documents to find, by the name the queries use, and the queries."""

    name: str
    documents: dict[str, Document]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True)
class Quality:
    """What came out for one set of queries."""

    name: str
    n: int
    p_at_1: float
    mrr_at_10: float
    recall_at_5: float
    n_nothing: int
    n_strong: int
    strong_right: float
    cpu_ms_p50: float
    cpu_ms_p95: float


@dataclass(frozen=True)
class Bound:
    """Something promised, and whether it held."""

    what: str
    least: float
    measured: float

    @property
    def holds(self) -> bool:
        return round(self.measured, 4) >= self.least


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a bound is missed."""
    options = _options(arguments)
    rows: list[Quality] = []
    bounds: list[Bound] = []
    if options.questions:
        _questions(options, rows, bounds)
    if options.judged:
        _judged(options, rows, bounds)
    if not rows:
        print("Nothing to measure: name --questions and --queries, or --judged, or set REAL_DATA.", file=sys.stderr)
        return 2
    if options.json:
        found = {"qualities": [asdict(row) for row in rows], "bounds": [asdict(b) | {"holds": b.holds} for b in bounds]}
        print(json.dumps(found))
    else:
        report(rows, bounds)
    return 0 if all(bound.holds for bound in bounds) else 1


def _questions(options: argparse.Namespace, rows: list[Quality], bounds: list[Bound]) -> None:
    found = read_questions(options.questions, options.queries)
    with engine_of(found) as engine:
        _measure_questions(engine, found, rows, bounds, with_typos=options.typos)


def _measure_questions(
    engine: WhooshEngine, found: Collection, rows: list[Quality], bounds: list[Bound], *, with_typos: bool
) -> None:
    tuned, reported = found.asked[0::2], found.asked[1::2]
    rows.append(measure("questions, tuned half", engine, found, tuned))
    rows.append(measure("questions, reported half", engine, found, reported))
    everything = measure("questions, all", engine, found, found.asked)
    rows.append(everything)
    bounds += [
        Bound("P@1", 0.80, everything.p_at_1),
        Bound("MRR@10", 0.87, everything.mrr_at_10),
        Bound("Recall@5", 0.95, everything.recall_at_5),
    ]
    if with_typos:
        slipped = measure("questions, all, one slip each", engine, found, with_slips(found.asked))
        rows.append(slipped)
        bounds.append(Bound("P@1 kept with one slip", -0.03, slipped.p_at_1 - everything.p_at_1))


def _judged(options: argparse.Namespace, rows: list[Quality], bounds: list[Bound]) -> None:
    found = read_judged(options.judged, options.articles)
    with engine_of(found) as engine:
        rows.append(measure("judged, tuned half", engine, found, found.asked[0::2]))
        rows.append(measure("judged, reported half", engine, found, found.asked[1::2]))
        everything = measure("judged, all", engine, found, found.asked)
        rows.append(everything)
        bounds.append(Bound("judged P@1", 0.85, everything.p_at_1))
        if options.typos:
            rows.append(measure("judged, all, one more slip", engine, found, with_slips(found.asked)))
        if options.misses:
            _print_misses(engine, found)


def read_questions(questions: Path, queries: Path) -> Collection:
    """Read threads: the question is the title, its answers are the body."""
    documents = {}
    for number, line in enumerate(questions.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        documents[str(row["id"])] = Document(
            ref=Ref("question", number),
            title=row["title"],
            passages=tuple(Passage(text=answer) for answer in row["answers"]),
            access_key="everybody",
        )
    pairs = [line.split("\t", 1) for line in queries.read_text(encoding="utf-8").splitlines() if line]
    asked = tuple(Asked(query, frozenset([name])) for name, query in pairs if name in documents)
    return Collection("questions", documents, asked)


def read_judged(judged: Iterable[Path], articles: Path) -> Collection:
    """Read the article files as search would index them, and the questions judged by hand."""
    found = content.read(articles)
    parents = {entry.slug: entry.parent for entry in found.categories}
    documents = {
        article.slug: _document(number, article, _path(article.category, parents))
        for number, article in enumerate(found.articles, start=1)
        if article.status == "published"
    }
    asked = []
    for file in judged:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                query, right = line.split("\t")[:2]
                asked.append(Asked(query, frozenset(right.split("|"))))
    return Collection("judged", documents, tuple(a for a in asked if a.right & documents.keys()))


def _document(number: int, article: content.ArticleFile, path: str) -> Document:
    made = markup.render(article.body)
    return Document(
        ref=Ref("article", number),
        title=article.title,
        summary=article.summary,
        passages=tuple(Passage(text=passage.text, anchor=passage.heading_id) for passage in made.passages),
        category=path,
        tags=article.tags,
        platforms=tuple(made.platforms),
        access_key="everybody",
    )


def _path(slug: str, parents: dict[str, str]) -> str:
    above = parents.get(slug)
    return f"{_path(above, parents)}/{slug}" if above else slug


def with_slips(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Put one slip into a word of four letters or more of each query: the same slips in every run."""
    rng = random.Random(SEED)
    return tuple(Asked(_slipped(one.query, rng), one.right) for one in asked)


def _slipped(query: str, rng: random.Random) -> str:
    words = query.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return query
    at = rng.choice(long)
    word, place = words[at], rng.randrange(1, len(words[at]) - 1)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    dropped = word[:place] + word[place + 1 :]
    added = word[:place] + rng.choice(string.ascii_lowercase) + word[place:]
    words[at] = rng.choice((swapped, dropped, added))
    return " ".join(words)


@contextmanager
def engine_of(found: Collection) -> Iterator[WhooshEngine]:
    with tempfile.TemporaryDirectory(prefix="search-quality-") as folder:
        engine = WhooshEngine(Path(folder))
        engine.rebuild(lambda _refs: found.documents.values(), "benchmark")
        yield engine


def measure(name: str, engine: WhooshEngine, found: Collection, asked: Sequence[Asked]) -> Quality:
    """Ask every query and see at which place the first right answer stands."""
    names = {document.ref: key for key, document in found.documents.items()}
    places, times, strong = [], [], []
    n_nothing = 0
    for one in asked:
        began = time.process_time()
        results = engine.search(SearchRequest(text=one.query, size=CUT), KEYS)
        times.append((time.process_time() - began) * 1000)
        hits = [names[hit.ref] for hit in results.hits]
        place = next((i for i, hit in enumerate(hits, start=1) if hit in one.right), 0)
        places.append(place)
        n_nothing += not hits
        if results.is_strong:
            strong.append(place == 1)
    n = max(1, len(asked))
    percentiles = statistics.quantiles([*times, *times] or [0.0, 0.0], n=100)
    return Quality(
        name=name,
        n=len(asked),
        p_at_1=sum(p == 1 for p in places) / n,
        mrr_at_10=sum(1 / p for p in places if p) / n,
        recall_at_5=sum(0 < p <= 5 for p in places) / n,
        n_nothing=n_nothing,
        n_strong=len(strong),
        strong_right=sum(strong) / max(1, len(strong)),
        cpu_ms_p50=percentiles[49],
        cpu_ms_p95=percentiles[94],
    )


def report(rows: Iterable[Quality], bounds: Iterable[Bound]) -> None:
    """Print what was measured as a table, and which bounds hold."""
    print(f"{'':32} {'n':>5} {'P@1':>6} {'MRR@10':>7} {'R@5':>6} {'none':>5} {'strong (right)':>15} {'ms p50/p95':>11}")
    for row in rows:
        strong = f"{row.n_strong} ({row.strong_right:.2f})"
        print(
            f"{row.name:32} {row.n:5} {row.p_at_1:6.3f} {row.mrr_at_10:7.3f} {row.recall_at_5:6.3f} {row.n_nothing:5}"
            f" {strong:>15} {row.cpu_ms_p50:5.1f}/{row.cpu_ms_p95:4.1f}"
        )
    for bound in bounds:
        verdict = "holds" if bound.holds else "MISSED"
        print(f"{verdict:7} {bound.what}: {bound.measured:.3f}, at least {bound.least:.2f}")


def _print_misses(engine: WhooshEngine, found: Collection) -> None:
    """Print the queries of the tuned half that did not find their article first, for mending words of articles."""
    names = {document.ref: key for key, document in found.documents.items()}
    for one in found.asked[0::2]:
        hits = [names[hit.ref] for hit in engine.search(SearchRequest(text=one.query), KEYS).hits]
        if not hits or hits[0] not in one.right:
            print(f"{one.query}\n    wanted {'|'.join(sorted(one.right))}; came {', '.join(hits[:3]) or 'nothing'}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=Path, help="threads, one JSON object a line")
    parser.add_argument("--queries", type=Path, help="other people's wordings, id<TAB>query")
    parser.add_argument("--judged", type=Path, nargs="+", help="judged questions, query<TAB>slug")
    parser.add_argument("--articles", type=Path, default=ROOT / "kb_articles", help="folder of article files")
    parser.add_argument("--typos", action="store_true", help="ask again with one slip a query")
    parser.add_argument("--misses", action="store_true", help="print what the tuned half of the judged did not find")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if bool(options.questions) != bool(options.queries):
        parser.error("--questions and --queries belong together")
    if not options.questions and not options.judged:
        options.judged = sorted((ROOT / "tests" / "judged").glob("*.tsv"))
        folder = Path(os.environ.get("REAL_DATA", "")) / "stackfaq"
        if os.environ.get("REAL_DATA") and folder.is_dir():
            options.questions, options.queries = folder / "questions.jsonl", folder / "queries.tsv"
    return options


if __name__ == "__main__":
    sys.exit(main())
