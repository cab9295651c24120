"""What surveys bring to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, NavItem, ThingKind
from portal.core.permissions import Permission
from portal.pulse import personal, things
from portal.pulse.views import planning
from portal.pulse.views.blueprint import bp

# Each module hangs its pages on its blueprint when it is loaded.
PAGES = (planning,)


def feature() -> Feature:
    return Feature(
        name="pulse",
        personal_data=personal.PERSONAL,
        blueprints=(bp,),
        nav=(
            NavItem(
                label=_l("Surveys"),
                endpoint="surveys.index",
                icon="bars",
                order=81,
                permission=Permission.SURVEY_READ,
            ),
        ),
        things=(ThingKind(kind="wave", load=things.waves),),
    )
