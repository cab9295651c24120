"""Asking, answering, accepting and voting by a program, by the same rules as on the pages.

All of it is somebody's own word, so a service, which is nobody, can only read.
"""

from __future__ import annotations

from portal.community import answers, questions, texts
from portal.community.api import shapes
from portal.core.database import db
from portal.core.operations.making import made
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import many, text, thing, yes_no
from portal.core.scopes import Scope


def ask(call: Call) -> Reply:
    who, sent = call.actor, call.body
    question = questions.ask(
        who,
        title=sent["title"],
        body=sent.get("body", ""),
        category_id=texts.topic_called(who, sent["category"]).id,
        tags=sent.get("tags", ()),
    )
    reply = made(call, f"/questions/{question.id}", shapes.line(question))
    db.session.commit()
    return reply


def answer(call: Call) -> Reply:
    who = call.actor
    given = answers.give(who, questions.get(who, call.path["number"]), body=call.body["body"])
    reply = made(call, f"/questions/{given.question_id}", shapes.answer(given))
    db.session.commit()
    return reply


def accept(call: Call) -> Reply:
    who = call.actor
    found = answers.get(who, questions.get(who, call.path["number"]), call.path["answer"])
    answers.accept(who, found, is_on=call.body["accepted"])
    db.session.commit()
    return Reply(body=shapes.answer(found))


def vote(call: Call) -> Reply:
    who = call.actor
    found = answers.get(who, questions.get(who, call.path["number"]), call.path["answer"])
    answers.find_useful(who, found, is_on=call.body["useful"])
    db.session.commit()
    return Reply(body=shapes.answer(found))


OPERATIONS = (
    Operation(
        name="ask",
        method="POST",
        path="/questions",
        group=shapes.GROUP,
        summary="Ask a question",
        about="In the name of the person whose token it is. Whoever may read the topic may read it.",
        scope=Scope.QUESTIONS,
        run=ask,
        body=thing(
            "NewQuestion",
            needed={
                "title": text("The question, in one's own words.", least=1, most=texts.TITLE),
                "category": text("Short name of a topic.", least=1, most=64),
            },
            extra={
                "body": text("Markdown, as in an article.", most=texts.BODY),
                "tags": many(text(least=1, most=40), most=texts.TAGS),
            },
        ),
        example={"title": "Why is half of the label missing?", "category": "printing", "tags": ["labels"]},
        answer=shapes.LINE,
        status=201,
        takes_key=True,
    ),
    Operation(
        name="answer_question",
        method="POST",
        path="/questions/{number}/answers",
        group=shapes.GROUP,
        summary="Answer a question",
        scope=Scope.QUESTIONS,
        run=answer,
        at=shapes.AT,
        body=thing("NewQuestionAnswer", needed={"body": shapes.WORDS}),
        example={"body": "Push the roll to the left stop."},
        answer=shapes.ANSWER,
        status=201,
        takes_key=True,
    ),
    Operation(
        name="accept_answer",
        method="POST",
        path="/questions/{number}/answers/{answer}/accept",
        group=shapes.GROUP,
        summary="Say which answer solved it, or take that back",
        about="Only who asked. One answer of a question is accepted; another one takes its place.",
        scope=Scope.QUESTIONS,
        run=accept,
        at=shapes.AT_ANSWER,
        body=thing("Accepted", needed={"accepted": yes_no()}),
        example={"accepted": True},
        answer=shapes.ANSWER,
        refusals=frozenset({409}),
    ),
    Operation(
        name="vote_for_answer",
        method="POST",
        path="/questions/{number}/answers/{answer}/useful",
        group=shapes.GROUP,
        summary="Say that an answer is useful, or take that back",
        about="Everybody once, nobody of their own.",
        scope=Scope.QUESTIONS,
        run=vote,
        at=shapes.AT_ANSWER,
        body=thing("Useful", needed={"useful": yes_no()}),
        example={"useful": True},
        answer=shapes.ANSWER,
    ),
)
