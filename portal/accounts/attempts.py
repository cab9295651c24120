"""How often a sign-in may be tried, without letting anybody lock a colleague out.

An attempt is counted before the password is looked at, and given back when it was right. Tries from one address are
few. Tries at one account from anywhere are more, so that somebody guessing from one place does not shut its owner out,
and a thousand places together get no further. A browser in which this account was used before is known by a signed
cookie and has a count of its own: a guesser at the same address, or behind the same gateway, does not use it up.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Request, Response, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.accounts import hashing
from portal.core import limits

SECONDS = 300
FROM_ONE_PLACE = 10
AT_ONE_ACCOUNT = 50
RESETS_A_DAY = 5
RESETS_FROM_ONE_PLACE = 50
DAY = 86_400
COOKIE = "known"
COOKIE_SECONDS = 365 * DAY


@dataclass(frozen=True)
class Browser:
    """A browser that was signed in before: the account it knows, and its own name."""

    account: str
    name: str


def account_of(email: str) -> str:
    """Return the name under which tries at an account are counted; what was typed is kept nowhere."""
    return hashing.digest(email.strip().lower())[:32]


def spend(email: str, browser: Browser | None) -> None:
    """Count one try; refuse (TooMany) when there were too many. The caller commits either way."""
    for name, who, limit in _counts(email, browser):
        limits.spend(name, who, limit=limit, seconds=SECONDS)


def give_back(email: str, browser: Browser | None) -> None:
    """The try was a right one: it counts for nothing."""
    for name, who, _limit in _counts(email, browser):
        limits.give_back(name, who, seconds=SECONDS)


def is_first_refusal(email: str, browser: Browser | None) -> bool:
    """True at the first try above a limit, so that a flood leaves one line in the ledger and not thousands."""
    counted = [(limits.used(name, who, seconds=SECONDS), limit) for name, who, limit in _counts(email, browser)]
    return any(n == limit + 1 for n, limit in counted) and not any(n > limit + 1 for n, limit in counted)


def _counts(email: str, browser: Browser | None) -> list[tuple[str, str, int]]:
    account = account_of(email)
    if browser is not None and browser.account == account:
        return [("sign-in-known", f"{account}.{browser.name}", FROM_ONE_PLACE)]
    return [
        ("sign-in-from", limits.address(), FROM_ONE_PLACE),
        ("sign-in-at", account, AT_ONE_ACCOUNT),
    ]


def spend_reset(email: str) -> None:
    """Count one request for a reset mail, the same for accounts that exist and for those that do not."""
    limits.spend("reset-from", limits.address(), limit=RESETS_FROM_ONE_PLACE, seconds=DAY)
    limits.spend("reset-for", account_of(email), limit=RESETS_A_DAY, seconds=DAY)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-browser")


def known(request: Request) -> Browser | None:
    """Return what this browser proves to have been."""
    try:
        account, name = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return Browser(str(account), str(name))


def remember(request: Request, response: Response, email: str) -> None:
    """Let this browser prove next time that the account was used in it."""
    before = known(request)
    account = account_of(email)
    name = before.name if before and before.account == account else secrets.token_hex(8)
    response.set_cookie(
        COOKIE,
        _signer().dumps([account, name]),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"] or request.is_secure,
        path=current_app.config["SESSION_COOKIE_PATH"],
    )
