"""`GET /styleguide`: every component in every state, light beside dark. What it shows is the truth of the look.

For people who build the portal, so it asks for a permission, or debug. Its sample texts are not translated:
they stand for content, not for the interface.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Any

import wtforms
from flask import Blueprint, current_app, render_template
from wtforms import SelectChoice

from portal.core import actor as actors
from portal.core import assets
from portal.core.errors import NotFound
from portal.core.permissions import Permission

PARTS = ("type", "buttons", "fields", "badges", "figures", "alerts", "empty", "search", "article", "lists")

bp = Blueprint("styleguide", __name__)


@bp.get("/styleguide")
def show() -> str:
    """Draw all components; a stranger is told that there is no such page."""
    if not (current_app.debug or actors.current().can(Permission.STYLEGUIDE_READ)):
        raise NotFound("")
    return render_template("styleguide.html", **guide())


def guide() -> dict[str, Any]:
    """Return what the page shows: its parts, a broken sample form for each theme, the names of all icons."""
    return {
        "parts": PARTS,
        "forms": {theme: sample_form(theme) for theme in ("light", "dark")},
        "icon_names": icon_names(),
        "ways_out": [
            {
                "title": "Loosen the search",
                "text": "Leave out “on phone”: 26 results",
                "icon": "loosen",
                "href": "#main",
            },
            {
                "title": "Ask colleagues",
                "text": "Half of all questions get an answer within 3 hours",
                "icon": "people",
            },
            {"title": "Hand it over", "text": "Your words go along", "icon": "hand-over", "href": "#main"},
        ],
    }


class SampleForm(wtforms.Form):
    """One field of each kind; the telephone number refuses letters."""

    title = wtforms.StringField("What is wrong?")
    site = wtforms.SelectField(
        "Where are you?", choices=[SelectChoice("h", "Harbour House"), SelectChoice("o", "Old Mill")]
    )
    phone = wtforms.StringField(
        "Your phone", [wtforms.validators.Regexp(r"\d+$", message="A phone number has only digits. Did you mean 4400?")]
    )
    since = wtforms.RadioField(
        "Since when?", choices=[SelectChoice("today", "Since today"), SelectChoice("longer", "Longer")]
    )
    where = wtforms.SelectMultipleField(
        "Where does it happen?", choices=[SelectChoice("laptop", "Laptop"), SelectChoice("phone", "Phone")]
    )
    day = wtforms.DateField("On which day?")
    told = wtforms.TextAreaField("Tell us more")
    urgent = wtforms.BooleanField("This stops our work")


def sample_form(theme: str) -> SampleForm:
    """Return the sample form, filled in and found wrong, with ids of its own."""
    form = SampleForm(
        prefix=f"{theme}-",
        data={
            "site": "h",
            "phone": "44o0",
            "since": "today",
            "where": ["laptop"],
            "day": dt.date(2026, 3, 9),
            "urgent": True,
        },
    )
    form.validate()
    return form


@cache
def icon_names() -> tuple[str, ...]:
    """Return the names of all drawings of the sprite."""
    sprite = (assets.STATIC / "icons.svg").read_text(encoding="utf-8")
    return tuple(re.findall(r'<symbol id="([^"]+)"', sprite))
