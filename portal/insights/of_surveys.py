"""What a survey's departments say beside what they did in the same weeks: released figures and figures of use alone."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from analytics import figures
from analytics.adoption import saydo
from analytics.figures import Figure
from portal.measures.behaviour import Behaviour
from portal.measures.presenting import voice
from portal.pulse import beside
from portal.pulse.reading import Seen
from surveys.privacy.released import Mean, State


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The picture, and whom it leaves out."""

    figure: Figure
    hidden: tuple[str, ...]
    """Groups of which the survey, or what they did, may not be told."""
    points: tuple[saydo.Point, ...]


def say_and_do(seen: Seen) -> Beside:
    """Put the groups a reader sees on the map; nothing is worked out of answers that was not released."""
    did = beside.by_unit(seen.wave)
    rows = [row for row in seen.released.units.rows if row.name]
    units, hidden = [], [row.name for row in rows if row.state is State.HIDDEN]
    for row in rows:
        score, known = row.score(seen.instrument.rules.outcome), did.get(row.name)
        if not row.is_shown:
            continue
        if score is None or score.mean is None or known is None:
            hidden.append(row.name)
            continue
        units.append(_unit(row.name, score.n or 0, score.mean, known))
    found = saydo.say_do(units, least=seen.released.policy.least)
    return Beside(
        figure=figures.say_do(found, voice=voice()),
        hidden=tuple(sorted([*hidden, *found.hidden])),
        points=found.points,
    )


def _unit(name: str, n: int, mean: Mean, did: Behaviour) -> saydo.Unit:
    value = mean.value.value
    return saydo.Unit(
        name=name,
        n_answers=n,
        intention=value,
        low=value if mean.low is None else mean.low,
        high=value if mean.high is None else mean.high,
        n_people=did.n_people,
        first_here=did.needs_here,
        needs=did.needs_here + did.tickets_only,
    )


def advice() -> dict[saydo.Quadrant, str]:
    """Return what helps in each quarter."""
    return {
        saydo.Quadrant.SAYS_AND_DOES: _("Ask them what works, and let them tell it."),
        saydo.Quadrant.SAYS_ONLY: _(
            "Remind them at the moment of need: answers in the ticket form, a link in the taskbar, a word on the "
            "telephone."
        ),
        saydo.Quadrant.DOES_ONLY: _("They come without liking it: ask what would be better."),
        saydo.Quadrant.NEITHER: _("They need a reason first: what it would save them, in their own words."),
    }
