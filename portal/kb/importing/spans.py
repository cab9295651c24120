"""Walking through a stretch of a foreign page from mark to mark, writing our Markdown of it.

Each character is looked at a bounded number of times, for the text is anybody's. What stands inside an element or a
callout is a stretch of its own, and only so many lie in one another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.kb.importing import elements, tags
from portal.kb.importing.linking import Linker

DEEPEST = 6
_SPOT = re.compile(r"\{[%{]|`+|<|!?\[|\]|\\[^\n]|\n")
_FENCE = re.compile(r"[ \t>]{0,20}(?:[-*+] {1,4}|[0-9]{1,3}[.)] {1,4})?(`{3,}|~{3,})[^\n]*")
_TARGET = re.compile(
    r"\(\s{0,20}(<[^<>\n]{0,2000}>|(?:[^()\s<>\\{]|\\[^\s]|\{[%{][^}]{0,500}\}|\{(?![%{])|\([^()\s]{0,500}\)){0,2000})"
    r"(?:\s{1,20}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\s{0,20}\)"
)
_DEFINITION = re.compile(r":[ \t]{0,10}(\{%[^}]{0,500}\}|[^\s{]{1,2000})")
_AUTOLINK = re.compile(r"<(?:https?://[^\s<>]{1,2000}|(?:mailto:)?[^\s<>@:]{1,200}@[^\s<>@]{1,200})>")
_KINDS = {"error": "danger", "emergency": "danger", "danger": "danger", "warning": "warning", "success": "tip"}
_OPENING = re.compile(r"\{[%{]")
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_FIRST_WORDS = re.compile(r"\s*?\n([ ]*)\S")


@dataclass
class _Bracket:
    """A `[` that waits for its target."""

    at: int
    is_picture: bool
    start: int


class Span:
    """A stretch of the page being written."""

    def __init__(self, linker: Linker, ends: tags.Ends, start: int, end: int, depth: int = 0) -> None:
        self._linker, self._ends, self._text = linker, ends, linker.text
        self._at, self._end, self._depth = start, end, depth
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

    def _inner(self, start: int, end: int) -> str:
        """Convert a piece that stands inside this one."""
        return Span(self._linker, self._ends, start, end, self._depth + 1).run()

    def _inline(self, start: int, end: int, gap: str = elements.CELL_BREAK) -> str:
        """Convert a piece to one line, as headings and cells need it."""
        lines = (line.strip() for line in self._inner(start, end).splitlines())
        return gap.join(line for line in lines if line)

    def _end_of(self, name: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where the element is closed."""
        return self._ends.match(name, elements.CLOSING[name], start, end)

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
            self._linker.note(at, _("This template tag is never closed."))
            return self._text[at], at + 1
        if tag.name in ("raw", "comment"):
            found = self._ends.of(f"end{tag.name}", tag.end, len(self._text))
            if found is not None:
                return (self._text[tag.end : found[0]] if tag.name == "raw" else ""), found[1]
        if tag.name in ("endraw", "endcomment", "endalert"):
            return "", tag.end
        return self._linker.tag(tag, at), tag.end

    def _alert(self, tag: tags.Tag) -> None:
        found = self._ends.of("endalert", tag.end, self._end)
        if found is None:
            self._linker.note(self._at, _("This callout is never closed: %(title)s", title=tag.first[:80]))
            self._at = tag.end
            return
        kind = next((_KINDS[word] for word in tag.arguments[1:] if word in _KINDS), "note")
        inner = self._inner(tag.end, found[0])
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
            found = self._ends.match("-->", elements.COMMENT_END, self._at + 4, self._end)
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
            given = elements.attributes(self._linker.plain(attributes))
            self._out.append(self._linker.link(given.get("alt", ""), given.get("src", ""), start, is_picture=True))
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
            target = elements.attributes(self._linker.plain(attributes)).get("href", "")
            if target:
                self._anchors.append((len(self._out), target, start))
                self._out.append("")
            return
        if self._anchors:
            at, target, where = self._anchors.pop()
            words = " ".join("".join(self._out[at + 1 :]).split())
            del self._out[at:]
            self._brackets = [one for one in self._brackets if one.at < at]
            self._out.append(self._linker.link(words, target, where, is_picture=False))

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
            found = self._end_of("summary", summary.end(), self._end)
            if found is not None and self._depth < DEEPEST:
                title = self._inline(summary.end(), found[0], gap=" ")[:200] or title
                self._at = found[1]
        self._out.append(f"\n\n/// details | {title}\n\n")

    def _whole(self, name: str, is_end: bool, start: int) -> None:
        """Write a table or a heading, whose inside goes on its own lines."""
        found = None if is_end or self._depth >= DEEPEST else self._end_of(name, self._at, self._end)
        if found is None:
            self._out.append("\n\n")
            return
        if name == "table":
            self._out.append(elements.table(self._text, self._at, found[0], self._inline))
        else:
            words = self._inline(self._at, found[0], gap=" ")
            self._out.append(f"\n\n{'#' * max(2, int(name[1]))} {words}\n\n" if words else "")
        self._at = found[1]

    def _drop(self, name: str, is_end: bool, attributes: str, start: int) -> None:
        if is_end:
            return
        self._linker.note(start, _("This HTML was left out: %(name)s", name=f"<{name}>"))
        source = elements.attributes(attributes).get("src", "")
        if name == "iframe" and source.lower().startswith(("https://", "http://")):
            self._out.append(f"<{source}>" if not re.search(r"[\s<>]", source) else "")
        if name not in elements.VOID and (found := self._end_of(name, self._at, self._end)):
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
            link = self._linker.link(words, target[1], bracket.start, is_picture=bracket.is_picture)
            self._put(link, target.end() - self._at)
            return
        self._put("]", 1)
        definition = _DEFINITION.match(self._text, after, self._end)
        if definition is not None and self._is_first_on_line(bracket.start):
            url = self._linker.resolve(self._linker.plain(definition[1]).strip("<>"), after)
            self._put(f": {url or 'kb:gone'}", definition.end() - after)

    def _is_first_on_line(self, at: int) -> bool:
        return not self._text[max(0, at - 4) : at].rpartition("\n")[2].strip()
