"""What the parsed text is given beyond Markdown: anchors, steps, expected results, safe targets, explained words.

Works on tokens, before any HTML exists, so nothing an author writes can pass for what is made here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from portal.core.markup import targets
from portal.core.markup.rendered import Finding, Heading

ARROW = "→"
MAX_EXPLAINED = 400
_EXPLICIT_ID = re.compile(r"[ \t]*\{#([A-Za-z0-9][\w-]{0,60})\}[ \t]*$")
_ADDRESS = re.compile(
    r"(?P<url>https?://[^\s<>\"'`|\\]{3,2000})"
    r"|(?<![\w.+@-])(?P<mail>[\w+-][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})(?![\w@])"
)


def install(md: MarkdownIt) -> None:
    md.core.ruler.before("inline", "explicit_ids", _take_explicit_ids)
    md.core.ruler.push("explained_words", _each_text(_explain))
    md.core.ruler.push("addresses", _each_text(_link_addresses))
    md.core.ruler.push("targets", _settle_targets)
    md.core.ruler.push("expected", _mark_expected)
    md.core.ruler.push("anchors", _anchor_headings)
    md.core.ruler.push("steps", _number_steps)


def slug(title: str) -> str:
    """Return the anchor of a heading: its letters and digits in lower case, words joined by hyphens."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", title).lower())
    return "-".join(words)[:60].strip("-") or "part"


# Headings


def _take_explicit_ids(state: StateCore) -> None:
    for token, following in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "heading_open":
            found = _EXPLICIT_ID.search(following.content[-80:])
            if found:
                token.meta["id"] = found[1]
                following.content = _EXPLICIT_ID.sub("", following.content[-80:]).join((following.content[:-80], ""))


def _anchor_headings(state: StateCore) -> None:
    env, taken, numbers = state.env, set(), dict[str, int]()
    for i, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        title = plain_of(state.tokens[i + 1].children or [])
        if token.tag == "h1":
            token.tag = state.tokens[i + 2].tag = "h2"
            env["findings"].append(Finding("top-heading", title[:80], _line_of(token)))
        wanted = token.meta.get("id") or slug(title)
        name = wanted
        while name in taken:
            numbers[wanted] = numbers.get(wanted, 1) + 1
            name = f"{wanted}-{numbers[wanted]}"
        taken.add(name)
        token.attrSet("id", f"{env['prefix']}{name}")
        env["headings"].append(Heading(int(token.tag[1]), f"{env['prefix']}{name}", title))


def plain_of(children: Sequence[Token]) -> str:
    """Return the words of inline tokens."""
    words = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "keys":
            words.append("+".join(child.meta["keys"]))
        elif child.type == "image":
            words.append(plain_of(child.children or []))
        else:
            words.append(child.content)
    return " ".join("".join(words).split())


# Words and addresses in running text


def _each_text(change: Callable[[StateCore, Token], list[Token] | None]) -> Callable[[StateCore], None]:
    """Make a rule that may replace each text token standing outside of links."""

    def rule(state: StateCore) -> None:
        for token in state.tokens:
            if token.type != "inline" or not token.children:
                continue
            depth, children = 0, list[Token]()
            for child in token.children:
                depth += (child.type == "link_open") - (child.type == "link_close")
                changed = change(state, child) if child.type == "text" and not depth else None
                children += [child] if changed is None else changed
            token.children = children

    return rule


def _text(content: str, like: Token) -> Token:
    return Token("text", "", 0, content=content, level=like.level)


def _explain(state: StateCore, token: Token) -> list[Token] | None:
    env, known = state.env, state.env["abbreviations"]
    if not known or env["explained"] >= MAX_EXPLAINED:
        return None
    pattern = env.get("abbreviation_pattern")
    if pattern is None:
        words = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
        pattern = env["abbreviation_pattern"] = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    made, at = list[Token](), 0
    for found in pattern.finditer(token.content):
        explained = Token("explained", "abbr", 0, content=found[0], meta={"title": known[found[0]]})
        made += [_text(token.content[at : found.start()], token), explained]
        at = found.end()
        env["explained"] += 1
    return [*made, _text(token.content[at:], token)] if made else None


def _link_addresses(state: StateCore, token: Token) -> list[Token] | None:
    if "://" not in token.content and "@" not in token.content:
        return None
    made, at = list[Token](), 0
    for found in _ADDRESS.finditer(token.content):
        shown = _without_punctuation(found[0])
        target = state.md.normalizeLink(("mailto:" if found["mail"] else "") + shown)
        if targets.kind_of(target) not in ("external", "mail"):
            continue
        opening = Token("link_open", "a", 1, attrs={"href": target}, markup="autolink")
        made += [_text(token.content[at : found.start()], token), opening, _text(shown, token)]
        made.append(Token("link_close", "a", -1))
        at = found.start() + len(shown)
    return [*made, _text(token.content[at:], token)] if made else None


