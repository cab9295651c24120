"""The blueprint of administration and the frame around its pages.

The menu beside every page lists the entries with `NavItem(place="admin-section")`, whichever feature declares them, as
far as their permission reaches. So another feature adds a room of its own:

- in its `wiring.py`: `NavItem(label=_l("Imports"), endpoint="imports.runs", icon="upload", order=36,
  place="admin-section", permission=Permission.IMPORT_RUN)`; below a blueprint of its own, addresses under `/admin/…`;
- its pages say `{% extends "admin/_frame.html" %}`, `{% block here %}imports.runs{% endblock %}` (the endpoint of the
  entry that is lit, without `admin.` for ours) and fill `{% block admin %}`, beginning with `page_head`;
- its views ask `actor.current().require(Permission.IMPORT_RUN)` or a policy of their own.

Orders by group: 10 how it is, 20-39 people, 40-59 settings, 60-79 what works in the background, 80-99 what was kept.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint

from portal.admin import policies, presenting, wording
from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.feature import NavItem
from portal.core.permissions import Permission
from portal.core.registry import nav_for

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="../templates")

PLACE = "admin-section"
GROUPS = (20, 40, 60, 80)
"""Where a new group of the menu begins; a hairline stands before each."""


def enter(permission: Permission) -> Actor:
    """Return who is acting, or refuse (Forbidden) in words that say who can."""
    who = actors.current()
    policies.require(who, permission)
    return who


def section_groups() -> list[list[NavItem]]:
    """Return the menu as this actor sees it, group by group."""
    items = nav_for(actors.current(), PLACE)
    return [list(group) for _n, group in groupby(items, lambda item: sum(item.order >= start for start in GROUPS))]


@bp.app_context_processor
def frame() -> dict[str, Any]:
    """Give every template the question for the menu, since pages of other features stand in our frame."""
    return {"admin_sections": section_groups}


@bp.context_processor
def words() -> dict[str, Any]:
    """Give our templates the words things are told in."""
    return {
        "admin_words": wording,
        "also": presenting.also,
        "chosen": presenting.chosen,
        "mail_words": presenting.mail_words,
        "rule_words": presenting.rule_words,
        "without": presenting.without,
    }
