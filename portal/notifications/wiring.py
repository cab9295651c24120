"""What notifications bring to the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import g, get_template_attribute, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.core import actor, options
from portal.core.feature import Feature, Health, HealthCheck, JobKind, NavItem, Panel
from portal.core.retention import Retention
from portal.notifications import jobs, personal, queries, services, views
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
        advice = _("See Administration, Settings.")
        return Health(is_ok=False, detail=_("no mail server is named"), advice=advice)
    wait, failed = queries.oldest_due(), queries.outbox_counts()[State.FAILED]
    if wait > LATE_SECONDS:
        advice = _("See Administration, Outgoing mail.")
        return Health(is_ok=False, detail=_("oldest mail waits %(n)s s", n=wait), advice=advice)
    if failed:
        detail = ngettext("%(num)s mail was refused", "%(num)s mails were refused", failed)
        return Health(is_ok=False, detail=detail, advice=_("See Administration, Outgoing mail."))
    return Health(is_ok=True, detail=_("oldest mail waits %(n)s s", n=wait))


def feature() -> Feature:
    return Feature(
        name="notifications",
        personal_data=personal.PERSONAL,
        retention=(
            Retention(
                name="mail",
                label=_l("Mail that was sent"),
                goes=_l("It is deleted; what waits or failed stays."),
                option="keep_mail_days",
                count=services.count_sent,
                sweep=services.forget_sent,
            ),
            Retention(
                name="news",
                label=_l("News behind the bell"),
                goes=_l("What was read is deleted; what is new waits."),
                option="keep_news_days",
                count=services.count_read,
                sweep=services.forget_read,
            ),
        ),
        blueprints=(views.bp,),
        nav=(NavItem(label=_l("What is new"), endpoint="notifications.index", icon="bell", place="account", order=20),),
        panels=(Panel(slot="header.tools", render=bell, order=20),),
        jobs=(
            JobKind(name=services.DELIVER, run=jobs.deliver),
            JobKind(name="notifications.look_after", run=jobs.look_after, every=dt.timedelta(hours=1)),
        ),
        checks=(HealthCheck(name="mail", run=check),),
    )