def _without_punctuation(address: str) -> str:
    """Leave a full stop or the bracket around an address to the sentence it stands in."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end and (address[end - 1] in ".,;:!?*_~]}" or (address[end - 1] == ")" and surplus > 0)):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]


# Links and pictures


def _settle_targets(state: StateCore) -> None:
    env = state.env
    for n, block in enumerate(state.tokens):
        children = block.children if block.type == "inline" else None
        for i, child in enumerate(children or ()):
            if child.type == "link_open":
                _settle_link(env, child, _line_of(block))
                if children[i + 1].type == "link_close":  # type: ignore[index]
                    env["findings"].append(Finding("empty-link", str(child.meta["target"])[:80], _line_of(block)))
            elif child.type == "image":
                _settle_picture(env, child, _line_of(block))
        if children and len(children) == 1 and children[0].type == "image" and children[0].attrGet("title"):
            _lift_figure(state.tokens, n)


def _settle_link(env: EnvType, token: Token, line: int | None) -> None:
    target = str(token.attrs.pop("href", ""))
    kind = targets.kind_of(target)
    token.meta = {"kind": kind, "target": target}
    if kind == "article":
        env["links"].setdefault(target.removeprefix("kb:"))
    elif kind == "file":
        token.meta["target"] = targets.own_file(target)
        env["files"].setdefault(token.meta["target"])
    elif kind == "external":
        env["external"].setdefault(target)
    elif kind in ("relative", ""):
        env["findings"].append(Finding("relative-link", target[:80], line))


def _settle_picture(env: EnvType, token: Token, line: int | None) -> None:
    source = str(token.attrs.pop("src", ""))
    name = targets.own_file(source)
    token.meta = {"file": name, "alt": plain_of(token.children or [])}
    if not name:
        env["findings"].append(Finding("foreign-image", source[:80], line))
    else:
        env["files"].setdefault(name)
    if not token.meta["alt"]:
        env["findings"].append(Finding("no-alternative", source[:80], line))


def _lift_figure(tokens: list[Token], n: int) -> None:
    """Let a picture with a caption that stands alone become a figure; the first words of a step stay words."""
    around = [token.type for token in (tokens[max(0, n - 2)], tokens[n - 1], tokens[n + 1])]
    if around[1:] == ["paragraph_open", "paragraph_close"] and around[0] != "list_item_open":
        tokens[n].children[0].meta["is_figure"] = True  # type: ignore[index]
        tokens[n - 1].hidden = tokens[n + 1].hidden = True


# Steps


def _mark_expected(state: StateCore) -> None:
    """Find paragraphs that tell the expected result, also those written as the last line of another paragraph."""
    made = list[Token]()
    for opening, token, closing in _paragraphs(state.tokens):
        if token is None:
            made.append(opening)
            continue
        parts = _split_at_arrows(token.children or [])
        for n, children in enumerate(parts):
            is_expected = bool(children) and children[0].type == "text" and children[0].content.startswith(ARROW)
            begin = opening if n == 0 else Token("paragraph_open", "p", 1, map=opening.map, block=True)
            end = closing if n == len(parts) - 1 else Token("paragraph_close", "p", -1, block=True)
            if is_expected:
                begin.meta["is_expected"] = True
                children[0].content = children[0].content[1:].lstrip()
            begin.hidden = end.hidden = opening.hidden and len(parts) == 1 and not is_expected
            inline = Token("inline", "", 0, children=children, content=token.content, map=token.map, block=True)
            made += [begin, inline, end]
    state.tokens[:] = made


def _paragraphs(tokens: list[Token]) -> Iterator[tuple[Token, Token | None, Token]]:
    """Yield each paragraph with its content and end, and every other token by itself."""
    i = 0
    while i < len(tokens):
        if [token.type for token in tokens[i : i + 3]] == ["paragraph_open", "inline", "paragraph_close"]:
            yield tokens[i], tokens[i + 1], tokens[i + 2]
            i += 3
            continue
        yield tokens[i], None, tokens[i]
        i += 1


def _split_at_arrows(children: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for i, child in enumerate(children):
        depth += child.nesting
        following = children[i + 1] if i + 1 < len(children) else None
        is_break = child.type in ("softbreak", "hardbreak") and not depth
        if is_break and following and following.type == "text" and following.content.startswith(ARROW):
            parts.append([])
        else:
            parts[-1].append(child)
    return parts


def _number_steps(state: StateCore) -> None:
    """Turn ordered lists that stand in the text itself, or directly in a platform variant, into steps."""
    above: list[Token] = []
    n_lists = 0
    for i, token in enumerate(state.tokens):
        if token.nesting == 1:
            place = [t.type for t in above]
            if token.type == "ordered_list_open" and place in ([], ["variant_open"]):
                n_lists += 1
                token.meta = {"n": n_lists, "next": int(token.attrGet("start") or 1), "platform": ""}
                if above:
                    token.meta["platform"] = above[0].meta["name"]
            elif token.type == "list_item_open" and above and above[-1].type == "ordered_list_open" and above[-1].meta:
                _make_step(state, i, above[-1])
            above.append(token)
        elif token.nesting == -1:
            opening = above.pop()
            if opening.type == "list_item_open" and "step" in opening.meta:
                token.meta = {"step": opening.meta["step"]}


def _make_step(state: StateCore, i: int, of: Token) -> None:
    item, first = state.tokens[i], state.tokens[i + 1]
    number = of.meta["next"]
    of.meta["next"] = number + 1
    name = f"{of.meta['n']}-{number}"
    item.meta = {"step": name, "number": number}
    if first.type == "paragraph_open":
        first.hidden = state.tokens[i + 3].hidden = False
        first.meta["step"] = name
        first.meta["platform"] = of.meta["platform"]


def _line_of(token: Token) -> int | None:
    return token.map[0] + 1 if token.map else None
