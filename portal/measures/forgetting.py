"""Letting go of pseudonyms in what was folded: of people who are erased, and of days that have grown old.

Sums of days stay for ever; they name nobody. Attempts are kept as long as facts of looking tell who looked.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

import numpy as np
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from analytics import table
from analytics.columns import Coded
from analytics.needs import packing
from analytics.needs.attempts import Attempts, Listed
from analytics.needs.reading import Carry
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.personal import Subject
from portal.core.retention import Retention
from portal.ledger import services as ledger
from portal.measures import packs
from portal.measures.models import DailyAttempts, FoldCarry

NAMELESS = "x"
"""How a pseudonym begins that leads to nobody, as in the ledger."""
AT_ONCE = 31
"""Days that are forgotten in one transaction."""


def forget_person(subject: Subject) -> int:
    """Put a random pseudonym in the place of somebody's in everything folded, and drop what they typed."""
    visitor = ledger.visitor_of(Actor(person_id=subject.person_id))
    other, n = NAMELESS + secrets.token_hex(15), 0
    for row in db.session.execute(select(DailyAttempts)).scalars():
        attempts = packing.unpacked(row.packed)
        if visitor in attempts.actor.labels:
            row.packed = packing.packed(_renamed(attempts, visitor, other))
            n += 1
    for midnight in db.session.execute(select(FoldCarry)).scalars():
        carry = packs.carried_back(midnight.packed)
        if visitor in carry.events.actor.labels or any(asker[0] == visitor for asker in carry.asked):
            midnight.packed = packs.carried(_carry_renamed(carry, visitor, other))
            n += 1
    db.session.flush()
    return n


def _renamed(attempts: Attempts, visitor: str, other: str) -> Attempts:
    theirs = np.flatnonzero(attempts.actor.is_(visitor))
    kept = ~np.isin(attempts.texts.owner, theirs)
    return replace(
        attempts,
        actor=table.renamed(attempts.actor, {visitor: other}),
        texts=Listed(attempts.texts.owner[kept], attempts.texts.text.take(kept)),
    )


def _carry_renamed(carry: Carry, visitor: str, other: str) -> Carry:
    theirs = carry.events.actor.is_(visitor)
    query = Coded(np.where(theirs, -1, carry.events.query.codes).astype(np.int32), carry.events.query.labels)
    events = replace(carry.events, actor=table.renamed(carry.events.actor, {visitor: other}), query=query)
    asked = {(other if who == visitor else who, visit, about): at for (who, visit, about), at in carry.asked.items()}
    return Carry(events, asked)


def _count(before: dt.datetime) -> int:
    old = select(func.count()).select_from(DailyAttempts).where(DailyAttempts.day < before.date())
    return db.session.execute(old).scalar_one()


def _sweep(before: dt.datetime) -> int:
    query = select(DailyAttempts.day).where(DailyAttempts.day < before.date()).order_by(DailyAttempts.day)
    days = list(db.session.execute(query.limit(AT_ONCE)).scalars())
    if days:
        db.session.execute(delete(DailyAttempts).where(DailyAttempts.day.in_(days)))
        db.session.execute(delete(FoldCarry).where(FoldCarry.day < before.date()))
    return len(days)


ATTEMPTS = Retention(
    name="attempts",
    label=_l("Attempts to find help, under a pseudonym"),
    goes=_l("The attempts go; the sums of each day stay and name nobody."),
    count=_count,
    sweep=_sweep,
    option="keep_looking_days",
)
