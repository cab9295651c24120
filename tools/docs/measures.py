"""Writes docs/measures.md from the catalogue of measures: `python -m tools.docs.measures`."""

from pathlib import Path

import portal.factory  # noqa: F401 - features above declare measures of their own where they are wired
from portal.measures import catalogue
from portal.measures.catalogue import Measure

PATH = Path(__file__).parents[2] / "docs" / "measures.md"
OPENING = """\
# Measures: every figure and what it counts

Written by `python -m tools.docs.measures` from `portal/measures/catalogue.py` and what features declare with it; change
it there.

Each is read by its name for any days and for all, a department, a site or a topic, from the sums of days that are kept
for ever. With less than the least number the answer is "not enough data", which is not nought. Shares carry Wilson's
95 % interval. How to work the figures out yourself from two files is told in [measure.md](measure.md).

| Name | Shown as | Told in | From n | Better |
|---|---|---|---|---|
"""
BETTER = {"up": "higher", "down": "lower", "": "neither by itself"}


def page() -> str:
    """Return the text of docs/measures.md."""
    every = catalogue.every()
    table = "".join(f"| `{m.name}` | {m.label} | {m.unit} | {m.minimum_n} | {BETTER[m.better]} |\n" for m in every)
    return OPENING + table + "".join(map(_measure, every))


def _measure(measure: Measure) -> str:
    return f"\n## {measure.label}\n\n`{measure.name}`. {measure.definition}\n"
