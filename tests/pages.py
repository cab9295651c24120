"""Reading a page as its reader's browser would, to ask for headings, links, forms and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib


class Page:
    """A parsed page, or a piece of one."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root: Element = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return a tag's elements with these attributes; `class_` and `aria_label` stand for `class`, `aria-label`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.root.iter(tag) if all(e.get(name) == value for name, value in wanted.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only such element; a test that meets none or two has found something."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag} {attributes}>"
        return found[0]

    @property
    def title(self) -> str:
        return words(self.one("title"))

    @property
    def heading(self) -> str:
        return words(self.one("h1"))

    @property
    def text(self) -> str:
        """Everything a reader sees of the body, scripts and templates apart, with single spaces."""
        return words(self.one("body"))

    @property
    def links(self) -> dict[str, str]:
        """Return the links' words with their addresses; of two with the same words the first."""
        found: dict[str, str] = {}
        for link in self.all("a"):
            found.setdefault(words(link), link.get("href", ""))
        return found

    def ids(self) -> list[str]:
        return [element.get("id", "") for element in self.root.iter() if element.get("id") is not None]

    def form(self, action: str) -> dict[str, str]:
        """Return what the form with this action would send as it stands (its first submit button included)."""
        form = next((f for f in self.all("form") if f.get("action") == action), None)
        assert form is not None, f"no form sends to {action}; there are {[f.get('action') for f in self.all('form')]}"
        return dict(fields(form))


def fields(form: Element) -> Iterator[tuple[str, str]]:
    """Yield the names and values a browser would send for this form."""
    for element in form.iter():
        name = element.get("name")
        if not name or element.get("disabled") is not None:
            continue
        if element.tag == "textarea":
            yield name, "".join(element.itertext()).removeprefix("\n")
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            yield from ((name, o.get("value", words(o))) for o in chosen)
        elif element.tag == "input" and element.get("type") not in ("submit", "image", "file", "button"):
            is_choice = element.get("type") in ("checkbox", "radio")
            if not is_choice or element.get("checked") is not None:
                yield name, element.get("value", "on" if is_choice else "")


def words(element: Any) -> str:
    """Return the text of an element as a reader sees it."""

    def pieces(node: Any) -> Iterator[str]:
        if node.tag in ("script", "style", "template"):
            return
        yield node.text or ""
        for child in node:
            yield from pieces(child)
            yield child.tail or ""

    return re.sub(r"\s+", " ", "".join(pieces(element))).strip()
