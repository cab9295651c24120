"""Following a thing: whoever does hears of its changes.

People follow by a button, authors and owners by what they do. Whoever stopped is never made to follow again by
anything but the button.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.talk.models import Follow


def follow(actor: Actor, thing: Ref, *, topic: Ref | None = None) -> None:
    """Follow from now on. Records `follow.started`; following twice is following once."""
    _turn(actor, thing, topic=topic, is_on=True)


def unfollow(actor: Actor, thing: Ref, *, topic: Ref | None = None) -> None:
    """Stop following; also what would follow by itself, such as one's own articles. Records `follow.ended`."""
    _turn(actor, thing, topic=topic, is_on=False)


def _turn(actor: Actor, thing: Ref, *, topic: Ref | None, is_on: bool) -> None:
    if actor.person_id is None:
        raise Forbidden(_("Sign in to follow this."))
    row = db.session.get(Follow, (str(thing), actor.person_id))
    if row is not None and row.is_on == is_on:
        return
    if row is None and not _begin(thing, actor.person_id, is_on=is_on):
        return
    if row is not None:
        row.is_on, row.changed_at = is_on, clock.now()
    db.session.flush()
    name = Name.FOLLOW_STARTED if is_on else Name.FOLLOW_ENDED
    ledger.record(name, actor=actor, subject=thing, topic=topic)


def _begin(thing: Ref, person_id: int, *, is_on: bool) -> bool:
    """Add the row of somebody's choice; False where it is there by now, by another window or a deed of theirs."""
    try:
        with db.session.begin_nested():
            db.session.add(Follow(subject=str(thing), person_id=person_id, is_on=is_on, changed_at=clock.now()))
    except IntegrityError:
        return False
    return True


def follow_by_doing(people: Iterable[int | None], thing: Ref) -> None:
    """Let people follow what they wrote or look after; nobody who ever chose for themselves is touched."""
    wanted = {one for one in people if one is not None}
    for person_id in sorted(wanted - _who_chose(thing, wanted)):
        _begin(thing, person_id, is_on=True)
    db.session.flush()


def _who_chose(thing: Ref, people: Collection[int]) -> set[int]:
    if not people:
        return set()
    query = select(Follow.person_id).where(Follow.subject == str(thing), Follow.person_id.in_(people))
    return set(db.session.execute(query).scalars())


def is_followed(actor: Actor, thing: Ref, *, by_itself: Collection[int | None] = ()) -> bool:
    """Say whether the actor follows; `by_itself` are people who do unless they stopped, such as the owner."""
    if actor.person_id is None:
        return False
    is_on = db.session.execute(_is_on(), {"subject": str(thing), "person": actor.person_id}).scalar()
    return is_on if is_on is not None else actor.person_id in by_itself


@cache
def _is_on() -> Select[bool]:
    mine = (Follow.subject == bindparam("subject")) & (Follow.person_id == bindparam("person"))
    return select(Follow.is_on).where(mine)


def followers(thing: Ref, *, by_itself: Collection[int | None] = ()) -> list[int]:
    """Return the ids of the people who follow; `by_itself` as in `is_followed`. One query."""
    query = select(Follow.person_id, Follow.is_on).where(Follow.subject == str(thing))
    chosen = dict(db.session.execute(query).all())
    own = {one for one in by_itself if one is not None and one not in chosen}
    return sorted(own | {person_id for person_id, is_on in chosen.items() if is_on})


def own(actor: Actor, *, limit: int = 200) -> list[Ref]:
    """Return what the actor follows, the last chosen first."""
    if actor.person_id is None:
        return []
    query = select(Follow.subject).where(Follow.person_id == actor.person_id, Follow.is_on)
    query = query.order_by(Follow.changed_at.desc(), Follow.subject).limit(limit)
    return [Ref.parse(subject) for subject in db.session.execute(query).scalars()]
