"""What the dashboards bring to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, NavItem, Panel
from portal.core.permissions import Permission
from portal.insights import views


def feature() -> Feature:
    return Feature(
        name="insights",
        blueprints=(views.insights,),
        panels=(Panel(slot="survey.tabs", render=views.surveys.tab),),
        nav=(
            NavItem(
                label=_l("Is it working?"),
                endpoint="insights.index",
                icon="bars",
                order=70,
                permission=Permission.INSIGHT_READ,
            ),
        ),
    )
