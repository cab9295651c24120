"""What administration brings to the house."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.admin import services, views
from portal.core import options, pages
from portal.core.feature import Feature, NavItem
from portal.core.permissions import Permission


def start(app: Flask) -> None:
    """Let every change of an option be recorded, whoever makes it, and every refusal noted, wherever it happens."""
    options.on_change(services.record_option_changes)
    pages.on_refusal(services.note_refusal)


def feature() -> Feature:
    return Feature(
        name="admin",
        blueprints=(views.bp,),
        nav=(
            NavItem(
                label=_l("Administration"),
                endpoint="admin.overview",
                icon="settings",
                order=10,
                place="admin",
                permission=Permission.JOB_MANAGE,
            ),
        ),
        start=start,
    )
