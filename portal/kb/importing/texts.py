"""What of a page's head becomes part of its article: summary, tags, whom to ask, where it has moved."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from portal.kb import content, drafts
from portal.kb.importing.frontmatter import texts
from portal.kb.importing.pages import Page

MOST_TAGS = 12
SUMMARY = 400
_GOOD_LENGTH = 220
_MAIL = re.compile(r"[^@\s<>()\[\]]{1,100}@[^@\s<>()\[\]]{1,150}")
_CHANNEL = re.compile(r"#?[a-z0-9][a-z0-9_-]{1,79}")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)|<(https?://[^>\s]{1,500})>")
_MARKS = re.compile(r"[*`_]{1,3}|~~|\\(?=\W)")
_NOT_PROSE = re.compile(r"[ \t]*(?:[#>|]|```|~~~|///|[-*+] |\d+[.)] |---|\[[^\]]+\]:)")


def tags(page: Page) -> list[str]:
    """Return its keywords as tags; what cannot be one is left out."""
    stated = [*texts(page.values.get("tags")), *texts(page.values.get("keywords"))]
    found = []
    for word in stated:
        tag = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
        if drafts.TAG.fullmatch(tag) and tag not in found:
            found.append(tag)
    return sorted(found[:MOST_TAGS])


def summary(page: Page, body: str) -> str:
    """Return what the page says of itself in short, else how it begins."""
    for key in ("summary", "description", "subtitle"):
        value = page.values.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:SUMMARY]
    for block in body.split("\n\n")[:40]:
        if block.strip() and not _NOT_PROSE.match(block):
            return _shortened(_plain(block))
    return page.title


def _plain(text: str) -> str:
    words = _LINK.sub(lambda found: found[1] or found[2] or "", text[:2_000])
    return " ".join(_MARKS.sub("", words).split())


def _shortened(words: str) -> str:
    if len(words) <= _GOOD_LENGTH:
        return words
    end = max(words.rfind(mark, 60, _GOOD_LENGTH) for mark in (". ", "! ", "? "))
    return words[: end + 1] if end > 0 else words[: words.rfind(" ", 0, _GOOD_LENGTH)].rstrip(" ,;:–-") + " …"


def whom_to_ask(page: Page) -> str:
    """Return the section about whom to ask, empty when the page names nobody."""
    stated = page.values.get("questions")
    lines = [line for one in (stated if isinstance(stated, list) else [stated])[:30] if (line := _contact(one))]
    return f"\n## {_('Who to ask')}\n\n" + "\n".join(f"- {line}" for line in lines) + "\n" if lines else ""


def _contact(value: Any) -> str:
    if isinstance(value, dict):
        words, url = str(value.get("text", "")).strip(), str(value.get("url", "")).strip()
        if re.fullmatch(r"(?:https?://|mailto:)[^\s<>]{1,1000}", url):
            return f"[{_escaped(words or url)}](<{url}>)"
        return _escaped(words)
    if not isinstance(value, str | int):
        return ""
    words = " ".join(str(value).split())[:300]
    if _MAIL.fullmatch(words):
        return f"[{words}](mailto:{words})"
    return f"#{words.lstrip('#')}" if _CHANNEL.fullmatch(words) else _escaped(words)


def _escaped(words: str) -> str:
    return re.sub(r"([\[\]<>`*_\\|])", r"\\\1", words)


def moved_to(page: Page) -> str:
    """Return the address of a page that only says where its text is now."""
    value = page.values.get("redirect_to")
    return value.strip() if isinstance(value, str) else ""


def replaced(page: Page) -> list[str]:
    """Return the slugs under which an export of ours says that it was known."""
    return [slug for slug in texts(page.values.get("replaces")) if content.SLUG.fullmatch(slug) and len(slug) <= 120]
