"""The judge of hostile texts: what in this HTML would a browser run or obey? It parses as browsers do (html5lib)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import html5lib

_ACTIVE = frozenset(
    [
        "animate",
        "applet",
        "audio",
        "base",
        "body",
        "button",
        "embed",
        "form",
        "frame",
        "frameset",
        "head",
        "html",
        "iframe",
        "link",
        "marquee",
        "math",
        "meta",
        "object",
        "option",
        "script",
        "select",
        "set",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
_ADDRESSES = frozenset(
    [
        "action",
        "background",
        "cite",
        "codebase",
        "data",
        "dynsrc",
        "formaction",
        "href",
        "longdesc",
        "lowsrc",
        "manifest",
        "ping",
        "poster",
        "src",
        "srcset",
        "xlink:href",
    ]
)
_HARMLESS = re.compile(r"(?:https?:|mailto:|[/#?]|[^:]*$)", re.IGNORECASE)
# Browsers drop these before they read the scheme of an address.
_DROPPED = re.compile(r"[\x00-\x20\x7f-\x9f]")


def live_things(html: str) -> list[str]:
    """Name everything in the HTML that is more than text, pictures and links; an empty list is what we want."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [found for element in tree.iter() for found in _of(element)]


def _of(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):  # a comment
        return
    tag = element.tag.rsplit("}", 1)[-1].lower()
    if tag in _ACTIVE:
        yield f"<{tag}>"
    if tag == "input" and element.attrib.get("type") != "checkbox":
        yield "<input>"
    for name, value in element.attrib.items():
        key = str(name).rsplit("}", 1)[-1].lower()
        if key.startswith("on") or key in ("style", "srcdoc"):
            yield f"{tag} {key}={value[:60]}"
        if key in _ADDRESSES and not _HARMLESS.match(_DROPPED.sub("", value)):
            yield f"{tag} {key}={value[:60]}"
