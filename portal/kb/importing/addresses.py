"""Where links between imported pages lead: by path, by the address a page had, by the addresses it had before."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from portal.kb.importing.frontmatter import texts
from portal.kb.importing.pages import Page, bare

MOST_OLD = 30
LONGEST = 300
_ENDING = re.compile(r"(?:/index|/readme)?\.(?:md|markdown|html?)$|/index$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A page a link leads to; `anchor` is ours, empty for its beginning, and None when it has no such heading."""

    page: Page
    anchor: str | None = ""


def normal(address: str) -> str:
    """Return the form in which addresses are compared and kept: a path from the root, without ending and last slash.

    >>> normal("/About/index.md"), normal("about/"), normal("/x/y.html")
    ('/about', '/about', '/x/y')
    """
    path = posixpath.normpath("/" + unquote(address.split("#")[0].split("?")[0]).strip().strip("/"))
    return ("/" + _ENDING.sub("", path).strip("/")).casefold()


def old_addresses(page: Page) -> list[str]:
    """Return the addresses this page says it had."""
    stated = [*texts(page.values.get("permalink")), *texts(page.values.get("redirect_from"), most=MOST_OLD)]
    return [one for one in stated if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", one) and len(one) <= LONGEST]


class Addresses:
    """The addresses of everything that is imported together."""

    def __init__(self, pages: Sequence[Page], files: Mapping[str, Path]) -> None:
        self._files = {path.casefold(): path for path in files}
        self._by_address: dict[str, Page] = {}
        self.own: dict[str, Page] = {}
        """Addresses by which readers may come, each with the page it belongs to."""
        for page in pages:
            self.own.setdefault(normal(page.place), page)
        for page in pages:
            for address in old_addresses(page):
                self.own.setdefault(normal(address), page)
        self._by_address.update(self.own)
        self.own.pop("/", None)  # the front door is ours
        for page in pages:
            self._by_address.setdefault(normal(page.path), page)
        for page in pages:  # `x/x.md` is what its folder is about, where the folder has no index
            if page.folders and page.stem == page.folders[-1]:
                self._by_address.setdefault(normal("/".join(page.folders)), page)
        # What comes from the same folder below another root: most sites leave the root out of their addresses.
        roots = {page.path.removesuffix(page.place) for page in pages}
        self._roots = sorted({"", *roots}, key=len)

    def page(self, target: str, source: Page) -> Found | None:
        """Return the page a target on another page means: from the root, or from where the other page stands."""
        path, _hash, anchor = target.partition("#")
        for candidate in self._candidates(path, source):
            found = self._by_address.get(normal(candidate))
            if found is not None:
                known = found.anchors.get(bare(unquote(anchor))) if anchor else ""
                return Found(found, known)
        return None

    def file(self, target: str, source: Page) -> str | None:
        """Return the path of the file a target means."""
        path = unquote(target.split("#")[0].split("?")[0])
        here = posixpath.dirname(source.path)
        for candidate in (posixpath.join(here, path), *(root + path.lstrip("/") for root in self._roots)):
            found = self._files.get(posixpath.normpath(candidate).lstrip("/").casefold())
            if found is not None:
                return found
        return None

    def _candidates(self, path: str, source: Page) -> list[str]:
        if path.startswith("/"):
            return [path]
        # A site shows each page as a folder, so `../b/` leads to a neighbour; in a folder of files `b.md` does.
        here, folder = normal(source.place), posixpath.dirname("/" + source.place)
        as_folder, as_file = posixpath.join(here, path), posixpath.join(folder, path)
        return [as_file, as_folder, path] if _ENDING.search(path) else [as_folder, as_file, path]
