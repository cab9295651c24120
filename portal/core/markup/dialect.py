"""The Markdown dialect of the portal, put together once per process: one for articles and answers, one for comments.

Raw HTML is off in both: it shows as the text it is. ADR 0006 says why this parser.
"""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from portal.core.markup import blocks, inlines, structure, targets, writing

_NOT_IN_COMMENTS = (
    "heading", "lheading", "table", "hr", "reference", "own_block", "abbreviation", "footnote_def", "deflist",
    "footnote_ref", "image", "steps",
)  # fmt: skip


@cache
def article() -> MarkdownIt:
    """Return the whole dialect; safe to share between threads, since everything of one text lives in its env."""
    md = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    blocks.install(md)
    inlines.install(md)
    structure.install(md)
    writing.install(md)
    md.validateLink = lambda url: bool(targets.kind_of(url))  # type: ignore[method-assign]
    return md


@cache
def comment() -> MarkdownIt:
    """Return the small dialect: words, emphasis, code, quotes, lists, links; a new line is a new line."""
    md = article.__wrapped__()
    md.disable(list(_NOT_IN_COMMENTS))
    md.options["breaks"] = True
    return md
