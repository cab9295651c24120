"""Listing and reading questions by a program, as far as its owner sees them."""

from __future__ import annotations

from sqlalchemy.orm import joinedload, selectinload

from portal.community import queries, questions
from portal.community.api import shapes
from portal.community.models import Question, QuestionTag
from portal.community.queries import Shelf
from portal.core.database import db
from portal.core.operations import cursors
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import choice, page_of, text, whole
from portal.core.permissions import Permission
from portal.core.scopes import Scope
from portal.kb.models import Category


def listed(call: Call) -> Reply:
    who, limit = call.actor, call.query.get("limit", cursors.USUAL)
    who.require(Permission.QUESTION_READ)
    after = cursors.after("questions", call.query)
    query = queries.on_shelf(who, Shelf(call.query.get("show", Shelf.NEWEST)))
    if query is None:
        return Reply(body={"items": [], "next": None})
    if "category" in call.query:
        query = query.join(Category, Category.id == Question.category_id).where(Category.slug == call.query["category"])
    if "tag" in call.query:
        query = query.where(Question.tags.any(QuestionTag.tag == call.query["tag"]))
    if after is not None:
        query = query.where(Question.id < after[0])
    query = query.options(joinedload(Question.asker), joinedload(Question.category), selectinload(Question.tags))
    rows = list(db.session.execute(query.order_by(Question.id.desc()).limit(limit + 1)).scalars())
    more = cursors.make("questions", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [shapes.line(row) for row in rows[:limit]], "next": more})


def question(call: Call) -> Reply:
    who = call.actor
    found = questions.get(who, call.path["number"])
    said = queries.answers(who, found, page=call.query.get("page", 1), is_whole=True)
    return Reply(body=shapes.whole_question(who, found, said.rows))


OPERATIONS = (
    Operation(
        name="questions",
        method="GET",
        path="/questions",
        group=shapes.GROUP,
        summary="Questions, the newest first",
        about="Those in topics whoever asks may read.",
        scope=Scope.QUESTIONS,
        run=listed,
        query={
            "show": choice(*(shelf.value for shelf in Shelf), about="Which of them; left out, all."),
            "category": text("Short name of a topic.", least=1, most=64),
            "tag": text("One tag.", least=1, most=40),
            **cursors.PARAMETERS,
        },
        answer=page_of(shapes.LINE),
    ),
    Operation(
        name="question",
        method="GET",
        path="/questions/{number}",
        group=shapes.GROUP,
        summary="One question with its answers",
        scope=Scope.QUESTIONS,
        run=question,
        at=shapes.AT,
        query={"page": whole("Page of its answers.", least=1, most=1000)},
        answer=shapes.QUESTION,
        is_single=True,
    ),
)
