"""Programs that ask with a token: `program(ana, Scope.READ).get("/me")`."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts import tokens
from portal.core.operations.operation import PREFIX
from portal.core.permissions import Role
from portal.core.scopes import Scope
from tests.people import Visitor


class Program:
    """Something that sends a token and no cookie."""

    def __init__(self, app: Flask, token: str) -> None:
        self.token = token
        self._visitor = Visitor(app)

    def open(self, method: str, path: str, *, headers: dict[str, str] | None = None, **kw: Any) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self._visitor.open(path if path.startswith("/api") else PREFIX + path, method=method, headers=sent, **kw)

    def get(self, path: str, **kw: Any) -> TestResponse:
        return self.open("GET", path, **kw)

    def post(self, path: str, sent: Any = None, **kw: Any) -> TestResponse:
        return self.open("POST", path, json=sent, **kw) if sent is not None else self.open("POST", path, **kw)

    def patch(self, path: str, sent: Any, *, etag: str = "", **kw: Any) -> TestResponse:
        return self.open("PATCH", path, json=sent, headers={"If-Match": etag} if etag else None, **kw)


def program(owner: Visitor, *scopes: Scope) -> Program:
    """Give somebody a token that is good for these, or for reading."""
    _row, text = tokens.make(owner.actor, label="A program", days=30, scopes=scopes or {Scope.READ})
    return Program(owner.app, text)


def service(maker: Visitor, *roles: Role, scopes: set[Scope] | None = None) -> Program:
    """Give a program that is nobody's a token, by an administrator."""
    _row, text = tokens.make_service(maker.actor, label="A service", days=0, roles=roles, scopes=scopes or {Scope.READ})
    return Program(maker.app, text)
