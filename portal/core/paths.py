"""Addresses for long lists: the router builds one of a kind, and the others differ in a word.

Building an address takes the router longer than drawing the line it stands in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import has_request_context, request, url_for

WORD = "0word0"
NUMBER = 1_234_567_089
"""What stands in the pattern for a number; no row has it by accident, and it is no part of an address of ours."""


def path(endpoint: str, **value: Any) -> str:
    """Return the address of a page that takes one value: a number, or a word that needs no quoting (a slug)."""
    ((name, one),) = value.items()
    is_number = isinstance(one, int)
    if not has_request_context():
        return url_for(endpoint, **value)
    pattern = _pattern(request.script_root, request.host, endpoint, name, is_number)
    return pattern.replace(str(NUMBER) if is_number else WORD, str(one))


@lru_cache(maxsize=500)
def _pattern(root: str, host: str, endpoint: str, name: str, is_number: bool) -> str:
    """Return the address with a word of ours in place of the value; `root` and `host` are where the portal lives."""
    values: dict[str, Any] = {name: NUMBER if is_number else WORD}
    return url_for(endpoint, **values)
