"""An operation as data, what it is called with and what it replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from portal.core.actor import Actor
from portal.core.errors import Refusal
from portal.core.operations.shapes import Schema
from portal.core.scopes import Scope

PREFIX = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, read and checked: every value has the declared shape."""

    actor: Actor
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    if_match: str = ""
    key: str = ""
    """The caller's name for this request (`Idempotency-Key`); sent twice, it acts once."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What goes back. Without an `etag` single things get one from their bytes."""

    body: Any = None
    status: int = HTTPStatus.OK
    etag: str = ""
    location: str = ""


Run: TypeAlias = Callable[[Call], Reply]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing a program may ask."""

    name: str
    """Its `operationId`; the endpoint is `api.<name>`."""
    method: str
    path: str
    """Below `/api/v1`, with `{slug}` for what varies."""
    group: str
    summary: str
    about: str = ""
    scope: Scope | None
    """What the token needs; None where any token will do."""
    run: Run
    at: Mapping[str, Schema] = field(default_factory=dict)
    """What varies in the path."""
    query: Mapping[str, Schema] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    """Parameters that cannot be left out."""
    body: Schema | None = None
    example: Mapping[str, Any] = field(default_factory=dict)
    """A body as somebody might send it."""
    answer: Schema | None = None
    status: int = HTTPStatus.OK
    refusals: frozenset[int] = frozenset()
    """Statuses of problems beside those that follow from the rest."""
    is_single: bool = False
    """Answers one thing, which has an ETag."""
    needs_match: bool = False
    """Wants `If-Match` with the ETag of what was seen."""
    takes_key: bool = False
    """Makes something, and takes an `Idempotency-Key`."""

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    @property
    def statuses(self) -> frozenset[int]:
        """Everything it may answer."""
        found = {self.status, 400, 401, 403, 422, 429, 503} | self.refusals
        found |= {404} if self.at else set()
        found |= {304} if self.is_single and self.is_read else set()
        found |= {413, 415} if self.body is not None else set()
        found |= {412, 428} if self.needs_match else set()
        found |= {303} if self.takes_key else set()
        found |= {507} if not self.is_read else set()
        return frozenset(found)


class Unreadable(Refusal):
    """What was sent cannot be read at all."""

    status = 400
    kind = "unreadable"


class NotSeen(Refusal):
    """Somebody else saved in between, or the caller did not say what it saw. Both texts go along."""

    status = 412
    kind = "changed-meanwhile"

    def __init__(self, message: str, **texts: Any) -> None:
        super().__init__(message)
        self.texts = texts

    @property
    def members(self) -> Mapping[str, Any]:
        return self.texts


class NoMatch(Refusal):
    """A change of something that can change meanwhile names what was seen, or is refused."""

    status = 428
    kind = "if-match-missing"


class TooLarge(Refusal):
    status = 413
    kind = "too-large"


class WrongKind(Refusal):
    status = 415
    kind = "not-json"


class OutOfScope(Refusal):
    """The token is good, but not for this."""

    status = 403
    kind = "out-of-scope"


PROBLEMS: dict[str, tuple[int, str]] = {
    "unreadable": (400, "What was sent cannot be read."),
    "not-signed-in": (401, "There is no token, or it does not work (any more)."),
    "not-allowed": (403, "Whoever the token acts for may not do this."),
    "out-of-scope": (403, "The token was not made for this."),
    "not-found": (404, "There is no such thing, or none that may be known of."),
    "wrong-method": (405, "The address does not take this method."),
    "conflict": (409, "Something else happened first."),
    "changed-meanwhile": (412, "Somebody else saved since; both texts are in the problem."),
    "too-large": (413, "The body is larger than allowed."),
    "not-json": (415, "A body is JSON and says so: `Content-Type: application/json`."),
    "invalid": (422, "Something has to be mended; `errors` says what, by field."),
    "if-match-missing": (428, "Send `If-Match` with the ETag of what you saw."),
    "too-often": (429, "A limit is reached; `Retry-After` says how long to wait."),
    "unexpected": (500, "Something went wrong on our side."),
    "busy": (503, "Busy; try again in a moment."),
    "no-room": (507, "There is no room left to keep it."),
}
"""The last part of every problem's `type`, its status and when it comes. These never change their meaning."""

KIND_BY_STATUS = {status: kind for kind, (status, _words) in reversed(PROBLEMS.items()) if kind != "out-of-scope"}


def problem_type(kind: str) -> str:
    return f"urn:dity:problem:{kind}"
