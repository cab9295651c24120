"""Prepared requests: what people ask for often, with the few things the desk must know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.kb.models import Category
from portal.kb.writing.drafts import plain_slug
from portal.tickets.managing import changes
from portal.tickets.models import Queue, RequestTemplate
from portal.tickets.requesting.prepared import FIELDS, MOST_FIELDS

ICONS = ("list", "cart", "laptop", "monitor", "phone", "folder", "key", "mail", "user", "calendar", "door", "building")
MOST_OPTIONS = 30


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing a request asks, as somebody wrote it down; one without a label is not asked."""

    name: str = ""
    label: str = ""
    kind: str = "line"
    options: str = ""
    hint: str = ""
    is_required: bool = False
    place: int = 0


def every() -> list[RequestTemplate]:
    """Return all requests, in their order; one query."""
    query = select(RequestTemplate).order_by(RequestTemplate.is_active.desc(), RequestTemplate.position)
    query = query.options(joinedload(RequestTemplate.queue), joinedload(RequestTemplate.category))
    return list(db.session.execute(query.order_by(RequestTemplate.title, RequestTemplate.id)).scalars())


def get(template_id: int) -> RequestTemplate:
    found = db.session.get(RequestTemplate, template_id)
    if found is None:
        raise NotFound("")
    return found


def save(
    actor: Actor,
    template: RequestTemplate | None,
    *,
    title: str,
    summary: str = "",
    icon: str = "list",
    category: Category | None = None,
    queue: Queue | None = None,
    fields: Sequence[Asked] = (),
    is_active: bool = True,
    position: int | None = None,
) -> RequestTemplate:
    """Add or change a request. Records `queue.changed`.

    Refuses who does not manage the desk (Forbidden), and what cannot be asked (Invalid, by field).
    """
    changes.manage(actor)
    title = changes.named(title, field="title")
    rows = _rows(fields)
    before = told(template) if template is not None else None
    if template is None:
        last = db.session.execute(select(func.max(RequestTemplate.position))).scalar() or 0
        template = RequestTemplate(slug=changes.free_slug(RequestTemplate, title), position=last + 1)
        db.session.add(template)
    template.title, template.summary = title, " ".join(summary.split())[:300]
    template.icon = icon if icon in ICONS else ICONS[0]
    template.category, template.queue, template.fields, template.is_active = category, queue, rows, is_active
    if position is not None:
        template.position = position
    db.session.flush()
    changes.record(actor, "request", template.title, before=before, after=told(template))
    return template


def _rows(fields: Iterable[Asked]) -> list[dict[str, Any]]:
    """Return the fields as they are kept, in their order; each keeps the name its answers are known by."""
    wanted = sorted((one for one in fields if one.label.strip()), key=lambda one: one.place)
    if len(wanted) > MOST_FIELDS:
        raise Invalid(_("%(n)s questions are enough.", n=MOST_FIELDS), field="fields")
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for one in wanted:
        label = " ".join(one.label.split())[:120]
        if one.kind not in FIELDS:
            raise Invalid(_("Choose what kind of answer “%(label)s” wants.", label=label), field="fields")
        options = [" ".join(word.split())[:80] for word in re.split(r"[,\n]", one.options) if word.strip()]
        if one.kind == "choice" and len(set(options)) < 2:
            raise Invalid(_("“%(label)s” needs at least two things to choose from.", label=label), field="fields")
        if len(options) > MOST_OPTIONS:
            raise Invalid(_("“%(label)s” has too many things to choose from.", label=label), field="fields")
        row: dict[str, Any] = {"name": _name(one, label, taken), "label": label, "kind": one.kind}
        if one.kind == "choice":
            row["options"] = list(dict.fromkeys(options))
        if one.is_required:
            row["is_required"] = True
        if hint := " ".join(one.hint.split())[:200]:
            row["hint"] = hint
        taken.add(row["name"])
        rows.append(row)
    return rows


def _name(one: Asked, label: str, taken: set[str]) -> str:
    base = one.name if re.fullmatch(r"[a-z0-9_-]{1,40}", one.name) else plain_slug(label)[:32]
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, 99))) if name not in taken)


def written(template: RequestTemplate) -> list[Asked]:
    """Return what a request asks, as the form shows it."""
    return [
        Asked(
            name=str(row.get("name", "")),
            label=str(row.get("label", "")),
            kind=str(row.get("kind", "line")),
            options=", ".join(str(option) for option in row.get("options") or ()),
            hint=str(row.get("hint", "")),
            is_required=bool(row.get("is_required")),
            place=place,
        )
        for place, row in enumerate(template.fields or [], start=1)
    ]


def told(template: RequestTemplate) -> dict[str, object]:
    """Return a request as the audit log tells it."""
    asks = [
        f"{one.label} ({one.kind}{', required' if one.is_required else ''}{': ' + one.options if one.options else ''})"
        for one in written(template)
    ]
    return {
        "title": template.title,
        "summary": template.summary,
        "icon": template.icon,
        "topic": template.category.title if template.category else "",
        "queue": template.queue.name if template.queue else "",
        "asks": asks,
        "in use": template.is_active,
        "place": template.position,
    }
