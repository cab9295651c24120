"""What the links, pictures and template tags of a foreign page become; what leads nowhere is told with its line.

A picture or document becomes a number that stands for it until it is stored; a link to another page becomes ours.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from flask_babel import gettext as _

from portal.core import markup
from portal.core.importing import Note
from portal.files.kinds import KINDS
from portal.kb.importing import tags
from portal.kb.importing.addresses import Addresses
from portal.kb.importing.pages import Page, bare

MOST_NOTES = 200
FILE = 10**17
"""Numbers of files that are not stored yet begin here."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:")


@dataclass
class Converted:
    """What became of a page."""

    body: str = ""
    notes: list[Note] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """Paths of the pictures and documents it shows; the n-th is `file:{FILE + n}` in the body."""


class Linker:
    """Where one page leads, and what is to be said of it."""

    def __init__(self, page: Page, body: str, addresses: Addresses, slug_of: Callable[[Page], str]) -> None:
        self.made = Converted()
        self.text = body
        self._page, self._addresses, self._slug_of = page, addresses, slug_of
        self._lines = [0, *(found.end() for found in re.finditer("\n", body))]

    def note(self, at: int, text: str) -> None:
        if len(self.made.notes) < MOST_NOTES:
            line = self._page.body_line + bisect.bisect_right(self._lines, at) - 1
            self.made.notes.append(Note(line, text))

    def own_file(self, path: str, at: int) -> int:
        """Return the number of a file our own export wrote, 0 when it is not there."""
        found = self._addresses.file(path, self._page)
        if found is None:
            self.note(at, _("This picture is missing: %(path)s", path=path))
        return self._file(found) if found else 0

    def link(self, words: str, target: str, at: int, *, is_picture: bool) -> str:
        """Return a link or picture in our Markdown; words alone where it leads nowhere."""
        target = self.plain(target).strip().strip("<>").strip()
        if is_picture:
            return self._picture(words, target, at)
        url = self.resolve(target, at)
        if url is None:
            return words
        return f"[{words}]({url})" if words.strip() else ""

    def _picture(self, words: str, target: str, at: int) -> str:
        words = " ".join(words.split())
        if re.match(r"https?://", target, re.IGNORECASE):
            self.note(at, _("This picture lies on another site, so it became a link: %(url)s", url=target[:200]))
            return f"[{words or _('Picture')}](<{target}>)"
        path = self._addresses.file(target, self._page) if not _SCHEME.match(target) else None
        if path is None:
            self.note(at, _("This picture is missing: %(path)s", path=target[:200]))
            return f"({_('Picture: %(words)s', words=words)})" if words else ""
        kind = KINDS[path.rsplit(".", 1)[-1].lower()]
        mark = "!" if kind.picture else ""
        return f"{mark}[{words or path.rsplit('/', 1)[-1]}](file:{self._file(path)})"

    def _file(self, path: str) -> int:
        if path not in self.made.files:
            self.made.files.append(path)
        return FILE + self.made.files.index(path)

    def resolve(self, target: str, at: int) -> str | None:
        """Return where a link leads as our Markdown has it, None when it is better off as words."""
        if _SCHEME.match(target):
            if re.match(r"(?:https?://|mailto:)", target, re.IGNORECASE):
                return f"<{target}>" if re.search(r"[()\s]", target) else target
            self.note(at, _("Links of this kind are left out: %(target)s", target=target[:80]))
            return None
        if target.startswith("#"):
            return self._here(target[1:], at)
        if target == "/":
            return target
        if not target or target.startswith("//"):
            self.note(at, _("This link leads nowhere: %(target)s", target=target[:200] or "()"))
            return None
        found = self._addresses.page(target, self._page)
        if found is None:
            return self._elsewhere(target, at)
        slug = self._slug_of(found.page)
        if found.anchor is None:
            self.note(at, _("The page has no such heading: %(target)s", target=target[:200]))
        return f"kb:{slug}#{found.anchor}" if found.anchor else f"kb:{slug}"

    def _here(self, anchor: str, at: int) -> str | None:
        known = self._page.anchors.get(bare(unquote(anchor)))
        if known is None:
            self.note(at, _("This page has no such heading: %(target)s", target=f"#{anchor}"[:200]))
            return None
        return f"#{known}"

    def _elsewhere(self, target: str, at: int) -> str | None:
        path = self._addresses.file(target, self._page)
        if path is not None:
            return f"file:{self._file(path)}"
        self.note(at, _("This link leads nowhere: %(target)s", target=target[:200]))
        # The link stays where an editor finds it; readers see its words until somebody writes that article.
        name = markup.slug(target.split("#")[0].split("?")[0].replace("/", " "))
        return f"kb:{name}" if re.fullmatch(r"[a-z0-9-]+", name) and "." not in target else None

    # Template tags

    def plain(self, text: str) -> str:
        """Return a target or attribute with the template tags in it told."""
        found, at = [], 0
        for spot in re.finditer(r"\{[%{]", text):
            if spot.start() < at:
                continue
            tag = tags.at(text, spot.start())
            if tag is None:
                continue
            found += [text[at : spot.start()], self._told(tag)]
            at = tag.end
        return "".join([*found, text[at:]])

    @staticmethod
    def _told(tag: tags.Tag) -> str:
        if tag.name in ("page", "link", "url") and not _SCHEME.match(tag.first) and not tag.first.startswith("#"):
            return "/" + tag.first.lstrip("/")
        return tag.first if tag.name in ("page", "link", "url", "download", "image", "") else ""

    def tag(self, tag: tags.Tag, at: int) -> str:
        """Return what stands for a template tag in the text; what we do not know is left out and reported."""
        if tag.name == "":
            return tag.first
        if tag.name == "slack_channel":
            name = f"#{tag.first.lstrip('#')}"
            words = tag.arguments[1] if len(tag.arguments) > 1 else ""
            return f"{words} ({name})" if words and name not in words else words or name
        if tag.name in ("page", "link"):
            found = self._addresses.page("/" + tag.first.lstrip("/"), self._page)
            words = found.page.title if found else tag.first
            return self.link(words, self._told(tag), at, is_picture=False)
        if tag.name in ("image", "image_with_class"):
            words = tag.arguments[-1] if len(tag.arguments) > 1 else ""
            return self._picture(words, tag.first, at)
        shown = tag.first if tag.name == "{{" else " ".join([tag.name, *tag.arguments])
        marks = ("{{ ", " }}") if tag.name == "{{" else ("{% ", " %}")
        self.note(at, _("This template tag was left out: %(tag)s", tag=f"{marks[0]}{shown[:120]}{marks[1]}"))
        return ""
