"""What helps to answer a ticket, and what would be said twice: links in a reply, what was tried, others like it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.arguments import ROW
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.i18n import at_time
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.kb.models import Article
from portal.people import services as people
from portal.tickets import lifecycle, policies, queries
from portal.tickets.desk import scopes
from portal.tickets.desk.repeating import says_again
from portal.tickets.giving_back import answers
from portal.tickets.models import Link, Ticket, TrailKind

MOST_LINKS = 20
ADVISED = 4
SIMILAR = 5
CANDIDATES = 60
OTHERS = 6
LIKELY = 5
SHORTEST = 4
_ARTICLE = re.compile(r"/kb/([a-z0-9][a-z0-9-]{0,119})(?![\w/-])")
_QUESTION = re.compile(r"/questions/(\d{1,9})(?=[^\w]|-|$)")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Advice:
    """A page that may answer the ticket."""

    thing: Thing
    was_tried: bool
    """The requester has read it already."""

    @property
    def link(self) -> str:
        """The words that lead to it, for a reply."""
        return f"[{self.thing.title}]({absolute(self.thing.url)})"


def absolute(url: str) -> str:
    return url if "//" in url else url_for("home.index", _external=True).rstrip("/") + urlsplit(url).path


def advise(actor: Actor, ticket: Ticket) -> list[Advice]:
    """Return the pages that fit the ticket's words, those the requester has read marked as such."""
    tried = {one.item.subject for one in queries.trail(actor, ticket)}
    found = answers.find(actor, ticket.subject, is_unasked=True)[:ADVISED]
    return [Advice(thing, str(thing.ref) in tried) for thing in found]


def named(actor: Actor, text: str) -> Advice | None:
    """Return the page a form means by `article:12`, as far as the actor sees it."""
    things = answers.named(actor, [text])
    return Advice(things[0], was_tried=False) if things else None


def linked(actor: Actor, body: str) -> list[Ref]:
    """Return the articles and questions that a text leads to, as far as the actor sees them."""
    slugs = list(dict.fromkeys(_ARTICLE.findall(body)))[:MOST_LINKS]
    refs = [Ref("article", number) for number in queries.articles_by_slug(actor, slugs)]
    asked = [Ref("question", number) for number in map(int, _QUESTION.findall(body)[:MOST_LINKS]) if number <= ROW]
    seen = load_things(actor, asked) if asked else {}
    return refs + [ref for ref in dict.fromkeys(asked) if ref in seen]


def tie(actor: Actor, ticket: Ticket, body: str) -> None:
    """Tie what a reply leads to to the ticket: reuse. Records `ticket.linked`, once a thing."""
    for ref in linked(actor, body):
        lifecycle.link(actor, ticket, ref, kind=Link.SENT)


def cautions(actor: Actor, ticket: Ticket, body: str) -> list[str]:
    """Return what speaks against sending these words: they lead to what was tried, say it again, or lead nowhere."""
    name = ticket.requester.first_name if ticket.requester else _("Whoever wrote")
    trail = [one for one in queries.trail(actor, ticket) if one.item.subject and one.item.kind != TrailKind.SEARCH]
    refs = linked(actor, body)
    repeated = {str(ref) for ref in refs} | _said_again(body, [str(one.item.subject) for one in trail])
    told: dict[str, list[queries.Tried]] = {}
    for one in trail:
        if one.item.subject in repeated:
            told.setdefault(str(one.item.subject), []).append(one)
    said = [_did(name, some) for some in told.values()]
    if refs and ticket.requester_id is not None:
        reader = people.actor_for(ticket.requester_id)
        seen = load_things(reader, refs) if reader else {}
        hidden = load_things(actor, [ref for ref in refs if ref not in seen]).values()
        said += [_("%(name)s cannot open “%(title)s”.", name=name, title=thing.title) for thing in hidden]
    return said


def _said_again(body: str, subjects: Sequence[str]) -> set[str]:
    ids = {ref.id for ref in map(Ref.parse, subjects) if ref.kind == "article"}
    if not ids:
        return set()
    rows = db.session.execute(select(Article.id, Article.body).where(Article.id.in_(ids)))
    return {f"article:{number}" for number, text in rows if says_again(body, text)}


def _did(name: str, some: Sequence[queries.Tried]) -> str:
    """Say what somebody did with a page: "Ana read “Connect to the VPN” at 10:02; 3 of 5 steps ticked"."""
    first = min(some, key=lambda one: one.item.at is None)
    title = first.thing.title if first.thing else first.item.text
    kinds = {one.item.kind: one.item for one in some}
    when = kinds[TrailKind.READ].at if TrailKind.READ in kinds else first.item.at
    if when is not None:
        words = [_("%(name)s read “%(title)s” at %(time)s", name=name, title=title, time=at_time(when))]
    else:
        words = [_("%(name)s read “%(title)s”", name=name, title=title)]
    if TrailKind.STEP in kinds:
        words.append(kinds[TrailKind.STEP].text.partition(":")[0])
    if TrailKind.NOT_YET in kinds:
        words.append(_("said “not yet”"))
    return "; ".join(words) + "."


def similar(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Return open tickets whose subjects share words with this one, the most alike first; one query."""
    words = _telling(ticket.subject)
    if not words:
        return []
    alike = or_(*(Ticket.subject.icontains(word, autoescape=True) for word in sorted(words)[:8]))
    query = select(Ticket).where(policies.at_desk(actor), scopes.is_open, Ticket.id != ticket.id, alike)
    query = query.options(joinedload(Ticket.requester)).order_by(Ticket.id.desc()).limit(CANDIDATES)
    scored = [(len(words & _telling(one.subject)), one) for one in db.session.execute(query).scalars()]
    least = 1 if len(words) < 3 else 2
    best = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: (-pair[0], -pair[1].id))
    return [one for _score, one in best[:SIMILAR]]


def likely_same(similar: Sequence[Ticket], same_person: Sequence[Ticket]) -> list[Ticket]:
    """Return the open tickets that may be the same trouble: alike in words and of the same person first."""
    theirs = {one.id for one in same_person}
    ranked = [
        *(one for one in similar if one.id in theirs),
        *(one for one in same_person if one.is_open),
        *similar,
    ]
    return list({one.id: one for one in ranked}.values())[:LIKELY]


def _telling(subject: str) -> set[str]:
    return {word for word in _WORDS.findall(subject.casefold()) if len(word) >= SHORTEST}


def others_of(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Return the latest other tickets of the same person that the actor works; one query."""
    if ticket.requester_id is not None:
        same = Ticket.requester_id == ticket.requester_id
    elif ticket.sender_email:
        same = Ticket.sender_email == ticket.sender_email
    else:
        return []
    query = select(Ticket).where(same, Ticket.id != ticket.id, policies.at_desk(actor))
    return list(db.session.execute(query.order_by(Ticket.id.desc()).limit(OTHERS)).scalars())
