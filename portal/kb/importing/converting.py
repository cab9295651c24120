"""Making our Markdown of a foreign page, in one pass over its text, so that every remark knows its line.

Template tags come first, as they did where the page is from, also within code; then raw HTML; then links. Nothing here
makes HTML: what is left of it is text, and the renderer shows text as text. Each character is looked at a bounded
number of times, for the text is anybody's.
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
from portal.kb.importing import elements, tags
from portal.kb.importing.addresses import Addresses
from portal.kb.importing.pages import Page, bare

MOST_NOTES = 200
DEEPEST = 6
FILE = 10**17
"""Numbers of files that are not stored yet begin here."""
_SPOT = re.compile(r"\{[%{]|`+|<|!?\[|\]|\\[^\n]|\n")
_FENCE = re.compile(r"[ \t>]{0,20}(?:[-*+] {1,4}|[0-9]{1,3}[.)] {1,4})?(`{3,}|~{3,})[^\n]*")
_TARGET = re.compile(
    r"\(\s{0,20}(<[^<>\n]{0,2000}>|(?:[^()\s<>\\{]|\\[^\s]|\{[%{][^}]{0,500}\}|\{(?![%{])|\([^()\s]{0,500}\)){0,2000})"
    r"(?:\s{1,20}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\s{0,20}\)"
)
_DEFINITION = re.compile(r":[ \t]{0,10}(\{%[^}]{0,500}\}|[^\s{]{1,2000})")
_AUTOLINK = re.compile(r"<(?:https?://[^\s<>]{1,2000}|(?:mailto:)?[^\s<>@:]{1,200}@[^\s<>@]{1,200})>")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:")
_KINDS = {"error": "danger", "emergency": "danger", "danger": "danger", "warning": "warning", "success": "tip"}


@dataclass
class Converted:
    """What became of a page."""

    body: str = ""
    notes: list[Note] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """Paths of the pictures and documents it shows; the n-th is `file:{FILE + n}` in the body."""


@dataclass
class _Bracket:
    """A `[` that waits for its target."""

    at: int
    is_picture: bool
    start: int


class Converter:
    """One page being converted."""

    def __init__(self, page: Page, body: str, addresses: Addresses, slug_of: Callable[[Page], str]) -> None:
        self.made = Converted()
        self._page, self._text, self._addresses, self._slug_of = page, body, addresses, slug_of
        self._ends = tags.Ends(body)
        self._lines = [0, *(found.end() for found in re.finditer("\n", body))]

    def convert(self) -> Converted:
        body = _BLANK.sub("\n\n", self.span(0, len(self._text))).strip("\n")
        self.made.body = without_title(body, self._page.title) + "\n"
        self.made.notes.sort(key=lambda note: note.line)
        return self.made

    def keep(self) -> Converted:
        """Take a page of our own making as it is; only its files get their numbers anew."""
        self.made.body = _OWN_FILE.sub(lambda found: f"](file:{self._own(found)}", self._text)
        return self.made

    def _own(self, found: re.Match[str]) -> str:
        path = self._addresses.file(found[1], self._page)
        if path is None:
            self.note(found.start(), _("This picture is missing: %(path)s", path=found[1]))
        return str(self._file(path)) if path else "0"

    def span(self, start: int, end: int, depth: int = 0) -> str:
        return _Span(self, self._text, start, end, depth).run()

    def inline(self, start: int, end: int, depth: int, gap: str = elements.CELL_BREAK) -> str:
        """Convert a piece to one line, as headings and cells need it."""
        lines = (line.strip() for line in self.span(start, end, depth + 1).splitlines())
        return gap.join(line for line in lines if line)

    def note(self, at: int, text: str) -> None:
        if len(self.made.notes) < MOST_NOTES:
            line = self._page.body_line + bisect.bisect_right(self._lines, at) - 1
            self.made.notes.append(Note(line, text))

    def end_of(self, name: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where the element is closed."""
        return self._ends.match(name, elements.CLOSING[name], start, end)

    def end_of_comment(self, start: int, end: int) -> tuple[int, int] | None:
        return self._ends.match("-->", elements.COMMENT_END, start, end)

    def end_of_tag(self, name: str, start: int, end: int) -> tuple[int, int] | None:
        return self._ends.of(name, start, end)

    # Links

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


