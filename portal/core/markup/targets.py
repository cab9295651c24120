"""Where a link or a picture may lead, decided in one place.

A target is one of: another site by http or https, a mail address, an article (`kb:slug`, `kb:slug#heading`), one of our
own files (`file:12`, `assets/menu.png`), a place in this text (`#heading`) or a path of this portal (`/tickets/new`).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_EXTERNAL = re.compile(r"https?://[^\s/?#\\]", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s:/\\]", re.IGNORECASE)
_ARTICLE = re.compile(r"kb:([a-z0-9][a-z0-9-]{0,119})(?:#([\w-]{1,80}))?")
_FILE = re.compile(r"file:([0-9]{1,18})")
_ASSET = re.compile(r"(?:\.{1,2}/){0,4}(assets/(?:[a-z0-9][\w-]{0,60}/){0,3}[a-z0-9][\w.-]{0,80})", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")


def kind_of(target: str) -> str:
    """Name what a target is: external, mail, article, file, here, path, relative, or nothing when it is refused."""
    if _CONTROL.search(target):
        return ""
    if _EXTERNAL.match(target):
        return "external"
    if _MAIL.match(target):
        return "mail"
    if _ARTICLE.fullmatch(target):
        return "article"
    if own_file(target):
        return "file"
    if _SCHEME.match(target) or _SCHEME.match(unquote(target)):
        return ""
    if target.startswith("#"):
        return "here"
    if target.startswith("/"):
        return "" if target.startswith("//") else "path"
    return "relative" if target else ""


def own_file(target: str) -> str:
    """Return the canonical name of one of our files (`file:12`, `assets/menu.png`), empty when it is none."""
    if _FILE.fullmatch(target):
        return target
    asset = _ASSET.fullmatch(target)
    return asset[1] if asset and ".." not in asset[1] else ""
