"""What becomes of an idea: part of the roadmap, declined with a reason, or the same as another. All are answered."""

from __future__ import annotations

import datetime as dt
from statistics import median

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.ledger import services as ledger
from portal.measures import columns
from portal.measures.catalogue import Measure, Reading, Unit
from portal.measures.reports import Slice
from portal.roadmap import ideas, notes, policies, telling
from portal.roadmap.models import Idea, IdeaState, Item

ANSWER = 2_000
TRIAGED, DECLINED, DUPLICATE = IdeaState.TRIAGED.value, IdeaState.DECLINED.value, IdeaState.DUPLICATE.value


def take_up(actor: Actor, idea: Idea, item: Item, *, words: str) -> None:
    """Answer an idea with the item it became part of. Records `idea.answered`; refuses as `decline`."""
    words = _words(actor, idea, words)
    if not policies.can_see_item(actor, item):
        raise Invalid(_("Choose an item from the list."), field="item_id")
    idea.item_id, idea.duplicate_of_id = item.id, None
    _answer(actor, idea, TRIAGED, words)


def decline(actor: Actor, idea: Idea, *, words: str) -> None:
    """Decline an idea, with a reason. Records `idea.answered`; its proposer, voters and followers are told.

    Refuses who does not steer (Forbidden), and an answer without words (Invalid, `words`).
    """
    words = _words(actor, idea, words)
    idea.item_id = idea.duplicate_of_id = None
    _answer(actor, idea, DECLINED, words)


def point(actor: Actor, idea: Idea, *, of: int | None, words: str) -> None:
    """Say that another idea asks for the same; whoever wants this one is led there. Refuses as `decline`."""
    words = _words(actor, idea, words)
    query = select(Idea).where(Idea.id == of, policies.shown(actor))
    original = db.session.execute(query).scalar_one_or_none() if of else None
    if original is None or original.id == idea.id:
        raise Invalid(_("Which idea asks for the same? Write its number."), field="duplicate_of")
    if original.state == DUPLICATE:
        raise Invalid(_("That one is a duplicate itself. Point to the first."), field="duplicate_of")
    idea.duplicate_of_id, idea.item_id = original.id, original.item_id
    _answer(actor, idea, DUPLICATE, words)


def _words(actor: Actor, idea: Idea, words: str) -> str:
    if not policies.can_answer(actor, idea):
        raise Forbidden(_("The task force answers ideas."))
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid(_("Say it to whoever proposed it, in a line or two."), field="words")
    if len(words) > ANSWER:
        raise Invalid(_("Please keep it under %(n)s characters.", n=ANSWER), field="words")
    return words


def _answer(actor: Actor, idea: Idea, outcome: str, words: str) -> None:
    is_first, before = idea.answered_at is None, idea.state
    idea.state, idea.answer = outcome, words
    idea.answered_at, idea.answered_by_id = idea.answered_at or clock.now(), actor.person_id
    idea.version += 1
    db.session.flush()
    notes.write(actor, idea.ref, field="state", before=before, after=outcome, reason=words, is_public=True)
    topic = ideas.about(idea)
    ledger.record(Name.IDEA_ANSWERED, actor=actor, subject=idea.ref, topic=topic, outcome=outcome, is_first=is_first)
    telling.of_answer(actor, idea)
    ideas.follow_in_search(idea)


# How long people wait


def hours(since: dt.date | None = None, until: dt.date | None = None, of: Slice | None = None) -> list[float]:
    """Return the hours from proposing to the first answer, of the ideas of a period that have one."""
    query = select(Idea.created_at, Idea.answered_at).where(Idea.answered_at.is_not(None), Idea.removed_at.is_(None))
    if since is not None:
        query = query.where(Idea.created_at >= columns.midnight(since))
    if until is not None:
        query = query.where(Idea.created_at < columns.midnight(until))
    if of is not None and of.kind == columns.TOPIC:
        query = query.where(Idea.category_id == of.id)
    rows = db.session.execute(query)
    return [(answered - created).total_seconds() / 3600 for created, answered in rows if answered is not None]


def median_days() -> float | None:
    """Return the median days until an idea is answered, over a year; None where none was."""
    found = hours(clock.today() - dt.timedelta(days=365))
    return median(found) / 24 if found else None


def _read(since: dt.date, until: dt.date, of: Slice) -> Reading:
    found = hours(since, until, of)
    return Reading(value=median(found) if found else None, n=len(found))


MEASURE = Measure(
    name="idea_answer_hours",
    label=_l("Hours until an idea is answered"),
    unit=Unit.HOURS,
    minimum_n=5,
    better="down",
    kinds=(columns.TOPIC,),
    definition=_l(
        "Median hours by the clock from proposing an idea to its first answer, over ideas of the period that have one."
    ),
    _read=_read,
)
