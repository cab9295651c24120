"""The queue: what the desk has to do, in views, many changed at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core import once
from portal.core.actor import Actor
from portal.core.arguments import ROW
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.forms import Form
from portal.tickets import lifecycle, placing, policies, queries
from portal.tickets.desk import agents, bulk, keeping, listing, prepared, scopes, sorting, telling
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import Priority, Source, Ticket
from portal.tickets.views.desk_page import here

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
    has_keys, kept = keeping.habits(who)
    own = {f"own-{one.id}": (one, keeping.wanted(one)) for one in kept}
    counts = scopes.counts(who, {name: listing.condition(who, one) for name, (_view, one) in own.items()})
    is_whole = bool(wanted.filters) or not {"more", "sort"}.isdisjoint(request.args)
    return render_template(
        "tickets/desk/queue.html",
        wanted=wanted,
        page=page,
        groups=telling.groups(page.tickets, is_by_due=wanted.sort == "due" and wanted.view not in ("resolved", "all")),
        counts=counts,
        views=[(name, telling.view(name), counts.get(name)) for name in scopes.NAMES],
        own=[(view, one, counts[name]) for name, (view, one) in own.items()],
        each=_each(page),
        is_whole=is_whole,
        **(_whole(who, wanted) if is_whole else {}),
        has_keys=has_keys,
        this_list=address(wanted, after=wanted.after),
        address=address,
        tell=telling,
    )


def _each(page: listing.Page) -> dict[str, Any]:
    """Return what every line of the list says, put into words once."""
    return {
        "path": url_for("working.show", ticket_id=0).removesuffix("0"),
        "sources": {name: telling.source(name) for name in {one.source for one in page.tickets}},
        "nobody": _("nobody’s yet"),
        "untried": _("nothing tried"),
    }


def address(wanted: Wanted, **changes: str) -> str:
    values: dict[str, Any] = dict(wanted.arguments(**changes))
    return url_for("queue.index", **values)


def _whole(who: Actor, wanted: Wanted) -> dict[str, Any]:
    """Return what is needed seldom: the filters, and all that can be done to several tickets."""
    piles = agents.queues(who)
    people = agents.of([one.id for one in piles])
    choices = _choices(who, wanted, piles, people)
    sorts = [(name, telling.sort(name)) for name in listing.SORTS]
    return {
        "choices": choices,
        "sorts": sorts,
        "piles": piles,
        "people": people,
        "replies": prepared.offered(who),
        "form": Form(formdata=None),
    }


def _choices(who: Actor, wanted: Wanted, piles: list[Any], people: list[Any]) -> list[dict[str, Any]]:
    """Return the filters with their values."""
    values: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "queue": (_("Queue"), [(str(one.id), one.name) for one in piles]),
        "topic": (_("Topic"), [(str(one.id), one.title) for one in queries.topics_for(who)]),
        "priority": (_("Priority"), [(one.value, telling.priority(one)) for one in Priority]),
        "assignee": (
            _("Works on it"),
            [(listing.NOBODY, _("Nobody")), *((str(one.id), one.name) for one in people)],
        ),
        "source": (_("Came by"), [(one.value, telling.source(one)) for one in Source]),
        "age": (_("Age"), [(str(days), _("At least %(n)s days old", n=days)) for days in listing.AGES]),
    }
    return [
        {"name": name, "text": text, "values": some, "current": wanted.filters.get(name, "")}
        for name, (text, some) in values.items()
        if len(some) > 1 or name in wanted.filters
    ]


@bp.get("/bulk")
def choose() -> str:
    """What can be done to several tickets, as a piece of the page."""
    who = actors.current()
    return render_template("tickets/desk/_bulk.html", tell=telling, **_whole(who, Wanted()))


@bp.post("/bulk")
def change() -> ResponseReturnValue:
    """Do the same to every ticket that was picked; says of which it was not done, and why."""
    who = actors.current()
    form, back = Form(), here() or url_for("queue.index")
    numbers = [int(one) for one in request.form.getlist("ticket") if _is_number(one)]
    try:
        if not numbers:
            raise Invalid(_("Pick some tickets first."))
        result = bulk.each(who, numbers, _act(who))
    except Invalid as refusal:
        db.session.rollback()
        flash(refusal.message, "error")
        return redirect(back, 303)
    once.claim(form.token, person_id=who.person_id, location=back)
    db.session.commit()
    if result.done:
        flash(result.words, "success")
    if result.refused:
        flash(" ".join(result.refusals), "warning")
    return redirect(back, 303)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= ROW


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not _is_number(text):
        raise Invalid(_("Choose something from the list first."))
    return int(text)


def _act(who: Actor) -> Callable[[Ticket], object]:
    """Return what the button pressed does to a ticket (Invalid where the choice beside it is missing)."""
    do = request.form.get("do", "")
    if do == "take":
        return lambda ticket: placing.assign(who, ticket, person=agents.person(who.person_id or 0))
    if do == "assign":
        person = agents.person(_number("assignee"))
        return lambda ticket: placing.assign(who, ticket, person=person)
    if do == "move":
        queue_id = _number("queue")
        return lambda ticket: sorting.move(who, ticket, queue_id=queue_id)
    if do == "prioritise" and (priority := request.form.get("priority", "")) in tuple(Priority):
        return lambda ticket: placing.prioritise(who, ticket, priority=Priority(priority))
    if do == "reply":
        reply = prepared.get(who, _number("reply"))

        def answer(ticket: Ticket) -> None:
            lifecycle.reply(who, ticket, body=prepared.filled(reply, ticket))
            prepared.note_use(who, ticket, [reply])

        return answer
    simple: dict[str, Callable[[Ticket], object]] = {
        "wait": lambda ticket: lifecycle.pause(who, ticket),
        "go_on": lambda ticket: lifecycle.resume(who, ticket),
        "resolve": lambda ticket: lifecycle.resolve(who, ticket),
    }
    if do not in simple:
        raise Invalid(_("Choose what is to be done with them."))
    return simple[do]


@bp.post("/views")
def keep() -> ResponseReturnValue:
    """Keep the view under a name."""
    who, form = actors.current(), Form()
    wanted = Wanted.read(request.form)
    where = address(wanted)
    try:
        view = keeping.keep_view(who, name=request.form.get("name", "").replace("\x00", ""), wanted=wanted)
    except Invalid as refusal:
        db.session.rollback()
        flash(refusal.message, "error")
        return redirect(where, 303)
    once.claim(form.token, person_id=who.person_id, location=where)
    db.session.commit()
    flash(_("Kept as “%(name)s”. It stands among your views now.", name=view.name), "success")
    return redirect(where, 303)


@bp.post("/views/<int:view_id>/remove")
def drop(view_id: int) -> ResponseReturnValue:
    """Take one of one's own views away."""
    keeping.drop_view(actors.current(), view_id)
    db.session.commit()
    flash(_("Taken away."), "success")
    return redirect(url_for("queue.index"), 303)


@bp.get("/keys")
def keys() -> str:
    """What the letters do, and whether they do it; with `piece` the list alone."""
    if "piece" in request.args:
        return render_template("tickets/desk/_keys_piece.html")
    return render_template("tickets/desk/keys.html", has_keys=keeping.has_keys(actors.current()))


@bp.post("/keys")
def set_keys() -> ResponseReturnValue:
    """Let single letters act, or not."""
    is_on = request.form.get("on") == "yes"
    keeping.set_keys(actors.current(), on=is_on)
    db.session.commit()
    flash(_("Single letters act again.") if is_on else _("Single letters do nothing any more."), "success")
    return redirect(url_for("queue.keys"), 303)
