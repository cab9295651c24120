"""Colour for code: Pygments, for the languages a help desk writes and only so much of it.

Lexers are regular expressions of many hands; a short list and a bound on length keep them harmless
(the one for ini files needs a third of a second for 4 kB of colons, so it is not among them).
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_CODE = 3_000
COLOUR_BUDGET = 6_000
_LEXERS = {
    "bash": "bash", "sh": "bash", "shell": "bash", "zsh": "bash", "console": "console", "powershell": "powershell",
    "ps1": "powershell", "bat": "batch", "batch": "batch", "cmd": "batch", "python": "python", "py": "python",
    "json": "json", "yaml": "yaml", "yml": "yaml", "toml": "toml", "sql": "sql",
    "html": "html", "xml": "xml", "css": "css", "javascript": "javascript", "js": "javascript", "diff": "diff",
}  # fmt: skip


def highlight(code: str, language: str, budget: int) -> str:
    """Return safe HTML of the code; plain when the language is unknown or the code longer than the budget left."""
    name = _LEXERS.get(language.lower())
    if not name or len(code) > min(budget, MAX_CODE):
        return escape(code, quote=False)
    from pygments import highlight as colour
    from pygments.formatters.html import HtmlFormatter

    return str(colour(code, _lexer(name), HtmlFormatter(nowrap=True)))


@cache
def _lexer(name: str) -> Lexer:
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(name, stripnl=False)
