"""Template tags of site generators: `{% name "argument" %}` and `{{ value }}`, found and taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 2_000
_NAME = re.compile(r"-?\s*([A-Za-z][\w-]*)")
_ARGUMENT = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_END = {name: re.compile(r"\{%-?\s*" + name + r"\s*-?%\}") for name in ("endraw", "endcomment", "endalert")}


@dataclass(frozen=True)
class Tag:
    """A template tag, and where it ends in the text."""

    name: str
    arguments: tuple[str, ...]
    end: int

    @property
    def first(self) -> str:
        return self.arguments[0] if self.arguments else ""


def at(text: str, start: int) -> Tag | None:
    """Return the tag that begins here; a value `{{ … }}` is one without a name, its text being its argument."""
    is_value = text.startswith("{{", start)
    if is_value:
        return _value(text, start)
    end = text.find("%}", start + 2, start + LONGEST)
    if end < 0:
        return None
    inner = text[start + 2 : end]
    name = _NAME.match(inner)
    if name is None:
        return Tag("?", (), end + 2)
    arguments = tuple(
        " ".join((found[1] if found[1] is not None else found[2]).split())
        for found in _ARGUMENT.finditer(inner, name.end())
    )
    return Tag(name[1].lower(), arguments, end + 2)


def _value(text: str, start: int) -> Tag | None:
    end = text.find("}}", start + 2, start + LONGEST)
    if end < 0:
        return None
    inner = text[start + 2 : end].strip()
    quoted = _ARGUMENT.fullmatch(inner)
    if quoted:  # a text in quotes is a generator's way to say it literally
        return Tag("", (quoted[1] if quoted[1] is not None else quoted[2],), end + 2)
    return Tag("{{", (inner,), end + 2)


class Ends:
    """Finds closing tags; one that is not there is looked for once, however often it is missed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._missing: set[str] = set()

    def of(self, name: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where the closing tag `name` begins and ends."""
        return self.match(name, _END[name], start, end)

    def match(self, name: str, pattern: re.Pattern[str], start: int, end: int) -> tuple[int, int] | None:
        if name in self._missing:
            return None
        found = pattern.search(self._text, start)
        if found is None:
            self._missing.add(name)
            return None
        return found.span() if found.end() <= end else None
