"""Markdown to safe HTML, step by step: parse, write, clean, add the tick boxes. The guard has looked before."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from portal.core.markup import cleaning, dialect, finishing, reading, writing
from portal.core.markup.highlighting import COLOUR_BUDGET
from portal.core.markup.rendered import Rendered, Step

_SCOPE = re.compile(r"[a-z0-9]{0,20}")
_STEP_TEXT = re.compile(r'<p class="step-text" id="[^"]*"(?: data-platform="([a-z]+)")?>(.*?)</p>', re.DOTALL)


def parse_article(text: str, scope: str = "") -> Rendered:
    """Render everything but what needs the database: links to articles and files stay slots."""
    env = environment(scope)
    html = _made(dialect.article(), text, env)
    return Rendered(
        html=html,
        text=reading.plain(html),
        headings=tuple(env["headings"]),
        platforms=writing.in_order(env["platforms"]),
        passages=reading.passages(html),
        steps=tuple(Step(found[1] or "", found[2].strip()) for found in _STEP_TEXT.finditer(html)),
        links=tuple(env["links"]),
        external=tuple(env["external"]),
        files=tuple(env["files"]),
        warnings=tuple(sorted(env["findings"], key=lambda finding: finding.line or 0)),
    )


def parse_comment(text: str) -> Rendered:
    """Render the small dialect of comments."""
    env = environment("")
    html = _made(dialect.comment(), text, env)
    return Rendered(html=html, text=reading.plain(html), links=tuple(env["links"]), external=tuple(env["external"]))


def _made(md: MarkdownIt, text: str, env: dict) -> str:
    # CommonMark replaces NUL by U+FFFD; other control characters mean nothing in a text and only hide things.
    html = md.render(text.translate(_CONTROL), env)
    return finishing.add_ticks(cleaning.clean(html))


_CONTROL = dict.fromkeys((*range(1, 9), 11, 12, *range(14, 32), 127))


def environment(scope: str) -> dict:
    """Return what the rules of the dialect share while one text is rendered."""
    if not _SCOPE.fullmatch(scope):
        raise ValueError(f"{scope!r} cannot be part of an anchor")
    # Anchors of headings and those we make ourselves begin differently, so neither can take the other's name.
    return {
        "prefix": f"md-{scope}-" if scope else "md-",
        "own": f"mdx-{scope}-" if scope else "mdx-",
        "abbreviations": {},
        "explained": 0,
        "findings": [],
        "headings": [],
        "links": {},
        "external": {},
        "files": {},
        "platforms": set(),
        "colour_budget": COLOUR_BUDGET,
    }
