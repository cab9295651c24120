"""The requester's pages: my tickets in one place, and one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from portal.community import suggesting
from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.core.refs import Ref
from portal.files import queries as files
from portal.people import naming
from portal.tickets import companions, holding, lifecycle, loading, policies, queries
from portal.tickets.models import Message, Ticket
from portal.tickets.requesting import begun, presenting, trail
from portal.tickets.requesting.forms import RATINGS, PeopleForm, RatingForm, ReopenForm, ReplyForm, WithdrawForm
from portal.tickets.views.sending import Refused, send

bp = Blueprint("tickets", __name__, url_prefix="/tickets", template_folder="../templates")

MOST_ANSWERS = 6
AMONG_MY_THINGS = 5


@bp.get("/")
def index() -> str:
    """What I handed over, and what I was added to."""
    who = actors.current()
    before = number("before")
    ended = queries.ended_of(who, before=before)
    return render_template(
        "tickets/index.html",
        open=[] if before else queries.open_of(who),
        ended=ended,
        older=ended[-1].ticket.id if len(ended) == queries.PAGE else None,
        say=presenting,
    )


def in_my_things(context: Mapping[str, Any]) -> str:
    """Draw my open tickets among my things, with the way to all of them."""
    who = actors.current()
    if not policies.can_open(who):
        return ""
    lines = queries.open_of(who, limit=AMONG_MY_THINGS)
    return render_template("tickets/_mine.html", lines=lines, say=presenting) if lines else ""


@bp.get("/<int:ticket_id>")
def show(ticket_id: int) -> ResponseReturnValue:
    """What was handed over, what was said since, and where it stands."""
    who = actors.current()
    ticket = loading.for_page(who, ticket_id)
    if (final := loading.final(ticket)) is not ticket:
        return redirect(url_for("tickets.show", ticket_id=loading.get(who, final.id).id))
    if policies.acts_for_desk(who, ticket):
        return redirect(url_for("working.show", ticket_id=ticket_id))
    return _page(who, ticket)


def _page(who: Actor, ticket: Ticket, *, overtaken: str = "", **typed: Form) -> str:
    """Draw a ticket; `typed` are forms that were sent and refused, with their words.

    `overtaken` says what happened meanwhile; then the words are shown apart, since their form may be gone.
    """
    messages = queries.conversation(who, ticket)
    tried = queries.trail(who, ticket)
    may = {
        "reply": policies.can_reply(who, ticket),
        "withdraw": policies.can_withdraw(who, ticket),
        "rate": policies.can_rate(who, ticket),
        "people": policies.can_change_people(who, ticket),
    }
    fresh: dict[str, Callable[[], Form]] = {
        "reply": lambda: ReplyForm(formdata=None),
        "withdraw": lambda: _withdraw_form(tried, formdata=None),
        "rate": lambda: RatingForm(formdata=None, rating=str(ticket.rating or ""), comment=ticket.rating_comment),
        "people": lambda: PeopleForm(formdata=None),
    }
    forms = {name: typed.get(name) or make() for name, make in fresh.items() if may[name]}
    lost = [form.data.get(name, "") for form in typed.values() for name in ("body", "comment", "people")]
    return render_template(
        "tickets/show.html",
        ticket=ticket,
        said=messages,
        attached=files.on([message.ref for message in messages]),
        trail=tried,
        trail_icons=trail.ICONS,
        people=companions.of(ticket),
        forms=forms,
        overtaken=overtaken,
        lost="\n".join(text for text in lost if text) if overtaken else "",
        say=presenting,
        topic=queries.topic(who, ticket.category_id or 0),
        is_mine=policies.is_requester(who, ticket),
        rating_words=RATINGS.get(str(ticket.rating), ""),
        can_reply=may["reply"],
        can_reopen=policies.can_reopen(who, ticket),
        can_withdraw=may["withdraw"],
        can_rate=may["rate"],
        can_change_people=may["people"],
    )


def _withdraw_form(tried: list[queries.Tried], **more: Any) -> WithdrawForm:
    """Return the form with the pages that went along to choose from: one of them may have solved it after all."""
    form = WithdrawForm(**more)
    things = {one.thing.ref: one.thing for one in tried if one.thing and one.thing.ref.kind in ("article", "question")}
    form.solved_by.choices = [SelectChoice(str(ref), one.title) for ref, one in list(things.items())[:MOST_ANSWERS]]
    if form.solved_by.choices:
        form.solved_by.choices.append(SelectChoice("", _("Something else, or nothing")))
    return form


def _change(
    ticket_id: int, form: Form, name: str, act: Callable[[Actor, Ticket], None], said: str, *, anchor: str = ""
) -> ResponseReturnValue:
    """Act on a ticket and lead back to it; what is refused comes back with its words."""
    who = actors.current()
    ticket = loading.get(who, ticket_id)

    def do() -> tuple[str, str]:
        act(who, ticket)
        return url_for("tickets.show", ticket_id=ticket_id, _anchor=anchor or None), said

    answer = send(who, form, do)
    if not isinstance(answer, Refused):
        return answer
    return _page(who, loading.get(who, ticket_id), overtaken=answer.overtaken, **{name: form}), answer.status


@bp.post("/<int:ticket_id>/reply")
def reply(ticket_id: int) -> ResponseReturnValue:
    """Answer, with files if there are any; on a resolved ticket this opens it again."""
    form = ReplyForm()

    def act(who: Actor, ticket: Ticket) -> None:
        holding.spend(who, is_by_desk=False)
        message = lifecycle.reply(who, ticket, body=form.body.data or "")
        _hang(who, message, form.uploads())

    return _change(ticket_id, form, "reply", act, _("Sent."), anchor="reply")


def _hang(who: Actor, message: Message, uploads: list[begun.Upload]) -> None:
    if refused := begun.hang(who, uploads, on=message.ref):
        raise Invalid(" ".join(refused), field="files")


@bp.post("/<int:ticket_id>/reopen")
def reopen(ticket_id: int) -> ResponseReturnValue:
    """It is not solved after all."""
    form = ReopenForm()

    def act(who: Actor, ticket: Ticket) -> None:
        holding.spend(who, is_by_desk=False)
        lifecycle.reopen(who, ticket, body=form.body.data or "")

    return _change(ticket_id, form, "reopen", act, _("It goes on. The service desk has been told."))


@bp.post("/<int:ticket_id>/withdraw")
def withdraw(ticket_id: int) -> ResponseReturnValue:
    """No help is needed any more; what solved it is marked as having solved it."""
    who = actors.current()
    form = _withdraw_form(queries.trail(who, loading.get(who, ticket_id)))

    def act(who: Actor, ticket: Ticket) -> None:
        named = (form.solved_by.data or "").strip()
        solved_by = Ref.parse(named) if named else None
        lifecycle.withdraw(who, ticket, solved_by=solved_by, body=form.body.data or "")
        if solved_by is not None:
            suggesting.solved(who, str(solved_by))

    said = _("Withdrawn. If you need help after all, say so here within 14 days.")
    return _change(ticket_id, form, "withdraw", act, said)


@bp.post("/<int:ticket_id>/rate")
def rate(ticket_id: int) -> ResponseReturnValue:
    """Say how it went."""
    form = RatingForm()

    def act(who: Actor, ticket: Ticket) -> None:
        companions.rate(who, ticket, rating=int(form.rating.data or 0), comment=form.comment.data or "")

    return _change(ticket_id, form, "rate", act, _("Thank you. The service desk reads it."), anchor="rate")


@bp.post("/<int:ticket_id>/people")
def add_people(ticket_id: int) -> ResponseReturnValue:
    """Let colleagues see it, too."""
    form = PeopleForm()

    def act(who: Actor, ticket: Ticket) -> None:
        companions.require_change(who, ticket)
        companions.add(who, ticket, naming.meant(who, form.people.data or ""))

    return _change(ticket_id, form, "people", act, _("Added. They have been told."))


@bp.post("/<int:ticket_id>/people/<int:person_id>/remove")
def remove_person(ticket_id: int, person_id: int) -> ResponseReturnValue:
    """Let somebody see it no more."""
    who = actors.current()
    ticket = loading.get(who, ticket_id)
    companions.remove(who, ticket, person_id)
    db.session.commit()
    flash(_("Removed."), "success")
    is_still_seen = policies.can_see(who, ticket)
    where = url_for("tickets.show", ticket_id=ticket_id) if is_still_seen else url_for("tickets.index")
    return redirect(where, 303)
