"""A mail as a page shows it: its own lines, its addresses as links, and nothing of it taken for markup."""

from __future__ import annotations

import re

from markupsafe import escape

_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,1000}")
_TRAILING = ".,;:!?)]}*_"


def html(text: str) -> str:
    """Return the text as paragraphs; what goes in is escaped, whatever it is."""
    paragraphs = (piece.strip("\n") for piece in re.split(r"\n[ \t]*\n", text))
    return "".join(f"<p>{_lines(piece)}</p>" for piece in paragraphs if piece.strip())


def _lines(text: str) -> str:
    pieces, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_TRAILING)
        shown = escape(address)
        pieces.append(str(escape(text[at : found.start()])))
        pieces.append(f'<a href="{shown}" rel="nofollow noopener">{shown}</a>')
        at = found.start() + len(address)
    pieces.append(str(escape(text[at:])))
    return "".join(pieces).replace("\n", "<br>\n")
