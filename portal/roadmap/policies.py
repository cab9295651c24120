"""Who may see and do what with ideas and items. Used by services and templates, so no button lies."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, or_

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.kb.models import Category
from portal.people.audiences import visible
from portal.roadmap.models import Idea, IdeaState, Item, ItemState

_MEMBERSHIPS: list[Callable[[Actor], bool]] = []


def steered_by(is_member: Callable[[Actor], bool]) -> None:
    """Let people steer by being members of something, beside those who may by their role."""
    if is_member not in _MEMBERSHIPS:
        _MEMBERSHIPS.append(is_member)


def may_steer(actor: Actor) -> bool:
    """Whoever steers by their role, and the members of the task force."""
    if actor.can(Permission.ROADMAP_STEER):
        return True
    return actor.person_id is not None and any(is_member(actor) for is_member in _MEMBERSHIPS)


# Ideas


def is_own(actor: Actor, idea: Idea) -> bool:
    return actor.person_id is not None and idea.person_id == actor.person_id


def can_see(actor: Actor, idea: Idea) -> bool:
    """Whoever may read its topic. What was taken back only its proposer and those who steer still see."""
    if not actor.can(Permission.ROADMAP_READ) or not actor.sees(idea.access_key):
        return False
    return idea.removed_at is None or is_own(actor, idea) or may_steer(actor)


def shown(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for `can_see`, without what was taken back: what lists may show."""
    if not actor.can(Permission.ROADMAP_READ):
        return false()
    return and_(Idea.removed_at.is_(None), visible(Idea.access_key, actor))


def can_propose(actor: Actor) -> bool:
    return actor.person_id is not None and actor.can(Permission.IDEA_PROPOSE)


def can_edit(actor: Actor, idea: Idea) -> bool:
    """Its proposer, until it has an answer: an answer must not come to stand below other words."""
    is_open = idea.state == IdeaState.PROPOSED and idea.removed_at is None
    return is_open and is_own(actor, idea) and can_see(actor, idea)


def can_withdraw(actor: Actor, idea: Idea) -> bool:
    """Its proposer until it is answered; those who steer always, for what should not stand there."""
    if idea.removed_at is not None or not can_see(actor, idea) or actor.person_id is None:
        return False
    return can_edit(actor, idea) or may_steer(actor)


def can_restore(actor: Actor, idea: Idea) -> bool:
    """Those who steer; its proposer what they took back themselves."""
    if idea.removed_at is None or actor.person_id is None or not can_see(actor, idea):
        return False
    return may_steer(actor) or idea.removed_by_id == actor.person_id


def can_vote(actor: Actor, idea: Idea) -> bool:
    """Everybody but its proposer, and nobody in another's name."""
    if actor.person_id is None or actor.is_acting_for or not actor.can(Permission.FEEDBACK_GIVE):
        return False
    return idea.removed_at is None and not is_own(actor, idea) and can_see(actor, idea)


def can_answer(actor: Actor, idea: Idea) -> bool:
    return idea.removed_at is None and may_steer(actor) and can_see(actor, idea)


# Items


def is_of_topic_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for "it has no topic, or one this actor may read"; the query joins the topic outwardly."""
    return or_(Item.category_id.is_(None), visible(Category.access_key, actor))


def can_see_item(actor: Actor, item: Item) -> bool:
    """Everybody who may read its topic; one in triage only those who steer."""
    if item.category is not None and not actor.sees(item.category.access_key):
        return False
    return item.state != ItemState.DRAFT or may_steer(actor)
