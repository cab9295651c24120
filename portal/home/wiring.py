"""What the front door brings to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, JobKind, NavItem, OutlineKind, Panel, ThingKind
from portal.core.permissions import Permission
from portal.home import board, jobs, personal, queries, views


def feature() -> Feature:
    return Feature(
        name="home",
        personal_data=personal.PERSONAL,
        blueprints=(views.pages, views.incidents),
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
        ),
        panels=(Panel(slot="page.notice", render=board.panel, order=20),),
        jobs=(JobKind(name="home.end_incidents", run=jobs.end_incidents, every=dt.timedelta(minutes=5)),),
        things=(ThingKind(kind="incident", load=queries.things),),
        outlines=(OutlineKind(kind="incident", load=queries.outlines),),
    )
