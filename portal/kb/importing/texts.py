"""What of a page's head becomes part of its article: summary, tags, whom to ask, where it has moved."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from portal.kb.importing.frontmatter import texts
from portal.kb.importing.pages import Page
from portal.kb.prose import slugs
from portal.kb.writing import drafts

MOST_TAGS = 12
SUMMARY = 400
_GOOD_LENGTH = 220
_MAIL = re.compile(r"[^@\s<>()\[\]]{1,100}@[^@\s<>()\[\]]{1,150}")
_CHANNEL = re.compile(r"#?[a-z0-9][a-z0-9_-]{1,79}")
_PICTURE = re.compile(r"!\[[^\]]{0,300}\]\([^)\n]{0,500}\)")
_LINK = re.compile(r"\[([^\]]{0,300})\]\([^)\n]{0,500}\)|<(https?://[^>\s]{1,500})>")
_MARKS = re.compile(r"[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|~~|\\(?=\W)|\{[.#:][^{}\n]{0,80}\}")
_NOT_PROSE = re.compile(r"[ \t]*(?:[#>|]|```|~~~|///|[-*+] |\d+[.)] |---|\[[^\]]+\]:)")
_LEADS_ON = re.compile(
    r"\W*(?:back|next|previous|go|return|up|home|top|contents|on this page|see also|zurück|weiter|retour|suivant)\b",
    re.IGNORECASE,
)
"""How lines begin that only lead elsewhere; they count as such where hardly a word stands beside their link."""
_END = re.compile(r"[.!?…。！？][\"'”’)»\]]*$")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+")
_FEWEST_WORDS, _FEWEST_SIGNS = 4, 20


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
    """Return what the page says of itself in short, else its first real sentence.

    Headings, lists, pictures, links alone and lines that only lead elsewhere ("Back to …") are passed over; so are
    words that announce a list, unless there is nothing better.
    """
    for key in ("summary", "description"):
        value = page.values.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:SUMMARY]
    announced = ""
    for block in body.split("\n\n")[:40]:
        if announced and block.startswith("#"):
            break
        words = _prose(block)
        told = " ".join(part for part in _SENTENCES.split(words) if _END.search(part))
        if told and _is_sentence(told):
            return _shortened(told)
        announced = announced or (words if _is_sentence(words) else "")
    stated = page.values.get("subtitle")
    subtitle = " ".join(stated.split())[:SUMMARY] if isinstance(stated, str) else ""
    return (announced and _shortened(announced)) or subtitle or page.title


def _prose(block: str) -> str:
    """Return a paragraph as plain words; empty for anything else, and for one that only leads elsewhere."""
    if not block.strip() or _NOT_PROSE.match(block):
        return ""
    text = _PICTURE.sub("", block[:2_000])
    beside = _MARKS.sub("", _LINK.sub(" ", text)).split()
    if _LINK.search(text) and not any(char.isalnum() for word in beside for char in word):
        return ""
    words = _plain(text)
    is_short = len(words.split()) <= 2 * _FEWEST_WORDS and not _END.search(words)
    return "" if is_short and (_LEADS_ON.match(words) or words.endswith((">", "›", "→", "»"))) else words


def _is_sentence(words: str) -> bool:
    return len(words.split()) >= _FEWEST_WORDS or len(words) >= _FEWEST_SIGNS


def _plain(text: str) -> str:
    words = _LINK.sub(lambda found: found[1] or found[2] or "", _PICTURE.sub("", text[:2_000]))
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
    return [slug for slug in texts(page.values.get("replaces")) if slugs.SLUG.fullmatch(slug) and len(slug) <= 120]
