"""Reading a folder of articles: what each file says of itself. Bodies are read again when their turn comes."""

from __future__ import annotations

import hashlib
import html
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from portal.core import markup
from portal.core.importing import Given, Row, Unusable
from portal.files.kinds import KINDS
from portal.imports import archives, services
from portal.imports.unpacking import Member, shown
from portal.kb.importing.frontmatter import Split, Unreadable, split
from portal.kb.syncing import content
from portal.kb.syncing.content import CategoryEntry

ENDINGS = (".md", ".markdown")
CATEGORIES = "categories.toml"
TITLE = 200
_HEADING = re.compile(r"^[ \t>]{0,8}#{1,6}[ \t]+(.{1,300}?)[ \t#]*$|<h[1-6][^<>]{0,200}>(.{1,300}?)</h[1-6]>", re.M)
_NAMED = re.compile(r"\{#([\w-]{1,60})\}|<a\s+(?:id|name)=[\"']([\w-]{1,60})[\"']")
_MARKS = re.compile(r"\{%[^%]{0,300}%\}|\]\([^()]{0,500}\)|<[^<>]{0,300}>|[`*_\[\]]|\{#[\w-]{1,60}\}")
_INLINE = re.compile(r"</?(?:abbr|b|br|code|em|i|small|span|strong|sub|sup)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_FENCED = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1", re.M | re.S)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A file with front matter."""

    path: str
    """As the archive calls it."""
    place: str
    """The same below the folder that holds everything, so that a new version of an archive is known again."""
    file: Path
    values: dict[str, Any]
    lines: dict[str, int] = field(repr=False)
    body_line: int
    body_at: int
    title: str
    anchors: dict[str, str] = field(repr=False)
    """Our anchors of its headings, by what is left of a foreign one when nothing but letters and digits counts."""
    checksum: str

    @property
    def folders(self) -> tuple[str, ...]:
        return tuple(self.place.split("/")[:-1])

    @property
    def stem(self) -> str:
        """The name of the file without its ending; of an index, that of its folder."""
        name = self.place.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return self.folders[-1] if name.lower() in ("index", "readme", "_index") and self.folders else name

    def line_of(self, key: str) -> int:
        return self.lines.get(key, 1)


@dataclass(frozen=True)
class Folder(Sequence[Row]):
    """Everything that was brought: a row for each file that may be an article, and what else lies there."""

    rows: list[Row]
    files: dict[str, Path]
    """Pictures and documents, by path."""
    categories: tuple[CategoryEntry, ...]

    def __getitem__(self, key: Any) -> Any:
        return self.rows[key]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def pages(self) -> list[Page]:
        return [row.values["page"] for row in self.rows if "page" in row.values]


def _is_wanted(name: str) -> bool:
    lower = name.lower()
    return lower.endswith((*ENDINGS, *(f".{ending}" for ending in KINDS))) or lower.endswith(CATEGORIES)


@contextmanager
def read(path: Path, given: Given) -> Iterator[Folder]:
    """Read a folder or archive; its files are there while the block lasts. Refuses (Unusable) one without articles."""
    with archives.opened(path, wanted=_is_wanted, work=services.folder()) as members:
        folder = _read(members)
        if not folder.pages and not any(row.problem and not row.is_foreign for row in folder.rows):
            raise Unusable(_("There is no article in it: no Markdown file that begins with front matter."))
        yield folder


def _read(members: Sequence[Member]) -> Folder:
    categories, base = _categories(members)
    top = _common([member.name for member in members])
    rows: list[Row] = []
    files: dict[str, Path] = {}
    for member in members:
        place = member.name.removeprefix(base or top)
        if member.name.lower().endswith(ENDINGS):
            rows.append(read_page(member.name, place, member.content))
        elif _is_wanted(member.name):
            files[member.name] = member.content
        else:
            rows.append(
                Row(path=shown(member.name), problem=_("Files of this kind are not imported."), is_foreign=True)
            )
    return Folder(_below_their_folder(rows), files, categories)


def _common(names: Sequence[str]) -> str:
    """Return the folder that holds all of them, with its slash."""
    if not names or any("/" not in name for name in names):
        return ""
    common = os.path.commonpath([name.rsplit("/", 1)[0] for name in names])
    return f"{common}/" if common else ""


def _below_their_folder(rows: list[Row]) -> list[Row]:
    """Leave out of the pages' places the folder in which they all lie beside other things."""
    common = _common([row.values["page"].place for row in rows if "page" in row.values])
    if not common:
        return rows
    found = []
    for row in rows:
        page = row.values.get("page")
        if page is None:
            found.append(row)
        else:
            inner = Page(**{**vars(page), "place": page.place.removeprefix(common)})
            found.append(Row(path=row.path, values={"page": inner}))
    return found


