"""What programs can ask, told from the declared operations: for programs as OpenAPI, for people as pages."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from portal.accounts.access import door
from portal.core.errors import NotFound
from portal.core.operations import explaining
from portal.core.operations.document import document as made
from portal.core.operations.operation import PREFIX, PROBLEMS, Operation, problem_type
from portal.core.registry import registry
from portal.notifications.links import absolute

bp = Blueprint("reference", __name__, url_prefix=PREFIX, template_folder="../templates")


@bp.get("/openapi.json")
@door
def document() -> Response:
    """The document; the same for everybody, since it tells what the portal can do and nothing that is in it."""
    body = json.dumps(made(registry().operations.values(), root=request.script_root), ensure_ascii=False, indent=1)
    response = current_app.response_class(body, content_type="application/json")
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/")
def page() -> str:
    """All operations, and what holds for each of them."""
    return render_template(
        "accounts/reference.html",
        groups=_groups(),
        about=explaining.paragraphs(),
        problems=[(problem_type(kind), status, words) for kind, (status, words) in PROBLEMS.items()],
    )


def _groups() -> list[tuple[str, list[Operation]]]:
    found = sorted(registry().operations.values(), key=lambda one: explaining.ORDER.index(one.group))
    return [(group, list(operations)) for group, operations in groupby(found, lambda one: one.group)]


@bp.get("/operations/<name>")
def operation(name: str) -> str:
    """One operation: what it takes and answers, with an example."""
    found = registry().operations.get(name)
    if found is None:
        raise NotFound("")
    more: dict[str, Any] = {"groups": _groups(), "one": explaining.explained(found, absolute(PREFIX))}
    return render_template("accounts/reference_operation.html", **more)
