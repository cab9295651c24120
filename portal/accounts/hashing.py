"""Argon2id, with parameters that eight threads at once can pay for (19 MiB, two passes: OWASP's small profile)."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app


@cache
def _hasher(is_cheap: bool) -> PasswordHasher:
    if is_cheap:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobodys_hash(is_cheap: bool) -> str:
    """A hash that no password has, made with today's parameters, so that checking it takes the same time."""
    return _hasher(is_cheap).hash(secrets.token_urlsafe(32))


def _is_cheap() -> bool:
    return bool(current_app.config["TESTING"])


def _same(password: str) -> str:
    """One spelling of a password typed on different keyboards: é is one character or two, depending on the device."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    return _hasher(_is_cheap()).hash(_same(password))


def matches(stored: str | None, password: str) -> bool:
    """Check a password; takes as long when there is nothing stored to check against."""
    nobodys = _nobodys_hash(_is_cheap())
    try:
        is_right = _hasher(_is_cheap()).verify(stored or nobodys, _same(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_right and stored is not None


def is_outdated(stored: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _hasher(_is_cheap()).check_needs_rehash(stored)


def digest(token: str) -> str:
    """Return what is stored of a random token. It has 256 bits of its own, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
