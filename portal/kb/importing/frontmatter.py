"""The head of a foreign file: YAML of anybody, read without giving it anything to play with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from flask_babel import gettext as _

LONGEST = 20_000


class Unreadable(Exception):
    """What is wrong, and at which line of the file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(frozen=True)
class Split:
    """A file taken apart."""

    values: dict[str, Any]
    lines: dict[str, int]
    """Line of each key."""
    body: str
    body_line: int
    body_at: int
    """Where in the text the body begins."""


class _Loader(yaml.SafeLoader):
    """Plain values only: a value that stands for another is how a few lines become a billion."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            problem = _("references to other values are not read")
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def split(text: str) -> Split | None:
    """Return head and body of a file, None when it has no head; raises Unreadable."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---", 3)
    after = text.find("\n", end + 4) if end >= 0 else -1
    if end < 0 or text[end + 4 : after if after >= 0 else None].strip():
        raise Unreadable(1, _("The front matter is never closed by a line of three hyphens."))
    head, body = text[4 : end + 1], text[after + 1 :] if after >= 0 else ""
    if len(head) > LONGEST:
        raise Unreadable(1, _("The front matter is longer than %(n)s characters.", n=LONGEST))
    values, lines = _read(head)
    return Split(values, lines, body, text.count("\n", 0, end + 4) + 2, len(text) - len(body))


def _read(head: str) -> tuple[dict[str, Any], dict[str, int]]:
    loader = _Loader(head)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise Unreadable(2, _("The front matter must be lines of a key, a colon and a value."))
        values = loader.construct_document(node)
    except yaml.MarkedYAMLError as trouble:
        line = trouble.problem_mark.line + 2 if trouble.problem_mark else 2
        raise Unreadable(line, _("The front matter is not YAML: %(why)s.", why=trouble.problem)) from trouble
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, OverflowError) as trouble:
        raise Unreadable(2, _("The front matter is not YAML: %(why)s.", why=type(trouble).__name__)) from trouble
    finally:
        loader.dispose()
    lines = {str(key.value): key.start_mark.line + 2 for key, _value in node.value}
    return {str(key): value for key, value in values.items()}, lines


def texts(value: Any, *, most: int = 50) -> list[str]:
    """Return a value that may be a text with commas or a list of texts as a list of texts."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return []
    return [" ".join(str(one).split()) for one in value[:most] if isinstance(one, str | int) and str(one).strip()]
