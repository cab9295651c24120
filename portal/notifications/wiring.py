"""What notifications bring to the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import g, get_template_attribute, url_for
from flask_babel import lazy_gettext as _l

from portal.core import actor, options
from portal.core.feature import Feature, Health, HealthCheck, JobKind, NavItem, Panel
from portal.notifications import jobs, queries, services, views
from portal.notifications.models import State

LATE_SECONDS = 1800


def bell(context: Mapping[str, Any]) -> str:
    """Draw the bell; the number of news was counted by the query that loaded the session."""
    if not actor.current().is_signed_in:
        return ""
    return str(
        get_template_attribute("components/header.html", "bell")(url_for("notifications.index"), g.get("n_new", 0))
    )


def check() -> Health:
    """Mail is in trouble when no server is named, when due mail waits for half an hour, or when some was refused."""
    opts = options.get()
    if opts.mail_mode == "smtp" and not opts.smtp_host:
        return Health(is_ok=False, detail="no mail server is named", advice="Administration, Settings, Mail.")
    wait, failed = queries.oldest_due(), queries.outbox_counts()[State.FAILED]
    if wait > LATE_SECONDS:
        return Health(is_ok=False, detail=f"oldest mail waits {wait} s", advice="Administration, Mail shows why.")
    if failed:
        return Health(is_ok=False, detail=f"{failed} mails were refused", advice="See Administration, Mail.")
    return Health(is_ok=True, detail=f"by {opts.mail_mode}, oldest mail waits {wait} s")


def feature() -> Feature:
    return Feature(
        name="notifications",
        blueprints=(views.bp,),
        nav=(NavItem(label=_l("What is new"), endpoint="notifications.index", icon="bell", place="account", order=20),),
        panels=(Panel(slot="header.tools", render=bell, order=20),),
        jobs=(
            JobKind(name=services.DELIVER, run=jobs.deliver),
            JobKind(name="notifications.look_after", run=jobs.look_after, every=dt.timedelta(hours=1)),
        ),
        checks=(HealthCheck(name="mail", run=check),),
    )
