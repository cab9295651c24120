"""The counts kept on questions, answers and tips, made anew from the rows they count."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, func, literal, select, update

from portal.community.models import Answer, Question, Tip
from portal.core.database import db
from portal.talk.models import Voice, Vote

COUNTED: tuple[tuple[str, Any, str, Voice], ...] = (
    ("question", Question, "n_same", Voice.SAME),
    ("answer", Answer, "n_votes", Voice.USEFUL),
    ("tip", Tip, "n_thanks", Voice.THANKS),
)


def recount() -> int:
    """Set every count to what the rows say; returns how many were wrong."""
    return sum(_recount(*one) for one in COUNTED) + _recount_answers()


def _recount(kind: str, model: Any, name: str, voice: Voice) -> int:
    subject = literal(f"{kind}:") + cast(model.id, String)
    raised = select(func.count()).select_from(Vote).where(Vote.subject == subject, Vote.voice == voice.value)
    return _set(model, name, raised.correlate(model).scalar_subquery())


def _recount_answers() -> int:
    standing = select(func.count()).select_from(Answer)
    standing = standing.where(Answer.question_id == Question.id, Answer.removed_at.is_(None))
    return _set(Question, "n_answers", standing.correlate(Question).scalar_subquery())


def _set(model: Any, name: str, counted: Any) -> int:
    wrong = update(model).where(getattr(model, name) != counted).values({name: counted})
    result = db.session.execute(wrong.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]
