"""How ideas and items look to programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.core.operations.shapes import Schema, choice, day, many, maybe, moment, number, text, thing, whole, yes_no
from portal.notifications.links import absolute
from portal.roadmap import things
from portal.roadmap.evidence import Known
from portal.roadmap.models import Column, Idea, IdeaState, Item, ItemState
from portal.roadmap.queries import Card

GROUP = "Roadmap"
NUMBER = whole("Number of the idea.", least=1, example=12)

_LINE: dict[str, Schema] = {
    "number": whole(),
    "title": text(),
    "state": choice(*(state.value for state in IdeaState), about="What became of it."),
    "category": text("Short name of its topic."),
    "proposer": maybe(text("Mail address of who proposed it.")),
    "proposed_at": moment(),
    "answered_at": maybe(moment()),
    "n_wanting": whole("How many others want it too."),
    "n_comments": whole(),
    "url": text("Its page in the portal."),
}
LINE = thing("IdeaLine", "An idea without its text.", needed=_LINE)
IDEA = thing(
    "Idea",
    needed={
        **_LINE,
        "markdown": text(),
        "html": text("As it is shown, safe to embed."),
        "answer": text("What the task force said."),
        "duplicate_of": maybe(whole("Number of the idea that was first.")),
        "item": maybe(whole("Number of the item it became part of.")),
    },
)
EVIDENCE = thing(
    "Evidence",
    "A question to the portal's own figures, and what they said when they were last read.",
    needed={
        "measure": text("Name of the measure."),
        "slice": text("`category:7`, `department:3`, or empty: all."),
        "comparison": text("The gap is open while the figure stands so to the threshold."),
        "threshold": number(),
        "days": whole(),
        "grade": choice("A", "B", "C", "D", about="How sure it is: A compared groups, D voices only."),
        "value": maybe(number()),
        "low": maybe(number()),
        "high": maybe(number()),
        "n": whole(),
        "is_open": maybe(yes_no("The gap is open; null: not enough data, or not published yet.")),
        "read_on": maybe(day()),
        "is_stale": yes_no("Nobody has read it for a week."),
    },
)
ITEM = thing(
    "Item",
    needed={
        "number": whole(),
        "title": text(),
        "summary": text(),
        "state": choice(*(state.value for state in ItemState if state != ItemState.DRAFT)),
        "column": choice(*(column.value for column in Column)),
        "category": maybe(text("Short name of its topic.")),
        "due_on": maybe(day()),
        "delivered_at": maybe(moment()),
        "n_wanting": whole("How many want the ideas it came from, of those that may be seen."),
        "evidence": many(EVIDENCE),
        "url": text("Its page in the portal."),
    },
)


def line(idea: Idea) -> dict[str, Any]:
    """Return an idea as a program sees it in a list."""
    return {
        "number": idea.id,
        "title": idea.title,
        "state": idea.state,
        "category": idea.category.slug if idea.category else "",
        "proposer": idea.person.email if idea.person else None,
        "proposed_at": idea.created_at.isoformat(),
        "answered_at": idea.answered_at.isoformat() if idea.answered_at else None,
        "n_wanting": idea.n_votes,
        "n_comments": idea.n_comments,
        "url": absolute(things.idea_address(idea.id)),
    }


def whole_idea(idea: Idea, *, item: int | None, original: int | None) -> dict[str, Any]:
    """Return an idea with its text and answer; what it leads to only where its reader may see that."""
    told = {"markdown": idea.body, "html": idea.html, "answer": idea.answer}
    return {**line(idea), **told, "duplicate_of": original, "item": item}


def item(card: Card, told: Sequence[Known]) -> dict[str, Any]:
    row: Item = card.item
    return {
        "number": row.id,
        "title": row.title,
        "summary": row.summary,
        "state": row.state,
        "column": row.column,
        "category": row.category.slug if row.category else None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "delivered_at": row.delivered_at.isoformat() if row.delivered_at else None,
        "n_wanting": card.n_wanting,
        "evidence": evidence(told),
        "url": absolute(things.item_address(row.id)),
    }


def evidence(known: Sequence[Known]) -> list[dict[str, Any]]:
    kept = ("measure", "slice", "comparison", "threshold", "days", "grade", "value", "low", "high", "n")
    return [
        {name: one.frozen[name] for name in kept}
        | {"is_open": one.holds, "read_on": one.frozen["on"], "is_stale": one.is_stale}
        for one in known
    ]
