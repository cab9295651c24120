"""What tickets bring to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.community import experts
from portal.core.feature import Feature, HealthCheck, JobKind, NavItem, Panel, ThingKind
from portal.core.permissions import Permission
from portal.core.retention import Retention
from portal.kb.caring import rows
from portal.notifications import kinds
from portal.notifications import services as notifications
from portal.tickets import api, checks, cli, importing, jobs, news, personal, things
from portal.tickets.desk import away, reports
from portal.tickets.giving_back import for_editors, panels
from portal.tickets.mail import jobs as mail_jobs
from portal.tickets.mail import keeping as mail_keeping
from portal.tickets.mail import returned, taking
from portal.tickets.requesting import begun
from portal.tickets.views import (
    calling,
    choosing,
    giving_back,
    handing_over,
    joining,
    manage,
    manage_hours,
    manage_requests,
    mine,
    offered,
    own_desk,
    queue,
    triage,
    working,
)

kinds.declare(*news.NEWS)
notifications.on_failure(returned.mark)
experts.leave_out(away.now)


def _section(order: int, endpoint: str, label: LazyString, icon: str) -> NavItem:
    return NavItem(
        label=label,
        endpoint=endpoint,
        icon=icon,
        order=order,
        place="admin-section",
        permission=Permission.TICKET_MANAGE,
    )


SECTIONS = (
    _section(53, "desk_queues.index", _l("Queues"), "inbox"),
    _section(54, "desk_hours.index", _l("Working hours"), "clock"),
    _section(55, "desk_requests.index", _l("Requests"), "list"),
    _section(56, "desk_requests.saved_replies", _l("Prepared replies"), "answer"),
)


def feature() -> Feature:
    return Feature(
        name="tickets",
        personal_data=personal.PERSONAL,
        blueprints=(
            mine.bp,
            handing_over.bp,
            choosing.bp,
            giving_back.bp,
            queue.bp,
            working.bp,
            joining.bp,
            calling.bp,
            own_desk.bp,
            triage.bp,
            offered.bp,
            manage.bp,
            manage_hours.bp,
            manage_requests.bp,
        ),
        nav=(
            *SECTIONS,
            NavItem(
                label=_l("Get help"),
                endpoint="helping.choose",
                icon="hand-over",
                order=28,
                permission=Permission.TICKET_OPEN,
            ),
            NavItem(
                label=_l("My tickets"),
                endpoint="tickets.index",
                icon="inbox",
                order=15,
                place="account",
                permission=Permission.TICKET_OPEN,
            ),
            NavItem(
                label=_l("Queue"), endpoint="queue.index", icon="list", order=52, permission=Permission.TICKET_WORK
            ),
        ),
        checks=(HealthCheck(name="tickets", run=checks.whole), HealthCheck(name="mail in", run=mail_keeping.check)),
        panels=(
            Panel(slot="mine.start", render=mine.in_my_things, order=5),
            *panels.PANELS,
            Panel(slot="queue.head", render=triage.in_queue, order=30),
        ),
        commands=cli.COMMANDS,
        retention=(
            Retention(
                name="mail in",
                label=_l("Mail that came in"),
                goes=_l("It is deleted as it came; what it said stays on its ticket, and what waits stays."),
                option="keep_incoming_days",
                count=mail_keeping.count,
                sweep=mail_keeping.forget,
            ),
        ),
        desk_rows=(for_editors.ROWS,),
        importers=(importing.IMPORTER,),
        operations=api.OPERATIONS,
        jobs=(
            JobKind(name=news.ARRIVED, run=news.tell_arrived),
            JobKind(name=reports.ANSWER, run=reports.go_on),
            *jobs.JOBS,
            JobKind(name=mail_jobs.FETCH, run=mail_jobs.fetch, every=dt.timedelta(minutes=1)),
            JobKind(name=taking.DEAL, run=mail_jobs.deal, max_attempts=taking.MOST_ATTEMPTS),
        ),
        things=(
            ThingKind(kind="ticket", load=things.tickets),
            ThingKind(kind="ticket_message", load=things.messages),
            ThingKind(kind="hand_over", load=begun.things),
            *rows.things(for_editors.ROWS),
        ),
    )
