"""What accounts forget after some days: sessions that are over, who looked at what, people who have left."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from portal.accounts import erasing
from portal.accounts.models import Erasure, OneTimeLink, SignInSession
from portal.core.database import db
from portal.core.retention import Retention
from portal.ledger import redaction
from portal.people.models import Person


def _over(before: dt.datetime) -> ColumnElement[bool]:
    return or_(SignInSession.expires_at < before, SignInSession.ended_at < before)


def count_sessions(before: dt.datetime) -> int:
    sessions = select(func.count()).select_from(SignInSession).where(_over(before))
    links = select(func.count()).select_from(OneTimeLink).where(OneTimeLink.expires_at < before)
    return db.session.execute(sessions).scalar_one() + db.session.execute(links).scalar_one()


def forget_sessions(before: dt.datetime) -> int:
    """Forget sessions that ended or ran out before, and links from mails whose time was up."""
    olds = (delete(SignInSession).where(_over(before)), delete(OneTimeLink).where(OneTimeLink.expires_at < before))
    return sum(int(db.session.execute(old).rowcount) for old in olds)  # type: ignore[attr-defined, misc]


def whole_months(before: dt.datetime) -> dt.datetime:
    """Return the beginning of the month: a month becomes nameless as a whole, so that its people can be counted."""
    return before.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def count_looking(before: dt.datetime) -> int:
    query = select(func.count()).select_from(redaction.TABLE).where(*redaction.old_looking(whole_months(before)))
    return db.session.execute(query).scalar_one()


def forget_visitors(before: dt.datetime) -> int:
    return redaction.forget_visitors(whole_months(before))


def _leavers(before: dt.datetime) -> ColumnElement[bool]:
    """People who left before and are not erased; an account that was merged belongs to somebody who is here."""
    in_hand = select(Erasure.person_id).where(Erasure.finished_at.is_(None))
    return and_(
        Person.is_active.is_(False),
        Person.deactivated_at < before,
        Person.erased_at.is_(None),
        Person.merged_into_id.is_(None),
        Person.id.not_in(in_hand),
    )


def count_leavers(before: dt.datetime) -> int:
    return db.session.execute(select(func.count()).select_from(Person).where(_leavers(before))).scalar_one()


def erase_leavers(before: dt.datetime) -> int:
    """Have everybody erased who left before, each by a job of their own."""
    found = db.session.execute(select(Person).where(_leavers(before)).order_by(Person.id)).scalars().all()
    for person in found:
        erasing.plan(person)
    return len(found)


RETENTION = (
    Retention(
        name="looking",
        label=_l("Who searched and read what"),
        goes=_l("Facts stay and can be counted; they no longer tell who it was."),
        option="keep_looking_days",
        least_days=30,
        count=count_looking,
        sweep=forget_visitors,
    ),
    Retention(
        name="sessions",
        label=_l("Sessions and links that are over"),
        goes=_l("Where and when somebody was signed in is deleted."),
        option="keep_sessions_days",
        count=count_sessions,
        sweep=forget_sessions,
    ),
    Retention(
        name="leavers",
        label=_l("People who have left"),
        goes=_l("They are erased for good; what they gave to all stays."),
        option="keep_leavers_days",
        least_days=30,
        is_kept_for_good=True,
        count=count_leavers,
        sweep=erase_leavers,
    ),
)
