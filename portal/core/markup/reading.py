"""Reading the words out of clean HTML: for the index, for snippets, for mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from portal.core.markup.rendered import Passage

_PIECE = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\"[^\"]*\"|[^\">])*)>|([^<]+|<)")
_BLOCKS = "blockquote br dd details div dl dt figure figcaption h2 h3 h4 h5 h6 hr li ol p pre section summary"
_APART = frozenset(f"{_BLOCKS} table td th tr ul".split(" "))
_UNSAID = re.compile(r'class="(?:footnote-back|footnote-ref|step-number|variant-title)"')
_ID = re.compile(r'\bid="([^"]*)"')
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset({"br", "hr", "img", "input"})


def plain(html: str) -> str:
    """Return the words of clean HTML on one line; step numbers and marks are left out."""
    return " ".join("".join(text for _, text in _words(html)).split())


def passages(html: str) -> tuple[Passage, ...]:
    """Return the words under each heading, headings themselves left out; parts without words are dropped."""
    found: dict[str, list[str]] = {}
    for heading, text in _words(html, without_headings=True):
        found.setdefault(heading, []).append(text)
    made = ((heading, " ".join("".join(texts).split())) for heading, texts in found.items())
    return tuple(Passage(heading, text) for heading, text in made if text)


def _words(html: str, *, without_headings: bool = False) -> Iterator[tuple[str, str]]:
    heading, unsaid_within, depth = "", "", 0
    for piece in _PIECE.finditer(html):
        closing, tag, attributes, text = piece.groups()
        if text is not None:
            if not unsaid_within:
                yield heading, unescape(text)
            continue
        if tag in _APART:
            yield heading, " "
        if unsaid_within:
            if tag == unsaid_within:
                depth += -1 if closing else 1
                unsaid_within = unsaid_within if depth else ""
        elif not closing and tag not in _VOID:
            if tag in _HEADINGS:
                named = _ID.search(attributes)
                heading = named[1] if named else heading
            if (tag in _HEADINGS and without_headings) or _UNSAID.search(attributes):
                unsaid_within, depth = tag, 1
