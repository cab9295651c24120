"""How questions and answers look to programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.community import duplicates, things
from portal.community.models import Answer, Question, QuestionState
from portal.community.texts import BODY
from portal.core.actor import Actor
from portal.core.operations.shapes import Schema, choice, many, maybe, moment, text, thing, whole, yes_no
from portal.notifications.links import absolute

GROUP = "Questions"
NUMBER = whole("Number of the question.", least=1, example=12)
AT = {"number": NUMBER}
AT_ANSWER = {**AT, "answer": whole("Number of the answer.", least=1, example=34)}
WORDS = text("Markdown, as in an article.", least=1, most=BODY)

_LINE: dict[str, Schema] = {
    "number": whole(),
    "title": text(),
    "state": choice(*(state.value for state in QuestionState), about="How far it is."),
    "category": text("Short name of its topic."),
    "tags": many(text()),
    "asker": maybe(text("Mail address of who asked.")),
    "asked_at": moment(),
    "edited_at": maybe(moment()),
    "n_answers": whole(),
    "n_same": whole("How many others have the same problem."),
    "solved_at": maybe(moment()),
    "url": text("Its page in the portal."),
}
LINE = thing("QuestionLine", "A question without what was answered.", needed=_LINE)
ANSWER = thing(
    "QuestionAnswer",
    needed={
        "number": whole(),
        "author": maybe(text("Mail address of who answered.")),
        "markdown": text(),
        "html": text("As it is shown, safe to embed."),
        "is_accepted": yes_no("The asker said that it solved it."),
        "n_useful": whole("How many found it useful."),
        "answered_at": moment(),
        "edited_at": maybe(moment()),
        "url": text(),
    },
)
QUESTION = thing(
    "Question",
    needed={
        **_LINE,
        "markdown": text(),
        "html": text("As it is shown, safe to embed."),
        "duplicate_of": maybe(whole("Number of the question that was asked first, for who may read that.")),
        "answers": many(ANSWER, "The accepted one first, then those most people found useful; twenty on a page."),
    },
)


def line(question: Question) -> dict[str, Any]:
    """Return a question as a program sees it in a list."""
    is_solved = question.state == QuestionState.SOLVED
    return {
        "number": question.id,
        "title": question.title,
        "state": question.state,
        "category": question.category.slug,
        "tags": sorted(row.tag for row in question.tags),
        "asker": question.asker.email if question.asker else None,
        "asked_at": question.created_at.isoformat(),
        "edited_at": question.edited_at.isoformat() if question.edited_at else None,
        "n_answers": question.n_answers,
        "n_same": question.n_same,
        "solved_at": question.accepted_at.isoformat() if is_solved and question.accepted_at else None,
        "url": absolute(things.address(question.id, question.title)),
    }


def whole_question(actor: Actor, question: Question, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return a question with a page of its answers, as its reader may read it."""
    original = duplicates.original_of(actor, question)
    return {
        **line(question),
        "markdown": question.body,
        "html": question.html,
        "duplicate_of": original.question.id if original is not None else None,
        "answers": [answer(one) for one in answers if one.removed_at is None],
    }


def answer(row: Answer) -> dict[str, Any]:
    question = row.question
    return {
        "number": row.id,
        "author": row.author.email if row.author else None,
        "markdown": row.body,
        "html": row.html,
        "is_accepted": question.accepted_answer_id == row.id and row.removed_at is None,
        "n_useful": row.n_votes,
        "answered_at": row.created_at.isoformat(),
        "edited_at": row.edited_at.isoformat() if row.edited_at else None,
        "url": absolute(things.address(question.id, question.title, _anchor=f"answer-{row.id}")),
    }
