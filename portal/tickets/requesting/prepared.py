"""Prepared requests: what the desk must know about things people ask for often, as rows an administrator edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.people import naming
from portal.tickets.models import RequestTemplate

log = structlog.get_logger(__name__)

PREFIX = "given_"
LINE, TEXT = 200, 4000
MOST_FIELDS = 20


@dataclass(frozen=True)
class Asked:
    """One thing a prepared request asks."""

    name: str
    label: str
    kind: str
    options: tuple[str, ...] = ()
    is_required: bool = False
    hint: str = ""

    @property
    def key(self) -> str:
        """Its name in the form."""
        return PREFIX + self.name


def offered() -> list[RequestTemplate]:
    """Return the requests people can choose from, in their order; one query."""
    query = select(RequestTemplate).where(RequestTemplate.is_active)
    query = query.order_by(RequestTemplate.position, RequestTemplate.title, RequestTemplate.id)
    return list(db.session.execute(query.options(joinedload(RequestTemplate.queue))).scalars())


def by_slug(slug: str) -> RequestTemplate | None:
    """Return the active request of this name; none for anything else, so that an old link leads to the plain form."""
    if not slug:
        return None
    query = select(RequestTemplate).where(RequestTemplate.slug == slug[:64], RequestTemplate.is_active)
    return db.session.execute(query.options(joinedload(RequestTemplate.queue))).scalar_one_or_none()


def asked(template: RequestTemplate | None) -> list[Asked]:
    """Return what a request asks; rows of the database that make no sense are left out rather than break the form."""
    found: dict[str, Asked] = {}
    for row in (template.fields or [])[:MOST_FIELDS] if template is not None else ():
        one = _read(row)
        if one is None:
            log.warning("request_field_ignored", template=template.slug if template else "", field=str(row)[:200])
        else:
            found.setdefault(one.name, one)
    return list(found.values())


def _read(row: Any) -> Asked | None:
    if not isinstance(row, Mapping):
        return None
    name, label, kind = (str(row.get(key) or "").strip() for key in ("name", "label", "kind"))
    if not (name.isascii() and name.replace("_", "").replace("-", "").isalnum() and label and kind in FIELDS):
        return None
    options = tuple(str(one) for one in row.get("options") or () if str(one).strip())
    if kind == "choice" and not options:
        return None
    return Asked(name, label, kind, options, bool(row.get("is_required")), str(row.get("hint") or ""))


def _line(one: Asked, checks: list[Any]) -> Any:
    return StringField(one.label, [*checks, Length(max=LINE)], description=one.hint)


def _text(one: Asked, checks: list[Any]) -> Any:
    return TextAreaField(one.label, [*checks, Length(max=TEXT)], description=one.hint, render_kw={"rows": 3})


def _choice(one: Asked, checks: list[Any]) -> Any:
    choices = [SelectChoice("", _("Choose")), *(SelectChoice(option, option) for option in one.options)]
    return SelectField(one.label, checks, choices=choices, description=one.hint)


def _date(one: Asked, checks: list[Any]) -> Any:
    return DateField(one.label, checks, description=one.hint)


FIELDS = {"line": _line, "text": _text, "choice": _choice, "date": _date, "person": _line}


def fields(template: RequestTemplate | None) -> dict[str, Any]:
    """Return the form fields that ask it, by their names in the form."""
    made = {}
    for one in asked(template):
        checks = [InputRequired(_("Please say this, too."))] if one.is_required else [Optional()]
        made[one.key] = FIELDS[one.kind](one, checks)
    return made


def answers(actor: Actor, template: RequestTemplate | None, form: Mapping[str, Field]) -> dict[str, str]:
    """Return what was answered, by what was asked then, so that it can still be read when the request is changed.

    Refuses a person nobody knows (Invalid, by field).
    """
    found: dict[str, str] = {}
    for one in asked(template):
        value = form[one.key].data
        if isinstance(value, dt.date):
            value = format_date(value, "long")
        words = str(value or "").strip()
        if one.kind == "person" and words:
            try:
                words = ", ".join(f"{person.name} ({person.email})" for person in naming.meant(actor, words))
            except Invalid as refusal:
                raise Invalid(refusal.message, field=one.key) from None
        if words:
            found[one.label] = words
    return found
