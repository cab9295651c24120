"""What rendering gives back. Plain values: they cross the pipe of the rendering process as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Heading:
    """An entry of the contents; `id` is the anchor in the page."""

    level: int
    id: str
    title: str


@dataclass(frozen=True)
class Passage:
    """The words under one heading; what comes before the first heading has an empty `heading_id`."""

    heading_id: str
    text: str


@dataclass(frozen=True)
class Step:
    """One step, as safe HTML of its first paragraph; `platform` is empty when everybody sees it."""

    platform: str
    html: str


@dataclass(frozen=True)
class Finding:
    """Something the author should mend. `kind` is one of a small set, `line` counts from 1 in the given text."""

    kind: str
    detail: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{_SAID.get(self.kind, self.kind)}: {self.detail}"


_SAID = {
    "dead-link": "this link leads nowhere",
    "dead-image": "this picture is not among our files",
    "foreign-image": "pictures from other sites are not shown",
    "relative-link": "write internal links as kb:slug",
    "top-heading": "the title is the only top heading, so this one was lowered",
    "unclosed-block": "this block is never closed with its slashes",
    "unknown-block": "there is no block of this name",
    "empty-link": "this link has no words",
    "no-alternative": "this picture has no words for those who cannot see it",
}


@dataclass(frozen=True)
class Rendered:
    """A text made into safe HTML, with everything others want to know about it."""

    html: str
    text: str = ""
    headings: tuple[Heading, ...] = ()
    platforms: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    steps: tuple[Step, ...] = ()
    links: tuple[str, ...] = ()
    """Internal targets without their `kb:`, each once, with the heading where one was named."""
    external: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Own files named in pictures and links: `file:12` or `assets/wifi/menu.png`."""
    warnings: tuple[Finding, ...] = field(default=())

    @property
    def n_steps(self) -> int:
        """Steps one reader goes through: those for everybody, and those of the longest platform variant."""
        counts = self.steps_by_platform
        return counts.get("", 0) + max((n for name, n in counts.items() if name), default=0)

    @property
    def steps_by_platform(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for step in self.steps:
            counts[step.platform] = counts.get(step.platform, 0) + 1
        return counts

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Rendered:
        """Read what `to_dict` wrote, also after it went through JSON."""
        return cls(
            html=values["html"],
            text=values["text"],
            headings=tuple(Heading(**h) for h in values["headings"]),
            platforms=tuple(values["platforms"]),
            passages=tuple(Passage(**p) for p in values["passages"]),
            steps=tuple(Step(**s) for s in values["steps"]),
            links=tuple(values["links"]),
            external=tuple(values["external"]),
            files=tuple(values["files"]),
            warnings=tuple(Finding(**w) for w in values["warnings"]),
        )
