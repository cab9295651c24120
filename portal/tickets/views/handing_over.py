"""The form that hands something over. Everything works without script and while the search is down; with script, what
colleagues did about it appears while one types, and files go up as they are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analytics.events import Name
from portal.community import suggesting
from portal.core import actor as actors
from portal.core import database, once
from portal.core.actor import Actor
from portal.core.arguments import ROW
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.ledger import services as ledger
from portal.people import naming
from portal.search import pace as searches
from portal.tickets import lifecycle, opening, policies, queries
from portal.tickets.models import HandOver, Priority, RequestTemplate
from portal.tickets.requesting import begun as begun_forms
from portal.tickets.requesting import pace, prepared, presenting, trail
from portal.tickets.requesting.forms import NO_TOPIC, HandOverForm, hand_over_form
from portal.tickets.requesting.trail import Chip

bp = Blueprint("handing_over", __name__, url_prefix="/tickets", template_folder="../templates")

SHORTEST = 3
"""Letters from which on something is suggested."""
SEARCH_KEY = 16
MOST_SHOWN = 20


@bp.get("/new")
def new() -> str:
    """Hand over: the words somebody searched for come along, and what they tried in this visit."""
    who = _who()
    template = prepared.by_slug(request.args.get("request", ""))
    words = " ".join(request.args.get("q", "").split())[:200]
    form = hand_over_form(template)(
        formdata=None,
        subject=words or (template.title if template else ""),
        search=request.args.get("s", "")[:SEARCH_KEY],
        template=template.slug if template else "",
    )
    if template is not None:
        form.category_id.data = template.category_id or NO_TOPIC
    search = form.search.data or None
    ledger.observe(Name.DRAFT_STARTED, actor=who, topic=_topic(template), search=search if _is_key(search) else None)
    chips = trail.of_visit(who, articles=_tried(who))
    return _page(who, form, template, chips=chips, is_looking=bool(words) and template is None)


def _who() -> Actor:
    who = actors.current()
    if not policies.can_open(who):
        raise Forbidden(_("Your account cannot hand anything over."))
    return who


def _topic(template: RequestTemplate | None) -> Ref | None:
    return Ref("category", template.category_id) if template and template.category_id else None


def _is_key(text: str | None) -> bool:
    return text is not None and len(text) == SEARCH_KEY and set(text) <= set("0123456789abcdef")


def _tried(who: Actor) -> list[int]:
    """Return the articles the address names as read."""
    return queries.articles_by_slug(who, request.args.getlist("tried")[:5])


def _page(
    who: Actor,
    form: HandOverForm,
    template: RequestTemplate | None,
    *,
    chips: Sequence[Chip],
    begun: HandOver | None = None,
    off: frozenset[str] = frozenset(),
    is_looking: bool = False,
    refused: Sequence[str] = (),
) -> str:
    form.offer(queries.topics_for(who))
    form.hand_over.data = str(begun.id) if begun else ""
    if template is not None:
        form.subject.label.text = _("In short")
    words = (form.subject.data or "").strip()
    found = suggesting.look(who, words) if is_looking and len(words) >= SHORTEST else None
    return render_template(
        "tickets/new.html",
        form=form,
        template=template,
        asked=[form[one.key] for one in prepared.asked(template)],
        requests=prepared.offered(),
        chips=chips,
        off=off,
        attached=begun_forms.attached(begun),
        refused=refused,
        found=found,
        say=suggesting,
        steps=presenting.before(who, pace.usual().desk),
    )


@bp.post("/new")
def hand_over() -> ResponseReturnValue:
    """Hand it over; or, by the button pressed, keep files, take one off, change the request, look what there is.

    Whatever is refused comes back with every word, every choice and every file that could be kept.
    """
    who = _who()
    wanted = request.form.get("request", request.form.get("template", ""))
    template = prepared.by_slug(wanted)
    form = hand_over_form(template)()
    form.template.data = template.slug if template else ""
    form.offer(queries.topics_for(who) if form.category_id.data else [])
    begun = begun_forms.own(who, form.hand_over.data)
    refused: list[str] = []
    if uploads := form.uploads():
        begun = begun or begun_forms.begin(who)
        refused = begun_forms.attach(who, begun, uploads)
    if (drop := request.form.get("drop", "")) and begun is not None and drop.isascii() and drop.isdigit():
        begun_forms.detach(begun, int(drop[:10]))
    if refused or not {"request", "drop", "attach", "look"}.isdisjoint(request.form):
        db.session.commit()
        return _again(who, form, template, begun, refused), 422 if refused else 200
    try:
        if form.validate_on_submit():
            return _hand_over(who, form, template, begun)
    except Invalid as refusal:
        db.session.rollback()
        begun = begun_forms.own(who, form.hand_over.data)
        if uploads:  # what was kept a moment ago went with the ticket that was not made
            begun = begun or begun_forms.begin(who)
            refused = begun_forms.attach(who, begun, _rewound(form))
        form.add_error(refusal)
    db.session.commit()
    return _again(who, form, template, begun, refused), 422


def _rewound(form: HandOverForm) -> list[begun_forms.Upload]:
    uploads = form.uploads()
    for one in uploads:
        one.stream.seek(0)
    return uploads


def _hand_over(
    who: Actor, form: HandOverForm, template: RequestTemplate | None, kept: HandOver | None
) -> ResponseReturnValue:
    tried = trail.chosen(who, request.form.getlist("keep"), ticked=request.form.getlist("ticked"))
    once.check(form.token, person_id=who.person_id)
    opening.spend(who)
    ticket = lifecycle.open_ticket(
        who,
        lifecycle.Request(
            subject=form.subject.data or "",
            body=form.body.data or "",
            category=queries.topic(who, form.category_id.data or NO_TOPIC),
            priority=Priority.NORMAL,
            template=template,
            given=prepared.answers(who, template, form._fields),
            people=naming.meant(who, form.people.data or ""),
            trail=tried,
            shown=_shown(),
            hand_over=kept or begun_forms.fresh(who),
        ),
    )
    if kept is not None:
        begun_forms.hand_on(kept, message=queries.first_message(ticket).ref)
    number, where = ticket.id, url_for("tickets.show", ticket_id=ticket.id)
    once.claim(form.token, person_id=who.person_id, location=where)
    db.session.commit()
    flash(_("Handed over. It is ticket number %(number)s, and a mail says so, too.", number=number), "success")
    return redirect(where, 303)


def _shown() -> list[Ref]:
    """Return the suggestions that stood on the form when it was sent."""
    found: list[Ref] = []
    for text in request.form.getlist("shown")[:MOST_SHOWN]:
        try:
            ref = Ref.parse(text)
        except ValueError:
            continue
        if ref.kind in ("article", "question", "tip") and ref.id <= ROW:
            found.append(ref)
    return found


def _again(
    who: Actor, form: HandOverForm, template: RequestTemplate | None, begun: HandOver | None, refused: Sequence[str]
) -> str:
    """Draw the form again as it was sent."""
    database.set_looking(True)
    kept = frozenset(request.form.getlist("keep"))
    offered = request.form.getlist("offered")
    chips = trail.named(who, offered, ticked=request.form.getlist("ticked"))
    ticked = {chip.value for chip in chips if chip.tried.kind == "step"}
    return _page(
        who,
        form,
        template,
        chips=chips,
        begun=begun,
        off=frozenset(offered) - kept - ticked,
        is_looking=template is None,
        refused=refused,
    )


@bp.post("/new/files")
def attach() -> ResponseReturnValue:
    """Keep files while the form is still being written; answers the list of what is there now, as a piece of it."""
    who = _who()
    form = HandOverForm()
    begun, uploads, refused = begun_forms.own(who, form.hand_over.data), form.uploads(), []
    if uploads:
        begun = begun or begun_forms.begin(who)
        refused = begun_forms.attach(who, begun, uploads)
    if (drop := request.form.get("drop", "")) and begun is not None and drop.isascii() and drop.isdigit():
        begun_forms.detach(begun, int(drop[:10]))
    db.session.commit()
    database.set_looking(True)
    return render_template(
        "tickets/_files.html",
        attached=begun_forms.attached(begun),
        refused=refused,
        number=str(begun.id) if begun else "",
    )


@bp.post("/new/solved")
def solved() -> ResponseReturnValue:
    """One of the suggestions solved it: no ticket is needed."""
    who = _who()
    form = HandOverForm()
    begun = begun_forms.own(who, form.hand_over.data)
    tried = trail.chosen(who, request.form.getlist("keep"), ticked=request.form.getlist("ticked"))
    thing: Thing = begun_forms.solved(who, begun, request.form.get("solved", ""), trail=tried)
    once.claim(form.token, person_id=who.person_id, location=thing.url)
    db.session.commit()
    flash(_("Good that it works. No ticket was opened."), "success")
    return redirect(thing.url, 303)


@bp.get("/suggestions")
def suggestions() -> str:
    """What colleagues did about the words typed so far, as a piece of the page; nothing while the search is down."""
    who = _who()
    words = request.args.get("q", "").strip()[:200]
    if len(words) < SHORTEST:
        return ""
    searches.spend("suggestions", who)
    return render_template("tickets/_suggestions.html", found=suggesting.suggest(who, words), say=suggesting)
