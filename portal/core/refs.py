"""Names of things that travel between features: `article:12`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"([a-z][a-z_]{0,31}):([0-9]{1,18})")


@dataclass(frozen=True, order=True)
class Ref:
    """A thing of some feature, without its class: kind and row id."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read `kind:id`; refuse anything else (ValueError)."""
        match = _FORM.fullmatch(text)
        if not match:
            raise ValueError(f"{text[:60]!r} names no thing")
        return cls(match[1], int(match[2]))
