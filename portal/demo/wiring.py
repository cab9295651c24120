"""What the demo brings to the house: being somebody, and its mail. The `dity demo` command hangs in `portal.cli`."""

from __future__ import annotations

from flask import Flask

from portal.core.feature import Feature
from portal.demo import views


def start(app: Flask) -> None:
    """Put the cards before the sign-in; the hook itself asks whether this is the demo."""
    app.before_request(views.instead_of_signing_in)


def feature() -> Feature:
    return Feature(name="demo", blueprints=(views.bp,), start=start)
