"""The queue: what the desk has to do, in views, with a preview beside the list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.tickets import policies, queries
from portal.tickets.desk import agents, listing, scopes, telling
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import Priority, Source

bp = Blueprint("queue", __name__, url_prefix="/queue", template_folder="../templates")


@bp.before_request
def only_the_desk() -> None:
    who = actors.current()
    if who.is_signed_in and not policies.is_agent(who):
        raise Forbidden(_("The queue is for the people of the service desk."))


@bp.get("")
def index() -> str:
    """The tickets the reader works, in one of the views, narrowed and in order."""
    who = actors.current()
    wanted = Wanted.read(request.args)
    page = listing.page(who, wanted)
    counts = scopes.counts(who)
    return render_template(
        "tickets/desk/queue.html",
        wanted=wanted,
        page=page,
        groups=telling.groups(page.tickets, is_by_due=wanted.sort == "due" and wanted.view not in ("resolved", "all")),
        counts=counts,
        views=[(name, telling.view(name), counts.get(name)) for name in scopes.NAMES],
        sorts=[(name, telling.sort(name)) for name in listing.SORTS],
        choices=_choices(who, wanted),
        address=address,
        tell=telling,
    )


def address(wanted: Wanted, **changes: str) -> str:
    values: dict[str, Any] = dict(wanted.arguments(**changes))
    return url_for("queue.index", **values)


def _choices(who: Actor, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the filters with their values, each saying what the address would be."""
    piles = agents.queues(who)
    values: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "queue": (_("Queue"), [(str(one.id), one.name) for one in piles]),
        "topic": (_("Topic"), [(str(one.id), one.title) for one in queries.topics_for(who)]),
        "priority": (_("Priority"), [(one.value, telling.priority(one)) for one in Priority]),
        "assignee": (
            _("Works on it"),
            [(listing.NOBODY, _("Nobody")), *((str(one.id), one.name) for one in agents.of([one.id for one in piles]))],
        ),
        "source": (_("Came by"), [(one.value, telling.source(one)) for one in Source]),
        "age": (_("Age"), [(str(days), _("At least %(n)s days old", n=days)) for days in listing.AGES]),
    }
    return [
        {"name": name, "text": text, "values": some, "current": wanted.filters.get(name, "")}
        for name, (text, some) in values.items()
        if len(some) > 1 or name in wanted.filters
    ]
