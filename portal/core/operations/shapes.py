"""Shapes of values: plain JSON Schema, made by small functions, and the check of a value against one.

The dialect is only as large as what the functions here make, so that everything a document says is really checked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from flask_babel import gettext as _

Schema: TypeAlias = dict[str, Any]
Complaint: TypeAlias = tuple[str, str]

LARGEST = 2**31 - 1
"""No number in the portal is larger; rows of every database can be asked for it."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def text(about: str = "", *, least: int = 0, most: int | None = None, like: str = "", example: str = "") -> Schema:
    """Make the shape of a text of so many characters."""
    found: Schema = {"type": "string"}
    found |= {"minLength": least} if least else {}
    found |= {"maxLength": most} if most is not None else {}
    found |= {"pattern": like} if like else {}
    return _told(found, about, example)


def whole(about: str = "", *, least: int = 0, most: int = LARGEST, example: int | None = None) -> Schema:
    """Make the shape of a whole number."""
    return _told({"type": "integer", "minimum": least, "maximum": most}, about, example)


def number(about: str = "") -> Schema:
    """Make the shape of a number, whole or not."""
    return _told({"type": "number"}, about)


def yes_no(about: str = "") -> Schema:
    return _told({"type": "boolean"}, about)


def choice(*values: str, about: str = "") -> Schema:
    """Make the shape of one of a few words."""
    return _told({"type": "string", "enum": list(values)}, about)


def moment(about: str = "") -> Schema:
    """Make the shape of a date and time with its offset."""
    return _told({"type": "string", "format": "date-time", "example": "2026-03-09T09:00:00Z"}, about)


def day(about: str = "") -> Schema:
    return _told({"type": "string", "format": "date"}, about)


def many(of: Schema, about: str = "", *, most: int | None = None) -> Schema:
    """Make the shape of a list."""
    return _told({"type": "array", "items": of} | ({"maxItems": most} if most is not None else {}), about)


def maybe(shape: Schema) -> Schema:
    """Let a value also be null."""
    if "title" in shape:
        return {"anyOf": [shape, {"type": "null"}]}
    return shape | {"type": [shape["type"], "null"]} | ({"enum": [*shape["enum"], None]} if "enum" in shape else {})


def thing(
    name: str, about: str = "", *, needed: Mapping[str, Schema], extra: Mapping[str, Schema] | None = None
) -> Schema:
    """Make the shape of an object: what it always has, what it may have, and nothing else."""
    fields = {**needed, **(extra or {})}
    found: Schema = {"type": "object", "title": name, "properties": fields, "additionalProperties": False}
    return _told(found | ({"required": list(needed)} if needed else {}), about)


def page_of(item: Schema) -> Schema:
    """Make the shape of one page of a list, with the way to the next."""
    return thing(
        f"{item['title']}Page",
        needed={
            "items": many(item),
            "next": maybe(text("Send it as `cursor` for the next page; null: this was the last one.")),
        },
    )


def _told(shape: Schema, about: str, example: Any = None) -> Schema:
    shape |= {"description": about} if about else {}
    return shape | ({"example": example} if example not in (None, "") else {})


def complaints(shape: Schema, value: Any, path: str = "") -> Iterator[Complaint]:
    """Yield everything wrong with a value: where (`roles.0`), and what, in words."""
    if "anyOf" in shape:
        if value is not None:
            yield from complaints(shape["anyOf"][0], value, path)
        return
    types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if value is None and "null" in types:
        return
    if not _is_of(types[0], value):
        yield path, _wanted()[types[0]]
    elif types[0] == "object":
        yield from _in_object(shape, value, path)
    elif types[0] == "array":
        if len(value) > shape.get("maxItems", len(value)):
            yield path, _("At most %(n)s of them, please.", n=shape["maxItems"])
            return
        for n, item in enumerate(value):
            yield from complaints(shape["items"], item, _below(path, str(n)))
    else:
        yield from ((path, what) for what in _in_value(shape, value))


def _is_of(type_: str, value: Any) -> bool:
    if type_ == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": dict}[type_])


def _wanted() -> dict[str, str]:
    return {
        "string": _("This has to be a text."),
        "integer": _("This has to be a whole number."),
        "number": _("This has to be a number."),
        "boolean": _("This has to be true or false."),
        "array": _("This has to be a list."),
        "object": _("This has to be an object."),
    }


def _in_object(shape: Schema, value: dict[str, Any], path: str) -> Iterator[Complaint]:
    for name in shape.get("required", ()):
        if name not in value:
            yield _below(path, name), _("This is missing.")
    for name, one in value.items():
        if name in shape["properties"]:
            yield from complaints(shape["properties"][name], one, _below(path, name))
        else:
            yield _below(path, name[:80]), _("There is no such field.")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _in_value(shape: Schema, value: Any) -> Iterator[str]:
    """Yield what is wrong with a text, a number or a yes."""
    if "enum" in shape and value not in shape["enum"]:
        yield _("Choose one of: %(choices)s.", choices=", ".join(str(one) for one in shape["enum"] if one is not None))
    elif isinstance(value, str):
        yield from _in_text(shape, value)
    elif "minimum" in shape and not shape["minimum"] <= value <= shape["maximum"]:
        yield _("This has to lie between %(least)s and %(most)s.", least=shape["minimum"], most=shape["maximum"])


def _in_text(shape: Schema, value: str) -> Iterator[str]:
    if len(value) < shape.get("minLength", 0):
        yield _("This is missing.") if not value else _("This is too short.")
    elif len(value) > shape.get("maxLength", len(value)):
        yield _("Please keep it under %(n)s characters.", n=shape["maxLength"])
    elif "pattern" in shape and not re.search(shape["pattern"], value):
        yield _("This is not in the form it needs to have.")
    elif shape.get("format") == "date-time" and as_moment(value) is None:
        yield _("Give date, time and offset, such as 2026-03-09T09:00:00Z.")
    elif shape.get("format") == "date" and as_day(value) is None:
        yield _("Give a date such as 2026-03-09.")


def as_moment(value: str) -> dt.datetime | None:
    """Read a date and time into UTC; nothing for one that is none."""
    if not MOMENT.fullmatch(value):
        return None
    try:
        return dt.datetime.fromisoformat(value.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def as_day(value: str) -> dt.date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
