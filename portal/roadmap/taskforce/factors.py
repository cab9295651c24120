"""What makes such a change succeed, and what is measured of each: never a score, and what is not measured says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.adoption.models import Goal, Intervention
from portal.adoption.wording import figure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.measures import catalogue
from portal.measures.presenting import number, percent
from portal.pulse import speaking
from portal.roadmap.gates.reading import Survey, last_survey, until
from portal.roadmap.increments import plans, showing, telling
from portal.roadmap.increments.models import SessionKind, State
from portal.roadmap.models import Idea
from portal.roadmap.taskforce.models import Member, Seat
from surveys import wordings

DAYS = 28
SOON = dt.timedelta(days=14)
"""By when an idea should have its answer."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing that is measured of a factor; without a value it is not measured yet, and `note` says why."""

    label: str
    value: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One of the nine."""

    title: str
    icon: str
    figures: tuple[Figure, ...]


def card(actor: Actor) -> list[Factor]:
    """Return the nine factors with what is known of each; a fixed number of queries."""
    survey = last_survey(actor)
    ids = [one.id for one in plans.listing(actor)]
    sessions = showing.sessions(actor, ids)
    return [
        Factor(
            title=_("Show people the future"),
            icon="eye",
            figures=(_score(survey, "AW"), _score(survey, "VA"), _held(sessions, SessionKind.STAKEHOLDER)),
        ),
        Factor(
            title=_("Never a matter of IT alone"),
            icon="people",
            figures=(_signed(), _item(survey, "SO3R"), _goals_of_hr()),
        ),
        Factor(
            title=_("Define what is needed, show examples"),
            icon="monitor",
            figures=(_held(sessions, SessionKind.DEMO), _traced(ids), _score(survey, "EA")),
        ),
        Factor(title=_("Make the roadmap together"), icon="map", figures=(_answered_soon(), _proposers())),
        Factor(title=_("Deliver in increments"), icon="steps", figures=(_delivered(actor), _readouts())),
        Factor(title=_("Promote and reward"), icon="flag", figures=(_score(survey, "RV"), _goals(), _campaigns())),
        Factor(
            title=_("Managers go first"),
            icon="user",
            figures=(
                _item(survey, "SO1"),
                Figure(label=_("Managers who come here, beside everybody else"), note=_("Nothing counts this yet.")),
            ),
        ),
        Factor(
            title=_("Keep and share what one knows"),
            icon="answer",
            figures=(_measure("link_rate"), _measure("accepted_answers"), _measure("first_answer_hours")),
        ),
        Factor(title=_("Better every time"), icon="refresh", figures=(_measure("contact_rate"), *_before())),
    ]


def _score(survey: Survey | None, code: str) -> Figure:
    if survey is None:
        return Figure(label=_("Survey: %(code)s", code=code), note=_("No survey has been closed yet."))
    instrument = wordings.wording(survey.kept.released.instrument, str(get_locale() or "en"))
    label = _("Survey: %(dimension)s", dimension=instrument.dimension(code).name)
    score = survey.kept.released.total.score(code)
    if score is None or score.mean is None:
        return Figure(label=label, note=_("“%(wave)s” did not ask this, or too few answered.", wave=survey.wave.name))
    between = speaking.between(score.mean.low, score.mean.high)
    return Figure(label=label, value=_("%(n)s of 100", n=speaking.mean(score.mean)), note=between)


def _item(survey: Survey | None, code: str) -> Figure:
    if survey is None:
        return Figure(label=_("Survey: %(code)s", code=code), note=_("No survey has been closed yet."))
    released = survey.kept.released
    instrument = wordings.wording(released.instrument, str(get_locale() or "en"))
    words = speaking.statement(instrument, code, released.stage or survey.wave.stage)
    item = released.total.item(code)
    if item is None:
        return Figure(label=f"“{words}”", note=_("“%(wave)s” did not ask this.", wave=survey.wave.name))
    note = _("spoke for the change, of %(n)s", n=speaking.whole(item.n))
    return Figure(label=f"“{words}”", value=speaking.share(item.favourable), note=note)


def _held(sessions: list[showing.Held], kind: SessionKind) -> Figure:
    label = {
        SessionKind.STAKEHOLDER: _("Meetings with stakeholders"),
        SessionKind.DEMO: _("Demos"),
        SessionKind.WORKSHOP: _("Workshops"),
    }[kind]
    past = [one for one in sessions if one.is_past and one.row.kind == kind]
    if not past:
        return Figure(label=label, note=_("None was held yet."))
    came = sum(one.n or 0 for one in past)
    return Figure(label=label, value=number(len(past), 0), note=ngettext("%(num)s came", "%(num)s came", came))


def _signed() -> Figure:
    label, found = _("Messages not in the name of IT"), telling.not_from_it()
    if found is None:
        return Figure(label=label, note=_("No message is planned yet."))
    return Figure(label=label, value=percent(found.point), note=_("of %(n)s planned or sent", n=found.n))


def _goals_of_hr() -> Figure:
    label = _("Goals somebody from HR answers for")
    holders = select(Member.person_id).where(Member.seat == Seat.HR.value, Member.left_on.is_(None))
    query = select(func.count()).select_from(Goal).where(Goal.dropped_at.is_(None))
    n = db.session.execute(query).scalar_one()
    if not n:
        return Figure(label=label, note=_("No goal is set yet."))
    own = db.session.execute(query.where(Goal.owner_id.in_(holders))).scalar_one()
    return Figure(label=label, value=number(own, 0), note=_("of %(n)s", n=n))


def _traced(ids: list[int]) -> Figure:
    label, rows = _("Requirements with an item and an example"), showing.requirements(ids)
    if not rows:
        return Figure(label=label, note=_("No requirement is written down yet."))
    traced = sum(row.is_traced for row in rows)
    return Figure(label=label, value=percent(traced / len(rows)), note=_("of %(n)s", n=len(rows)))


def _answered_soon() -> Figure:
    label = _("Ideas answered within 14 days")
    query = select(Idea.created_at, Idea.answered_at).where(
        Idea.removed_at.is_(None), Idea.created_at <= clock.now() - SOON
    )
    rows = db.session.execute(query).all()
    if not rows:
        return Figure(label=label, note=_("No idea is 14 days old yet."))
    soon = sum(answered is not None and answered - created <= SOON for created, answered in rows)
    return Figure(label=label, value=percent(soon / len(rows)), note=_("of %(n)s", n=len(rows)))


def _proposers() -> Figure:
    query = select(func.count(func.distinct(Idea.person_id))).where(Idea.removed_at.is_(None))
    n = db.session.execute(query).scalar_one()
    label = _("People who proposed something")
    return Figure(label=label, value=number(n, 0)) if n else Figure(label=label, note=_("Nobody did yet."))


def _delivered(actor: Actor) -> Figure:
    label, found = _("Increments delivered"), plans.listing(actor)
    if not found:
        return Figure(label=label, note=_("No increment is planned yet."))
    n = sum(one.state == State.DELIVERED for one in found)
    return Figure(label=label, value=number(n, 0), note=_("of %(n)s planned", n=len(found)))


def _readouts() -> Figure:
    label = _("Effects told to everybody")
    query = select(func.count()).select_from(Intervention).where(Intervention.published_at.is_not(None))
    n = db.session.execute(query).scalar_one()
    return Figure(label=label, value=number(n, 0)) if n else Figure(label=label, note=_("None was published yet."))


def _goals() -> Figure:
    label = _("Goals")
    n = db.session.execute(select(func.count()).select_from(Goal).where(Goal.dropped_at.is_(None))).scalar_one()
    return Figure(label=label, value=number(n, 0)) if n else Figure(label=label, note=_("No goal is set yet."))


def _campaigns() -> Figure:
    label = _("Interventions registered before they began")
    n = db.session.execute(select(func.count()).select_from(Intervention)).scalar_one()
    return Figure(label=label, value=number(n, 0)) if n else Figure(label=label, note=_("None yet."))


def _measure(name: str) -> Figure:
    measure, end = catalogue.find(name), until()
    if measure is None:
        return Figure(label=name, note=_("There is no such measure any more."))
    found = measure.read(end - dt.timedelta(days=DAYS), end)
    if found.value is None:
        return Figure(label=str(measure.label), note=_("It rests on too little to be told."))
    return Figure(label=str(measure.label), value=figure(measure, found.value), note=_("in the last four weeks"))


def _before() -> tuple[Figure, ...]:
    """Return tickets for each hundred people in the four weeks before, where both can be told."""
    measure, end = catalogue.find("contact_rate"), until()
    if measure is None:
        return ()
    label = _("The same four weeks earlier")
    found = measure.read(end - dt.timedelta(days=2 * DAYS), end - dt.timedelta(days=DAYS))
    if found.value is None:
        return (Figure(label=label, note=_("It rests on too little to be told.")),)
    return (Figure(label=label, value=figure(measure, found.value)),)
