"""What surveys bring to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, JobKind, NavItem, Panel, ThingKind
from portal.core.permissions import Permission
from portal.measures import catalogue
from portal.notifications import kinds
from portal.notifications import services as notifications
from portal.people import services as people
from portal.pulse import (
    api,
    closing,
    inviting,
    jobs,
    keeping,
    mailings,
    measuring,
    news,
    outcomes,
    personal,
    sending,
    sheets,
    telling,
    things,
)
from portal.pulse.views import answering, planning, reading, steps
from portal.pulse.views import outcomes as outcome_pages
from portal.pulse.views.blueprint import bp

kinds.declare(*news.NEWS)
catalogue.declare(*measuring.MEASURES)
notifications.on_return(sending.came_back)
people.on_leaving(inviting.uninvite)

# Each module hangs its pages on its blueprint when it is loaded.
PAGES = (
    planning,
    steps,
    reading,
    outcome_pages,
)


def feature() -> Feature:
    return Feature(
        name="pulse",
        personal_data=personal.PERSONAL,
        blueprints=(bp, answering.bp),
        nav=(
            NavItem(
                label=_l("Surveys"),
                endpoint="surveys.index",
                icon="bars",
                order=81,
                permission=Permission.SURVEY_READ,
            ),
            NavItem(
                label=_l("You said, we did"), endpoint="surveys.outcomes", icon="answer", order=25, place="account"
            ),
        ),
        jobs=(
            JobKind(name=mailings.SEND, run=jobs.send),
            JobKind(name=inviting.TRY, run=jobs.try_out),
            JobKind(name=closing.CLOSE, run=closing.close_one),
            JobKind(name=closing.READ, run=closing.read_one),
            JobKind(name="pulse.close_due", run=closing.close_due, every=dt.timedelta(minutes=15)),
            JobKind(name=outcomes.TELL, run=telling.tell),
            JobKind(name="pulse.mix", run=sheets.mix, at="03:20"),
            JobKind(name="pulse.look_after", run=jobs.look_after, every=dt.timedelta(minutes=10)),
        ),
        things=(
            ThingKind(kind="wave", load=things.waves),
            ThingKind(kind=outcomes.KIND, load=outcomes.things),
        ),
        panels=(Panel(slot="home.lists", render=telling.on_home, order=20),),
        retention=(keeping.ANSWERS,),
        operations=api.OPERATIONS,
    )
