"""What accounts bring to the house."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal.accounts import (
    access,
    api,
    cli,
    erasing,
    importing,
    jobs,
    links,
    personal,
    queries,
    retention,
    services,
    sessions,
)
from portal.accounts.views import acting, entering, first_start, own, own_copy, programs, reference
from portal.accounts.views.blueprint import bp
from portal.core.feature import Feature, JobKind, NavItem, Panel, ThingKind
from portal.core.importing import Exporter
from portal.core.permissions import Permission
from portal.notifications import kinds
from portal.people import exporting

PAGES = (acting, entering, first_start, own, own_copy, programs)
"""Modules that hang their pages on the blueprint when they are imported."""


def start(app: Flask) -> None:
    """Ask of every request who it is, then whether they may come in."""
    sessions.install(app)
    access.install(app)


def declare_kinds() -> None:
    """Name what people are told about their accounts; about these they cannot choose."""
    kinds.declare(
        kinds.Kind(
            key="password_changed",
            text=_l("My password was changed"),
            line=_l("Your password was changed"),
            template="accounts/emails/password_changed.txt",
            icon="key",
            is_account_matter=True,
        ),
        kinds.Kind(
            key="password_reset",
            text=_l("A new password was asked for"),
            line=_l("A link to a new password was sent to you"),
            template="accounts/emails/password_reset.txt",
            icon="key",
            channels=kinds.MAIL,
            is_account_matter=True,
            secret_link=links.address,
        ),
        kinds.Kind(
            key="invitation",
            text=_l("I was invited"),
            line=_l("You were invited"),
            template="accounts/emails/invitation.txt",
            icon="mail",
            channels=kinds.MAIL,
            is_account_matter=True,
            secret_link=links.address,
        ),
        kinds.Kind(
            key="acted_for",
            text=_l("An administrator acts for me"),
            line=_l("%(who)s acted for you"),
            template="accounts/emails/acted_for.txt",
            icon="user",
            is_account_matter=True,
        ),
    )


def feature() -> Feature:
    declare_kinds()
    return Feature(
        name="accounts",
        blueprints=(bp, reference.bp),
        commands=(cli.people,),
        importers=(importing.IMPORTER,),
        exporters=(
            Exporter(
                kind="people",
                label=_l("People"),
                hint=_l("Everybody with department, site and roles, as a table that can be imported again."),
                members=exporting.members,
            ),
        ),
        nav=(
            NavItem(label=_l("Your account"), endpoint="accounts.profile", icon="user", place="account", order=10),
            NavItem(label=_l("Devices"), endpoint="accounts.sessions", icon="monitor", place="account", order=30),
            NavItem(
                label=_l("Service accounts"),
                endpoint="accounts.programs",
                icon="key",
                place="admin-section",
                order=50,
                permission=Permission.API_SERVICE,
            ),
        ),
        operations=api.OPERATIONS,
        things=(ThingKind(kind="service_token", load=queries.service_things),),
        jobs=(
            JobKind(name=services.SEND_RESET, run=jobs.send_reset),
            JobKind(name=erasing.ERASE, run=jobs.erase),
            JobKind(name="accounts.sweep", run=jobs.sweep, at="03:20"),
        ),
        personal_data=personal.PERSONAL,
        retention=retention.RETENTION,
        panels=(Panel(slot="page.top", render=acting.banner),),
        start=start,
    )
