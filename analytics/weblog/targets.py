"""What was asked for: the request taken apart, and why it is no page where it is none.

Of a query only the words of a search are kept; whatever else stands behind a question mark is dropped, and so is what
in a path looks like a key or an address of mail (METRICS 5.1, 5.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from analytics.blotting import blot

STATIC = frozenset(
    ("gif", "jpg", "jpeg", "png", "bmp", "ico", "svg", "svgz", "ttf", "otf", "eot", "woff", "woff2", "class", "swf",
     "css", "js", "xml", "webp", "avif")
)  # fmt: skip
"""Endings of files that are no pages: the list of Matomo's importer."""
LONGEST_PATH = 300
LONGEST_TERM = 80
_REQUEST = re.compile(r"([A-Z]+(?:[-_][A-Z]+)*) (.+) HTTP/(\d(?:\.\d)?)", re.ASCII | re.DOTALL)
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_QUERY = re.compile(r"[?#]")
_KEY = re.compile(
    r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=(?:\D*\d){2})[A-Za-z0-9_=-]{20,}"
    r"|(?=(?:\D*\d){4})(?:[a-z0-9]{20,}|[A-Z0-9]{20,}|[0-9a-fA-F-]{32,})(?:\.[a-z0-9]{1,5})?"
    r"|(?=(?:\D*\d){4})(?:[0-9A-Z]{4}-){4,}[0-9A-Z]{1,4}|eyJ[\w-]{8,}(?:\.[\w-]*){1,4}",
    re.ASCII,
)
"""What looks drawn by lot: of a link that lets somebody in, perhaps."""
_PIECES = re.compile(r"([/;=,:&])")
_MAIL = re.compile(r"[\w.+%-]{1,64}(?:@|%(?:25){0,3}40)[\w.-]{1,200}")
"""An address of mail, its sign as it is or encoded, once or more."""
_PHONE = re.compile(r"(?:\+|%2[Bb])\d[\d.()-]{5,}")


class Class(IntEnum):
    """Why a hit is no page view: the first reason in this order."""

    BOT = 0
    BAD_REQUEST = 1
    METHOD = 2
    STATUS = 3
    STATIC = 4
    PAGE_VIEW = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A request that was understood."""

    method: str
    path: str
    """As logged, without query."""
    protocol: str
    term: str
    """The words of a search in its query, without what could name somebody; empty for none."""
    is_static: bool


def target(request: str) -> Target | None:
    """Take a request apart; None for one that is bad.

    >>> target("GET /kb/vpn?q=vpn+drops&token=abc HTTP/1.1")
    Target(method='GET', path='/kb/vpn', protocol='HTTP/1.1', term='vpn drops', is_static=False)
    >>> target("GET /") is None
    True
    """
    found = _REQUEST.fullmatch(request)
    if not found:
        return None
    method, asked, protocol = found[1], found[2], f"HTTP/{found[3]}"
    path = path_of(asked)
    return Target(method, path, protocol, _term(asked), is_static(path))


def path_of(asked: str) -> str:
    """Return a target without scheme, host, and query; not decoded and not folded.

    >>> path_of("http://portal.example/kb/vpn?x=1"), path_of("*")
    ('/kb/vpn', '*')
    """
    origin = _ORIGIN.match(asked)
    path = _QUERY.split(asked[origin.end() :] if origin else asked, maxsplit=1)[0]
    return path or "/"


def is_static(path: str) -> bool:
    """Tell whether a path is that of a file that is no page.

    >>> is_static("/a.d/style.CSS"), is_static("/robots.txt"), is_static("/kb/robots.txt"), is_static("/v1.2/page")
    (True, True, False, False)
    """
    if path == "/robots.txt":
        return True
    _stem, dot, ending = path.rpartition("/")[2].rpartition(".")
    return bool(dot) and ending.lower() in STATIC


def _term(asked: str) -> str:
    """Return the words of a search in a query, in small letters and with single spaces."""
    query = asked.partition("?")[2].partition("#")[0]
    if "q=" not in query:
        return ""
    try:
        pairs = parse_qsl(query, errors="replace", max_num_fields=50)
    except ValueError:
        return ""
    words = printable(next((value for name, value in pairs if name == "q"), "")[:400])
    return blot(" ".join(words.casefold().split()))[:LONGEST_TERM]


def printable(text: str) -> str:
    """Return text without what no database and no terminal should be given."""
    whole = text.encode("utf-8", "replace").decode()
    return whole if whole.isprintable() else "".join(char if char.isprintable() else " " for char in whole)


@lru_cache(maxsize=20_000)
def shown_path(path: str) -> str:
    """Return a path fit to be kept: keys in it, addresses of mail and telephones blotted out, cut to what is kept.

    >>> shown_path("/reset/9fK2mQ7xLp0ZtR4vBn8sWc1y"), shown_path("/~ana.ruiz@ostreyvale.example/notes")
    ('/reset/[key]', '/~[address]/notes')
    >>> shown_path("/x;sid=0A1B2C3D4E5F60718293A4B5"), shown_path("/people/ana%40ostreyvale.example")
    ('/x;sid=[key]', '/people/[address]')
    """
    kept = printable(path[: LONGEST_PATH * 2])
    if "@" in kept or "40" in kept:
        kept = _MAIL.sub("[address]", kept)
    if "+" in kept or "%2" in kept:
        kept = "".join("[number]" if _PHONE.fullmatch(part) else part for part in _PIECES.split(kept))
    if len(kept) > 20:
        kept = "".join("[key]" if _KEY.fullmatch(part) else part for part in _PIECES.split(kept))
    return kept[:LONGEST_PATH]


@dataclass(frozen=True, slots=True)
class Referrer:
    """The page somebody came from."""

    host: str
    """In small letters, with its port."""
    path: str

    @property
    def page(self) -> str:
        return self.host + self.path


@lru_cache(maxsize=20_000)
def referrer(text: str) -> Referrer | None:
    """Take a referrer apart without its query and without account; None for none, and for what is no address.

    >>> referrer("https://ana:secret@Wiki.example/it?x=1").page
    'wiki.example/it'
    """
    if text in ("-", ""):
        return None
    try:
        parts = urlsplit(text.strip())
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or len(host) > 255:
        return None
    return Referrer(shown_path(host), shown_path(parts.path or "/"))
