"""What people do with notices of known trouble. Each change and its fact in the ledger are one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.home import policies
from portal.home.models import Incident, IncidentEcho
from portal.home.queries import STAMP
from portal.kb.models import Category
from portal.ledger import services as ledger
from portal.notifications import links
from portal.people.audiences import PUBLIC, SIGNED_IN

LASTS = dt.timedelta(hours=4)
LONGEST = dt.timedelta(days=7)
OLDEST = dt.timedelta(days=366)
SKEW = dt.timedelta(minutes=5)
"""How far clocks of people may run ahead of ours."""
TITLE_LIMIT = 120
TEXT_LIMIT = 1000


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What somebody writes on a notice; times are aware."""

    title: str
    since: dt.datetime
    until: dt.datetime
    body: str = ""
    update: str = ""
    next_word: dt.datetime | None = None
    access_key: str = SIGNED_IN
    category_id: int | None = None
    article_id: int | None = None


def get(actor: Actor, incident_id: int) -> Incident:
    """Return the notice for whoever tends notices; refuses readers (Forbidden) and unknown ones (NotFound)."""
    if not policies.can_declare(actor):
        raise Forbidden(_("Notices are put up by the service desk and by editors."))
    incident = db.session.get(Incident, incident_id)
    if incident is None or not actor.sees(incident.access_key):
        raise NotFound("")
    return incident


def declare(actor: Actor, notice: Notice) -> Incident:
    """Put up a notice. Refuses readers (Forbidden) and a text, time or topic that cannot be (Invalid)."""
    if not policies.can_declare(actor):
        raise Forbidden(_("Notices are put up by the service desk and by editors."))
    incident = Incident(
        created_at=clock.now(),
        created_by_id=actor.person_id,
        update="",
        n_changes=0,
        **_checked(actor, notice),
    )
    db.session.add(incident)
    options.touch(STAMP)
    db.session.flush()
    ledger.record(
        Name.INCIDENT_DECLARED,
        actor=actor,
        subject=incident.ref,
        topic=_topic(incident),
        title=incident.title,
        since=incident.since_at.isoformat(),
    )
    return incident


def change(actor: Actor, incident: Incident, notice: Notice, *, seen: int) -> Incident:
    """Change a notice that is up; `seen` is the `n_changes` the writer had before them.

    Refuses what is over and what somebody else changed meanwhile (Conflict), and a text, time or topic that cannot
    be (Invalid).
    """
    db.session.refresh(incident, with_for_update=True)
    if not incident.is_up:
        raise Conflict(_("This notice is over. Put up a new one if the problem is back."))
    if not policies.can_change(actor, incident):
        raise Forbidden(_("Notices are put up by the service desk and by editors."))
    if seen != incident.n_changes:
        raise Conflict(_("A colleague has changed this notice meanwhile. What it says now stands beside your words."))
    values = _checked(actor, notice)
    update = _text(notice.update, "update")
    if update != incident.update:
        values |= {"update": update, "updated_at": clock.now() if update else None}
    if all(getattr(incident, name) == value for name, value in values.items()):
        return incident
    for name, value in values.items():
        setattr(incident, name, value)
    incident.n_changes += 1
    options.touch(STAMP)
    db.session.flush()
    return incident


def _checked(actor: Actor, notice: Notice) -> dict[str, object]:
    """Return the columns for a notice, all but its latest word."""
    now = clock.now()
    title = " ".join(notice.title.split())
    if not title:
        raise Invalid(_("Say in a few words what is wrong."), field="title")
    if len(title) > TITLE_LIMIT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=TITLE_LIMIT), field="title")
    if notice.since > now + SKEW:
        raise Invalid(_("A notice tells of a problem that is there. Give a time that has passed."), field="since")
    if notice.since < now - OLDEST:
        raise Invalid(_("This is more than a year ago. Give a later time."), field="since")
    if notice.until <= now:
        raise Invalid(_("This time has passed. Until when should the notice stay?"), field="until")
    if notice.until > now + LONGEST:
        raise Invalid(_("A notice stays up for 7 days at most. You can lengthen it when it is needed."), field="until")
    if notice.next_word is not None and notice.next_word > notice.until:
        raise Invalid(_("The notice is over by then. Choose an earlier time."), field="next_word")
    if notice.access_key not in (SIGNED_IN, PUBLIC):
        raise Invalid(_("Choose who sees it."), field="audience")
    return {
        "title": title,
        "body": _text(notice.body, "body"),
        "since_at": min(notice.since, now),
        "ends_at": notice.until,
        "next_word_at": notice.next_word,
        "access_key": notice.access_key,
        "category_id": _category_id(actor, notice.category_id),
        "article_id": readable(actor, notice.article_id),
    }


