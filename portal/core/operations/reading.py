"""Reading what a program sent: strictly, so that two readers can never understand it differently."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Request
from flask_babel import gettext as _

from portal.core.errors import Invalid
from portal.core.operations.operation import Operation, TooLarge, Unreadable, WrongKind
from portal.core.operations.shapes import Complaint, Schema, complaints

MOST_BYTES = 1_000_000
DEEPEST = 20
NUMBER = re.compile(r"-?[0-9]{1,15}")
MOST_COMPLAINTS = 50


class Invalids(Invalid):
    """Several fields to mend at once."""

    def __init__(self, found: Iterable[Complaint]) -> None:
        super().__init__(_("Please mend what is named under errors."))
        self.by_field: dict[str, list[str]] = {}
        for path, what in list(found)[:MOST_COMPLAINTS]:
            self.by_field.setdefault(path or "body", []).append(what)

    @property
    def members(self) -> Mapping[str, Any]:
        return {"errors": self.by_field}


def body_of(request: Request, operation: Operation) -> Any:
    """Return the body in the declared shape, an empty one where none is declared.

    Refuses what is no JSON (Unreadable), another type (WrongKind), too much (TooLarge), another shape (Invalids).
    """
    if operation.body is None:
        return {}
    if request.mimetype != "application/json":
        raise WrongKind(_("Send JSON, with the header Content-Type: application/json."))
    sent = request.get_data() if (request.content_length or 0) <= MOST_BYTES else None
    if sent is None or len(sent) > MOST_BYTES:
        raise TooLarge(_("At most %(n)s bytes, please.", n=MOST_BYTES))
    found = parse(sent)
    if wrong := list(complaints(operation.body, found)):
        raise Invalids(wrong)
    return found


def parse(sent: bytes) -> Any:
    """Read JSON text. Refuses two fields of one name, NaN, numbers nobody has, half characters and deep nests."""
    try:
        found = json.loads(
            sent.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_refuse,
            parse_int=_number,
        )
    except (ValueError, RecursionError):
        raise Unreadable(_("The body is not valid JSON.")) from None
    _look_through(found, DEEPEST)
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _number(digits: str) -> int:
    if not NUMBER.fullmatch(digits):
        raise ValueError("too large a number")
    return int(digits)


def _look_through(value: Any, deepest: int) -> None:
    """Refuse characters that no text has, and nests that no shape has."""
    if isinstance(value, str):
        if not is_text(value):
            raise Unreadable(_("A text in the body holds half a character, or the invisible NUL character."))
    elif isinstance(value, dict | list):
        if not deepest:
            raise Unreadable(_("The body is nested too deeply."))
        for one in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            _look_through(one, deepest - 1)
    elif isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise Unreadable(_("The body is not valid JSON."))


def is_text(value: str) -> bool:
    """True when every character is a whole one that every database keeps."""
    return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def query_of(request: Request, operation: Operation) -> dict[str, Any]:
    """Return the parameters in the declared shapes; refuses unknown ones, repeated ones, other shapes (Invalids)."""
    found: dict[str, Any] = {}
    wrong: list[Complaint] = []
    for name, values in request.args.lists():
        if name not in operation.query:
            wrong.append((name[:80], _("There is no such parameter.")))
        elif len(values) > 1:
            wrong.append((name, _("Send this once.")))
        else:
            found[name] = _read(operation.query[name], values[0])
            wrong += complaints(operation.query[name], found[name], name)
    wrong += ((name, _("This is missing.")) for name in sorted(operation.required - found.keys()))
    if wrong:
        raise Invalids(wrong)
    return found


def _read(shape: Schema, given: str) -> Any:
    """Turn the text of an address into the value it stands for; what stands for none stays a text."""
    if shape["type"] == "integer" and NUMBER.fullmatch(given):
        return int(given)
    if shape["type"] == "boolean" and given in ("true", "false"):
        return given == "true"
    return given
