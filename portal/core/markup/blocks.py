"""Block syntax of our own: `/// name | title` … `///` for callouts, platform variants and folds, and `*[ABC]: words`.

A block ends at a line with just as many slashes as it began with, so a longer fence holds a shorter one; blocks of
equal fences nest as well, the inner one closing first. A block that is never closed ends with what it stands in.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from portal.core.markup.rendered import Finding

CALLOUTS = ("note", "tip", "warning", "danger")
PLATFORMS = ("windows", "macos", "phone", "linux")
FOLD = "details"
_NAMES = frozenset((*CALLOUTS, *PLATFORMS, FOLD))
_OPENING = re.compile(r"(/{3,9})[ \t]*([A-Za-z][A-Za-z-]{0,19})[ \t]*(?:\|[ \t]*(.{0,200}))?$")
_CLOSING = re.compile(r"(/{3,9})[ \t]*$")
_ABBREVIATION = re.compile(r"\*\[([^\]\[\n]{1,30})\]:[ \t]*(\S.{0,200})$")
MAX_ABBREVIATIONS = 50


def install(md: MarkdownIt) -> None:
    md.block.ruler.before("fence", "own_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.block.ruler.before("reference", "abbreviation", _abbreviation, {"alt": ["paragraph"]})


def _line(state: StateBlock, n: int) -> str:
    return state.src[state.bMarks[n] + state.tShift[n] : state.eMarks[n]]


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not state.src.startswith("///", state.bMarks[start] + state.tShift[start]) or state.is_code_block(start):
        return False
    opening = _OPENING.match(_line(state, start))
    if not opening:
        return False
    fence, name, title = opening[1], opening[2].lower(), (opening[3] or "").strip()
    if name not in _NAMES:
        if not silent:
            state.env["findings"].append(Finding("unknown-block", f"{fence} {name}", start + 1))
        return False
    if silent:
        return True
    inner_end, is_closed = _find_end(state, start, end, fence)
    if not is_closed:
        state.env["findings"].append(Finding("unclosed-block", f"{fence} {name}", start + 1))

    kind = "variant" if name in PLATFORMS else "fold" if name == FOLD else "callout"
    token = state.push(f"{kind}_open", "div", 1)
    token.block, token.map, token.meta = True, [start, inner_end], {"name": name, "is_titled": bool(title)}
    if kind != "variant":
        inline = Token("inline", "", 0, content=title, level=state.level, block=True, children=[])
        inline.map = [start, start + 1]
        state.tokens += [
            Token(f"{kind}_title_open", "", 1, meta=token.meta, block=True),
            inline,
            Token(f"{kind}_title_close", "", -1, meta=token.meta, block=True),
        ]

    old_parent, old_line_max = state.parentType, state.lineMax
    # Neither a lazy continuation nor a paragraph may run past the end of the block.
    state.parentType, state.lineMax = "container", inner_end
    state.md.block.tokenize(state, start + 1, inner_end)
    state.parentType, state.lineMax = old_parent, old_line_max
    state.push(f"{kind}_close", "div", -1).meta = token.meta
    state.line = inner_end + is_closed
    return True


def _find_end(state: StateBlock, start: int, end: int, fence: str) -> tuple[int, bool]:
    """Return the line that closes the block and True, or the line where its list item, quote or text ends and False."""
    depth, code_fence = 1, ""
    for n in range(start + 1, end):
        if not state.isEmpty(n) and state.sCount[n] < state.blkIndent:
            return n, False
        line = _line(state, n)
        if code_fence:
            if line.startswith(code_fence) and not line.strip().strip(code_fence[0]):
                code_fence = ""
        elif line.startswith(("```", "~~~")) and "`" not in line.lstrip("`"):
            code_fence = line[: len(line) - len(line.lstrip(line[0]))]
        elif line.startswith(fence):
            if (closing := _CLOSING.match(line)) and closing[1] == fence:
                depth -= 1
                if not depth:
                    return n, True
            elif (opening := _OPENING.match(line)) and opening[1] == fence and opening[2].lower() in _NAMES:
                depth += 1
    return end, False


def _abbreviation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not state.src.startswith("*[", state.bMarks[start] + state.tShift[start]) or state.is_code_block(start):
        return False
    found = _ABBREVIATION.match(_line(state, start))
    if not found:
        return False
    if not silent:
        known = state.env["abbreviations"]
        if len(known) < MAX_ABBREVIATIONS:
            known.setdefault(found[1], found[2].strip())
        state.line = start + 1
    return True
