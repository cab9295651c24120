"""Beside a flaw that a survey found: what was begun against it, and the way to begin something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from sqlalchemy import select

from portal.adoption.models import Intervention
from portal.core import actor as actors
from portal.core.database import db
from portal.core.permissions import Permission


def beside(context: Mapping[str, Any]) -> str:
    """Draw the way to register an intervention, and those there are against this flaw of this survey; one query."""
    if not actors.current().can(Permission.INTERVENTION_MANAGE):
        return ""
    wave, flaw = context["wave"], context["flaw"]
    query = select(Intervention).where(Intervention.wave_id == wave.id, Intervention.flaw == flaw.code)
    found = list(db.session.execute(query.order_by(Intervention.id)).scalars())
    return render_template("adoption/_beside_flaw.html", wave=wave, flaw=flaw, found=found)
