"""A rendered text as a row of paragraphs, each to be looked at by itself; and finding one again after an edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from portal.core import markup

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\"[^\"]*\"|[^\">])*)>")
_VOID = frozenset({"br", "hr", "img", "input"})
_LISTS = frozenset({"ol", "ul"})
_TICK = re.compile(r'<input type="checkbox"[^>]*>|<label (class="step-number")[^>]*>(.*?)</label>')
_ID = re.compile(r' (?:id|aria-labelledby)="[^"]*"')
_PLATFORM = re.compile(r'data-platform="([a-z]+)"')
ALIKE = 70.0
"""Similarity (0 to 100) from which a changed paragraph is still the one that was meant (house rule)."""
NEAR = 4
"""How many places away something merely alike is looked for."""


@dataclass(frozen=True)
class Paragraph:
    """One of the things a text is made of: a paragraph, a heading, a step, a table. `number` counts from 1."""

    number: int
    html: str
    text: str
    platform: str = ""


def split(html: str) -> list[Paragraph]:
    """Cut clean HTML into its paragraphs: lists fall into their items, variants into what stands in them."""
    return list(_number(_pieces(html, platform="")))


def _number(pieces: Iterable[tuple[str, str]]) -> Iterable[Paragraph]:
    number = 0
    for piece, platform in pieces:
        shown = _ID.sub("", _TICK.sub(_without_tick, piece))
        if ("<" in shown and (words := markup.plain(shown))) or "<img" in shown:
            number += 1
            yield Paragraph(number, shown, words, platform)


def _without_tick(found: re.Match[str]) -> str:
    return f"<span {found[1]}>{found[2]}</span>" if found[1] else ""


def _pieces(html: str, *, platform: str) -> Iterable[tuple[str, str]]:
    for opening, tag, inside, whole in _top(html):
        if tag == "section" and (named := _PLATFORM.search(opening)):
            yield from _pieces(inside, platform=named[1])
        elif tag in _LISTS:
            for n, (_opening, item, _inside, text) in enumerate(_top(inside), start=1):
                start = f' start="{n}"' if tag == "ol" and item == "li" and "steps" not in opening else ""
                yield f"{opening[:-1]}{start}>{text}</{tag}>", platform
        elif 'class="variant-title"' not in opening:
            yield whole, platform


def _top(html: str) -> Iterable[tuple[str, str, str, str]]:
    """Yield the outermost elements: opening tag, name, what is inside, and all of it. The HTML closes what it opens."""
    depth, name, begins, opening = 0, "", 0, ""
    inside = 0
    for found in _TAG.finditer(html):
        closing, tag, _attributes = found.groups()
        if tag in _VOID:
            if not depth:
                yield found[0], tag, "", found[0]
            continue
        if not closing:
            if not depth:
                name, begins, opening, inside = tag, found.start(), found[0], found.end()
            depth += 1
        else:
            depth -= 1
            if not depth:
                yield opening, name, html[inside : found.start()], html[begins : found.end()]


def find(paragraphs: Sequence[Paragraph], *, number: int, quote: str) -> Paragraph | None:
    """Return the paragraph that began like this at about this place; None when it is gone.

    The same beginning counts wherever it stands now, the nearest first; else something alike close by.
    """
    by_distance = sorted(paragraphs, key=lambda one: (abs(one.number - number), one.number))
    same = next((one for one in by_distance if one.text[: len(quote)] == quote), None)
    if same is not None:
        return same
    near = [one for one in by_distance if abs(one.number - number) <= NEAR]
    best = max(near, key=lambda one: fuzz.ratio(one.text[: len(quote)], quote), default=None)
    return best if best is not None and fuzz.ratio(best.text[: len(quote)], quote) >= ALIKE else None
