"""What is offered to people who did not search: how often the right page, and how often anything where nothing answers.

Who fills in a form is offered pages while they write. Asked are the questions judged by hand, whose article has to stay
among the few that are shown, and subjects that no article answers.

    python -m benchmarks.unasked [--misses] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.search_quality import KEYS, ROOT, Bound, engine_of, read_judged
from portal.search.documents import SearchRequest

SHOWN = 4
JUDGED = ROOT / "tests" / "judged"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="print what was lost, and what is offered all the same")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    judged = read_judged(sorted(JUDGED.glob("*.tsv")), ROOT / "kb_articles")
    subjects = read_subjects(JUDGED / "unanswered.txt")
    names = {document.ref: name for name, document in judged.documents.items()}

    with engine_of(judged) as engine:

        def offered(words: str, *, is_unasked: bool) -> list[str]:
            request = SearchRequest(text=words, size=SHOWN, is_unasked=is_unasked)
            return [names[hit.ref] for hit in engine.suggest(request, KEYS).hits]

        found = [one for one in judged.asked if one.right.intersection(offered(one.query, is_unasked=False))]
        kept = [one for one in found if one.right.intersection(offered(one.query, is_unasked=True))]
        loud = [words for words in subjects if offered(words, is_unasked=False)]
        left = [(words, shown[0]) for words in loud if (shown := offered(words, is_unasked=True))]
    bounds = [
        Bound("right page still offered", 0.98, len(kept) / max(1, len(found))),
        Bound("lists that answer nothing and are gone", 0.65, 1 - len(left) / max(1, len(loud))),
    ]
    if options.json:
        told = {"found": len(found), "kept": len(kept), "loud": len(loud), "left": len(left)}
        print(json.dumps(told | {"bounds": [asdict(bound) | {"holds": bound.holds} for bound in bounds]}))
    else:
        print(f"Right page among the first {SHOWN}: {len(found)} of {len(judged.asked)}; offered unasked: {len(kept)}.")
        print(f"Something for {len(loud)} of {len(subjects)} subjects without answer; offered unasked: {len(left)}.")
        for bound in bounds:
            verdict = "holds" if bound.holds else "MISSED"
            print(f"{verdict:7} {bound.what}: {bound.measured:.3f}, at least {bound.least:.2f}")
    if options.misses:
        for one in found:
            if one not in kept:
                print(f"lost: {one.query}")
        for words, first in left:
            print(f"left: {words}: {first}")
    return 0 if all(bound.holds for bound in bounds) else 1


def read_subjects(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


if __name__ == "__main__":
    sys.exit(main())
