"""The filters above the figures: what can be chosen, what is kept back, and how each choice is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.permissions import Permission
from portal.insights.asking import Asked
from portal.kb.models import Category
from portal.measures import people, reports
from portal.measures.kept import PERIODS
from portal.measures.presenting import short_day


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the filters offer."""

    periods: list[tuple[int, str]]
    windows: list[tuple[int, str]]
    departments: Mapping[int, str]
    sites: Mapping[int, str]
    topics: Mapping[int, str]
    n_departments_hidden: int
    n_sites_hidden: int


def choices(who: Actor) -> Choices:
    """Return what this reader can choose: groups of five people and more, and topics they may see."""
    shown, names = people.shown_groups(), {kind: people.names(kind) for kind in people.KINDS}
    there = {kind: people.groups(kind) for kind in people.KINDS}
    query = (
        select(Category.id, Category.title).where(Category.access_key.in_(who.allowed_keys)).order_by(Category.title)
    )
    return Choices(
        periods=periods(),
        windows=[(hours, _("%(n)s hours", n=hours)) for hours in reports.WINDOWS],
        departments={number: name for number, name in names["department"].items() if number in shown["department"]},
        sites={number: name for number, name in names["site"].items() if number in shown["site"]},
        topics={int(number): str(title) for number, title in db.session.execute(query.order_by(Category.title))},
        n_departments_hidden=len(there["department"].keys() - shown["department"]),
        n_sites_hidden=len(there["site"].keys() - shown["site"]),
    )


def periods() -> list[tuple[int, str]]:
    """Return the usual periods, in days, with what they are called."""
    return [(days, _period(days)) for days in PERIODS]


def _period(days: int) -> str:
    if days == 364:
        return _("The last year")
    return ngettext("The last week", "The last %(num)s weeks", days // 7)


def is_kept_back(asked: Asked, offered: Choices) -> bool:
    """Tell whether the chosen group is none that may be shown."""
    kinds = {"department": offered.departments, "site": offered.sites, "category": offered.topics}
    return bool(asked.slice.kind) and asked.slice.id not in kinds[asked.slice.kind]


def require_rows(who: Actor, asked: Asked) -> None:
    """Refuse (Forbidden) the rows of a department or site to who may not write them to a file."""
    if asked.is_of_group and not who.can(Permission.MEASURE_EXPORT):
        raise Forbidden(_("Row by row, a department could be recognised. Its sums are on the pages before."))


def told(asked: Asked, offered: Choices) -> str:
    """Say in a line what is shown."""
    kinds = {"department": offered.departments, "site": offered.sites, "category": offered.topics}
    whose = kinds[asked.slice.kind].get(asked.slice.id, "") if asked.slice.kind else _("Everybody")
    return _(
        "%(whose)s, %(since)s to %(until)s, a ticket may follow within %(hours)s hours",
        whose=whose,
        since=short_day(asked.since),
        until=short_day(asked.last),
        hours=asked.window,
    )
