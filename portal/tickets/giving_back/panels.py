"""Pieces in the pages of others: behind an article, beside a ticket, above the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template

from portal.core import actor as actors
from portal.core.feature import Panel
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.tickets import policies
from portal.tickets.giving_back import answers, behind, debt, leaving


def behind_article(context: Mapping[str, Any]) -> str:
    """Say how many people searched for an article and how many tickets it answered, where at least three did."""
    found = behind.of(context["article"].ref)
    if found.n_searched is None and found.n_tickets is None:
        return ""
    return render_template("giving_back/_behind.html", behind=found)


def beside_ticket(context: Mapping[str, Any]) -> str:
    """Tell the desk what a resolved ticket leaves behind, with what it was tied to as far as the reader sees it."""
    ticket, who = context["ticket"], actors.current()
    if ticket.knowledge is None or not policies.acts_for_desk(who, ticket):
        return ""
    return render_template(
        "giving_back/_beside.html",
        ticket=ticket,
        reason=leaving.reason_words(ticket.knowledge_reason),
        things=answers.left(who, ticket),
    )


def above_draft(context: Mapping[str, Any]) -> str:
    """Lead from a draft back to the tickets it was written from, as far as the reader sees them."""
    refs = [Ref.parse(one) for one in context["draft"].sources if one.startswith("ticket:")]
    things = load_things(actors.current(), refs) if refs else {}
    return render_template("giving_back/_above_draft.html", tickets=list(things.values())) if things else ""


def above_queue(context: Mapping[str, Any]) -> str:
    """Say how many resolved tickets nobody has spoken of."""
    who = actors.current()
    if not who.can(Permission.TICKET_WORK):
        return ""
    n = debt.count(who)
    return render_template("giving_back/_above_queue.html", n=n) if n else ""


PANELS = (
    Panel(slot="article.end", render=behind_article, order=5),
    Panel(slot="ticket.sidebar", render=beside_ticket, order=5),
    Panel(slot="queue.head", render=above_queue),
    Panel(slot="editor.origin", render=above_draft),
)
