"""Questions and answers as other systems are told of them: by number and address, never by their words."""

from __future__ import annotations

from collections.abc import Collection

from flask import request
from sqlalchemy import select

from portal.community.models import Answer, Question
from portal.core.database import db
from portal.core.feature import Outline


def questions(ids: Collection[int]) -> dict[int, Outline]:
    """Outline these questions, removed ones left out; one query."""
    query = select(Question.id, Question.access_key)
    query = query.where(Question.id.in_(ids), Question.removed_at.is_(None))
    return {
        number: Outline(url=f"{request.script_root}/questions/{number}", access_key=key)
        for number, key in db.session.execute(query)
    }


def answers(ids: Collection[int]) -> dict[int, Outline]:
    """Outline these answers, those that were removed or whose question was left out; one query."""
    query = select(Answer.id, Question.id, Question.access_key).join(Question, Question.id == Answer.question_id)
    query = query.where(Answer.id.in_(ids), Answer.removed_at.is_(None), Question.removed_at.is_(None))
    return {
        number: Outline(url=f"{request.script_root}/questions/{question}#answer-{number}", access_key=key)
        for number, question, key in db.session.execute(query)
    }
