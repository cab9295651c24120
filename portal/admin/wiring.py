"""What administration brings to the house."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.admin import archiving, jobs, services, views
from portal.admin.views import brand
from portal.admin.views.blueprint import PLACE
from portal.core import options, pages
from portal.core.feature import Feature, JobKind, NavItem, Panel
from portal.core.permissions import Permission


def start(app: Flask) -> None:
    """Let every change of an option be recorded, whoever makes it, and every refusal noted, wherever it happens."""
    options.on_change(services.record_option_changes)
    pages.on_refusal(services.note_refusal)


def _section(order: int, endpoint: str, label: LazyString, icon: str, permission: Permission) -> NavItem:
    return NavItem(
        label=label, endpoint=f"admin.{endpoint}", icon=icon, order=order, place=PLACE, permission=permission
    )


SECTIONS = (
    _section(10, "overview", _l("Overview"), "bars", Permission.JOB_MANAGE),
    _section(20, "people", _l("People"), "people", Permission.PERSON_MANAGE),
    _section(22, "structure", _l("Departments and sites"), "building", Permission.PERSON_MANAGE),
    _section(24, "roles", _l("Roles"), "check-shield", Permission.PERSON_MANAGE),
    _section(26, "audiences", _l("Audiences"), "eye", Permission.PERSON_MANAGE),
    _section(40, "options", _l("Settings"), "settings", Permission.OPTION_CHANGE),
    _section(42, "look", _l("Appearance"), "image", Permission.OPTION_CHANGE),
    _section(44, "retention", _l("Retention"), "calendar", Permission.OPTION_CHANGE),
    _section(60, "jobs", _l("Background jobs"), "clock", Permission.JOB_MANAGE),
    _section(62, "outbox", _l("Outgoing mail"), "mail", Permission.JOB_MANAGE),
    _section(64, "search_index", _l("Search index"), "search", Permission.JOB_MANAGE),
    _section(70, "backups", _l("Backups"), "shield", Permission.JOB_MANAGE),
    _section(72, "storage", _l("Storage"), "folder", Permission.JOB_MANAGE),
    _section(74, "versions", _l("Versions"), "info", Permission.JOB_MANAGE),
    _section(90, "audit", _l("Audit log"), "list", Permission.AUDIT_READ),
)


def feature() -> Feature:
    return Feature(
        name="admin",
        blueprints=(views.bp, brand.bp),
        nav=(
            NavItem(
                label=_l("Administration"),
                endpoint="admin.overview",
                icon="settings",
                order=10,
                place="admin",
                permission=Permission.JOB_MANAGE,
            ),
            *SECTIONS,
        ),
        jobs=(
            JobKind(name="admin.forget", run=jobs.forget, at="03:15"),
            JobKind(name="admin.measure", run=jobs.measure, at="02:50"),
            JobKind(name=archiving.BACK_UP, run=jobs.back_up, max_attempts=2),
        ),
        panels=(Panel(slot="page.head", render=brand.head), Panel(slot="header.brand", render=brand.mark)),
        start=start,
    )
