"""Markdown to safe HTML: the only way texts of people become pages.

`render` is for texts we trust not to be hostile (article files, the demo, tests); `render_safely` does the same in a
process of its own that is killed when it takes too long, and is what every form must use. Both go the same way: the
guard looks at size and shape, the text is parsed with raw HTML off, cleaned against an explicit list, and only then
gets its tick boxes, its links to articles and its pictures.
"""

from __future__ import annotations

from portal.core.markup import pool
from portal.core.markup.finishing import Resolve, in_words_of, resolve
from portal.core.markup.guard import ARTICLE_LIMIT, COMMENT_LIMIT, check
from portal.core.markup.reading import plain
from portal.core.markup.rendered import Finding, Heading, Passage, Rendered, Step
from portal.core.markup.rendering import parse_article, parse_comment
from portal.core.markup.structure import slug
from portal.core.markup.words import in_reader_language

__all__ = [
    "ARTICLE_LIMIT",
    "COMMENT_LIMIT",
    "VERSION",
    "Finding",
    "Heading",
    "Passage",
    "Rendered",
    "Resolve",
    "Step",
    "in_reader_language",
    "in_words_of",
    "plain",
    "render",
    "render_comment",
    "render_comment_safely",
    "render_safely",
    "slug",
]

VERSION = 1
"""Raised when the same text would give other HTML; stored HTML of an older one is made anew by a sync."""


def render(
    text: str,
    *,
    limit: int = ARTICLE_LIMIT,
    links: Resolve | None = None,
    files: Resolve | None = None,
    scope: str = "",
) -> Rendered:
    """Render an article or answer here and now.

    `links` gets a slug and `files` gets `file:12` or `assets/menu.png`; each answers the address or nothing. `scope`
    keeps anchors apart where several texts share a page (`a12`). Refuses (Invalid, field `body`) what is too much.
    """
    check(text, limit=limit)
    return resolve(parse_article(text, scope), links=links, files=files)


def render_safely(
    text: str,
    *,
    limit: int = ARTICLE_LIMIT,
    links: Resolve | None = None,
    files: Resolve | None = None,
    scope: str = "",
    timeout: float = pool.TIMEOUT,
) -> Rendered:
    """Render like `render`, in a process killed after `timeout` seconds; then it refuses (Invalid, field `body`)."""
    check(text, limit=limit)
    made = pool.shared().parse(text, is_comment=False, scope=scope, timeout=timeout)
    return resolve(made, links=links, files=files)


def render_comment(text: str, *, limit: int = COMMENT_LIMIT, links: Resolve | None = None) -> Rendered:
    """Render a comment: words, emphasis, code, quotes, lists and links; a new line is a new line, headings are not."""
    check(text, limit=limit)
    return resolve(parse_comment(text), links=links, files=None)


def render_comment_safely(
    text: str, *, limit: int = COMMENT_LIMIT, links: Resolve | None = None, timeout: float = pool.TIMEOUT
) -> Rendered:
    """Render like `render_comment`, in a process that is killed after `timeout` seconds."""
    check(text, limit=limit)
    return resolve(pool.shared().parse(text, is_comment=True, scope="", timeout=timeout), links=links, files=None)
