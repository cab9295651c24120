"""What analysts put beside the figures: dates worth knowing, and what must be believed of money."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

from flask_babel import gettext as _
from sqlalchemy import delete, select

from analytics.events import Name
from analytics.figures import Change
from analytics.money import Assumptions
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.measures.models import Assumption, ChangeDate

LONGEST = 120
NAMES = tuple(field.name for field in fields(Assumptions))
MOST = 1_000_000.0


def dates() -> list[ChangeDate]:
    """Return every date, the latest first."""
    return list(db.session.execute(select(ChangeDate).order_by(ChangeDate.on.desc(), ChangeDate.id.desc())).scalars())


def pins(since: dt.date, until: dt.date) -> list[Change]:
    """Return the dates of a period, as charts show them."""
    query = select(ChangeDate.on, ChangeDate.text).where(ChangeDate.on >= since, ChangeDate.on < until)
    return [Change(on, text) for on, text in db.session.execute(query.order_by(ChangeDate.on, ChangeDate.id))]


def pin(actor: Actor, *, on: dt.date, text: str) -> ChangeDate:
    """Pin a date on all charts."""
    actor.require(Permission.MEASURE_EXPORT)
    words = " ".join(text.split())
    if not words:
        raise Invalid(_("Say in a few words what changed on that day."), field="text")
    if len(words) > LONGEST:
        raise Invalid(_("Please keep it under %(n)s characters.", n=LONGEST), field="text")
    row = ChangeDate(on=on, text=words, person_id=actor.person_id)
    db.session.add(row)
    db.session.flush()
    ledger.record(Name.CHANGE_DATE_NOTED, actor=actor, on=on.isoformat(), what=words, is_on=True)
    return row


def pin_for(actor: Actor, subject: Ref, *, on: dt.date, text: str) -> None:
    """Pin the date of a thing, or move it where it is pinned already; the feature whose thing it is says who may."""
    row = db.session.execute(select(ChangeDate).where(ChangeDate.subject == str(subject))).scalar_one_or_none()
    if row is None:
        row = ChangeDate(subject=str(subject), person_id=actor.person_id)
        db.session.add(row)
    row.on, row.text = on, text[:LONGEST]
    db.session.flush()


def unpin_for(subject: Ref) -> None:
    """Take the date of a thing off the charts."""
    db.session.execute(delete(ChangeDate).where(ChangeDate.subject == str(subject)))


def get(actor: Actor, number: int) -> ChangeDate:
    """Return a date for who may change it; refuses what is not there (NotFound), and others (Forbidden)."""
    row = db.session.get(ChangeDate, number)
    if row is None:
        raise NotFound("")
    actor.require(Permission.MEASURE_EXPORT)
    return row


def unpin(actor: Actor, row: ChangeDate) -> None:
    """Take a date off the charts; that of a thing stays as long as the thing does (Forbidden)."""
    actor.require(Permission.MEASURE_EXPORT)
    if row.subject:
        raise Forbidden(_("This date belongs to an intervention, and stands as long as that does."))
    ledger.record(Name.CHANGE_DATE_NOTED, actor=actor, on=row.on.isoformat(), what=row.text, is_on=False)
    db.session.delete(row)
    db.session.flush()


def assumptions() -> Assumptions:
    """Return what is believed of money, the usual where nobody said otherwise."""
    return Assumptions(**{row.name: row.value for row in _rows() if row.name in NAMES})


def are_own() -> bool:
    """Whether anybody has set the assumptions; before, they are placeholders and must be called so."""
    return bool(_rows())


def _rows() -> list[Assumption]:
    return list(db.session.execute(select(Assumption)).scalars())


def assume(actor: Actor, **values: float) -> None:
    """Set assumptions; refuses what cannot be (Invalid, naming the field)."""
    actor.require(Permission.MEASURE_EXPORT)
    known = {row.name: row for row in _rows()}
    usual = Assumptions()
    for name, value in values.items():
        if not 0 <= value <= MOST:
            raise Invalid(_("A number from 0 on, please."), field=name)
        if name == "varying" and value > 1:
            raise Invalid(_("A share of the cost, from 0 to 1, please."), field=name)
        row = known.get(name)
        before = row.value if row else getattr(usual, name)
        if row is None:
            row = Assumption(name=name)
            db.session.add(row)
        row.value, row.person_id, row.changed_at = value, actor.person_id, clock.now()
        if before != value:
            ledger.record(Name.ASSUMPTION_CHANGED, actor=actor, what=name, before=f"{before:g}", after=f"{value:g}")
    db.session.flush()
