"""Documents and an engine, without a portal around them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

from portal.core.refs import Ref
from portal.search.documents import Document, Passage, Results, SearchRequest
from portal.search.engines.whoosh import WhooshEngine

EVERYBODY = frozenset({"all"})
_numbers = count(1)


def document(title: str, body: str = "", *, number: int = 0, kind: str = "article", **kw: Any) -> Document:
    """Make a document that everybody may find; each paragraph of the body is a passage."""
    passages = tuple(Passage(text=text) for text in body.split("\n") if text)
    return Document(
        ref=Ref(kind, number or next(_numbers)), title=title, **({"passages": passages, "access_key": "all"} | kw)
    )


def engine(folder: Path, documents: Iterable[Document] = ()) -> WhooshEngine:
    made = WhooshEngine(folder)
    found = list(documents)
    made.rebuild(lambda _refs: found, "first")
    return made


def ask(of: WhooshEngine, text: str, keys: frozenset[str] = EVERYBODY, **kw: Any) -> Results:
    return of.search(SearchRequest(text=text, **kw), keys)


def titles(results: Results) -> list[str]:
    return ["".join(text for text, _ in hit.title) for hit in results.hits]


def refs(results: Results) -> list[str]:
    return [str(hit.ref) for hit in results.hits]
