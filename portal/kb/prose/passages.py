"""Finding in Markdown what somebody read on the page, and changing only the words they changed.

A reader sees and changes plain words: “Right-click the Start button”. The text says `Right-click the **Start** button`.
So a passage is found word by word, with marks between them passed over, and of the other text only the words that
differ are put in: emphasis, links and the numbers of steps around them stay. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.kb.prose.merging import Allowance, matches

LONGEST = 2000
"""Characters of a passage. Longer ones are a text of their own."""

_TOKEN = re.compile(r"[^\W_]+(?:[-_’'][^\W_]+)*|[^\w\s]|_")
_SPOKEN = re.compile(r"[^\W_]")
# Marks that a page does not show as they are written: emphasis, code, quotes, list bullets, the arrow of an expected
# result, fences of blocks, and the address behind a link.
_MARK = frozenset("*_`~#>|\\→-")
# Every repetition has an end, so that no text can make it slow.
_TARGET = re.compile(
    r"\]\([^)\n]{0,500}\)|\]\[[^\]\n]{0,200}\]|!?\[|\{[^}\n]{0,200}\}|^/{3,}.*$|^[ \t]{0,40}\d{1,9}\.[ \t]",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Word:
    """A word of a text and where it stands."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the words and signs of a plain text, with their places.

    >>> [word.text for word in words("Choose Device Manager.")]
    ['Choose', 'Device', 'Manager', '.']
    """
    return [Word(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _spoken(markdown: str) -> list[Word]:
    """Return the words that a page shows of a Markdown text, with their places in it."""
    hidden = bytearray(len(markdown))
    for match in _TARGET.finditer(markdown):
        for i in range(match.start(), match.end()):
            hidden[i] = 1
    return [word for word in words(markdown) if not hidden[word.start] and word.text not in _MARK]


def find(markdown: str, quote: str) -> list[tuple[int, int]]:
    """Return where the passage stands: the ranges of words of `_spoken` that say the same, nothing for none."""
    wanted = [word.text.casefold() for word in words(quote) if word.text not in _MARK]
    if not any(_SPOKEN.match(word) for word in wanted):
        return []
    said = [word.text.casefold() for word in _spoken(markdown)]
    n = len(wanted)
    return [(i, i + n) for i in range(len(said) - n + 1) if said[i] == wanted[0] and said[i : i + n] == wanted]


def stands_once(markdown: str, quote: str) -> bool:
    """Whether a passage can be put otherwise: it is not too long, and there is one place that is meant."""
    return _place(markdown, quote) is not None


def _place(markdown: str, quote: str) -> tuple[int, int] | None:
    places = find(markdown, quote) if len(quote) <= LONGEST else []
    return places[0] if len(places) == 1 else None


def replace(markdown: str, quote: str, replacement: str) -> str | None:
    """Return the text with the passage put otherwise; None when it stands nowhere, or in more than one place.

    >>> replace("1. Right-click the **Start** button.", "Right-click the Start button", "Left-click the Start button")
    '1. Left-click the **Start** button.'
    >>> replace("Press it. Press it.", "Press it", "Hold it") is None
    True
    """
    place = _place(markdown, quote)
    if place is None:
        return None
    first, last = place
    old = _spoken(markdown)[first:last]
    new = [word for word in words(replacement) if word.text not in _MARK]
    if not new:
        return markdown[: old[0].start] + replacement + markdown[old[-1].end :]
    return _patched(markdown, old, new, replacement)


def _patched(markdown: str, old: Sequence[Word], new: Sequence[Word], replacement: str) -> str:
    """Put in what differs, from the end to the beginning, so that earlier places stay where they are."""
    for i1, i2, j1, j2 in reversed(_gaps([word.text for word in old], [word.text for word in new])):
        text = replacement[new[j1].start : new[j2 - 1].end] if j1 < j2 else ""
        if i1 < i2:
            start, end = old[i1].start, old[i2 - 1].end
            if not text:
                start, end = _with_marks_around(markdown, start, end)
        elif i1 == 0:
            start = end = old[0].start
            text += _gap(replacement, new[j2 - 1].end)
        else:
            start = end = old[i1 - 1].end
            text = _gap_before(replacement, new[j1].start) + text
        markdown = markdown[:start] + text + markdown[end:]
    return markdown


def _gaps(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return what differs between the words that both have: where it begins and ends in each."""
    made = []
    at_old = at_new = 0
    for i, j, n in [*matches(old, new, Allowance()), (len(old), len(new), 0)]:
        if at_old < i or at_new < j:
            made.append((at_old, i, at_new, j))
        at_old, at_new = i + n, j + n
    return made


def _with_marks_around(markdown: str, start: int, end: int) -> tuple[int, int]:
    """Take emphasis that would be left around nothing away with its words, and one of two spaces."""
    while start and markdown[start - 1] in "*_`" and markdown[end : end + 1] == markdown[start - 1]:
        start, end = start - 1, end + 1
    return (start - 1 if markdown[start - 1 : start] == " " else start), end


def _gap(text: str, end: int) -> str:
    return " " if text[end : end + 1].isspace() else ""


def _gap_before(text: str, start: int) -> str:
    return " " if text[max(0, start - 1) : start].isspace() else ""
