"""Saying what a ticket leaves behind, as it is resolved or afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.kb import policies as kb_policies
from portal.kb.models import Article, Category
from portal.kb.writing import giving_back as kb
from portal.tickets import holding, lifecycle, policies
from portal.tickets.giving_back import drafting
from portal.tickets.models import Knowledge, Link, Status, Ticket

LINKABLE = ("article", "question")
MOST = 10
WORDS = 240

REASONS: dict[str, LazyString] = {
    "one_off": _l("Happens once: nobody else will ask"),
    "personal": _l("Only about this person"),
    "order": _l("An order or an access that was given"),
    "elsewhere": _l("Described elsewhere, where it belongs"),
    "unclear": _l("We do not know why it works again"),
    "other": _l("Another reason"),
}
"""Why a ticket leaves nothing for others."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a ticket leaves behind."""

    knowledge: Knowledge
    things: tuple[Ref, ...] = ()
    """Articles and questions that say it; the one to improve."""
    reason: str = ""
    words: str = ""
    category: Category | None = None
    """Where a draft belongs; without one, the ticket's topic."""


def resolve(actor: Actor, ticket: Ticket, left: Left | None, *, body: str = "", lock: int | None = None) -> Ref | None:
    """Resolve a ticket and say what it leaves behind; nothing said is a debt of the team. Records `ticket.resolved`.

    Returns where to write on: the draft, or the article for whoever may only suggest a change. Refuses as
    `lifecycle.resolve` does, and what is not said whole (Invalid, by field).
    """
    if left is not None:
        _check(actor, ticket, left)
    reason = _reason(left) if left else ""
    tied = left.things if left is not None and left.knowledge == Knowledge.LINKED else ()
    knowledge = left.knowledge if left else None
    lifecycle.resolve(actor, ticket, knowledge=knowledge, reason=reason, articles=tied, body=body, lock=lock)
    return _follow_up(actor, ticket, left) if left else None


def say(actor: Actor, ticket: Ticket, left: Left) -> Ref | None:
    """Say afterwards what a resolved ticket left behind. Records `ticket.knowledge_said`.

    Refuses who is not the desk (Forbidden), and what is open, or was answered before (Conflict).
    """
    if not policies.is_desk(actor, ticket):
        raise Forbidden(_("Only the service desk does this."))
    holding.hold(ticket)
    if ticket.status not in (Status.RESOLVED, Status.CLOSED):
        raise Conflict(_("This ticket is not resolved."))
    if ticket.knowledge is not None:
        raise Conflict(_("Somebody has said by now what this ticket leaves behind."))
    _check(actor, ticket, left)
    ticket.knowledge, ticket.knowledge_reason = left.knowledge.value, _reason(left)
    kind = Link.RESOLVED_BY if left.knowledge == Knowledge.LINKED else None
    tied = [ref for ref in left.things if kind is not None and lifecycle.link(actor, ticket, ref, kind=kind)]
    db.session.flush()
    holding.record(
        Name.TICKET_KNOWLEDGE_SAID, actor, ticket, knowledge=ticket.knowledge, articles=[str(ref) for ref in tied]
    )
    return _follow_up(actor, ticket, left)


def _check(actor: Actor, ticket: Ticket, left: Left) -> None:
    """Refuse what is not said whole; things the actor does not see are things that are not there."""
    things = [ref for ref in left.things if ref.kind in LINKABLE]
    if left.knowledge == Knowledge.LINKED and not things:
        raise Invalid(_("Choose what answers it."), field="things")
    if left.knowledge == Knowledge.IMPROVED and [ref.kind for ref in left.things] != ["article"]:
        raise Invalid(_("Choose the one article that is to be improved."), field="things")
    if len(left.things) > MOST:
        raise Invalid(_("%(n)s are enough.", n=MOST), field="things")
    if len(things) < len(left.things) or not all(holding.sees(actor, ref) for ref in things):
        raise Invalid(_("One of these is not there any more."), field="things")
    if left.knowledge == Knowledge.NOT_REUSABLE:
        if left.reason not in REASONS:
            raise Invalid(_("Say why nobody else can use it."), field="reason")
        if left.reason == "other" and not left.words.strip():
            raise Invalid(_("Say it in a few words."), field="words")
        if len(left.words) > WORDS:
            raise Invalid(_("Please keep it under %(n)s characters.", n=WORDS), field="words")
    if left.knowledge == Knowledge.DRAFTED:
        category = left.category or ticket.category
        if category is None or not kb_policies.can_give_back(actor, category):
            raise Invalid(_("Choose the topic it belongs to."), field="category_id")


def _reason(left: Left) -> str:
    """Return the reason as it is kept: its key, and the words behind a colon."""
    if left.knowledge != Knowledge.NOT_REUSABLE:
        return ""
    words = " ".join(left.words.split())
    return f"{left.reason}: {words}" if words else left.reason


def reason_words(kept: str) -> str:
    """Return a kept reason in the reader's language; one from an import or an older day as it stands."""
    key, _colon, words = kept.partition(":")
    if key not in REASONS:
        return kept
    words = words.strip()
    if key == "other" and words:
        return words
    return f"{REASONS[key]}: {words}" if words else str(REASONS[key])


def _follow_up(actor: Actor, ticket: Ticket, left: Left) -> Ref | None:
    """Begin what was promised: the draft of a new answer, or of a better one."""
    if left.knowledge == Knowledge.DRAFTED:
        category = left.category or ticket.category
        assert category is not None  # noqa: S101 - checked before
        draft = drafting.begin(actor, ticket, category)
        lifecycle.link(actor, ticket, draft.ref, kind=Link.DRAFTED)
        return draft.ref
    if left.knowledge != Knowledge.IMPROVED:
        return None
    (thing,) = left.things
    lifecycle.link(actor, ticket, thing, kind=Link.IMPROVED)
    article = db.session.get_one(Article, thing.id)
    if not kb_policies.can_edit(actor, article):
        return thing
    drafting.follow(ticket)
    return kb.improve(actor, article, sources=[ticket.ref], queries=drafting.searches(ticket)).ref
