"""What programs can ask, told from the declared operations: for programs as OpenAPI, for people as a page."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from portal.accounts.access import door
from portal.core import scopes
from portal.core.operations import explaining
from portal.core.operations.document import document as made
from portal.core.operations.operation import PREFIX, PROBLEMS, problem_type
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
    """The same to read, with an example for each."""
    found = sorted(registry().operations.values(), key=lambda one: explaining.ORDER.index(one.group))
    groups: list[tuple[str, list[Any]]] = [
        (group, [explaining.explained(one, absolute(PREFIX)) for one in operations])
        for group, operations in groupby(found, lambda one: one.group)
    ]
    return render_template(
        "accounts/reference.html",
        groups=groups,
        about=explaining.paragraphs(),
        scopes=scopes.WORDS,
        problems=[(problem_type(kind), status, words) for kind, (status, words) in PROBLEMS.items()],
    )
