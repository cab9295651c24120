"""What increments, gates and the task force add to the roadmap's part of the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.feature import NavItem, Panel, ThingKind
from portal.core.permissions import Permission
from portal.roadmap.taskforce import things
from portal.roadmap.views import gates, increment_work, increments, taskforce

BLUEPRINTS = (increments.bp, increment_work.bp, gates.bp, taskforce.bp)

NAV = NavItem(
    label=_l("Task force"),
    endpoint="taskforce.index",
    icon="people",
    order=88,
    permission=Permission.ROADMAP_STEER,
)

THINGS = (
    ThingKind(kind="increment", load=things.increments),
    ThingKind(kind="gate", load=things.gates),
    ThingKind(kind="minutes", load=things.minutes),
    ThingKind(kind="action", load=things.actions),
)

PANELS = (Panel(slot="home.lists", render=taskforce.own, order=70),)
