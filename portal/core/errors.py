"""Refusals in words. Services raise them; `portal.core.pages` turns them into a page or problem JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Something was asked that cannot be done; the message is written for the person who asked."""

    status = 400
    kind = ""
    """What programs tell it by (`core.operations.operation.PROBLEMS`), where the status alone says too little."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message

    @property
    def members(self) -> Mapping[str, Any]:
        """What a program is told beside the words."""
        return {}


class NotFound(Refusal):
    """No such thing, or none this person may know of."""

    status = 404


class Forbidden(Refusal):
    """The person may know of the thing but not do this to it."""

    status = 403


class Conflict(Refusal):
    """Somebody else was first; nothing was overwritten."""

    status = 409


class Invalid(Refusal):
    """What was given cannot be used; `field` names the form field to mend, empty when it is none of them."""

    status = 422

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field

    @property
    def members(self) -> Mapping[str, Any]:
        return {"errors": {self.field: [self.message]}} if self.field else {}


class TooMany(Refusal):
    """A limit is reached; `retry_after` says in how many seconds the next try may succeed."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The portal cannot do this now (database busy, disk full); trying again later may succeed."""

    status = 503

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after
