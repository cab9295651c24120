"""The roadmap everybody reads: the board, one item with why and what came of it, and what changed."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core.access import public
from portal.core.arguments import number
from portal.core.database import db
from portal.core.permissions import Permission
from portal.kb.presenting import on_page
from portal.people import queries as people
from portal.roadmap import (
    checking,
    evidence,
    items,
    linking,
    notes,
    policies,
    presenting,
    queries,
    scoring,
    telling,
    voters,
)
from portal.roadmap.forms import VoiceForm
from portal.roadmap.models import Item
from portal.roadmap.views.blueprint import roadmap_bp as bp
from portal.talk import follows


@bp.get("/")
@public
def index() -> str:
    """The board: now, next, later, done. Read without an account where reading is open to everybody."""
    who = actors.current()
    board = queries.board(who)
    known = {card.item.id: card.known for cards in board.columns.values() for card in cards}
    return render_template("roadmap/board.html", board=board, said=presenting.saying(who, known))


@bp.get("/changelog")
def changelog() -> str:
    """What moved, what was delivered, and what came of it, the newest first."""
    who = actors.current()
    who.require(Permission.ROADMAP_READ)
    page = number("page", default=1, least=1, most=1000)
    return render_template("roadmap/changelog.html", found=queries.changelog(who, page=page), page=page)


@bp.get("/items/<int:item_id>")
def item(item_id: int) -> str:
    """An item: why, what it rests on, how far it is, what came of it, and the ideas it came from."""
    who = actors.current()
    who.require(Permission.ROADMAP_READ)
    return item_page(items.get(who, item_id))


def item_page(found: Item, **more: Any) -> str:
    who = actors.current()
    may_steer = policies.may_steer(who)
    steps = notes.of(found.ref, only_public=not may_steer)
    known = evidence.of([found.id]).get(found.id, [])
    checks = [note for note in steps if note.field == notes.CHECK]
    made = {int(note.before) for note in checks}
    ids = {note.person_id for note in steps if note.person_id is not None}
    whose = [idea for idea in telling.ideas_of(found) if policies.can_see(who, idea)]
    context: dict[str, Any] = {
        "item": found,
        "html": on_page(found.html),
        "said": presenting.saying(who, {found.id: known}).get(found.id, []),
        "score": scoring.score(found, known),
        "wsjf": scoring.wsjf(found),
        "steps": steps,
        "names": people.names(ids) if ids else {},
        "checks": checks,
        "next_check": checking.next_check(found, made),
        "is_waiting": found.delivered_at is not None and checking.waits(found, made),
        "figures": presenting.figures_of(who, steps),
        "links": linking.behind(who, [each.row for each in known]),
        "ideas": whose,
        "voters": voters.by_department(whose) if may_steer else {},
        "is_followed": follows.is_followed(who, found.ref, by_itself=[found.owner_id]),
        "may_steer": may_steer,
        "ways": items.ways(found) if may_steer else (),
        **more,
    }
    return render_template("roadmap/item.html", **context)


@bp.post("/items/<int:item_id>/follow")
def follow(item_id: int) -> ResponseReturnValue:
    """Hear of what becomes of an item, or not."""
    who = actors.current()
    who.require(Permission.ROADMAP_READ)
    found = items.get(who, item_id)
    turn = follows.follow if VoiceForm().is_on else follows.unfollow
    turn(who, found.ref, topic=items.topic_of(found))
    db.session.commit()
    return redirect(url_for("roadmap.item", item_id=item_id), 303)
