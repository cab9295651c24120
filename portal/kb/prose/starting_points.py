"""What a new article begins with: an empty page is the hardest one to write on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TypeAlias

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.core import i18n

Text: TypeAlias = "LazyString | str"


@dataclass(frozen=True, kw_only=True)
class StartingPoint:
    """A kind of article, with the text it begins with."""

    name: str
    icon: str
    title: Text
    summary: Text
    body: Text


POINTS = (
    StartingPoint(
        name="how-to",
        icon="steps",
        title=_l("How to do something"),
        summary=_l("Numbered steps, each with what one sees then"),
        body=_l(
            "One or two sentences: what one needs before one begins.\n\n"
            "## Do it\n\n"
            "1. Say the first thing to do, with the words on the screen in **bold**.\n"
            "   → What one sees then.\n"
            "2. Say the next thing.\n"
            "   → What one sees then.\n\n"
            "## If it does not work\n\n"
            "Say what goes wrong most often, and what to do then.\n"
        ),
    ),
    StartingPoint(
        name="troubleshooting",
        icon="warning",
        title=_l("Something does not work"),
        summary=_l("What one sees, why, and the way out that works most often first"),
        body=_l(
            "## What you see\n\n"
            "The message word by word, or what happens instead of what should.\n\n"
            "## Try this first\n\n"
            "1. The thing that helps most people.\n"
            "   → How one knows that it has helped.\n\n"
            "## If that was not it\n\n"
            "1. The next thing to try.\n\n"
            "/// tip | Still stuck?\n"
            "Say what to have at hand when one hands it over: the message, the time, the device.\n"
            "///\n"
        ),
    ),
    StartingPoint(
        name="reference",
        icon="list",
        title=_l("Something to look up"),
        summary=_l("A table or list: numbers, names, places, limits"),
        body=_l(
            "What this list is for, and who keeps it right.\n\n"
            "## The list\n\n"
            "| What | Where | Who knows more |\n"
            "|---|---|---|\n"
            "| First thing | | |\n"
            "| Second thing | | |\n\n"
            "## Words used here\n\n"
            "- **A word**: what it means.\n"
        ),
    ),
    StartingPoint(
        name="procedure",
        icon="check-shield",
        title=_l("A procedure to keep to"),
        summary=_l("Who does what, when, and what is written down"),
        body=_l(
            "## When this applies\n\n"
            "What has to have happened, and who does it.\n\n"
            "## Before you begin\n\n"
            "- What must be at hand.\n\n"
            "## The procedure\n\n"
            "1. First step. *Who: the role.*\n"
            "   → What is there when it is done.\n"
            "2. Second step. *Who: the role.*\n"
            "   → What is there when it is done.\n\n"
            "/// warning | Stop and ask when\n"
            "Say what must not be decided alone, and whom to ask.\n"
            "///\n\n"
            "## What is written down\n\n"
            "Where the record is kept, and for how long.\n"
        ),
    ),
    StartingPoint(
        name="empty",
        icon="answer",
        title=_l("An empty page"),
        summary=_l("You know what you want to write"),
        body="",
    ),
)


def body_of(name: str) -> str:
    """Return the text a starting point gives; nothing for one there is not."""
    return next((str(point.body) for point in POINTS if point.name == name), "")


# What of a text is still the starting point's

_LEAD = re.compile(r"^(?:\d{1,9}[.)]|[-*+])\s+")
_HEADING = re.compile(r"^(#{1,6}) ")
_RULE = re.compile(r"^\|[-:| ]+$")
_EMPTY_BOX = re.compile(r"^/{3,} ?\S[^\n]*\n(?:[ \t]*\n)*/{3,}[ \t]*\n?", re.MULTILINE)


@cache
def given() -> frozenset[str]:
    """Return every line the starting points give, in every language of the portal, without the marks of lists."""
    found = set()
    for language in i18n.available():
        with force_locale(language):
            found |= {_plain(line) for point in POINTS for line in str(point.body).splitlines()}
    return frozenset(found - {""})


def own(body: str) -> str:
    """Return what somebody has written of a text: the same text where nothing of it is a starting point's."""
    return without(body, given())


def without(body: str, lines: Collection[str]) -> str:
    """Take these lines out of a text, and of their headings, boxes and tables those that nothing is left in.

    >>> without("## Do it\\n\\n1. Say it.\\n\\n## Later\\n\\n2. My own.\\n", {"## Do it", "Say it.", "## Later"})
    '## Later\\n\\n2. My own.\\n'
    """
    rows = body.split("\n")
    kept: list[str] = []
    for is_table, group in groupby(rows, key=lambda row: row.lstrip().startswith("|")):
        some = list(group)
        kept += _table(some, lines) if is_table else [row for row in some if not _is_given(row, lines)]
    if len(kept) == len(rows):
        return body
    text = _EMPTY_BOX.sub("", "\n".join(kept))
    return "\n".join(_without_bare_headings(text.split("\n"), lines)).lstrip("\n")


def _plain(line: str) -> str:
    return _LEAD.sub("", line.strip())


def _is_given(row: str, lines: Collection[str]) -> bool:
    plain = _plain(row)
    return plain in lines and not _HEADING.match(plain) and not plain.startswith("///")


def _table(rows: list[str], lines: Collection[str]) -> list[str]:
    """Leave a table its head as long as somebody has written a row."""
    own_rows = [row for row in rows if not _RULE.match(row.strip()) and _plain(row) not in lines]
    if not own_rows:
        return []
    return [row for n, row in enumerate(rows) if n == 0 or _RULE.match(row.strip()) or row in own_rows]


def _without_bare_headings(rows: list[str], lines: Collection[str]) -> list[str]:
    def kept() -> Iterator[str]:
        level_below = 0  # of the heading that follows with nothing between; 0 where words follow
        is_bare = True
        for row in reversed(rows):
            if not (found := _HEADING.match(row)):
                is_bare = is_bare and not row.strip()
                yield row
                continue
            level = len(found[1])
            if is_bare and level_below <= level and row.strip() in lines:
                continue
            is_bare, level_below = True, level
            yield row

    return list(kept())[::-1]
