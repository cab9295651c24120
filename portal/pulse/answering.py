"""Answering: a token opens the questions once, and what is sent becomes a sheet that nobody can be found by.

Flag and sheet are one transaction, so nothing is counted that was not kept. Beside the two nothing is written: no fact
in the ledger, no count, no time. A token that is used, unknown, expired, of a closed wave or no token at all is one
and the same to whoever asks, down to the statements the database is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CursorResult, Select, and_, or_, select, update

from portal.core import clock, options
from portal.core.database import db
from portal.core.errors import Invalid
from portal.pulse import sheets, tokens
from portal.pulse.models import Invitation, Wave, WaveState
from surveys import loading

LONGEST_COMMENT = 4000
NOT_APPLICABLE = "na"
"""Sent instead of a number by who ticks that a statement does not apply."""


@dataclass(frozen=True)
class Opened:
    """What a token opens."""

    wave: Wave
    is_test: bool


def open_with(code: str) -> Opened | None:
    """Return the wave this code may answer now; None whatever the reason."""
    found = db.session.execute(_open(code)).one_or_none()
    return Opened(found.Wave, found.Invitation.is_test) if found is not None else None


def answer(code: str, *, answers: Mapping[str, int | None], comment: str = "") -> Opened | None:
    """Keep what somebody answered; None when the code opens nothing. A planner's trial keeps nothing.

    Refuses (Invalid) a comment that is too long. What is no answer to a statement of this wave is left out.
    """
    # PostgreSQL: the wave cannot close between this question and the commit. SQLite lets in one writer at a time.
    found = db.session.execute(_open(code).with_for_update(read=True, of=Wave)).one_or_none()
    if found is None:
        return None
    comment = comment.replace("\r\n", "\n").strip()
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(_("Please shorten it to %(n)s characters.", n=LONGEST_COMMENT), field="comment")
    opened = Opened(found.Wave, found.Invitation.is_test)
    if opened.is_test:
        return opened
    if not _flip(found.Invitation.id):
        return None
    sheets.add(found.Invitation, answers=understood(opened.wave, answers), comment=comment)
    return opened


def understood(wave: Wave, answers: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return those of the answers that this wave asked for and that are on its scale; None: does not apply."""
    instrument = loading.load(wave.instrument)
    asked = {item.code for item in instrument.asked_at(wave.stage)}
    scale = range(instrument.scale.low, instrument.scale.high + 1)
    return {code: given for code, given in answers.items() if code in asked and (given is None or given in scale)}


def sent(form: Mapping[str, str]) -> dict[str, int | None]:
    """Read answers out of a form.

    >>> sent({"VA1": "4", "VA2": "na", "SO1": "", "comment": "5"})
    {'VA1': 4, 'VA2': None}
    """
    return {
        name: None if value == NOT_APPLICABLE else int(value)
        for name, value in form.items()
        if loading.ITEM.fullmatch(name) and (value == NOT_APPLICABLE or value in {"1", "2", "3", "4", "5"})
    }


def _open(code: str) -> Select[Invitation, Wave]:
    """Return the one question that is asked of the database, for every code alike."""
    today = clock.today(options.get().default_timezone)
    runs = and_(
        Wave.state == WaveState.OPEN.value,
        Invitation.is_test.is_(False),
        or_(Wave.closes_on.is_(None), Wave.closes_on >= today),
    )
    is_tried = and_(Wave.state == WaveState.DRAFT.value, Invitation.is_test.is_(True))
    return (
        select(Invitation, Wave)
        .join(Wave, Wave.id == Invitation.wave_id)
        .where(
            Invitation.token_hash == tokens.digest(tokens.understood(code)),
            Invitation.is_used.is_(False),
            or_(runs, is_tried),
        )
    )


def _flip(invitation_id: int) -> bool:
    """Mark the invitation as used, once: of two at the same instant one is second, and stores nothing."""
    mark = update(Invitation).where(Invitation.id == invitation_id, Invitation.is_used.is_(False)).values(is_used=True)
    result: CursorResult[Any] = db.session.execute(mark, execution_options={"synchronize_session": False})  # type: ignore[assignment]
    return result.rowcount == 1
