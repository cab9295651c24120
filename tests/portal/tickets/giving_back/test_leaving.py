"""What a resolved ticket leaves behind (portal.tickets.giving_back)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.jobs.models import Job
from portal.kb.models import Draft
from portal.kb.writing import editor, publishing
from portal.kb.writing import giving_back as kb_giving_back
from portal.ledger.models import LedgerEntry
from portal.notifications import links
from portal.notifications.models import Notification
from portal.people import services as people
from portal.tickets import lifecycle
from portal.tickets.giving_back import leaving
from portal.tickets.giving_back.leaving import Left
from portal.tickets.models import Knowledge, Link, Status, Ticket, TicketArticle, TrailKind
from tests.factories import kb, tickets
from tests.people import ANA, BEN, CLEO, DARA, settle


def actor(who: Any) -> Any:
    return people.actor_of(settle(who))


def opened(**kw: Any) -> Ticket:
    return tickets.ticket(settle(ANA), queue=tickets.queue("Desk", settle(CLEO), is_default=True), **kw)


def tied(ticket: Ticket) -> list[tuple[str, str]]:
    from portal.core.database import db

    query = select(TicketArticle.subject, TicketArticle.kind).where(TicketArticle.ticket_id == ticket.id)
    return [tuple(row) for row in db.session.execute(query.order_by(TicketArticle.id))]


def facts(ticket: Ticket, name: str) -> list[dict[str, Any]]:
    from portal.core.database import db

    query = select(LedgerEntry.props).where(LedgerEntry.subject == str(ticket.ref), LedgerEntry.name == name)
    return list(db.session.execute(query.order_by(LedgerEntry.id)).scalars())


def test_an_answer_that_was_there_is_tied_to_the_ticket(db: Any) -> None:
    ticket, article = opened(), kb.article("Connect to the VPN")
    leaving.resolve(actor(CLEO), ticket, Left(knowledge=Knowledge.LINKED, things=(article.ref,)), body="See there.")
    assert (ticket.status, ticket.knowledge) == (Status.RESOLVED, "linked")
    assert tied(ticket) == [(str(article.ref), Link.RESOLVED_BY)]
    assert facts(ticket, "ticket.resolved")[0]["articles"] == [str(article.ref)]


@pytest.mark.parametrize(
    ("left", "field"),
    [
        (Left(knowledge=Knowledge.LINKED), "things"),
        (Left(knowledge=Knowledge.LINKED, things=(Ref("article", 4711),)), "things"),
        (Left(knowledge=Knowledge.LINKED, things=(Ref("ticket", 1),)), "things"),
        (Left(knowledge=Knowledge.IMPROVED), "things"),
        (Left(knowledge=Knowledge.NOT_REUSABLE), "reason"),
        (Left(knowledge=Knowledge.NOT_REUSABLE, reason="other"), "words"),
        (Left(knowledge=Knowledge.DRAFTED), "category_id"),
    ],
)
def test_half_an_answer_is_none_and_nothing_is_resolved(db: Any, left: Left, field: str) -> None:
    ticket = opened()
    with pytest.raises(Invalid) as refusal:
        leaving.resolve(actor(CLEO), ticket, left)
    assert (refusal.value.field, ticket.status) == (field, Status.NEW)


def test_what_nobody_else_can_use_says_why(db: Any) -> None:
    ticket = opened()
    leaving.resolve(
        actor(CLEO), ticket, Left(knowledge=Knowledge.NOT_REUSABLE, reason="order", words="a second  screen")
    )
    assert ticket.knowledge_reason == "order: a second screen"
    assert leaving.reason_words(ticket.knowledge_reason).endswith(": a second screen")
    assert leaving.reason_words("spoken of on the phone") == "spoken of on the phone"


def test_what_was_left_open_can_be_said_once_afterwards_by_the_desk(db: Any) -> None:
    ticket, article = opened(), kb.article("Connect to the VPN")
    assert leaving.resolve(actor(CLEO), ticket, None) is None
    assert ticket.knowledge is None
    left = Left(knowledge=Knowledge.LINKED, things=(article.ref,))
    with pytest.raises(Forbidden):
        leaving.say(actor(ANA), ticket, left)
    leaving.say(actor(CLEO), ticket, left)
    assert facts(ticket, "ticket.knowledge_said") == [{"knowledge": "linked", "articles": [str(article.ref)]}]
    with pytest.raises(Conflict):
        leaving.say(actor(CLEO), ticket, left)


def test_nothing_is_said_of_an_open_ticket(db: Any) -> None:
    with pytest.raises(Conflict):
        leaving.say(actor(CLEO), opened(), Left(knowledge=Knowledge.NOT_REUSABLE, reason="order"))


def test_a_draft_begins_with_what_was_searched_for_and_what_the_desk_wrote_and_names_nobody(db: Any) -> None:
    settle(BEN)
    article = kb.article("Connect to the VPN")
    tried = (
        lifecycle.Tried(kind=TrailKind.SEARCH, text="vpn drops for ana ruiz", n_results=0),
        lifecycle.Tried(kind=TrailKind.SEARCH, text="vpn", n_results=7),
    )
    ticket = opened(trail=tried, category=article.category)
    words = "Hello Ana,\n\nforget the network, then ask Ben Kaya or call +44 20 7946 0018.\n\nBest regards\nCleo"
    lifecycle.reply(actor(CLEO), ticket, body=words)
    ref = leaving.resolve(actor(CLEO), ticket, Left(knowledge=Knowledge.DRAFTED), body="All good?")
    assert ref is not None
    draft = db.session.get_one(Draft, ref.id)
    assert draft.title == "Vpn drops for [name]"
    assert draft.body == "forget the network, then ask [name] or call [number]."
    assert (draft.sources, draft.queries) == ([str(ticket.ref)], ["vpn drops for [name]"])
    assert tied(ticket) == [(str(draft.ref), Link.DRAFTED)]


def test_the_ticket_a_draft_comes_from_is_named_only_to_who_sees_the_ticket(db: Any) -> None:
    article = kb.article("Connect to the VPN")
    ticket = opened(subject="Salary of somebody", category=article.category)
    ref = leaving.resolve(actor(CLEO), ticket, Left(knowledge=Knowledge.DRAFTED))
    assert ref is not None
    draft = db.session.get_one(Draft, ref.id)
    with links.addressable():
        assert ticket.subject in str(editor.comes_from(actor(CLEO), draft))
        assert ticket.subject not in str(editor.comes_from(actor(DARA), draft))


def test_whoever_asked_hears_when_it_is_an_answer_for_everybody(db: Any) -> None:
    article = kb.article("Connect to the VPN")
    ticket = opened(category=article.category)
    ref = leaving.resolve(actor(CLEO), ticket, Left(knowledge=Knowledge.DRAFTED), body="Forget the network.")
    assert ref is not None
    draft = db.session.get_one(Draft, ref.id)
    draft.summary = "What to do when it drops."
    publishing.publish(actor(DARA), draft, although=True)
    planned = db.session.execute(select(Job.payload).where(Job.kind == kb_giving_back.TELL)).scalars().all()
    for payload in planned:
        kb_giving_back.tell_who_asked(payload)
    query = select(Notification.person_id, Notification.ref).where(Notification.kind == "now_an_answer")
    assert db.session.execute(query).all() == [(settle(ANA).id, str(draft.article.ref))]


def test_an_answer_that_is_to_be_better_opens_with_the_ticket_as_its_source(db: Any) -> None:
    article, ticket = kb.article("Connect to the VPN"), opened()
    left = Left(knowledge=Knowledge.IMPROVED, things=(article.ref,))
    assert leaving.resolve(actor(CLEO), ticket, left) == article.ref  # an agent suggests the change
    assert tied(ticket) == [(str(article.ref), Link.IMPROVED)]
    own = tickets.ticket(settle(ANA), queue=tickets.queue("Both", settle(CLEO)))
    article.owner_id = settle(CLEO).id
    db.session.flush()
    ref = leaving.resolve(actor(CLEO), own, left)
    assert ref is not None
    assert db.session.get_one(Draft, ref.id).sources == [str(own.ref)]


def test_words_of_failed_searches_that_the_text_does_not_say_are_offered_to_the_search(db: Any) -> None:
    article = kb.article("Connect to the VPN")
    tried = (lifecycle.Tried(kind=TrailKind.SEARCH, text="tunnel drops", n_results=0),)
    ticket = opened(trail=tried, category=article.category)
    ref = leaving.resolve(actor(CLEO), ticket, Left(knowledge=Knowledge.DRAFTED), body="Forget the network.")
    assert ref is not None
    draft = db.session.get_one(Draft, ref.id)
    assert kb_giving_back.unsaid(draft) == []  # its title is what was searched for
    draft.title = "When the VPN drops"
    assert kb_giving_back.unsaid(draft) == ["tunnel"]
    with links.addressable():
        assert "words=tunnel" in str(editor.comes_from(actor(DARA), draft))
        assert "words=tunnel" not in str(editor.comes_from(actor(CLEO), draft))
