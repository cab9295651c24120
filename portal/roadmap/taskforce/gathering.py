"""What waits for the task force: everything with a day on it, in one list, what is due first first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.core import clock
from portal.core.actor import Actor
from portal.roadmap.gates import decisions
from portal.roadmap.gates.models import Verdict
from portal.roadmap.increments import plans, showing, telling
from portal.roadmap.increments.models import State
from portal.roadmap.taskforce import actions

AHEAD = dt.timedelta(days=14)
MOST = 40


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something with a day on it."""

    on: dt.date
    icon: str
    title: str
    url: str
    of: str = ""
    is_mine: bool = False

    @property
    def is_late(self) -> bool:
        return self.on < clock.today()


def due(actor: Actor) -> list[Due]:
    """Return what is late or due within two weeks; a fixed number of queries."""
    until = clock.today() + AHEAD
    running = [one for one in plans.listing(actor) if one.state in (State.PLANNED, State.STARTED)]
    names = {one.id: one.name for one in running}
    found = [
        Due(
            on=one.due_on,
            icon="check",
            title=one.title,
            url=url_for("taskforce.done", action_id=one.id),
            of=one.owner.name if one.owner else _("nobody yet"),
            is_mine=actor.person_id is not None and one.owner_id == actor.person_id,
        )
        for one in actions.open_ones()
    ]
    found += [
        Due(on=gate.due_on, icon="shield", title=_("Decide: %(name)s", name=gate.name),
            url=url_for("gates.show", gate_id=gate.id))
        for gate, last in decisions.listing()
        if gate.due_on is not None and (last is None or last.verdict == Verdict.HOLD)
    ]  # fmt: skip
    found += [
        Due(on=one.ends_on, icon="cart", title=_("Deliver: %(name)s", name=one.name), url=_work(one.id))
        for one in running
    ]
    found += [
        Due(on=one.due_on, icon="flag", title=one.title, url=_work(one.increment_id), of=names[one.increment_id])
        for one in plans.milestones(list(names))
        if one.done_on is None
    ]
    found += [
        Due(on=one.due_on, icon="send", title=_("Tell people: %(what)s", what=one.what),
            url=_work(one.increment_id), of=names[one.increment_id])
        for one in telling.messages(list(names))
        if one.done_on is None
    ]  # fmt: skip
    found += [
        Due(on=one.row.on, icon="people", title=one.row.title, url=_work(one.row.increment_id),
            of=names[one.row.increment_id])
        for one in showing.sessions(actor, list(names))
        if not one.is_past
    ]  # fmt: skip
    return sorted((one for one in found if one.on <= until), key=lambda one: one.on)[:MOST]


def _work(increment_id: int) -> str:
    return url_for("increment_work.show", increment_id=increment_id)
