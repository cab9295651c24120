"""The knowledge base as it grew: the same folder of articles, as it looked on earlier days."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.demo.organisation import DATA
from portal.demo.story import IMPROVED, Shelf
from portal.kb.syncing import content

BEFORE = DATA / f"{IMPROVED}-before.md"


def read(folder: Path) -> list[Shelf]:
    """Return the published articles of the folder; their audience is their own, or else that of their category."""
    found = content.read(folder)
    of_category = {entry.slug: entry.audience for entry in found.categories}
    shelves = []
    for article in found.articles:
        audience = article.audience or of_category.get(article.category, ())
        is_open = not audience or "public" in audience
        if article.status == "published":
            shelves.append(
                Shelf(article.slug, article.title, article.category, None if is_open else frozenset(audience))
            )
    return shelves


@contextmanager
def as_it_was(folder: Path, *, without: Collection[str], is_improved: bool) -> Iterator[Path]:
    """Give a copy of the folder without some articles, and with the first text of the one that was improved."""
    with TemporaryDirectory(prefix="dity-shelf-") as name:
        copy = Path(name) / "articles"
        shutil.copytree(folder, copy)
        for path in copy.glob("*/*.md"):
            if path.stem in without:
                path.unlink()
            elif path.stem == IMPROVED and not is_improved:
                head, _line, _body = path.read_text(encoding="utf-8").partition("\n---\n")
                path.write_text(f"{head}\n---\n{BEFORE.read_text(encoding='utf-8')}", encoding="utf-8")
        yield copy
