"""Who may see and do what with questions, answers and tips. Used by services and templates, so no button lies."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, true

from portal.community.models import Answer, Question, Tip
from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.kb.models import Category
from portal.people.audiences import holds

Post = Question | Answer | Tip


def writer_id(post: Post) -> int | None:
    """Return whose it is: the asker's or the author's."""
    return post.asker_id if isinstance(post, Question) else post.author_id


def is_own(actor: Actor, post: Post) -> bool:
    return actor.person_id is not None and writer_id(post) == actor.person_id


def access_key(post: Post) -> str:
    """Return who may read it: whoever may read its topic; an answer is as open as its question."""
    return post.question.access_key if isinstance(post, Answer) else post.access_key


def can_see(actor: Actor, post: Post) -> bool:
    """Whoever may read the topic. What was taken away only its writer and moderators still see."""
    if not actor.can(Permission.QUESTION_READ) or not actor.sees(access_key(post)):
        return False
    if isinstance(post, Answer) and not can_see(actor, post.question):
        return False
    return post.removed_at is None or is_own(actor, post) or actor.can(Permission.QUESTION_MODERATE)


def shown(model: type[Question] | type[Tip], actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for `can_see`, without what was taken away: what lists and others may show."""
    if not actor.can(Permission.QUESTION_READ):
        return false()
    return standing(model, actor.keys)


def standing(model: type[Question] | type[Tip], keys: frozenset[str]) -> ColumnElement[bool]:
    """Return the SQL for what stands and these access keys open, for statements that are built once for each set."""
    return model.removed_at.is_(None) & holds(model.access_key, keys)


def seen(model: type[Question] | type[Answer] | type[Tip], actor: Actor) -> ColumnElement[bool]:
    """Return the SQL for "not taken away, or this actor still sees it"; who may read the topic is asked apart."""
    if actor.can(Permission.QUESTION_MODERATE):
        return true()
    writer = model.asker_id if model is Question else model.author_id  # type: ignore[union-attr]
    own = [writer == actor.person_id] if actor.person_id is not None else []
    return or_(model.removed_at.is_(None), *own)


def can_ask(actor: Actor) -> bool:
    return actor.person_id is not None and actor.can(Permission.QUESTION_ASK)


def can_ask_in(actor: Actor, topic: Category) -> bool:
    """Whoever sees a topic asks in it."""
    return can_ask(actor) and actor.sees(topic.access_key)


def can_write_tips(actor: Actor) -> bool:
    return actor.person_id is not None and actor.can(Permission.TIP_WRITE)


def can_answer(actor: Actor, question: Question) -> bool:
    """Everybody who sees it, the asker too: who found out alone tells the others."""
    may = actor.person_id is not None and actor.can(Permission.QUESTION_ANSWER)
    return may and question.removed_at is None and can_see(actor, question)


def can_edit(actor: Actor, post: Post) -> bool:
    """Its writer and moderators, while it stands."""
    if actor.person_id is None or post.removed_at is not None or not can_see(actor, post):
        return False
    if isinstance(post, Answer) and post.question.removed_at is not None:
        return False
    return is_own(actor, post) or actor.can(Permission.QUESTION_MODERATE)


def can_move(actor: Actor, post: Question | Tip) -> bool:
    """Moderators put a question or tip under another topic: that decides who reads it."""
    return actor.can(Permission.QUESTION_MODERATE) and can_edit(actor, post)


def can_remove(actor: Actor, post: Post) -> bool:
    return can_edit(actor, post)


def can_restore(actor: Actor, post: Post) -> bool:
    """Moderators; writers what they took away themselves."""
    if actor.person_id is None or post.removed_at is None or not can_see(actor, post):
        return False
    return actor.can(Permission.QUESTION_MODERATE) or (is_own(actor, post) and post.removed_by_id == actor.person_id)


def can_vote(actor: Actor, post: Answer | Tip) -> bool:
    """Everybody but its author, and nobody in another's name."""
    if actor.person_id is None or actor.is_acting_for or not actor.can(Permission.FEEDBACK_GIVE):
        return False
    return post.removed_at is None and not is_own(actor, post) and can_see(actor, post)


def can_say_same(actor: Actor, question: Question) -> bool:
    """Everybody but the asker, who has the problem anyway."""
    if actor.person_id is None or actor.is_acting_for or not actor.can(Permission.FEEDBACK_GIVE):
        return False
    return question.removed_at is None and not is_own(actor, question) and can_see(actor, question)


def can_accept(actor: Actor, question: Question) -> bool:
    """The asker alone knows what solved it, so nobody says so in their name."""
    return is_own(actor, question) and not actor.is_acting_for and question.removed_at is None


def can_see_history(actor: Actor, post: Post) -> bool:
    return can_see(actor, post)


def sees_all_history(actor: Actor, post: Post) -> bool:
    """Texts from before it was for other people stay with its writer and moderators."""
    return is_own(actor, post) or actor.can(Permission.QUESTION_MODERATE)
