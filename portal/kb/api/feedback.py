"""What people say of articles: saying it, and for editors and owners reading it. Never who said it."""

from __future__ import annotations

from typing import Any

from portal.core.database import db
from portal.core.operations import cursors
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import choice, maybe, moment, page_of, text, thing, whole, yes_no
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.scopes import Scope
from portal.kb.api import shapes
from portal.kb.reading import queries, services
from portal.talk import queries as talk
from portal.talk.models import Reason, Solution
from portal.talk.solutions import COMMENT_LIMIT

GROUP = "Feedback"
REASON = choice(*(reason.value for reason in Reason), about="What was wrong with it, on a no.")
ANSWER = thing(
    "Answer",
    needed={
        "article": text("Short name of the article."),
        "solved": yes_no(),
        "reason": maybe(REASON),
        "comment": text(),
        "version": whole("Of the article, that was answered for."),
        "said_at": moment(),
    },
)
FEEDBACK = thing(
    "Feedback",
    needed={
        "id": whole(),
        "article": text("Short name of the article."),
        "title": text("Title of the article."),
        "solved": yes_no(),
        "reason": maybe(REASON),
        "comment": text(),
        "said_at": moment(),
        "reply": maybe(text("What was answered.")),
        "replied_at": maybe(moment()),
    },
)


def answer(call: Call) -> Reply:
    who, sent = call.actor, call.body
    article = services.get(who, call.path["slug"])
    said = services.answer(
        who,
        article,
        solved=sent["solved"],
        reason=sent.get("reason"),
        comment=sent.get("comment"),
        via="article",
    )
    db.session.commit()
    return Reply(body={"article": article.slug, "version": said.version, **_said(said)})


def _said(said: Solution) -> dict[str, Any]:
    return {
        "solved": said.is_solved,
        "reason": said.reason,
        "comment": said.comment,
        "said_at": said.changed_at.isoformat(),
    }


def feedback(call: Call) -> Reply:
    who = call.actor
    own = queries.owned_by(who.person_id) if who.person_id is not None else []
    if not own:
        who.require(Permission.FEEDBACK_REPLY)
    subjects = None if who.can(Permission.FEEDBACK_REPLY) else own
    after, limit = cursors.after("feedback", call.query), call.query.get("limit", cursors.USUAL)
    rows = talk.feedback(
        subjects,
        only_open=not call.query.get("answered", False),
        before_id=after[0] if after is not None else None,
        limit=limit + 1,
    )
    about = {row.id: Ref.parse(row.subject) for row in rows}
    seen = {thing.ref: thing for thing in queries.things(who, {ref.id for ref in about.values()}).values()}
    items = [
        {
            "id": row.id,
            "article": seen[about[row.id]].meta["slug"],
            "title": seen[about[row.id]].title,
            **_said(row),
            "reply": row.reply or None,
            "replied_at": row.replied_at.isoformat() if row.replied_at else None,
        }
        for row in rows[:limit]
        if about[row.id] in seen
    ]
    more = cursors.make("feedback", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": items, "next": more})


OPERATIONS = (
    Operation(
        name="answer",
        method="POST",
        path="/articles/{slug}/feedback",
        group=GROUP,
        summary="Say whether an article solved it",
        about="For the person whose token it is; a service has nothing to say. Said again it replaces what was said of"
        " the same version; a reason or comment that is not sent stays.",
        scope=Scope.FEEDBACK,
        run=answer,
        at=shapes.AT,
        body=thing(
            "NewAnswer",
            needed={"solved": yes_no("Whether it solved it.")},
            extra={"reason": REASON, "comment": text("In one's own words.", most=COMMENT_LIMIT)},
        ),
        example={"solved": False, "reason": "out_of_date", "comment": "The button has moved."},
        answer=ANSWER,
    ),
    Operation(
        name="feedback",
        method="GET",
        path="/feedback",
        group=GROUP,
        summary="What readers said in words",
        about="The latest first; of all articles for editors, of their own for owners. Who said it is not told.",
        scope=Scope.FEEDBACK,
        run=feedback,
        query={"answered": yes_no("Also what was answered already."), **cursors.PARAMETERS},
        answer=page_of(FEEDBACK),
    ),
)
