"""Refusing a text before any work is spent on it: by size, and by how much work its marks would make.

Parsing takes time in proportion to the text, but a list of ten thousand empty items costs fifty times as much as prose
of the same length. The weights below were measured: microseconds for one of each mark on the machine of ADR 0006. Their
sum is bounded, so every text that is let through is parsed within 200 ms there; an honest article of 100 kB comes to
about half of it.
"""

from __future__ import annotations

import re

from portal.core.errors import Invalid
from portal.core.markup.highlighting import COLOUR_BUDGET

ARTICLE_LIMIT = 100_000
COMMENT_LIMIT = 10_000
WORK_LIMIT = 160_000

_PER_MARK = {
    "[": 8, "](": 14, "![": 10, "!": 8, "|": 12, "*": 5, "_": 5, "`": 4, "~": 4, "+": 4, "&": 4, "<": 3, "://": 18,
    "^": 6, "@": 2, "\\": 1, "]": 1, ":": 1,
}  # fmt: skip
_PER_LINE = 10
_PER_BLOCK = 14
_PER_ITEM = 40
_PER_1000_CHARACTERS = 300
_PER_COLOURED = 10
_BLOCK = re.compile(r"\n[ \t>]*\n|\n[ \t>]*#")
_ITEM = re.compile(r"(?:^|\n)[ \t>]*(?:[0-9]{1,9}[.)]|[-*+:]|///)")
_ARROW = "→"
_CODE = re.compile(r"(?:^|\n)[ \t>]*(?:```|~~~)[ \t]*[a-zA-Z]")


def check(text: str, *, limit: int) -> None:
    """Refuse (Invalid, field `body`) what is too long or would take too long."""
    if len(text) > limit:
        raise Invalid(_said("too-long", limit), field="body")
    if work(text) > WORK_LIMIT:
        raise Invalid(_said("too-much", limit), field="body")


def work(text: str) -> int:
    """Estimate the microseconds that parsing takes, from above."""
    return (
        len(text) * _PER_1000_CHARACTERS // 1000
        + sum(weight * text.count(mark) for mark, weight in _PER_MARK.items())
        + _PER_LINE * text.count("\n")
        + _PER_BLOCK * sum(1 for found in _BLOCK.finditer(text))
        + _PER_COLOURED * (min(len(text), COLOUR_BUDGET) if _CODE.search(text) else 0)
        + _PER_ITEM * (sum(1 for found in _ITEM.finditer(text)) + text.count(_ARROW))
    )


def _said(why: str, limit: int) -> str:
    # Imported late: the rendering process never refuses anything and does without the web.
    from flask_babel import gettext as _
    from flask_babel import ngettext

    if why == "too-long":
        return ngettext(
            "This is too long: at most %(num)s character.", "This is too long: at most %(num)s characters.", limit
        )
    return _("This text has too many lists, tables, links or marks. Split it into several.")
