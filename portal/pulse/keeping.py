"""How long what people answered is kept: sheets and invitations go, what was released stays."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, exists, func, or_, select

from portal.core.database import db
from portal.core.retention import Retention
from portal.pulse import sheets
from portal.pulse.models import Invitation, Sheet, Wave, WaveState


def _old(before: dt.datetime) -> Select[int]:
    """Select the waves that are over for longer, and of which something is kept."""
    something = or_(exists().where(Sheet.wave_id == Wave.id), exists().where(Invitation.wave_id == Wave.id))
    over = (WaveState.CLOSED.value, WaveState.CANCELLED.value)
    return select(Wave.id).where(Wave.state.in_(over), Wave.closed_at < before, something)


def _count(before: dt.datetime) -> int:
    return int(db.session.execute(select(func.count()).select_from(_old(before).subquery())).scalar_one())


def _sweep(before: dt.datetime) -> int:
    """Forget the answers of one wave and who was asked."""
    wave_id = db.session.execute(_old(before).order_by(Wave.id).limit(1)).scalar()
    wave = db.session.get(Wave, wave_id) if wave_id is not None else None
    if wave is None:
        return 0
    sheets.delete(wave)
    db.session.execute(delete(Invitation).where(Invitation.wave_id == wave.id))
    return 1


ANSWERS = Retention(
    name="survey_answers",
    label=_l("Answers of surveys that are over, and who was asked"),
    goes=_l("They are deleted; what was released stays, but no later survey can be set against it."),
    option="keep_survey_days",
    least_days=90,
    count=_count,
    sweep=_sweep,
)
