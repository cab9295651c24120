"""Who may see what: access keys. The only place where audiences are understood.

A thing states at each of its levels (itself, its category, the categories above) an audience or nothing. Somebody
sees it when every level that states something admits them; where no level does, everybody signed in. A key spells
this out, so that lists and the search index need only `key in allowed_keys(actor)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db, unindexed
from portal.people.models import AccessKey, Audience, Department

PUBLIC = "public"
SIGNED_IN = "signed-in"
NOBODY = "a0"
"""The key of what is for an audience that is gone: for nobody, never for everybody."""


def key_for(levels: Iterable[Sequence[int] | str | None]) -> str:
    """Return the access key for levels of audience ids, `"public"`, or None for "says nothing"; stores a new key.

    The key of the same demands is the same text, in whatever order they were stated.
    """
    stated = [level for level in levels if level]
    if not stated:
        return SIGNED_IN
    demands = sorted({"+".join(f"a{i}" for i in sorted(set(level))) for level in stated if not isinstance(level, str)})
    if not demands:
        return PUBLIC
    key = "&".join(demands)
    if db.session.get(AccessKey, key) is None:
        db.session.add(AccessKey(key=key))
        options.touch("people")
        db.session.flush()
    return key


def drop_cached() -> None:
    """Let every process forget who may see what, with the transaction of the change."""
    options.touch("people")
    db.session.flush()


def audiences_of(actor: Actor) -> frozenset[int]:
    """Return the ids of the audiences this actor belongs to."""
    if not actor.is_signed_in:
        return frozenset()
    places = {("person", str(actor.person_id)), ("site", str(actor.site_id))}
    places |= {("role", role.value) for role in actor.roles}
    places |= {("department", str(unit)) for unit in _with_all_above(actor.department_id)}
    audiences = db.session.execute(select(Audience)).scalars()
    return frozenset(a.id for a in audiences if any((rule.kind, rule.value) in places for rule in a.rules))


def allowed_keys(actor: Actor) -> frozenset[str]:
    """Return the access keys this actor may see. Nobody unknown sees more than `public`."""
    if not actor.is_signed_in:
        return frozenset({PUBLIC})
    own = audiences_of(actor)
    keys = db.session.execute(select(AccessKey.key)).scalars()
    return frozenset({PUBLIC, SIGNED_IN, *(key for key in keys if _admits(key, own))})


def are_met_by(actor: Actor, levels: Iterable[Sequence[int] | str | None]) -> bool:
    """Say what `key_for` and `allowed_keys` would say together, and store nothing: who signed in meets all demands."""
    demands = [level for level in levels if level and not isinstance(level, str)]
    own = audiences_of(actor) if demands else frozenset()
    return actor.is_signed_in and all(any(i in own for i in level) for level in demands)


def visible(column: Any, actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for "this actor may see it", of a column of access keys."""
    return holds(column, actor.keys)


def holds(column: Any, keys: frozenset[str]) -> ColumnElement[bool]:
    """Return the SQL for "it is one of these access keys", for statements that are built once for each set of keys.

    Equalities instead of IN: SQLAlchemy expands IN on every execution, which costs more than the query. Without an
    index: nearly everything has one of two keys.
    """
    return or_(false(), *(unindexed(column) == key for key in sorted(keys)))


def _admits(key: str, own: frozenset[int]) -> bool:
    return all(any(int(name[1:]) in own for name in demand.split("+")) for demand in key.split("&"))


def _with_all_above(department_id: int | None) -> list[int]:
    parents = {row.id: row.parent_id for row in db.session.execute(select(Department.id, Department.parent_id))}
    line: list[int] = []
    while department_id is not None and department_id not in line:
        line.append(department_id)
        department_id = parents.get(department_id)
    return line
