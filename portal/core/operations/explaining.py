"""Operations in words and examples, for the reference page and `docs/api.md`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.core.operations.document import ABOUT
from portal.core.operations.operation import Operation
from portal.core.operations.shapes import Schema

ORDER = (
    *("Token", "Search", "Articles", "Writing", "Feedback", "Questions", "Tickets"),
    *("Surveys", "Goals", "Roadmap", "People"),
)


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer, as one line of a table."""

    name: str
    what: str
    is_needed: bool
    about: str


@dataclass(frozen=True)
class Explained:
    """One operation, told."""

    operation: Operation
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    statuses: str
    curl: str


def explained(operation: Operation, base: str) -> Explained:
    """Tell an operation; `base` is where the API is, for its example."""
    parameters = [Field(name, what(shape), True, shape.get("description", "")) for name, shape in operation.at.items()]
    parameters += [
        Field(name, what(shape), name in operation.required, shape.get("description", ""))
        for name, shape in operation.query.items()
    ]
    return Explained(
        operation=operation,
        parameters=parameters,
        body=list(fields(operation.body)) if operation.body is not None else [],
        answer=list(fields(operation.answer)) if operation.answer is not None else [],
        statuses=", ".join(str(status) for status in sorted(operation.statuses)),
        curl=curl(operation, base),
    )


def fields(shape: Schema, above: str = "") -> Iterator[Field]:
    """Yield the fields of an object, those inside lists and objects under `items[].slug`."""
    needed = shape.get("required", ())
    for name, one in shape["properties"].items():
        path = f"{above}{name}"
        yield Field(path, what(one), name in needed, one.get("description", ""))
        inner = one["anyOf"][0] if "anyOf" in one else one
        if inner["type"] == "array" and inner["items"]["type"] == "object":
            yield from fields(inner["items"], f"{path}[].")
        elif inner["type"] == "object":
            yield from fields(inner, f"{path}.")


def what(shape: Schema) -> str:
    """Say what kind of value it is.

    >>> what({"type": ["string", "null"], "format": "date"})
    'date or null'
    """
    if "anyOf" in shape:
        return f"{what(shape['anyOf'][0])} or null"
    types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    words = {
        "integer": "whole number",
        "number": "number",
        "string": "text",
        "boolean": "true or false",
        "object": "object",
    }
    if "enum" in shape:
        said = ", ".join(f"`{one}`" for one in shape["enum"] if one is not None)
    elif types[0] == "array":
        said = f"list of {what(shape['items'])}"
    else:
        said = {"date": "date", "date-time": "time"}.get(shape.get("format", ""), words[types[0]])
    return f"{said} or null" if "null" in types else said


def curl(operation: Operation, base: str) -> str:
    """Return how somebody would try it in a shell."""
    path = re.sub(r"{(\w+)}", lambda found: str(operation.at[found[1]].get("example", 7)), operation.path)
    asked = {name: _asked(operation.query[name]) for name in sorted(operation.required)}
    query = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in asked.items())
    lines = [f'curl -H "Authorization: Bearer $TOKEN" "{base}{path}{"?" if query else ""}{query}"']
    if operation.method != "GET":
        lines.insert(0, f"curl -X {operation.method}")
        lines[1] = lines[1].removeprefix("curl ")
    if operation.needs_match:
        lines.append("-H 'If-Match: \"draft-12-3\"'")
    if operation.body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{_json(operation.example)}'"]
    return " \\\n  ".join(lines)


def _asked(shape: Schema) -> str:
    return str(shape.get("example", "x"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("'", "’")


def paragraphs() -> list[str]:
    """Return what holds for all operations."""
    return [" ".join(part.split()) for part in ABOUT.strip().split("\n\n")]
