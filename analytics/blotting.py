"""Taking out of a search what could name a person, before it is written down anywhere."""

from __future__ import annotations

import re

KEPT = 200
"""Characters of a search that the ledger keeps."""
LONG_NUMBER = 5
"""From this many digits on a number may be somebody's: of a telephone, a card, an account, a member of staff."""

# Both begin with something that is looked for, not with a repetition, so that no text can make them slow.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_NUMBER = re.compile(r"(?<![\w.])\+?\w{0,4}?\d(?:[ ./()-]{0,2}\d)+\w{0,3}(?!\w)")
_CODE = re.compile(r"0x[0-9a-f]+|kb\d+", re.IGNORECASE)


def blot(text: str) -> str:
    """Return a search with mail addresses and long numbers blotted out, cut to what is kept.

    >>> blot("mail from ana.ruiz@ostreyvale.example bounced, call +44 20 7946 0018")
    'mail from [address] bounced, call [number]'
    >>> blot("error 0x80070057 on windows 11, KB5034441, room 4.21")
    'error 0x80070057 on windows 11, KB5034441, room 4.21'
    """
    return blot_all(text)[:KEPT]


def blot_all(text: str) -> str:
    """Return a whole text with mail addresses and long numbers blotted out.

    >>> blot_all("Ask ana.ruiz@ostreyvale.example first.")
    'Ask [address] first.'
    """
    return _NUMBER.sub(_number, _ADDRESS.sub("[address]", text))


def _number(match: re.Match[str]) -> str:
    found = match.group()
    is_long = sum(c.isdigit() for c in found) >= LONG_NUMBER
    return "[number]" if is_long and not _CODE.fullmatch(found) else found
