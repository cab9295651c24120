"""The fields of the Whoosh index, and how much each weighs.

The numbers were tuned on one half of the questions of `benchmarks/search_quality.py` and reported on the other. Raise
VERSION with any change here or in `analyzers`: an index of another version is built again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from whoosh import fields

from portal.core.refs import Ref
from portal.search.analyzers import SEPARATOR, WORD, Stems, Values, Words, stems
from portal.search.documents import Document, Passage

VERSION = 2

TITLE_BOOST = 1.5
BEST_LINE_BOOST = 1.25
"""On top of the title: the best among the title and the lines. A document without lines has its title count twice,
so that learning from past questions lifts one document without burying those nobody asked for yet."""
SUMMARY_BOOST = 0.75
KEYWORDS_BOOST = 1.0
BODY_BOOST = 1.0

K1 = 1.2
"""How soon another mention of the same word stops to matter."""
B = 0.9
"""How much a long field has to mention a word more often than a short one."""

SCORED = {"title": TITLE_BOOST, "summary": SUMMARY_BOOST, "keywords": KEYWORDS_BOOST, "body": BODY_BOOST}
"""Fields are scored apart, each with its own lengths; one bag of words costs 3 to 6 right answers in a hundred."""

LONGEST_PASSAGE = 500
"""Longer passages are kept in pieces: a snippet is short, and only what it is cut from is read."""

FACETS = ("kind", "category", "tag", "platform")

SCHEMA = fields.Schema(
    # Name of the thing, `article:12`. Rows of lines carry the name of their document, so one term drops them all.
    ref=fields.ID(stored=True),
    # The title, stemmed. No positions anywhere: there are no phrase queries, and the index is half as large.
    title=fields.TEXT(analyzer=Stems(), phrase=False),
    # One or two sentences that say what the document does for the reader.
    summary=fields.TEXT(analyzer=Stems(), phrase=False),
    # Everything else a reader sees, as plain text; never the Markdown source.
    body=fields.TEXT(analyzer=Stems(), phrase=False),
    # Tags and category as words, so that "printing tray" finds what is filed under printing.
    keywords=fields.TEXT(analyzer=Stems(), phrase=False),
    # A settled question; only in rows of lines, which have none of the fields above.
    line=fields.TEXT(analyzer=Stems(), phrase=False),
    # Marks a row of a line: the name of its document.
    line_of=fields.ID(),
    # All words as they were written: the vocabulary that spelling is mended from. Scorable only because Whoosh looks
    # for the file of lengths with every posting where there is none, a sixth of the time to build an index.
    words=fields.KEYWORD(analyzer=Words(), scorable=True),
    # The words of title, summary and tags, for finding by an unfinished word.
    starts=fields.KEYWORD(analyzer=Words(), scorable=True),
    # Access key: read before anything is counted or scored.
    access_key=fields.KEYWORD(analyzer=Values()),
    # Facets: the kind of thing, every step of the category's path, tags, platforms.
    kind=fields.KEYWORD(analyzer=Values()),
    category=fields.KEYWORD(analyzer=Values()),
    tag=fields.KEYWORD(analyzer=Values()),
    platform=fields.KEYWORD(analyzer=Values()),
    # The document itself, for showing a hit without asking the database for its text.
    document=fields.STORED,
)


def rows(document: Document) -> list[dict[str, object]]:
    """Return the rows a document is kept as: its own, and one for each line."""
    ref, key = str(document.ref), document.access_key
    keywords = " ".join((*document.tags, document.category.replace("/", " ").replace("-", " ")))
    own: dict[str, object] = {
        "ref": ref,
        "title": document.title,
        "summary": document.summary,
        "body": document.body,
        "keywords": keywords,
        "words": "\n".join((document.title, document.summary, document.body, keywords)),
        "starts": "\n".join((document.title, document.summary, *document.tags)),
        "access_key": key,
        "kind": document.ref.kind,
        "category": SEPARATOR.join(ancestry(document.category)),
        "tag": SEPARATOR.join(document.tags),
        "platform": SEPARATOR.join(document.platforms),
        "document": pack(document),
    }
    return [own] + [{"ref": ref, "line_of": ref, "line": line, "access_key": key} for line in document.lines]


@dataclass(frozen=True)
class Kept:
    """A document as it is kept for showing; its access key and lines stay behind."""

    document: Document
    stems: tuple[str, ...]
    """The stems of each passage between spaces, so that the best one is chosen without reading any text."""


def pack(document: Document) -> tuple[object, ...]:
    """Return a document as plain values: quicker to read, and safe against a class that changes."""
    return (
        document.title,
        document.summary,
        tuple((text, p.anchor, stems_of(text)) for p in document.passages for text in _short(p.text)),
        document.category,
        document.tags,
        document.platforms,
        document.verified_on.isoformat() if document.verified_on else "",
        document.steps,
    )


def _short(text: str) -> list[str]:
    """Cut a long passage at the ends of sentences, or between words where it has none."""
    pieces = []
    while len(text) > LONGEST_PASSAGE:
        cut = text.rfind(". ", LONGEST_PASSAGE // 3, LONGEST_PASSAGE) + 1
        cut = cut or text.rfind(" ", 1, LONGEST_PASSAGE)
        cut = cut if cut > 0 else LONGEST_PASSAGE
        pieces.append(text[:cut].strip())
        text = text[cut:]
    return [piece for piece in (*pieces, text.strip()) if piece]


def unpack(ref: str, packed: tuple[Any, ...]) -> Kept:
    title, summary, passages, category, tags, platforms, verified_on, steps = packed
    document = Document(
        ref=Ref.parse(ref),
        title=title,
        summary=summary,
        passages=tuple(Passage(text=text, anchor=anchor) for text, anchor, _ in passages),
        category=category,
        tags=tags,
        platforms=platforms,
        verified_on=dt.date.fromisoformat(verified_on) if verified_on else None,
        steps=steps,
    )
    return Kept(document, tuple(stems for _, _, stems in passages))


def stems_of(text: str) -> str:
    """Return the different stems of a text between spaces.

    >>> stems_of("Print it twice, then print again")
    ' print twice again '
    """
    found = dict.fromkeys(stem for match in WORD.finditer(text) for stem in stems(match.group()))
    return f" {' '.join(found)} "


def ancestry(path: str) -> list[str]:
    """Return a category's path and those of everything above it.

    >>> ancestry("network/vpn")
    ['network', 'network/vpn']
    """
    parts = path.split("/") if path else []
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]
