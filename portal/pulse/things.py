"""Waves as others may show them."""

from __future__ import annotations

from collections.abc import Collection

from flask import url_for
from sqlalchemy import select

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.pulse import policies, wording
from portal.pulse.models import Wave, WaveState


def waves(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return the waves this actor may see; one query."""
    query = select(Wave).where(Wave.id.in_(ids), policies.seen(actor))
    return {
        wave.id: Thing(
            ref=wave.ref,
            title=wave.name,
            url=url_for("surveys.show", wave_id=wave.id),
            meta={"words": [str(wording.STATES[WaveState(wave.state)])]},
        )
        for wave in db.session.execute(query).scalars()
    }
