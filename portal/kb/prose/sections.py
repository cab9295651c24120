"""The parts of an article's Markdown, each under its heading of the second level; joined they are the text again."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_HEADING = re.compile(r" {0,3}##[ \t]+(.*?)[ \t]*#*[ \t]*(?:\{#[\w-]+\})?[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BLOCK = re.compile(r" {0,3}(/{3,})[ \t]*(\S?)")


@dataclass(frozen=True)
class Section:
    """A part; the words before the first heading have none."""

    heading: str
    text: str


def split(body: str) -> list[Section]:
    """Cut a text at its headings of the second level, those in code and in platform variants left alone."""
    found: list[Section] = []
    heading, lines, code = "", list[str](), ""
    blocks: list[str] = []
    for line in body.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if (fence := _FENCE.match(bare)) and (not code or bare.strip().startswith(code)):
            code = "" if code else fence[1]
        elif not code and (slashes := _BLOCK.match(bare)):
            if slashes[2]:
                blocks.append(slashes[1])
            elif slashes[1] in blocks:
                del blocks[blocks.index(slashes[1]) :]
        elif not code and not blocks and (named := _HEADING.match(bare)):
            if lines or heading:
                found.append(Section(heading, "".join(lines)))
            heading, lines = named[1], []
        lines.append(line)
    return [*found, Section(heading, "".join(lines))] if lines else found


def taken_out(body: str, parts: Collection[int]) -> tuple[str, str]:
    """Return what stays and what is taken out, of the parts counted from 0."""
    sections = split(body)
    stays = "".join(section.text for n, section in enumerate(sections) if n not in parts)
    goes = [section for n, section in enumerate(sections) if n in parts]
    text = "".join(section.text for section in goes)
    if len(goes) == 1:  # its heading becomes the title
        text = text.split("\n", 1)[1] if "\n" in text else ""
    return stays.strip("\n") + "\n", text.strip("\n") + "\n"
