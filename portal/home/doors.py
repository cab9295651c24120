"""The doors to those who help: the letter for who is not signed in, and a looser search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from flask_babel import gettext as _

from portal.core.feature import Thing
from portal.notifications import links
from portal.search.analyzers import stems

WORDS_LIMIT = 300
SUBJECT_LIMIT = 120


def clean(words: str) -> str:
    """Return what somebody typed on one line, without control characters, cut to a length that travels."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", words).split())[:WORDS_LIMIT]


def looser(words: str) -> str:
    """Return fewer of the words for a search that finds more: the longest of those that tell; empty when none goes."""
    typed = words.split()
    telling = [word for word in typed if stems(word)]
    n = len(telling) - 1 if len(telling) == len(typed) else len(telling)
    longest = sorted(telling, key=len, reverse=True)[: min(n, 3)]
    return " ".join(word for word in telling if word in longest)


def letter(words: str, tried: Iterable[Thing], *, name: str) -> str:
    """Return the text that says what is wrong and what was tried."""
    lines = [words or _("What is wrong, since when, where:")]
    if read := list(tried):
        lines += ["", _("I read:"), *(f"- {thing.title}: {links.absolute(thing.url)}" for thing in read)]
    return "\n".join([*lines, *(["", name] if name else [])])


def mail_to(address: str, *, words: str, text: str) -> str:
    """Return the link that opens this letter in the reader's own mail program."""
    subject = quote(words[:SUBJECT_LIMIT] or _("I need help"), safe="")
    body = quote(text.replace("\n", "\r\n"), safe="")
    return f"mailto:{quote(address, safe='@')}?subject={subject}&body={body}"


def call(phone: str) -> str:
    """Return the link that dials this number."""
    return "tel:" + re.sub(r"[^0-9+*#]", "", phone)
