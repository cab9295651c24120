"""The OpenAPI 3.1 document, made from the declared operations and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from portal.core.operations.operation import PREFIX, PROBLEMS, Operation, problem_type
from portal.core.operations.shapes import Schema

API_VERSION = "1.0.0"
ABOUT = """\
Search, read and write what the knowledge base holds, and keep accounts in step with your directory.

Every request carries a token: `Authorization: Bearer …`. People make theirs under “Your account”, “Tokens”;
administrators make those of services under “Administration”, “Service accounts”. A token is good for the scopes it was
given, and never for more than whoever it stands for may do: what they may not see is answered with 404, and is found,
listed and counted nowhere.

Bodies are JSON. Unknown fields and parameters are refused. Times are in UTC. Lists are read page by page: send the
`next` of a page as `cursor` until it is null. Answers about single things have an ETag; with `If-None-Match` you get
304 while nothing has changed. Whatever goes wrong is told as problem JSON (RFC 9457): tell kinds apart by `type`, and
read what to mend under `errors`, by field. There is no access from scripts of other sites.
"""
PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string", "enum": sorted(problem_type(kind) for kind in PROBLEMS)},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In words for people, in the language of whoever asks."},
        "instance": {"type": "string", "description": "Name of the request, for whoever looks into the log."},
        "errors": {
            "type": "object",
            "description": "What to mend, by field or parameter.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}
_OTHERWISE = {
    301: "It has moved; `Location` leads to it.",
    303: "This `Idempotency-Key` was acted upon before; `Location` leads to what it made.",
    304: "Nothing has changed since.",
}


def document(operations: Iterable[Operation], *, root: str = "") -> dict[str, Any]:
    """Return the document; `root` is the path the portal lives under."""
    schemas: dict[str, Schema] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "DITY", "version": API_VERSION, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": f"{root}{PREFIX}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation, schemas: dict[str, Schema]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.group],
        "security": [{"token": [operation.scope.value] if operation.scope else []}],
        "parameters": _parameters(operation),
        "responses": {str(status): _response(operation, status, schemas) for status in sorted(operation.statuses)},
    }
    found |= {"description": operation.about} if operation.about else {}
    if operation.body is not None:
        content: dict[str, Any] = {"schema": _named(operation.body, schemas)}
        content |= {"example": dict(operation.example)} if operation.example else {}
        found["requestBody"] = {"required": True, "content": {"application/json": content}}
    return found


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [_parameter("path", name, shape, is_required=True) for name, shape in operation.at.items()]
    found += [
        _parameter("query", name, shape, is_required=name in operation.required)
        for name, shape in operation.query.items()
    ]
    if operation.needs_match:
        about = "The ETag of the text you saw."
        found.append(_parameter("header", "If-Match", {"type": "string", "description": about}, is_required=True))
    if operation.takes_key:
        about = "A name of yours for this request: sent twice, it acts once."
        shape = {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,40}$", "description": about}
        found.append(_parameter("header", "Idempotency-Key", shape, is_required=False))
    if operation.is_single and operation.is_read:
        about = "The ETag of what you have."
        found.append(_parameter("header", "If-None-Match", {"type": "string", "description": about}, is_required=False))
    return found


def _parameter(where: str, name: str, shape: Schema, *, is_required: bool) -> dict[str, Any]:
    schema = {key: value for key, value in shape.items() if key not in ("description", "example")}
    found: dict[str, Any] = {"name": name, "in": where, "required": is_required, "schema": schema}
    found |= {"description": shape["description"]} if "description" in shape else {}
    return found | ({"example": shape["example"]} if "example" in shape else {})


def _response(operation: Operation, status: int, schemas: dict[str, Schema]) -> dict[str, Any]:
    if status == operation.status:
        found: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if operation.answer is not None:
            found["content"] = {"application/json": {"schema": _named(operation.answer, schemas)}}
        headers = {"ETag": "Names this state of it."} if operation.is_single or operation.needs_match else {}
        headers |= {"Location": "Where it is."} if status == HTTPStatus.CREATED else {}
    elif status in _OTHERWISE:
        found = {"description": _OTHERWISE[status]}
        headers = {} if status == HTTPStatus.NOT_MODIFIED else {"Location": "Where it is."}
    else:
        words = [text for kind, (of, text) in PROBLEMS.items() if of == status]
        schema: Schema = {"$ref": "#/components/schemas/Problem"}
        found = {"description": " Or: ".join(words), "content": {"application/problem+json": {"schema": schema}}}
        headers = {"Retry-After": "Seconds to wait."} if status in (429, 503) else {}
    if headers:
        found["headers"] = {
            name: {"description": about, "schema": {"type": "string"}} for name, about in headers.items()
        }
    return found


def _named(shape: Schema, schemas: dict[str, Schema]) -> Schema:
    """Return the shape with everything that has a name put among the schemas and referred to."""
    found = {key: _inside(value, schemas) for key, value in shape.items() if key not in ("title", "example")}
    found |= {"examples": [shape["example"]]} if "example" in shape else {}
    if "title" not in shape:
        return found
    known = schemas.setdefault(shape["title"], found)
    if known != found:
        raise ValueError(f"two shapes are called {shape['title']}")
    return {"$ref": f"#/components/schemas/{shape['title']}"}


def _inside(value: Any, schemas: dict[str, Schema]) -> Any:
    if isinstance(value, dict):
        is_shape = "type" in value or "anyOf" in value
        if is_shape and not isinstance(value.get("type"), dict):
            return _named(value, schemas)
        return {name: _inside(one, schemas) for name, one in value.items()}
    if isinstance(value, list):
        return [_inside(one, schemas) for one in value]
    return value
