"""Where a `next` from an address or a form may lead: to a plain path of this portal, else home.

What is allowed is written down, not what is forbidden: browsers and proxies differ in how they read back-slashes,
control characters, encoded slashes and full-width dots, so a target may have none of them.
"""

from __future__ import annotations

import re

_SEGMENT = r"(?:[A-Za-z0-9_~-]|%[89A-F][0-9A-F]|(?<=[A-Za-z0-9_~-])\.(?=[A-Za-z0-9_~-]))+"
_PATH = rf"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?"
_QUERY = r"(?:[A-Za-z0-9_~.!'()*,;=&+$:@?-]|/(?!/)|%[0-9A-Fa-f]{2})*"
_PLAIN = re.compile(rf"({_PATH})(?:\?({_QUERY}))?(?:#[A-Za-z0-9_~.%:-]*)?")
_AUTHORITY = re.compile(r"https?://([^/?#\\@\s]+)(?=/)")
_HOST_LIKE = re.compile(r"/[^/]*\.(?:[a-z]{2,24}|[0-9]{1,5})(?:/.*)?", re.IGNORECASE)
LIMIT = 2_000


def safe_next(target: str | None, host: str, *, home: str = "/") -> str:
    """Return the target when it is a plain path of this portal, `home` otherwise.

    An address with our own `host` is cut to its path. Paths that look like the address of another site
    (`/example.com`) lead home as well: we have none, and somebody may read them as such.
    """
    if not target or len(target) > LIMIT:
        return home
    own = _AUTHORITY.match(target)
    if own and own[1].lower() == host.lower():
        target = target[own.end() :]
    found = _PLAIN.fullmatch(target)
    if not found or _HOST_LIKE.fullmatch(found[1]):
        return home
    return target
