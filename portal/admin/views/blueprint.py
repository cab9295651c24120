"""The blueprint of administration and its menu: every section with the permission that opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.admin import policies, presenting, wording
from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.permissions import Permission

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="../templates")


@dataclass(frozen=True)
class Section:
    """One entry of the menu beside every page."""

    key: str
    endpoint: str
    label: LazyString
    icon: str
    permission: Permission


SECTIONS = (
    Section("overview", "admin.overview", _l("Overview"), "bars", Permission.JOB_MANAGE),
    Section("people", "admin.people", _l("People"), "people", Permission.PERSON_MANAGE),
    Section("structure", "admin.structure", _l("Departments and sites"), "building", Permission.PERSON_MANAGE),
    Section("audiences", "admin.audiences", _l("Audiences"), "eye", Permission.PERSON_MANAGE),
    Section("options", "admin.options", _l("Options"), "settings", Permission.OPTION_CHANGE),
    Section("jobs", "admin.jobs", _l("Jobs"), "clock", Permission.JOB_MANAGE),
    Section("outbox", "admin.outbox", _l("Mail"), "mail", Permission.JOB_MANAGE),
    Section("search_index", "admin.search_index", _l("Search index"), "search", Permission.JOB_MANAGE),
    Section("audit", "admin.audit", _l("Audit log"), "list", Permission.AUDIT_READ),
)


def enter(permission: Permission) -> Actor:
    """Return who is acting, or refuse (Forbidden) in words that say who can."""
    who = actors.current()
    policies.require(who, permission)
    return who


@bp.context_processor
def words() -> dict[str, Any]:
    """Give our templates the menu as this actor sees it, and the words things are told in."""
    return {
        "sections": [section for section in SECTIONS if actors.current().can(section.permission)],
        "admin_words": wording,
        "also": presenting.also,
        "chosen": presenting.chosen,
        "mail_words": presenting.mail_words,
        "rule_words": presenting.rule_words,
        "size": presenting.size,
        "without": presenting.without,
    }
