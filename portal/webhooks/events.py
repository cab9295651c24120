"""What other systems can be told: a public list with names of its own, so that the ledger stays free to change.

Nothing here says who did something or in which words. Things are named by number, short name and address, and only
those that everybody signed in may see are spoken of at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from analytics.events import Name
from portal.core.feature import Outline
from portal.core.refs import Ref
from portal.core.registry import registry
from portal.ledger.models import LedgerEntry
from portal.notifications import links
from portal.people.audiences import PUBLIC, SIGNED_IN

OPEN = frozenset({PUBLIC, SIGNED_IN})
NUMBERED = frozenset({"person", "ticket"})
"""Told of by number alone: who may see them asks for the rest."""
TEST = "test"


@dataclass(frozen=True)
class Told:
    """One event other systems can hear of: its name, the fact behind it and which of its props go along."""

    key: str
    name: Name
    text: LazyString
    props: tuple[str, ...] = ()


PUBLIC_EVENTS: dict[str, Told] = {
    told.key: told
    for told in (
        Told(
            "article.published", Name.ARTICLE_PUBLISHED, _l("An article was published for the first time"), ("version",)
        ),
        Told(
            "article.changed",
            Name.ARTICLE_CHANGED,
            _l("The text of an article was replaced"),
            ("version", "change", "revision"),
        ),
        Told("article.archived", Name.ARTICLE_ARCHIVED, _l("An article was taken off the shelves"), ("version",)),
        Told(
            "article.verified",
            Name.ARTICLE_VERIFIED,
            _l("Somebody said that an article is right"),
            ("version", "verified_on", "review_by"),
        ),
        Told(
            "feedback.given",
            Name.SOLUTION_MARKED,
            _l("Somebody said whether an article solved it"),
            ("version", "solved", "reason", "is_change", "has_comment"),
        ),
        Told("feedback.replied", Name.FEEDBACK_REPLIED, _l("Somebody's feedback was answered")),
        Told("incident.declared", Name.INCIDENT_DECLARED, _l("Known trouble was announced")),
        Told("incident.ended", Name.INCIDENT_ENDED, _l("Known trouble is over")),
        Told("question.asked", Name.QUESTION_ASKED, _l("A question was asked")),
        Told("question.answered", Name.ANSWER_GIVEN, _l("Somebody answered a question"), ("question",)),
        Told("question.solved", Name.ANSWER_ACCEPTED, _l("Whoever asked said which answer solved it"), ("is_on",)),
        Told("ticket.opened", Name.TICKET_OPENED, _l("A ticket was opened"), ("source", "queue")),
        Told("ticket.replied", Name.TICKET_REPLIED, _l("Somebody answered on a ticket"), ("is_by_desk", "is_first")),
        Told("ticket.assigned", Name.TICKET_ASSIGNED, _l("A ticket was given to somebody, or to nobody"), ("queue",)),
        Told("ticket.moved", Name.TICKET_MOVED, _l("A ticket went to another queue"), ("before", "after")),
        Told("ticket.resolved", Name.TICKET_RESOLVED, _l("A ticket was resolved"), ("knowledge", "is_in_time")),
        Told("ticket.reopened", Name.TICKET_REOPENED, _l("A ticket went on after it was resolved"), ("is_by_desk",)),
        Told("ticket.withdrawn", Name.TICKET_WITHDRAWN, _l("Help with a ticket is not needed any more")),
        Told("ticket.closed", Name.TICKET_CLOSED, _l("A resolved ticket was closed")),
        Told("ticket.breached", Name.TICKET_BREACHED, _l("A promised time went by"), ("promise",)),
        Told("idea.proposed", Name.IDEA_PROPOSED, _l("An idea was proposed")),
        Told("idea.answered", Name.IDEA_ANSWERED, _l("An idea was answered"), ("outcome", "is_first")),
        Told("item.moved", Name.ITEM_MOVED, _l("An item of the roadmap moved"), ("before", "after")),
        Told(
            "item.checked", Name.ITEM_CHECKED, _l("It was read whether an item closed its gap"), ("days", "is_proven")
        ),
        Told("person.created", Name.PERSON_CREATED, _l("Somebody got an account")),
        Told("person.changed", Name.PERSON_CHANGED, _l("Somebody's account was changed"), ("fields",)),
        Told("person.deactivated", Name.PERSON_DEACTIVATED, _l("Somebody was deactivated")),
        Told("person.reactivated", Name.PERSON_REACTIVATED, _l("Somebody was let in again")),
    )
}
"""Names once given stay; a webhook that waits for one must not fall silent."""

_BY_NAME = {told.name.value: told for told in PUBLIC_EVENTS.values()}


def names_of(keys: Iterable[str]) -> list[str]:
    """Return the names in the ledger behind these events."""
    return [PUBLIC_EVENTS[key].name.value for key in keys if key in PUBLIC_EVENTS]


def payloads(entries: Collection[LedgerEntry]) -> dict[int, dict[str, Any]]:
    """Return what is told of each fact, by its number; what is about something restricted is left out."""
    outlines = _outlines(entry.subject for entry in entries)
    found = {}
    for entry in entries:
        about = _about(entry, outlines)
        told = _BY_NAME[entry.name]
        if about is not None:
            found[entry.id] = {
                "event": told.key,
                "at": entry.at.isoformat(),
                "about": about,
                "data": {name: entry.props[name] for name in told.props if name in entry.props},
            }
    return found


def _outlines(subjects: Iterable[str | None]) -> dict[Ref, Outline]:
    by_kind: dict[str, set[int]] = {}
    for subject in subjects:
        if subject:
            ref = Ref.parse(subject)
            by_kind.setdefault(ref.kind, set()).add(ref.id)
    known = registry().outlines
    with links.addressable():
        return {
            Ref(kind, i): outline
            for kind, ids in by_kind.items()
            if kind in known
            for i, outline in known[kind].load(ids).items()
        }


def _about(entry: LedgerEntry, outlines: dict[Ref, Outline]) -> dict[str, Any] | None:
    if entry.subject is None:
        return {}
    ref = Ref.parse(entry.subject)
    if ref.kind in NUMBERED:
        return {"kind": ref.kind, "id": ref.id}
    outline = outlines.get(ref)
    if outline is None or outline.access_key not in OPEN:
        return None
    return {"kind": ref.kind, "id": ref.id, "slug": outline.slug or None, "url": links.absolute(outline.url)}


def is_still_told(about: dict[str, Any]) -> bool:
    """Say whether something that was in line may still be spoken of: it may have been closed to some since."""
    if about.get("kind", "person") in NUMBERED:
        return True
    ref = Ref(str(about["kind"]), int(about["id"]))
    outline = _outlines([str(ref)]).get(ref)
    return outline is not None and outline.access_key in OPEN


def trial(at: str) -> dict[str, Any]:
    return {"event": TEST, "at": at, "about": {}, "data": {}}
