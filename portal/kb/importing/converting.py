"""Making our Markdown of a foreign page, in one pass over its text, so that every remark knows its line.

Template tags come first, as they did where the page is from, also within code; then raw HTML; then links. Nothing here
makes HTML: what is left of it is text, and the renderer shows text as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from portal.kb.importing import tags
from portal.kb.importing.addresses import Addresses
from portal.kb.importing.linking import Converted, Linker
from portal.kb.importing.pages import Page, bare
from portal.kb.importing.spans import Span

_OWN_FILE = re.compile(r"\]\((?:\.\./){0,3}(assets/[0-9]{1,18}/[\w.-]{1,80})")
_BLANK = re.compile(r"\n(?:[ \t]*\n){2,}")


class Converter:
    """One page being converted."""

    def __init__(self, page: Page, body: str, addresses: Addresses, slug_of: Callable[[Page], str]) -> None:
        self._page, self.linker = page, Linker(page, body, addresses, slug_of)

    def convert(self) -> Converted:
        text, made = self.linker.text, self.linker.made
        body = _BLANK.sub("\n\n", Span(self.linker, tags.Ends(text), 0, len(text)).run()).strip("\n")
        made.body = without_title(body, self._page.title) + "\n"
        made.notes.sort(key=lambda note: note.line)
        return made

    def keep(self) -> Converted:
        """Take a page of our own making as it is; only its files get their numbers anew."""
        linker = self.linker
        linker.made.body = _OWN_FILE.sub(
            lambda found: f"](file:{linker.own_file(found[1], found.start())}", linker.text
        )
        return linker.made


def without_title(body: str, title: str) -> str:
    """Leave out a first heading that only says the title again."""
    first, _newline, rest = body.partition("\n")
    is_again = first.startswith("# ") and bare(first[2:]) == bare(title)
    return rest.lstrip("\n") if is_again else body
