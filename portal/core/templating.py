"""How templates are compiled and filled: Flask's environment, with two costs taken out of every page.

A page imports some thirty macros. Jinja keeps what such an import yields and gives it out again, unless the page's own
template was given globals that the imported one lacks; to find out it compares the names of both, one by one in Python,
because each template holds a chain of two mappings. No template here is given globals of its own, so all of them share
the environment's mapping itself, and the comparison is one of two dictionaries.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment as FlaskEnvironment


class Environment(FlaskEnvironment):
    """Flask's environment, whose templates share their globals."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    """Let this app's templates be made by our environment; to be called before the first use of `app.jinja_env`."""
    app.jinja_environment = Environment
