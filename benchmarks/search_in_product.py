"""How often the product's own search puts the right thread first, with the demo's articles and questions beside it.

The threads come in through `dity import questions` and are asked for as Ana asks: the search page's own service, her
keys, what she may see. Nothing is tuned on what comes out.

    python -m benchmarks.search_in_product --questions questions.jsonl --queries queries.tsv [--home HOME] [--json]

Without `--home` the demo is filled first, in a folder of its own; with it, that filled demo is copied. Without
`--questions` and `--queries`, those of the folder named in REAL_DATA are taken.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from benchmarks.search_quality import CUT, Asked, Bound, Quality, report
from config import Settings
from portal.community.models import Question
from portal.community.returning import IMPORTED
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Refusal
from portal.core.registry import registry
from portal.factory import create_app
from portal.imports import services as imports
from portal.imports import working
from portal.kb.models import Article
from portal.people import queries as people
from portal.people import services
from portal.search import maintenance
from portal.search import services as search
from portal.search.documents import SearchRequest

ROOT = Path(__file__).resolve().parent.parent
ASKING = "ana@ostreyvale.example"
LEAST = 0.75


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when the bound is missed."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="search-in-product-") as folder:
        home = Path(folder) / "home"
        if options.home:
            shutil.copytree(options.home, home)
        else:
            _fill(home)
        app = create_app(Settings(home=home, testing=True, log_level="error"))
        with app.app_context():
            _bring(app, options.questions)
            rows, beside = _measure(app, options.queries)
    bounds = [Bound("P@1 through the product", LEAST, rows[-1].p_at_1)]
    if options.json:
        found = {"qualities": [asdict(row) for row in rows], "bounds": [asdict(b) | {"holds": b.holds} for b in bounds]}
        print(json.dumps(found | {"beside": beside}))
    else:
        print(f"Beside them: {beside['articles']} articles, {beside['questions']} questions of the demo.")
        report(rows, bounds)
    return 0 if all(bound.holds for bound in bounds) else 1


def _fill(home: Path) -> None:
    command = [sys.executable, "-m", "portal.cli", "demo", "--prepare"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DITY_")}
    subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "DITY_HOME": str(home), "PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _bring(app: Flask, path: Path) -> None:
    """Import the threads as the command does, then build the index anew."""
    actor = system("import")
    run = imports.begin(actor, "questions", source=str(path), name=path.name)
    asked = registry(app).importers["questions"].choices
    imports.choose(actor, run, choices={one.name: one.default for one in asked}, columns={})
    imports.run_it(actor, run, is_here=True)
    db.session.commit()
    try:
        for _step in working.work_off(actor, run):
            db.session.commit()
    except Refusal as refusal:
        sys.exit(f"The questions could not be imported: {refusal.message}")
    with app.test_request_context():
        maintenance.rebuild("benchmark")
    db.session.commit()


def _measure(app: Flask, queries: Path) -> tuple[list[Quality], dict[str, int]]:
    person = people.by_email(ASKING)
    if person is None:
        sys.exit(f"Nobody has the address {ASKING}: this is not the demo.")
    actor = services.actor_of(person)
    of_thread = select(Question.external_id, Question.id).where(Question.origin == IMPORTED)
    threads = {key: number for key, number in db.session.execute(of_thread) if key}
    pairs = [line.split("\t", 1) for line in queries.read_text(encoding="utf-8").splitlines() if line]
    asked = [Asked(query, frozenset([f"question:{threads[key]}"])) for key, query in pairs if key in threads]
    beside = {
        "articles": db.session.execute(select(func.count()).select_from(Article)).scalar_one(),
        "questions": db.session.execute(select(func.count()).where(Question.origin != IMPORTED)).scalar_one(),
    }
    with app.test_request_context():
        found = [_asked(actor, one) for one in asked]
    halves = [("product, tuned half", found[0::2]), ("product, reported half", found[1::2]), ("product, all", found)]
    return [_quality(name, some) for name, some in halves], beside


def _asked(actor: Actor, one: Asked) -> tuple[int, int, bool, float]:
    """Return the place of the right thread (0: not there), how many were shown, whether one is strong, and the time."""
    began = time.process_time()
    found = search.search(actor, SearchRequest(text=one.query, size=CUT))
    took = (time.process_time() - began) * 1000
    shown = [str(hit.ref) for hit, _thing in found.rows]
    place = next((n for n, ref in enumerate(shown, start=1) if ref in one.right), 0)
    return place, len(shown), found.best is not None, took


def _quality(name: str, found: Sequence[tuple[int, int, bool, float]]) -> Quality:
    places = [place for place, *_rest in found]
    strong = [place == 1 for place, _n, is_strong, _took in found if is_strong]
    times = [took for *_rest, took in found]
    n, cuts = max(1, len(found)), statistics.quantiles([*times, *times] or [0.0, 0.0], n=100)
    return Quality(
        name=name,
        n=len(found),
        p_at_1=sum(place == 1 for place in places) / n,
        mrr_at_10=sum(1 / place for place in places if place) / n,
        recall_at_5=sum(0 < place <= 5 for place in places) / n,
        n_nothing=sum(not shown for _place, shown, *_rest in found),
        n_strong=len(strong),
        strong_right=sum(strong) / max(1, len(strong)),
        cpu_ms_p50=cuts[49],
        cpu_ms_p95=cuts[94],
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=Path, help="threads, one JSON object a line")
    parser.add_argument("--queries", type=Path, help="other people's wordings, id<TAB>query")
    parser.add_argument("--home", type=Path, help="home folder of a filled demo; it is copied")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("REAL_DATA", "")) / "stackfaq"
    if not (options.questions and options.queries):
        if not os.environ.get("REAL_DATA") or not folder.is_dir():
            parser.error("name --questions and --queries, or set REAL_DATA")
        options.questions, options.queries = folder / "questions.jsonl", folder / "queries.tsv"
    return options


if __name__ == "__main__":
    sys.exit(main())
