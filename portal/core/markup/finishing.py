"""The last touch, on HTML that is already clean: tick boxes, links to articles, pictures, words of the reader.

Everything here replaces slots that only `writing` can make.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape

from portal.core.markup.rendered import Finding, Rendered

Resolve = Callable[[str], str | None]

_SLOT = re.compile(
    r'(<li class="step" id="(md[^"]*-)step-[0-9]+-[0-9]+">)'
    r'<span class="step-slot" data-step="([0-9]+-[0-9]+)" data-number="([0-9]+)"></span>'
)
_LINK = re.compile(r'<a data-(kb|file)="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_PICTURE = re.compile(r'<img data-file="([^"]*)" alt="([^"]*)">')
_WORD = re.compile(r'<span data-word="([a-z]+)">[^<]*</span>')


def add_ticks(html: str) -> str:
    """Put a tick box and its number before every step; the box is named by the number and the words of the step."""
    return _SLOT.sub(
        r'\1<input type="checkbox" class="step-tick" id="\2tick-\3" aria-labelledby="\2number-\3 \2say-\3"'
        r' autocomplete="off"><label class="step-number" id="\2number-\3" for="\2tick-\3">\4</label>',
        html,
    )


def resolve(rendered: Rendered, *, links: Resolve | None, files: Resolve | None) -> Rendered:
    """Turn `kb:` links and own files into addresses; what leads nowhere becomes plain words and a warning.

    `links` gets the slug, `files` gets `file:12` or `assets/menu.png`; both may answer nothing.
    """
    dead: dict[Finding, None] = {}

    def link(found: re.Match[str]) -> str:
        kind, target, rest, words = found[1], unescape(found[2]), found[3], found[4]
        slug, _, heading = target.partition("#")
        ask = links if kind == "kb" else files
        url = ask(slug) if ask and slug else None
        if url is None:
            if target:
                dead[Finding("dead-link", ("kb:" if kind == "kb" else "") + target)] = None
            return f'<span class="dead-link">{words}</span>'
        anchor = f"#md-{heading}" if heading else ""
        return f'<a href="{escape(url + anchor)}"{rest}>{words}</a>'

    def picture(found: re.Match[str]) -> str:
        url = files(unescape(found[1])) if files else None
        if url is None:
            dead[Finding("dead-image", unescape(found[1]))] = None
            return f'<span class="dead-image">{found[2]}</span>'
        return f'<img src="{escape(url)}" alt="{found[2]}" loading="lazy">'

    html = _PICTURE.sub(picture, _LINK.sub(link, rendered.html))
    steps = tuple(replace(step, html=_PICTURE.sub(picture, _LINK.sub(link, step.html))) for step in rendered.steps)
    return replace(rendered, html=html, steps=steps, warnings=(*rendered.warnings, *dead))


def in_words_of(html: str, word: Callable[[str], str]) -> str:
    """Tell the names of blocks (Note, Warning, Phone…) in other words, usually those of the reader's language."""
    return _WORD.sub(lambda found: f'<span data-word="{found[1]}">{escape(word(found[1]))}</span>', html)