def _text(text: str, field: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > TEXT_LIMIT:
        raise Invalid(_("Please keep it under %(n)s characters.", n=TEXT_LIMIT), field=field)
    return text


def _category_id(actor: Actor, category_id: int | None) -> int | None:
    if category_id is None:
        return None
    category = db.session.get(Category, category_id)
    if category is None or not actor.sees(category.access_key):
        raise Invalid(_("Choose one of the topics."), field="topic")
    return category.id


def readable(actor: Actor, article_id: int | None) -> int | None:
    """Return the number of an answer to lead to; refuses one that this actor does not see (Invalid, `article`)."""
    if article_id is None:
        return None
    with links.addressable():
        found = load_things(actor, [Ref("article", article_id)])
    if not found:
        raise Invalid(_("There is no such answer."), field="article")
    return article_id


def _topic(incident: Incident) -> Ref | None:
    return Ref("category", incident.category_id) if incident.category_id else None


def end(actor: Actor, incident: Incident) -> None:
    """Take a notice down because the trouble is over; one that is over already stays as it is."""
    if not policies.can_declare(actor):
        raise Forbidden(_("Notices are put up by the service desk and by editors."))
    db.session.refresh(incident, with_for_update=True)
    if incident.is_up:
        _end(actor, incident, at=clock.now(), reason="resolved")


def end_expired() -> int:
    """Mark the notices whose time was up; readers had stopped seeing them by then. Returns how many."""
    due = select(Incident).where(Incident.ended_at.is_(None), Incident.ends_at <= clock.now())
    incidents = list(db.session.execute(due.order_by(Incident.id).with_for_update()).scalars())
    for incident in incidents:
        _end(system("notices"), incident, at=incident.ends_at, reason="expired")
    return len(incidents)


def _end(actor: Actor, incident: Incident, *, at: dt.datetime, reason: str) -> None:
    incident.ended_at, incident.ended_by_id = at, actor.person_id
    options.touch(STAMP)
    db.session.flush()
    ledger.record(
        Name.INCIDENT_ENDED,
        actor=actor,
        subject=incident.ref,
        topic=_topic(incident),
        reason=reason,
        minutes=int((at - incident.created_at).total_seconds() // 60),
    )


def echo(actor: Actor, incident_id: int, *, is_mine: bool) -> Incident:
    """Say "me too", or take it back; the same twice changes nothing, and only the first time is recorded.

    Refuses people who are not signed in (Forbidden), and notices that are over or not theirs to see (NotFound).
    """
    if not policies.can_echo(actor) or actor.person_id is None:
        raise Forbidden(_("Sign in to say that you have it too."))
    incident = db.session.get(Incident, incident_id)
    if incident is None or not incident.is_up or not actor.sees(incident.access_key):
        raise NotFound(_("This notice is over."))
    said = db.session.get(IncidentEcho, (incident_id, actor.person_id), with_for_update=True)
    if said is not None:
        said.withdrawn_at = None if is_mine else (said.withdrawn_at or clock.now())
        db.session.flush()
    elif is_mine and _is_first(IncidentEcho(incident_id=incident_id, person_id=actor.person_id, at=clock.now())):
        ledger.record(Name.INCIDENT_ECHOED, actor=actor, subject=incident.ref, topic=_topic(incident))
    return incident


def _is_first(said: IncidentEcho) -> bool:
    """Store it; False when the same person's second click was faster (the unique key lets one through)."""
    try:
        with db.session.begin_nested():
            db.session.add(said)
    except IntegrityError:
        return False
    return True