def _categories(members: Sequence[Member]) -> tuple[tuple[CategoryEntry, ...], str]:
    """Return the topics an export of ours states, and the folder it lies in."""
    named = [member for member in members if member.name.rsplit("/", 1)[-1] == CATEGORIES]
    if not named:
        return (), ""
    chosen = min(named, key=lambda member: member.name.count("/"))
    problems: list[content.Problem] = []
    entries = content.read_categories(chosen.content, problems)
    if problems:
        raise Unusable(f"{chosen.name}: {problems[0].message}")
    return tuple(entries), chosen.name.removesuffix(CATEGORIES)


def read_page(name: str, place: str, file: Path) -> Row:
    """Return the row of one file, with what is wrong with it."""
    path = shown(name)

    def wrong(line: int, message: str) -> Row:
        return Row(path=path, line=line, problem=message)

    raw = file.read_bytes() if file.stat().st_size <= 4 * content.LIMIT else b""
    if not raw and file.stat().st_size:
        return wrong(1, _("It is longer than %(n)s characters.", n=content.LIMIT))
    try:
        found = split(_text(raw))
    except UnicodeDecodeError as trouble:
        line = raw.count(b"\n", 0, trouble.start) + 1
        return wrong(line, _("It is not UTF-8: %(reason)s.", reason=trouble.reason))
    except Unreadable as trouble:
        return wrong(trouble.line, trouble.message)
    if found is None:
        return Row(path=path, problem=_("It has no front matter, so it is not an article."), is_foreign=True)
    title = found.values.get("title")
    if not isinstance(title, str | int | float) or not str(title).strip():
        return wrong(found.lines.get("title", 1), _("The front matter has no title."))
    if len(found.body) > content.LIMIT:
        return wrong(found.body_line, _("It is longer than %(n)s characters.", n=content.LIMIT))
    return Row(path=path, values={"page": _page(path, place, file, found, raw)})


def _page(path: str, place: str, file: Path, found: Split, raw: bytes) -> Page:
    return Page(
        path=path,
        place=place,
        file=file,
        values=found.values,
        lines=found.lines,
        body_line=found.body_line,
        body_at=found.body_at,
        title=plain_title(str(found.values["title"])),
        anchors=anchors(found.body),
        checksum=hashlib.sha256(raw).hexdigest(),
    )


def plain_title(stated: str) -> str:
    """Return a title without the HTML that generators let it hold.

    >>> plain_title("Set up <em>before</em> you start &amp; after")
    'Set up before you start & after'
    """
    return " ".join(html.unescape(_INLINE.sub("", stated)).split())[:TITLE]


def body_of(page: Page) -> str:
    """Read the body again."""
    return _text(page.file.read_bytes())[page.body_at :]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\0", "")


def anchors(body: str) -> dict[str, str]:
    """Return the anchors our headings will have, by their bare letters and digits."""
    found: dict[str, str] = {}
    taken: dict[str, int] = {}
    for heading in _HEADING.finditer(_FENCED.sub("", body)):
        words = heading[1] or heading[2] or ""
        named = _NAMED.search(words)
        name = (named[1] or named[2]) if named else markup.slug(_MARKS.sub("", words))
        taken[name] = taken.get(name, 0) + 1
        anchor = name if taken[name] == 1 else f"{name}-{taken[name]}"
        found.setdefault(bare(anchor), anchor)
    return found


def bare(anchor: str) -> str:
    """Return what is left of an anchor when generators' habits are taken away; long ones are cut, as ours are.

    >>> bare("what-s_new?"), bare("Whats-new")
    ('whatsnew', 'whatsnew')
    """
    return "".join(char for char in anchor.casefold() if char.isalnum())[:45]
