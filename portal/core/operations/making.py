"""What an operation that makes something ends with."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import once
from portal.core.operations.operation import PREFIX, Call, Reply


def made(call: Call, path: str, body: Any) -> Reply:
    """Note under the caller's key what the request made, next to the change, and say where it is (once.AlreadyDone)."""
    where = f"{request.script_root}{PREFIX}{path}"
    once.claim(call.key, person_id=call.actor.person_id, location=where)
    return Reply(body=body, status=201, location=where)
