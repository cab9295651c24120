"""Where the pages of "Is it working?" hang."""

from __future__ import annotations

from flask import Blueprint

from portal.core import actor as actors
from portal.core.permissions import Permission
from portal.measures.presenting import percent

insights = Blueprint("insights", __name__, url_prefix="/insights", template_folder="../templates")

insights.add_app_template_filter(percent)


def reader() -> actors.Actor:
    """Return who asks; refuses (Forbidden) whoever may not see figures."""
    who = actors.current()
    who.require(Permission.INSIGHT_READ)
    return who
