"""What goals and interventions bring to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.adoption import api, jobs, named, personal, things
from portal.adoption.views import flaws, goals, interventions
from portal.adoption.views.blueprint import goals_bp, interventions_bp
from portal.core.feature import Feature, JobKind, NavItem, Panel, ThingKind
from portal.core.permissions import Permission
from portal.measures import catalogue, counting

catalogue.declare(*named.MEASURES)
counting.follow(jobs.RENEW)

# Each module hangs its pages on its blueprint when it is loaded.
PAGES = (flaws, goals, interventions)


def feature() -> Feature:
    return Feature(
        name="adoption",
        personal_data=personal.PERSONAL,
        blueprints=(goals_bp, interventions_bp),
        nav=(
            NavItem(
                label=_l("Goals"), endpoint="goals.index", icon="steps", order=83, permission=Permission.INSIGHT_READ
            ),
            NavItem(
                label=_l("Interventions"),
                endpoint="interventions.index",
                icon="flag",
                order=84,
                permission=Permission.INSIGHT_READ,
            ),
        ),
        operations=api.OPERATIONS,
        panels=(
            Panel(slot="insights.beside", render=goals.beside_figures),
            Panel(slot="survey.flaw", render=flaws.beside, order=40),
        ),
        jobs=(JobKind(name=jobs.RENEW, run=jobs.renew), JobKind(name=jobs.STEER, run=jobs.steer)),
        things=(
            ThingKind(kind="goal", load=things.goals),
            ThingKind(kind="intervention", load=things.interventions),
        ),
    )
