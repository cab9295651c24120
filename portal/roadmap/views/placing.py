"""Putting an item at another place of its column, with a reason, beside the place its score would have."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.roadmap import items, ordering, presenting
from portal.roadmap.forms import PlaceForm
from portal.roadmap.models import Item
from portal.roadmap.ordering import Standing
from portal.roadmap.views.blueprint import roadmap_bp as bp
from portal.roadmap.views.sheets import Sheet
from portal.roadmap.views.triage import steering


def _column(who: Actor, item: Item) -> list[Standing]:
    """Return what stands in the same column; refuses (NotFound) what stands in none."""
    column = ordering.standing(who)[item.column]
    if not any(one.item.id == item.id for one in column):
        raise NotFound(_("Only what stands on the roadmap has a place there."))
    return column


def _sheet(item: Item, column: list[Standing]) -> Sheet:
    here = next(one for one in column if one.item.id == item.id)
    trail = [
        (_("Roadmap"), url_for("roadmap.index")),
        (_("Order of worth"), url_for("roadmap.order", by="hand")),
    ]
    return Sheet(
        title=item.title,
        action=url_for("roadmap.put", item_id=item.id),
        trail=trail,
        current="roadmap.index",
        lead=presenting.place_in_words(here, n=len(column)),
    )


@bp.get("/items/<int:item_id>/place")
def place(item_id: int) -> str:
    """The place of an item in its column, to be another one."""
    who = steering()
    item = items.steered(who, item_id)
    column = _column(who, item)
    here = next(one.place for one in column if one.item.id == item.id)
    form = PlaceForm(formdata=None, place=here, seen=ordering.seen(column))
    return _sheet(item, column).draw(form.offer(column))


@bp.post("/items/<int:item_id>/place")
def put(item_id: int) -> ResponseReturnValue:
    """Put it there."""
    who = steering()
    item = items.steered(who, item_id)
    column = _column(who, item)
    form = PlaceForm().offer(column)

    def save() -> str:
        was_seen, form.seen.data = form.seen.data or "", ordering.seen(column)
        ordering.put(who, item, place=form.place.data or 0, reason=form.reason.data or "", was_seen=was_seen)
        return url_for("roadmap.order", by="hand")

    return _sheet(item, column).keep_to(form, save)
