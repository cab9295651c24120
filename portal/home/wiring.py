"""What the front door brings to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, JobKind, NavItem, OutlineKind, Panel, ThingKind
from portal.core.permissions import Permission
from portal.home import announced, announcements, board, jobs, personal, queries, views
from portal.notifications import kinds

kinds.declare(
    kinds.Kind(
        key="announcement",
        text=_l("Something is announced to me"),
        line=_l("%(sender)s: %(title)s"),
        template="emails/announcement.txt",
        icon="send",
        channels=kinds.PORTAL,
    ),
    kinds.Kind(
        key="announcement_asked",
        text=_l("Somebody asks whether an announcement may be in my name"),
        line=_l("%(who)s asks whether “%(title)s” may be announced in your name"),
        template="emails/announcement_asked.txt",
        icon="send",
    ),
    kinds.Kind(
        key="announcement_agreed",
        text=_l("Somebody agrees to an announcement I wrote"),
        line=_l("%(who)s agreed: “%(title)s” is announced in their name"),
        template="emails/announcement_agreed.txt",
        icon="check",
        channels=kinds.PORTAL,
    ),
    kinds.Kind(
        key="announcement_declined",
        text=_l("Somebody does not agree to an announcement I wrote"),
        line=_l("%(who)s does not want “%(title)s” announced in their name"),
        template="emails/announcement_declined.txt",
        icon="close",
    ),
)


def feature() -> Feature:
    return Feature(
        name="home",
        personal_data=personal.PERSONAL,
        blueprints=(views.pages, views.incidents, views.announcements),
        nav=(
            NavItem(
                label=_l("Home"),
                endpoint="home.index",
                icon="home",
                order=10,
                permission=Permission.ARTICLE_READ,
                is_for_signed_in=False,
            ),
            NavItem(label=_l("My things"), endpoint="home.mine", icon="inbox", order=30),
            NavItem(
                label=_l("Notices"),
                endpoint="incidents.index",
                icon="warning",
                order=50,
                permission=Permission.INCIDENT_DECLARE,
            ),
            NavItem(
                label=_l("Announcements"),
                endpoint="announcements.index",
                icon="send",
                order=80,
                place="desk",
                permission=Permission.ANNOUNCE,
            ),
            NavItem(
                label=_l("Announcements"),
                endpoint="announcements.index",
                icon="send",
                order=55,
                permission=Permission.ANNOUNCE,
                unless=Permission.ARTICLE_WRITE,
            ),
        ),
        panels=(
            Panel(slot="page.notice", render=board.panel, order=20),
            Panel(slot="hand_over.start", render=board.on_the_way),
            Panel(slot="ticket.incident", render=board.beside_ticket),
        ),
        jobs=(
            JobKind(name="home.end_incidents", run=jobs.end_incidents, every=dt.timedelta(minutes=5)),
            JobKind(name=announcements.TELL, run=jobs.tell_announcement),
        ),
        things=(
            ThingKind(kind="announcement", load=announced.things),
            ThingKind(kind="incident", load=queries.things),
        ),
        outlines=(OutlineKind(kind="incident", load=queries.outlines),),
    )
