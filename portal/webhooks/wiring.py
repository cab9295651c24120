"""What webhooks bring to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, JobKind, NavItem, ThingKind
from portal.core.permissions import Permission
from portal.notifications import kinds
from portal.webhooks import jobs, personal, queries, services, views


def declare_kinds() -> None:
    """Name what whoever looks after a webhook is told."""
    kinds.declare(
        kinds.Kind(
            key="webhook_failing",
            text=_l("A webhook of mine does not get through"),
            line=_l("The webhook “%(title)s” does not get through"),
            template="webhooks/emails/failing.txt",
            icon="warning",
        ),
        kinds.Kind(
            key="webhook_off",
            text=_l("A webhook of mine was switched off"),
            line=_l("The webhook “%(title)s” failed for a week and was switched off"),
            template="webhooks/emails/off.txt",
            icon="warning",
        ),
    )


def feature() -> Feature:
    declare_kinds()
    return Feature(
        name="webhooks",
        personal_data=personal.PERSONAL,
        blueprints=(views.bp,),
        nav=(
            NavItem(
                label=_l("Webhooks"),
                endpoint="webhooks.index",
                icon="link",
                place="admin-section",
                order=52,
                permission=Permission.WEBHOOK_MANAGE,
            ),
        ),
        jobs=(
            JobKind(name="webhooks.collect", run=jobs.collect, every=dt.timedelta(minutes=1)),
            JobKind(name=jobs.SEND, run=jobs.send),
            JobKind(name=services.SEND_ONE, run=jobs.send_one),
            JobKind(name="webhooks.sweep", run=jobs.sweep, at="03:40"),
        ),
        things=(ThingKind(kind="webhook", load=queries.things),),
    )
