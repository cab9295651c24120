"""From tokens to HTML: the elements of our own. Whatever an author wrote passes through `escape` here.

Tick boxes, links to articles and pictures are written as slots first, because what they become is decided after
cleaning: an author's text can contain no slot, since raw HTML is never let through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from portal.core.markup.blocks import PLATFORMS
from portal.core.markup.highlighting import highlight

WORDS = {
    "note": "Note", "tip": "Tip", "warning": "Warning", "danger": "Danger", "details": "More",
    "windows": "Windows", "macos": "macOS", "phone": "Phone", "linux": "Linux",
}  # fmt: skip
_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]{1,20}")

Tokens = Sequence[Token]


def install(md: MarkdownIt) -> None:
    for rule in (
        heading_open, ordered_list_open, list_item_open, list_item_close, paragraph_open, link_open, link_close, image,
        keys, subscript, explained, fence, code_block, table_open, table_close, th_open, td_open,
        callout_open, callout_title_open, callout_title_close, fold_open, fold_title_open, fold_title_close,
        fold_close, variant_open, variant_close, footnote_ref, footnote_block_open, footnote_block_close,
        footnote_open, footnote_close, footnote_anchor,
    ):  # fmt: skip
        md.add_render_rule(rule.__name__, rule)


def _attr(text: object) -> str:
    return escape(str(text), quote=True)


def said(name: str) -> str:
    """Return the word for a kind of block, marked so that it can be told in the reader's language later."""
    return f'<span data-word="{name}">{WORDS[name]}</span>'


# Steps


def ordered_list_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    token = tokens[i]
    start = int(token.attrGet("start") or 1)
    begin = f' start="{start}"' if start != 1 else ""
    if "n" not in token.meta:
        return f"<ol{begin}>\n"
    return f'<ol class="steps" data-steps="{token.meta["n"]}"{begin}>\n'


def list_item_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    step = tokens[i].meta.get("step")
    if not step:
        return "<li>"
    return (
        f'<li class="step" id="{env["own"]}step-{step}"><span class="step-slot" data-step="{step}" '
        f'data-number="{tokens[i].meta["number"]}"></span><div class="step-body">'
    )


def list_item_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</div></li>\n" if tokens[i].meta.get("step") else "</li>\n"


def paragraph_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    token = tokens[i]
    if token.hidden:
        return ""
    if token.meta.get("is_expected"):
        return '<p class="expected">'
    if step := token.meta.get("step"):
        platform = f' data-platform="{token.meta["platform"]}"' if token.meta["platform"] else ""
        return f'<p class="step-text" id="{env["own"]}say-{step}"{platform}>'
    return "<p>"


def heading_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f'<{tokens[i].tag} id="{_attr(tokens[i].attrGet("id"))}">'


# Links and pictures


def link_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    kind, target = tokens[i].meta["kind"], tokens[i].meta["target"]
    title = f' title="{_attr(tokens[i].attrGet("title"))}"' if tokens[i].attrGet("title") else ""
    match kind:
        case "external":
            return f'<a href="{_attr(target)}" rel="nofollow noopener"{title}>'
        case "mail" | "path":
            return f'<a href="{_attr(target)}"{title}>'
        case "here":
            return f'<a href="#{_attr(env["prefix"] + target[1:])}"{title}>'
        case "article":
            return f'<a data-kb="{_attr(target.removeprefix("kb:"))}"{title}>'
        case "file":
            return f'<a data-file="{_attr(target)}"{title}>'
    return '<a data-kb="">'


def link_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</a>"


def image(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    meta, title = tokens[i].meta, tokens[i].attrGet("title")
    if not meta["file"]:
        return f'<span class="dead-image">{escape(meta["alt"])}</span>'
    picture = f'<img data-file="{_attr(meta["file"])}" alt="{_attr(meta["alt"])}">'
    if not meta.get("is_figure"):
        return picture
    return f"<figure>{picture}<figcaption>{escape(str(title))}</figcaption></figure>\n"


# Words


def keys(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    pressed = "+".join(f"<kbd>{escape(key)}</kbd>" for key in tokens[i].meta["keys"])
    return f'<kbd class="keys">{pressed}</kbd>'


def subscript(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f"<sub>{escape(tokens[i].content)}</sub>"


def explained(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f'<abbr title="{_attr(tokens[i].meta["title"])}">{escape(tokens[i].content)}</abbr>'


# Code and tables. Both may be wider than the page and then scroll, so the keyboard has to reach them.


def fence(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    token = tokens[i]
    found = _LANGUAGE.match(token.info.strip())
    language = found[0].lower() if found else ""
    coloured = highlight(token.content, language, env["colour_budget"])
    env["colour_budget"] -= len(token.content)
    name = f' class="language-{_attr(language)}"' if language else ""
    return f'<pre class="code" tabindex="0"><code{name}>{coloured}</code></pre>\n'


def code_block(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f'<pre class="code" tabindex="0"><code>{escape(tokens[i].content, quote=False)}</code></pre>\n'


def table_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return '<div class="table-scroll" tabindex="0"><table>\n'


def table_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _aligned(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    return f' class="align-{style.removeprefix("text-align:")}"' if style else ""


def th_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f'<th scope="col"{_aligned(tokens[i])}>'


def td_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f"<td{_aligned(tokens[i])}>"


# Blocks


def callout_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f'<div class="callout callout-{tokens[i].meta["name"]}" role="note">\n'


def callout_title_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    word = said(tokens[i].meta["name"])
    if not tokens[i].meta["is_titled"]:
        return f'<p class="callout-title">{word}'
    return f'<p class="callout-title"><span class="visually-hidden">{word}: </span>'


def callout_title_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</p>\n"


def fold_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return '<details class="fold">'


def fold_title_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "<summary>" + ("" if tokens[i].meta["is_titled"] else said("details"))


def fold_title_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</summary>\n"


def fold_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</details>\n"


def variant_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    name = tokens[i].meta["name"]
    env["platforms"].add(name)
    return f'<section class="variant" data-platform="{name}"><p class="variant-title">{said(name)}</p>\n'


def variant_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</section>\n"


def in_order(platforms: set[str]) -> tuple[str, ...]:
    return tuple(name for name in PLATFORMS if name in platforms)


# Footnotes


def footnote_ref(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    n, again = tokens[i].meta["id"] + 1, tokens[i].meta.get("subId", 0)
    own = env["own"]
    return f'<sup class="footnote-ref"><a href="#{own}fn-{n}" id="{own}ref-{n}-{again}">{n}</a></sup>'


def footnote_block_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return '<section class="footnotes"><ol>\n'


def footnote_block_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</ol></section>\n"


def footnote_open(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return f'<li id="{env["own"]}fn-{tokens[i].meta["id"] + 1}">'


def footnote_close(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    return "</li>\n"


def footnote_anchor(self: RendererHTML, tokens: Tokens, i: int, options: Any, env: Any) -> str:
    n, again = tokens[i].meta["id"] + 1, tokens[i].meta.get("subId", 0)
    return f' <a class="footnote-back" href="#{env["own"]}ref-{n}-{again}" aria-label="{n}">↩</a>'
