"""The rows of the desk as features ask for them: which there are for somebody, and each as a thing."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel.speaklater import LazyString
from sqlalchemy import and_, or_, select, union_all

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import ASIDE, DeskRow, DeskRows, Found, Given, parameters
from portal.core.errors import NotFound
from portal.core.feature import Thing, ThingKind
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import registry
from portal.kb.caring import met
from portal.kb.caring.met import Whole
from portal.kb.shelving import inventory


def kinds() -> dict[str, LazyString]:
    """Return what rows of each kind are called, in their order."""
    return {kind: label for rows in registry().desk_rows for kind, label in rows.kinds.items()}


def key_of(row: Any) -> str:
    """Return what a row goes by, as long as it is about the same: `gap:12`."""
    return f"{row.kind}:{row.id}"


def kind_of(key: str) -> str:
    return key.partition(":")[0]


def number_of(key: str) -> int:
    return int(key.partition(":")[2])


def ref(key: str) -> Ref:
    """Return the Ref of a row."""
    return Ref(f"desk_{kind_of(key)}", number_of(key))


def found(actor: Actor, whole: Whole) -> list[Any]:
    """Return everything this actor could do, in numbers and what it takes to draw it; one query for all features."""
    return _kept(actor, registry().desk_rows, _answers(actor, registry().desk_rows, whole))


def get(actor: Actor, key: str) -> Any:
    """Return what is known of a row; refuses what this actor does not have (NotFound)."""
    given = _of(key)
    if actor.can(Permission.ARTICLE_WRITE):
        for row in _kept(actor, [given], _answers(actor, [given], met.whole(), [key])):
            return row
    raise NotFound("")


def has(actor: Actor, key: str) -> bool:
    """Tell whether this actor has the row on the desk."""
    try:
        get(actor, key)
    except NotFound:
        return False
    return True


def draw(actor: Actor, row: Any) -> DeskRow:
    """Return a row as it is read."""
    return _of(row.kind).draw(actor, row)


def _answers(actor: Actor, asked: Collection[DeskRows], whole: Whole, keys: Collection[str] = ()) -> Found:
    given = Given(keys=actor.keys, permissions=actor.permissions)
    statement = _statement(tuple(asked), given)
    if keys:
        rows = statement.subquery()
        named = (and_(rows.c.kind == kind_of(key), rows.c.id == number_of(key)) for key in keys)
        statement = select(rows).where(or_(rows.c.kind == ASIDE, *named))
    told = parameters(actor, now=clock.now(), today=inventory.today(), usual=whole.share)
    return db.session.execute(statement, told).all()


@lru_cache(maxsize=256)
def _statement(asked: tuple[DeskRows, ...], given: Given) -> Any:
    """Return all statements as one, built once for each set of keys and permissions: building takes longer."""
    return union_all(*(statement for one in asked for statement in one.ask(given)))


def _kept(actor: Actor, asked: Collection[DeskRows], rows: Found) -> list[Any]:
    for one in asked:
        if one.keep is not None:
            rows = one.keep(actor, rows)
    return list(rows)


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
        if not actor.can(Permission.ARTICLE_WRITE) or not ids:
            return {}
        rows = _answers(actor, [given], met.whole(), [f"{kind}:{number}" for number in ids])
        return {row.id: _thing(row, given.draw(actor, row)) for row in _kept(actor, [given], rows)}

    return ThingKind(kind=f"desk_{kind}", load=load)


def _thing(row: Any, drawn: DeskRow) -> Thing:
    url = url_for("desk_rows.show", kind=row.kind, number=row.id)
    return Thing(ref=ref(key_of(row)), title=drawn.title, url=url, summary=drawn.why)
