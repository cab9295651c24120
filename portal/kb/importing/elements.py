"""Which elements of raw HTML have a counterpart in our Markdown, and how a table of theirs becomes one of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9-]{0,20})((?:\s|/)(?:[^<>\"']|\"[^\"<>]{0,3000}\"|'[^'<>]{0,3000}'){0,3000})?>"
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,30})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))")
_CELL = re.compile(r"<(/?)(tr|td|th|caption)\b[^<>]{0,3000}>", re.IGNORECASE)

MARKS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "code": "`",
    "tt": "`",
    "samp": "`",
    "del": "~~",
    "s": "~~",
    "strike": "~~",
}
"""Elements that are marks around words."""
_BLOCKS = (
    "address article aside blockquote center dd div dl dt fieldset figcaption figure footer form header main nav p"
    " section tbody thead tfoot tr td th caption pre body html head"
)
BLOCKS = frozenset(_BLOCKS.split(" "))
"""Elements that stand for themselves: what is in them is kept, the element goes."""
_QUIET = (
    "abbr acronym bdi bdo big button cite dfn font ins kbd label legend mark picture q small source span sub summary"
    " sup time u var wbr"
)
QUIET = frozenset(_QUIET.split(" "))
"""Elements that go without a trace; the words in them stay."""
_DROPPED = (
    "applet audio base canvas embed frame frameset iframe input link math meta noscript object script select style svg"
    " template textarea title video"
)
DROPPED = frozenset(_DROPPED.split(" "))
"""Elements that go with everything in them, and are reported."""
VOID = frozenset({"input", "link", "meta", "base", "embed", "frame"})
CLOSING = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in (*DROPPED, "table", "summary", *(f"h{n}" for n in range(1, 7)))
}
COMMENT_END = re.compile("-->")
CELL_BREAK = " · "


def attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag by lower-case name."""
    return {
        found[1].lower(): unescape(next(value for value in found.groups()[1:] if value is not None)).strip()
        for found in _ATTRIBUTE.finditer(text)
    }


def table(text: str, start: int, end: int, inline: Callable[[int, int], str]) -> str:
    """Return the table between these places as Markdown; `inline` converts a cell, given its place, to one line."""
    rows: list[list[str]] = [[]]
    heads, caption = [0], ""
    opened: tuple[str, int] | None = None

    def close(at: int) -> None:
        nonlocal opened, caption
        if opened is None:
            return
        words = inline(opened[1], at).replace("|", "\\|")
        if opened[0] == "caption":
            caption = words
        else:
            rows[-1].append(words)
        opened = None

    for found in _CELL.finditer(text, start, end):
        close(found.start())
        name = found[2].lower()
        if found[1]:
            continue
        if name == "tr":
            rows.append([])
            heads.append(0)
        else:
            heads[-1] += name == "th"
            opened = (name, found.end())
    close(end)
    filled = [(row, n) for row, n in zip(rows, heads, strict=True) if any(row)]
    if not filled:
        return f"\n\n{caption}\n\n"
    first, n_heads = filled[0]
    is_headed = n_heads == len(first)
    return f"\n\n{_drawn([row for row, _n in filled], is_headed=is_headed)}\n\n" + (f"{caption}\n\n" if caption else "")


def _drawn(rows: list[list[str]], *, is_headed: bool) -> str:
    width = max(len(row) for row in rows)
    if not is_headed:
        rows = [[""] * width, *rows]
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