def without_title(body: str, title: str) -> str:
    """Leave out a first heading that only says the title again."""
    first, _newline, rest = body.partition("\n")
    is_again = first.startswith("# ") and bare(first[2:]) == bare(title)
    return rest.lstrip("\n") if is_again else body


class _Span:
    """A stretch of the page being written."""

    def __init__(self, page: Converter, text: str, start: int, end: int, depth: int) -> None:
        self._page, self._text, self._at, self._end, self._depth = page, text, start, end, depth
        self._out: list[str] = []
        self._brackets: list[_Bracket] = []
        self._anchors: list[tuple[int, str, int]] = []
        self._indents: list[int] = []
        self._lists: list[str] = []
        self._no_run: set[int] = set()

    def run(self) -> str:
        self._begin_line()
        while self._at < self._end:
            spot = _SPOT.search(self._text, self._at, self._end)
            if spot is None:
                self._out.append(self._text[self._at : self._end])
                break
            self._out.append(self._text[self._at : spot.start()])
            self._at = spot.start()
            self._meet(spot[0])
        for at, _target, _start in reversed(self._anchors):
            self._out[at] = ""
        return "".join(self._out)

    def _meet(self, mark: str) -> None:
        if mark in ("{%", "{{"):
            self._tag()
        elif mark == "\n":
            self._put("\n", 1)
            self._begin_line()
        elif mark[0] == "`":
            self._code(len(mark))
        elif mark == "<":
            self._element()
        elif mark in ("[", "!["):
            self._brackets.append(_Bracket(len(self._out), mark == "![", self._at))
            self._put(mark, len(mark))
        elif mark == "]":
            self._close_bracket()
        else:
            self._put(mark, 2)

    def _put(self, text: str, length: int) -> None:
        self._out.append(text)
        self._at += length

    def _begin_line(self) -> None:
        """Take away the indentation an element gave its content, and pass over fenced code."""
        if self._indents:
            n = 0
            while n < self._indents[-1] and self._text[self._at : self._at + 1] == " " and self._at < self._end:
                self._at, n = self._at + 1, n + 1
        fence = _FENCE.match(self._text, self._at, self._end)
        if fence is None:
            return
        closing = re.compile(rf"^[ \t>]{{0,20}}{re.escape(fence[1][0])}{{{len(fence[1])},}}[ \t]*$", re.M)
        found = closing.search(self._text, fence.end(), self._end)
        end = found.end() if found else self._end
        self._out.append(self._in_code(self._at, end))
        self._at = end

    def _in_code(self, start: int, end: int) -> str:
        """Return code with only its template tags told, as a generator would."""
        found, at = [], start
        while (spot := _OPENING.search(self._text, at, end)) is not None:
            found.append(self._text[at : spot.start()])
            piece, at = self._told(spot.start())
            found.append(piece)
        return "".join([*found, self._text[at:end]])

    def _code(self, length: int) -> None:
        """Pass over code within a line."""
        start = self._at + length
        found = None
        if length not in self._no_run:
            found = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(self._text, start, self._end)
        if found is None or "\n\n" in self._text[start : found.start()]:
            if found is None:
                self._no_run.add(length)
            self._put(self._text[self._at : start], length)
            return
        self._out.append(self._in_code(self._at, found.end()))
        self._at = found.end()

    # Template tags

    def _tag(self) -> None:
        tag = tags.at(self._text, self._at)
        if tag is not None and tag.name == "alert" and self._depth < DEEPEST:
            self._alert(tag)
            return
        piece, self._at = self._told(self._at)
        self._out.append(piece)

    def _told(self, at: int) -> tuple[str, int]:
        """Return what stands for the tag at this place, and where the text goes on."""
        tag = tags.at(self._text, at)
        if tag is None or tag.end > self._end + 2_000:
            self._page.note(at, _("This template tag is never closed."))
            return self._text[at], at + 1
        if tag.name in ("raw", "comment"):
            found = self._page.end_of_tag(f"end{tag.name}", tag.end, len(self._text))
            if found is not None:
                return (self._text[tag.end : found[0]] if tag.name == "raw" else ""), found[1]
        if tag.name in ("endraw", "endcomment", "endalert"):
            return "", tag.end
        return self._page.tag(tag, at), tag.end

    def _alert(self, tag: tags.Tag) -> None:
        found = self._page.end_of_tag("endalert", tag.end, self._end)
        if found is None:
            self._page.note(self._at, _("This callout is never closed: %(title)s", title=tag.first[:80]))
            self._at = tag.end
            return
        kind = next((_KINDS[word] for word in tag.arguments[1:] if word in _KINDS), "note")
        inner = self._page.span(tag.end, found[0], self._depth + 1)
        self._block(f"/// {kind}{f' | {tag.first}' if tag.first else ''}", inner, "///")
        self._at = found[1]

    def _block(self, opening: str, inner: str, closing: str) -> None:
        """Write a block of ours, as far in as what it stands in."""
        written = "".join(self._out[-40:])
        before = written.rpartition("\n")[2]
        indent = before if not before.strip() else ""
        lines = [line.strip() if len(line) - len(line.lstrip()) < 4 else line for line in inner.strip().splitlines()]
        block = "\n".join(f"{indent}{line}" if line else "" for line in (opening, *lines, closing))
        self._out.append(f"{block[len(indent) :] if indent else f'{chr(10)}{chr(10)}{block}'}\n\n")

    # Raw HTML

    def _element(self) -> None:
        link = _AUTOLINK.match(self._text, self._at, self._end)
        if link is not None:
            self._put(link[0], len(link[0]))
            return
        if self._text.startswith("<!--", self._at):
            found = self._page.end_of_comment(self._at + 4, self._end)
            self._at = found[1] if found else self._at + 4
            return
        found_tag = elements.TAG.match(self._text, self._at, self._end)
        if found_tag is None:
            self._put("<", 1)
            return
        start, self._at = self._at, found_tag.end()
        is_end, name = bool(found_tag[1]), found_tag[2].lower()
        if not self._known_element(name, is_end, found_tag[3] or "", start):
            self._out.append(found_tag[0])

    def _known_element(self, name: str, is_end: bool, attributes: str, start: int) -> bool:
        """Write what stands for the element; False for what only looks like one, such as `<your name>`."""
        if name in elements.MARKS:
            self._mark(elements.MARKS[name], is_end)
        elif name == "a":
            self._anchor(is_end, attributes, start)
        elif name == "br":
            self._break()
        elif name == "hr":
            self._out.append("\n\n---\n\n")
        elif name == "img":
            given = elements.attributes(self._page.plain(attributes))
            self._out.append(self._page.link(given.get("alt", ""), given.get("src", ""), start, is_picture=True))
        elif name in ("ul", "ol", "li"):
            self._list(name, is_end)
        elif name == "details":
            self._details(is_end)
        elif name == "table" or name in _HEADINGS:
            self._whole(name, is_end, start)
        elif name in elements.DROPPED:
            self._drop(name, is_end, attributes, start)
        elif name in elements.BLOCKS:
            self._frame(is_end)
        else:
            return name in elements.QUIET
        return True

    def _mark(self, mark: str, is_end: bool) -> None:
        """Write a mark close to its words, as Markdown wants it."""
        if is_end:
            last = self._out.pop() if self._out else ""
            bare_last = last.rstrip()
            self._out += [bare_last, mark, last[len(bare_last) :]]
            return
        self._out.append(mark)
        while self._at < self._end and self._text[self._at] in " \t\n":
            self._at += 1

    def _anchor(self, is_end: bool, attributes: str, start: int) -> None:
        if not is_end:
            target = elements.attributes(self._page.plain(attributes)).get("href", "")
            if target:
                self._anchors.append((len(self._out), target, start))
                self._out.append("")
            return
        if self._anchors:
            at, target, where = self._anchors.pop()
            words = " ".join("".join(self._out[at + 1 :]).split())
            del self._out[at:]
            self._brackets = [one for one in self._brackets if one.at < at]
            self._out.append(self._page.link(words, target, where, is_picture=False))

    def _break(self) -> None:
        line = "".join(self._out[-30:]).rpartition("\n")[2]
        if line.lstrip().startswith("|") or (self._depth and self._text.rfind("<t", 0, self._at) >= 0):
            self._out.append(elements.CELL_BREAK if line.strip().startswith("|") else "\n")
            return
        indent = line[: len(line) - len(line.lstrip())]
        is_last = self._text.startswith("\n", self._at)
        self._out.append("  " if is_last and line.strip() else f"  \n{indent}" if line.strip() else "\n")

    def _list(self, name: str, is_end: bool) -> None:
        if name == "li":
            if not is_end:
                mark = "1." if self._lists and self._lists[-1] == "ol" else "-"
                self._out.append(f"\n{'    ' * max(0, len(self._lists) - 1)}{mark} ")
                self._skip_space()
            return
        if not is_end:
            self._lists.append(name)
        elif self._lists:
            self._lists.pop()
        if not self._lists:
            self._out.append("\n\n")

    def _details(self, is_end: bool) -> None:
        if is_end:
            self._out.append("\n\n///\n\n")
            return
        self._skip_space()
        title = _("More")
        summary = elements.TAG.match(self._text, self._at, self._end)
        if summary is not None and summary[2].lower() == "summary" and not summary[1]:
            found = self._page.end_of("summary", summary.end(), self._end)
            if found is not None and self._depth < DEEPEST:
                title = self._page.inline(summary.end(), found[0], self._depth, gap=" ")[:200] or title
                self._at = found[1]
        self._out.append(f"\n\n/// details | {title}\n\n")

    def _whole(self, name: str, is_end: bool, start: int) -> None:
        """Write a table or a heading, whose inside goes on its own lines."""
        found = None if is_end or self._depth >= DEEPEST else self._page.end_of(name, self._at, self._end)
        if found is None:
            self._out.append("\n\n")
            return
        if name == "table":
            inline = lambda begin, end: self._page.inline(begin, end, self._depth)  # noqa: E731
            self._out.append(elements.table(self._text, self._at, found[0], inline))
        else:
            words = self._page.inline(self._at, found[0], self._depth, gap=" ")
            self._out.append(f"\n\n{'#' * max(2, int(name[1]))} {words}\n\n" if words else "")
        self._at = found[1]

    def _drop(self, name: str, is_end: bool, attributes: str, start: int) -> None:
        if is_end:
            return
        self._page.note(start, _("This HTML was left out: %(name)s", name=f"<{name}>"))
        source = elements.attributes(attributes).get("src", "")
        if name == "iframe" and source.lower().startswith(("https://", "http://")):
            self._out.append(f"<{source}>" if not re.search(r"[\s<>]", source) else "")
        if name not in elements.VOID and (found := self._page.end_of(name, self._at, self._end)):
            self._at = found[1]

    def _frame(self, is_end: bool) -> None:
        """Leave out an element around other things; how far in its content stood does not count."""
        self._out.append("\n\n" if "".join(self._out[-3:]).strip(" \n") else "")
        if is_end:
            if self._indents:
                self._indents.pop()
            return
        first = _FIRST_WORDS.match(self._text, self._at, min(self._end, self._at + 2_000))
        self._indents.append(len(first[1]) if first else 0)

    def _skip_space(self) -> None:
        while self._at < self._end and self._text[self._at] in " \t\n":
            self._at += 1

    # Links

    def _close_bracket(self) -> None:
        if not self._brackets:
            self._put("]", 1)
            return
        bracket = self._brackets.pop()
        after = self._at + 1
        target = _TARGET.match(self._text, after, self._end)
        if target is not None:
            words = "".join(self._out[bracket.at + 1 :])
            del self._out[bracket.at :]
            link = self._page.link(words, target[1], bracket.start, is_picture=bracket.is_picture)
            self._put(link, target.end() - self._at)
            return
        self._put("]", 1)
        definition = _DEFINITION.match(self._text, after, self._end)
        if definition is not None and self._is_first_on_line(bracket.start):
            url = self._page.resolve(self._page.plain(definition[1]).strip("<>"), after)
            self._put(f": {url or 'kb:gone'}", definition.end() - after)

    def _is_first_on_line(self, at: int) -> bool:
        return not self._text[max(0, at - 4) : at].rpartition("\n")[2].strip()


_OWN_FILE = re.compile(r"\]\((?:\.\./){0,3}(assets/[0-9]{1,18}/[\w.-]{1,80})")
_BLANK = re.compile(r"\n(?:[ \t]*\n){2,}")
_OPENING = re.compile(r"\{[%{]")
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_FIRST_WORDS = re.compile(r"\s*?\n([ ]*)\S")
