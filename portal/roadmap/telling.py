"""Who hears of what becomes of an idea or item: who proposed it, who wants it too, who follows it."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.notifications import services as notifications
from portal.roadmap.models import Idea, Item
from portal.talk import follows
from portal.talk.models import Follow, Vote


def concerned(idea: Idea) -> set[int]:
    """Return who is to hear of an idea; whoever stopped following it is not."""
    wanted = select(Vote.person_id).where(Vote.subject == str(idea.ref))
    stopped = select(Follow.person_id).where(Follow.subject == str(idea.ref), Follow.is_on.is_(False))
    voters = set(db.session.execute(wanted).scalars()) - set(db.session.execute(stopped).scalars())
    return voters | set(follows.followers(idea.ref, by_itself=[idea.person_id]))


def of_answer(actor: Actor, idea: Idea) -> None:
    """Tell what was said to an idea."""
    notifications.tell(concerned(idea), "idea_answered", subject=idea.ref, words=idea.answer, actor=actor)


def of_move(actor: Actor, item: Item, *, reason: str) -> None:
    """Tell where an item went."""
    _tell(actor, item, "item_moved", reason)


def of_check(actor: Actor, item: Item, *, is_proven: bool, words: str) -> None:
    """Tell whether an item did what it was for."""
    _tell(actor, item, "item_proven" if is_proven else "item_unproven", words)


def _tell(actor: Actor, item: Item, kind: str, words: str) -> None:
    """Tell everybody once, of the idea that was theirs where there is one: that leads to the item."""
    told: set[int] = set()
    for idea in ideas_of(item):
        people = concerned(idea) - told
        notifications.tell(sorted(people), kind, subject=idea.ref, words=words, actor=actor)
        told |= people
    others = {*follows.followers(item.ref, by_itself=[item.owner_id])} - told
    notifications.tell(sorted(others), kind, subject=item.ref, words=words, actor=actor)


def ideas_of(item: Item) -> list[Idea]:
    """Return the ideas that became part of an item, and those that are the same as one of them."""
    query = select(Idea).where(Idea.item_id == item.id, Idea.removed_at.is_(None)).order_by(Idea.id)
    return list(db.session.execute(query).scalars())
