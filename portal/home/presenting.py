"""What the front door says in words: the greeting, and the lines of one's own things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, to_user_timezone

from portal.core import clock
from portal.core.actor import Actor
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.notifications import kinds
from portal.notifications.models import Notification
from portal.talk.models import Solution

MORNING, AFTERNOON, EVENING = 5, 12, 18
"""The hours at which they begin."""


@dataclass(frozen=True, kw_only=True)
class Own:
    """One of a person's own things: a line, where it leads, and when it came."""

    icon: str
    title: str
    url: str
    text: str = ""
    at: dt.datetime | None = None
    news_id: int | None = None
    """The news this line tells; opening it marks it as read."""
    is_urgent: bool = False


def greeting(actor: Actor) -> str:
    """Greet by the time of day where the reader is."""
    if not actor.is_signed_in:
        return _("What’s in the way?")
    hour, name = to_user_timezone(clock.now()).hour, actor.first_name
    if MORNING <= hour < AFTERNOON:
        return _("Good morning, %(name)s. What’s in the way?", name=name)
    if AFTERNOON <= hour < EVENING:
        return _("Good afternoon, %(name)s. What’s in the way?", name=name)
    return _("Good evening, %(name)s. What’s in the way?", name=name)


def waiting(n: int) -> Own:
    """The editor's own line: readers who said "not yet" and wait."""
    return Own(
        icon="flag",
        title=ngettext("%(num)s reader waits for an answer", "%(num)s readers wait for an answer", n),
        url=url_for("kb.feedback"),
        text=_("About articles you own"),
        is_urgent=True,
    )


def once(told: Iterable[tuple[Notification, str]]) -> list[tuple[Notification, str]]:
    """Keep of several news of one ticket the newest; the list behind the bell tells them all."""
    seen: set[Ref] = set()
    kept = []
    for row, name in told:
        if row.subject is not None and row.subject.kind == "ticket":
            if row.subject in seen:
                continue
            seen.add(row.subject)
        kept.append((row, name))
    return kept


def told(row: Notification, who: str, things: Mapping[Ref, Thing]) -> Own | None:
    """Tell a piece of news, None when it is of something this reader may not see any more."""
    if row.kind not in kinds.KINDS:  # of a feature this installation no longer has
        return None
    thing = things.get(row.subject) if row.subject else None
    if row.subject is not None and thing is None:
        return None
    if row.kind == "feedback_reply" and thing is not None:
        return replace(_wrote_back(who, thing, at=row.created_at), news_id=row.id)
    kind = kinds.get(row.kind)
    words = {**row.data, "who": who or _("Somebody"), "title": thing.title if thing else ""}
    return Own(
        icon=kind.icon,
        title=kinds.words(kind, words),
        url=thing.url if thing else "",
        at=row.created_at,
        news_id=row.id,
    )


def answered(row: Solution, things: Mapping[Ref, Thing]) -> Own | None:
    """Tell that an editor answered what the reader said, None when its article is no longer theirs to see."""
    thing = things.get(Ref("reply", row.id))
    if thing is None:
        return None
    by = row.replied_by.first_name if row.replied_by else ""
    return _wrote_back(by, thing, at=row.replied_at)


def _wrote_back(who: str, thing: Thing, *, at: dt.datetime | None) -> Own:
    return Own(
        icon="answer",
        title=_("%(who)s answered you", who=who or _("An editor")),
        url=thing.url,
        text=_("What you said about “%(title)s”", title=thing.title),
        at=at,
    )
