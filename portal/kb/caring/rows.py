"""The rows of the desk as features give them: which there are for somebody, and each as a thing."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from flask_babel.speaklater import LazyString

from analytics.content import Work
from portal.core.actor import Actor
from portal.core.desk import DeskRow, DeskRows
from portal.core.errors import NotFound
from portal.core.feature import Thing, ThingKind
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import registry


def kinds() -> dict[str, LazyString]:
    """Return what rows of each kind are called, in their order."""
    return {kind: label for rows in registry().desk_rows for kind, label in rows.kinds.items()}


def kind_of(key: str) -> str:
    return key.partition(":")[0]


def number_of(key: str) -> int:
    return int(key.partition(":")[2])


def ref(key: str) -> Ref:
    """Return the Ref of a row."""
    return Ref(f"desk_{kind_of(key)}", number_of(key))


def found(actor: Actor) -> list[Work]:
    """Return everything this actor could do, the rows of one kind in their own order."""
    return [work for rows in registry().desk_rows for work in rows.find(actor)]


def get(actor: Actor, key: str) -> Work:
    """Return what is known of a row; refuses what this actor does not have (NotFound)."""
    if actor.can(Permission.ARTICLE_WRITE):
        for work in _of(key).find(actor):
            if work.item == key:
                return work
    raise NotFound("")


def has(actor: Actor, key: str) -> bool:
    """Tell whether this actor has the row on the desk."""
    try:
        get(actor, key)
    except NotFound:
        return False
    return True


def drawn(actor: Actor, keys: Collection[str]) -> dict[str, DeskRow]:
    """Return rows as they are read; what the actor may not see is missing."""
    lines: dict[str, DeskRow] = {}
    for rows in registry().desk_rows:
        wanted = [key for key in keys if kind_of(key) in rows.kinds]
        if wanted:
            lines |= rows.draw(actor, wanted)
    return lines


def _of(key: str) -> DeskRows:
    for rows in registry().desk_rows:
        if kind_of(key) in rows.kinds:
            return rows
    raise NotFound("")


def things(given: DeskRows) -> tuple[ThingKind, ...]:
    """Return rows as things, for news and facts about them; nobody without a desk sees one."""
    return tuple(_things(given, kind) for kind in given.kinds)


def _things(given: DeskRows, kind: str) -> ThingKind:
    def load(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
        if not actor.can(Permission.ARTICLE_WRITE):
            return {}
        rows = given.draw(actor, [f"{kind}:{number}" for number in ids])
        return {number_of(key): _thing(key, row) for key, row in rows.items()}

    return ThingKind(kind=f"desk_{kind}", load=load)


def _thing(key: str, row: DeskRow) -> Thing:
    url = url_for("desk_rows.show", kind=kind_of(key), number=number_of(key))
    return Thing(ref=ref(key), title=row.title, url=url, summary=row.why)
