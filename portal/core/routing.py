"""Routes whose addresses are written when somebody first asks for one.

Werkzeug compiles a small program for each route, twice, to write its addresses. With hundreds of routes that is most of
what it takes to put the house together, and a worker needs few of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A route that compiles what writes its addresses at the first of them."""

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        compile_now = super()._compile_builder

        def build(rule: LateRule, /, **values: Any) -> tuple[str, str]:
            made: Build = compile_now(append_unknown).__get__(rule, None)
            if append_unknown:
                rule._build_unknown = made
            else:
                rule._build = made
            return made(**values)

        return build
