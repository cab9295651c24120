"""The one exception to "what has happened cannot be changed": facts are made nameless.

For people who are erased, and for facts of looking that have grown old. That something happened, and when, stays; so
do counts of people, for a random pseudonym stands where theirs stood.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Collection
from typing import Any
from typing import cast as typed

from sqlalchemy import ColumnElement, Table, Text, cast, delete, func, insert, or_, select, update

from analytics.events import Name
from portal.core.database import db
from portal.core.personal import NOBODY, pattern
from portal.ledger.models import LedgerEntry, LedgerOpening

TABLE = typed(Table, LedgerEntry.__table__)
BATCH = 500
VISITORS = 200
"""So many become nameless in one transaction."""
NAMELESS = "x"
"""How a visitor begins whom nothing joins to an account any more; a pseudonym of ours is hexadecimal."""
LOOKING = sorted(name.value for name in Name if not name.is_change)
OWN = frozenset({"query", "corrected", "label", "why"})
"""Props with what somebody typed; emptied in what the erased did."""
ABOUT = frozenset({"before", "after", "why"})
"""Props with what an account said of somebody; emptied in what was done to the erased."""


def redact(change: Callable[[], int]) -> int:
    """Let `change` make facts nameless in this transaction: for people who are erased, and for facts grown old.

    The one exception to "what has happened cannot be changed". `change` works on the table itself (Core, not ORM) and
    returns how many facts it changed; what happened and when stays.
    """
    db.session.flush()
    db.session.execute(insert(LedgerOpening).values(id=1))
    n = change()
    db.session.execute(delete(LedgerOpening))
    return n


def forget_person(person_id: int, names: Collection[str]) -> int:
    """Make what somebody did and what was done to them nameless: who looked is not told any more, counts stay.

    Their pseudonym is replaced by a random one, so that the key leads nobody back. `names` are what they were called;
    texts of theirs go, and these words go wherever they stand.
    """
    return redact(lambda: _forget(person_id, names))


def _forget(person_id: int, names: Collection[str]) -> int:
    theirs = or_(TABLE.c.actor_id == person_id, TABLE.c.subject == f"person:{person_id}", *_naming(names))
    visitors: dict[str, str] = {}
    n = 0
    for found in db.session.execute(select(TABLE).where(theirs).order_by(TABLE.c.id)).mappings().all():
        is_own, is_looking = found["actor_id"] == person_id, not Name(found["name"]).is_change
        is_about = found["subject"] == f"person:{person_id}"
        emptied = (OWN if is_own else frozenset()) | (ABOUT if is_about else frozenset())
        values: dict[str, Any] = {"props": _nameless(found["props"], names, emptied)}
        if is_own:
            values["visitor"] = visitors.setdefault(found["visitor"], NAMELESS + secrets.token_hex(15))
            values["visit"] = None
        if is_own and is_looking:
            values["actor_id"] = None
        db.session.execute(update(TABLE).where(TABLE.c.id == found["id"]).values(**values))
        n += 1
    return n


def _naming(names: Collection[str]) -> list[ColumnElement[bool]]:
    """Return conditions for facts in whose props one of these words stands; JSON may write letters as codes."""
    props = cast(TABLE.c.props, Text)
    forms = {form for name in names if name for form in (name, json.dumps(name)[1:-1])}
    return [props.icontains(form, autoescape=True) for form in sorted(forms)]


def _nameless(props: dict[str, Any], names: Collection[str], emptied: Collection[str]) -> dict[str, Any]:
    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(one) for one in value]
        if isinstance(value, dict):
            return {key: without(one) for key, one in value.items()}
        if isinstance(value, str):
            for name in filter(None, names):
                value = pattern(name).sub(NOBODY, value)
        return value

    return {key: "" if key in emptied else without(value) for key, value in props.items()}


def forget_visitors(before: dt.datetime) -> int:
    """Make some facts of looking from before this moment nameless, the oldest month first; returns how many.

    A few hundred visitors at a time, so that nobody who writes waits: call it until it returns 0, and commit between.
    Within a month a visitor becomes one random other, so that people can still be counted; nothing joins the months.
    """
    return redact(lambda: _forget_visitors(before))


def old_looking(before: dt.datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of facts of looking from before this moment that still name a visitor."""
    return [TABLE.c.name.in_(LOOKING), TABLE.c.at < before, TABLE.c.visitor.not_like(f"{NAMELESS}%")]


def _forget_visitors(before: dt.datetime) -> int:
    oldest = db.session.execute(select(func.min(TABLE.c.at)).where(*old_looking(before))).scalar()
    if oldest is None:
        return 0
    begin = oldest.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = min((begin + dt.timedelta(days=32)).replace(day=1), before)
    month = (*old_looking(end), TABLE.c.at >= begin)
    visitors = db.session.execute(select(TABLE.c.visitor).where(*month).distinct().limit(VISITORS)).scalars().all()
    ids: dict[str, list[int]] = {visitor: [] for visitor in visitors}
    for row_id, visitor in db.session.execute(select(TABLE.c.id, TABLE.c.visitor).where(*month)):
        if visitor in ids:
            ids[visitor].append(row_id)
    for rows in ids.values():
        nameless = {"visitor": NAMELESS + secrets.token_hex(15), "actor_id": None, "acted_by_id": None, "visit": None}
        for n in range(0, len(rows), BATCH):
            chosen = TABLE.c.id.in_(rows[n : n + BATCH])
            db.session.execute(update(TABLE).where(chosen).values(**nameless))
    return sum(map(len, ids.values()))
