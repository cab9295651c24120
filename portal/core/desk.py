"""Rows of the editors' list, as each feature gives its own; the list itself is put together by the knowledge base.

A row comes in two steps, so that a long list costs no more than a page of it: `find` names everything this actor could
do, in numbers alone; `draw` makes rows of those that are shown. Both know only what the actor may see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from analytics.content import Work
from portal.core.actor import Actor

MOST = 300
"""Rows of one kind that are ranked; each `find` gives those first that most people met."""


@dataclass(frozen=True, kw_only=True)
class DeskAct:
    """Something to do about a row with one click: a place to go to, or a form that is sent there.

    `field` is what the form says, as a name and its value.
    """

    label: str
    url: str
    field: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """What an editor reads of something to do."""

    icon: str
    title: str
    url: str
    why: str = ""
    overdue: str = ""
    """What is overdue, in a word or two; it counts half as much more."""
    flagged: str = ""
    """What else presses, and counts half as much more."""
    is_urgent: bool = False
    """Somebody waits for this editor, or a mistake does much harm."""
    acts: tuple[DeskAct, ...] = ()
    """The first is the usual one."""


@dataclass(frozen=True, kw_only=True)
class DeskRows:
    """The rows of one feature: what kinds there are, and how to find and draw them.

    `Work.item` is `kind:number`, which stays the same as long as the row is about the same.
    """

    kinds: Mapping[str, LazyString]
    """What several of a kind are called. Where nothing else decides, an earlier kind comes first."""
    find: Callable[[Actor], Collection[Work]]
    draw: Callable[[Actor, Collection[str]], Mapping[str, DeskRow]]
    order: int = 50


def numbers(keys: Collection[str], kind: str) -> list[int]:
    """Return the numbers of the rows of one kind.

    >>> numbers(["gap:3", "weak:4", "gap:5"], "gap")
    [3, 5]
    """
    return [int(key.partition(":")[2]) for key in keys if key.partition(":")[0] == kind]
