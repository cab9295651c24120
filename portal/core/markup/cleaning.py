"""The second wall: an explicit list of elements, attributes and values. The first is that raw HTML is never parsed."""

from __future__ import annotations

import re
from functools import cache

import nh3

_TAGS = (
    "a abbr blockquote br code dd del details div dl dt em figcaption figure h2 h3 h4 h5 h6 hr img kbd li ol p pre s"
    " section span strong sub summary sup table tbody td th thead tr ul"
)
_OWN_ID = r"md[xa-z0-9-]*-[\w-]{1,120}"
_VALUES = {
    ("a", "aria-label"): r"[0-9]{1,6}",
    ("a", "class"): r"footnote-back",
    ("a", "data-file"): r"file:[0-9]+|assets/[\w./-]+",
    ("a", "data-kb"): r"(?:[a-z0-9-]+(?:#[\w-]+)?)?",
    ("a", "href"): r"https?://.*|mailto:.*|#.*|/(?!/).*",
    ("a", "id"): _OWN_ID,
    ("a", "rel"): r"nofollow noopener",
    ("a", "title"): r".*",
    ("abbr", "title"): r".*",
    ("code", "class"): r"language-[a-z0-9+#-]+",
    ("details", "class"): r"fold",
    ("div", "class"): r"callout callout-(?:note|tip|warning|danger)|step-body|table-scroll",
    ("div", "role"): r"note",
    ("div", "tabindex"): r"0",
    ("img", "alt"): r".*",
    ("img", "data-file"): r"file:[0-9]+|assets/[\w./-]+",
    ("kbd", "class"): r"keys",
    ("li", "class"): r"step",
    ("li", "id"): _OWN_ID,
    ("ol", "class"): r"steps",
    ("ol", "data-steps"): r"[0-9]{1,6}",
    ("ol", "start"): r"[0-9]{1,9}",
    ("p", "class"): r"expected|step-text|callout-title|variant-title",
    ("p", "data-platform"): r"windows|macos|phone|linux",
    ("p", "id"): _OWN_ID,
    ("pre", "class"): r"code",
    ("pre", "tabindex"): r"0",
    ("section", "class"): r"variant|footnotes",
    ("section", "data-platform"): r"windows|macos|phone|linux",
    ("span", "class"): r"[a-z]{1,2}[a-z0-9]?|dead-image|step-slot|visually-hidden",
    ("span", "data-number"): r"[0-9]{1,9}",
    ("span", "data-step"): r"[0-9]{1,6}-[0-9]{1,9}",
    ("span", "data-word"): r"[a-z]+",
    ("sup", "class"): r"footnote-ref",
    ("td", "class"): r"align-(?:left|right|center)",
    ("th", "class"): r"align-(?:left|right|center)",
    ("th", "scope"): r"col",
    **{(f"h{n}", "id"): _OWN_ID for n in range(2, 7)},
}
_ALLOWED = {key: re.compile(values, re.DOTALL) for key, values in _VALUES.items()}


def clean(html: str) -> str:
    """Return the HTML with everything dropped that rendering does not make."""
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    attributes: dict[str, set[str]] = {}
    for tag, name in _ALLOWED:
        attributes.setdefault(tag, set()).add(name)
    return nh3.Cleaner(
        tags=set(_TAGS.split(" ")),
        attributes=attributes,
        attribute_filter=_keep,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _keep(tag: str, name: str, value: str) -> str | None:
    allowed = _ALLOWED.get((tag, name))
    return value if allowed and allowed.fullmatch(value) else None
