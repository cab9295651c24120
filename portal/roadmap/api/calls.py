"""Listing, reading and proposing ideas, and reading the roadmap, by the same rules as on the pages."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from portal.community import texts
from portal.core.database import db
from portal.core.operations import cursors
from portal.core.operations.making import made
from portal.core.operations.operation import Call, Operation, Reply
from portal.core.operations.shapes import choice, page_of, text, thing
from portal.core.permissions import Permission
from portal.core.scopes import Scope
from portal.kb.models import Category
from portal.roadmap import ideas, policies, queries, sight
from portal.roadmap.api import shapes
from portal.roadmap.models import Idea, Item
from portal.roadmap.queries import Shelf


def listed(call: Call) -> Reply:
    who, limit = call.actor, call.query.get("limit", cursors.USUAL)
    who.require(Permission.ROADMAP_READ)
    after = cursors.after("ideas", call.query)
    query = queries.on_shelf(who, Shelf(call.query.get("show", Shelf.NEW)))
    if query is None:
        return Reply(body={"items": [], "next": None})
    if "category" in call.query:
        query = query.join(Category, Category.id == Idea.category_id).where(Category.slug == call.query["category"])
    if after is not None:
        query = query.where(Idea.id < after[0])
    query = query.options(joinedload(Idea.person), joinedload(Idea.category))
    rows = list(db.session.execute(query.order_by(Idea.id.desc()).limit(limit + 1)).scalars())
    more = cursors.make("ideas", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [shapes.line(row) for row in rows[:limit]], "next": more})


def idea(call: Call) -> Reply:
    who = call.actor
    who.require(Permission.ROADMAP_READ)
    found = ideas.get(who, call.path["number"])
    item = db.session.get(Item, found.item_id) if found.item_id else None
    original = db.session.get(Idea, found.duplicate_of_id) if found.duplicate_of_id else None
    return Reply(
        body=shapes.whole_idea(
            found,
            item=item.id if item is not None and policies.can_see_item(who, item) else None,
            original=original.id if original is not None and policies.can_see(who, original) else None,
        )
    )


def propose(call: Call) -> Reply:
    who, sent = call.actor, call.body
    topic = texts.topic_called(who, sent["category"])
    proposed = ideas.propose(who, title=sent["title"], body=sent["body"], category_id=topic.id)
    reply = made(call, f"/ideas/{proposed.id}", shapes.line(proposed))
    db.session.commit()
    return reply


def roadmap(call: Call) -> Reply:
    who, limit = call.actor, call.query.get("limit", cursors.USUAL)
    who.require(Permission.ROADMAP_READ)
    after = cursors.after("roadmap", call.query)
    rows = queries.standing(who, before_id=after[0] if after is not None else None, limit=limit + 1)
    more = cursors.make("roadmap", call.query, rows[limit - 1].id) if len(rows) > limit else None
    cards = queries.cards(who, rows[:limit])
    told = sight.told(who, {card.item.id: card.known for card in cards})
    return Reply(body={"items": [shapes.item(card, told[card.item.id]) for card in cards], "next": more})


OPERATIONS = (
    Operation(
        name="ideas",
        method="GET",
        path="/ideas",
        group=shapes.GROUP,
        summary="Ideas, the newest first",
        about="Those in topics whoever asks may read.",
        scope=Scope.READ,
        run=listed,
        query={
            "show": choice("new", "answered", "own", about="Which of them; left out, all."),
            "category": text("Short name of a topic.", least=1, most=64),
            **cursors.PARAMETERS,
        },
        answer=page_of(shapes.LINE),
    ),
    Operation(
        name="idea",
        method="GET",
        path="/ideas/{number}",
        group=shapes.GROUP,
        summary="One idea with what became of it",
        scope=Scope.READ,
        run=idea,
        at={"number": shapes.NUMBER},
        answer=shapes.IDEA,
        is_single=True,
    ),
    Operation(
        name="propose",
        method="POST",
        path="/ideas",
        group=shapes.GROUP,
        summary="Propose an idea",
        about="In the name of the person whose token it is. Whoever may read the topic may read it.",
        scope=Scope.QUESTIONS,
        run=propose,
        body=thing(
            "NewIdea",
            needed={
                "title": text("The idea, in one's own words.", least=1, most=texts.TITLE),
                "body": text("What it would change. Markdown.", least=1, most=texts.BODY),
                "category": text("Short name of a topic.", least=1, most=64),
            },
        ),
        example={"title": "Scan straight into the folder", "body": "I drag it by hand.", "category": "printing"},
        answer=shapes.LINE,
        status=201,
        takes_key=True,
    ),
    Operation(
        name="roadmap",
        method="GET",
        path="/roadmap",
        group=shapes.GROUP,
        summary="What stands on the roadmap, the newest first",
        about="With the figures it rests on. What is in triage is not told.",
        scope=Scope.READ,
        run=roadmap,
        query={**cursors.PARAMETERS},
        answer=page_of(shapes.ITEM),
    ),
)
