"""Forms of goals and interventions. Services check again what is said here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FloatField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from analytics.effects.judging import Direction
from portal.adoption import goals, interventions, revisions, wording
from portal.adoption.models import Goal, Intervention, Sort
from portal.core.arguments import ROW
from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.measures import catalogue
from portal.measures.catalogue import Unit
from portal.measures.reports import Slice
from portal.people import queries as people
from portal.people.models import Department
from surveys import wordings

OWNERS = ("analyst", "manager", "admin", "editor")
LOT, CHOSEN = "lot", "chosen"
BETTER = ""
"""The way that is better for the figure: nobody should expect more searches in vain because a tick stood there."""


def _percent(name: str, value: float) -> float:
    """Return a typed figure in the unit of its measure: shares are typed in per cent."""
    try:
        return value / 100 if catalogue.get(name).unit is Unit.SHARE else value
    except KeyError:
        return value


def typed(name: str, value: float) -> float:
    """Return a figure as it is typed."""
    return round(100 * value, 6) if catalogue.get(name).unit is Unit.SHARE else value


class _OwnedForm(Form):
    """What goals and interventions have in common."""

    owner_id = SelectField(_l("Who answers for it"), [Optional()], coerce=int)
    version = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())
    reason = TextAreaField(
        _l("Why is it changed?"),
        [Length(max=revisions.WORDS)],
        description=_l("Stays on the page, for everybody who reads it."),
    )

    def offer_owners(self, person_id: int | None) -> None:
        found = {person.id: person.name for person in people.with_role(*OWNERS)}
        if person_id is not None and person_id not in found:
            found |= people.names([person_id])
        self.owner_id.choices = sorted(found.items(), key=lambda item: item[1])

    @property
    def seen(self) -> int:
        return self.version.data or 0


class GoalForm(_OwnedForm):
    """A figure, whose, how much, by when, and who answers for it."""

    title = StringField(
        _l("What is to be reached"),
        [Length(max=goals.TITLE)],
        description=_l("In a sentence somebody could say aloud: “Seven of ten look here first by June”."),
    )
    measure = SelectField(_l("Figure"), [InputRequired()])
    of = SelectField(_l("Whose"), [Optional()], default="")
    target = FloatField(
        _l("How much it is to be"),
        description=_l("Shares in per cent: 70 for seven of ten. Else in the figure’s unit."),
    )
    due_on = DateField(_l("By when"), [InputRequired(message=_l("By which day?"))])
    why = TextAreaField(
        _l("Why this goal"),
        [Length(max=goals.WORDS)],
        description=_l("What becomes better for people when it is reached."),
    )

    def offer(self, groups: Iterable[tuple[str, str]], *, owner: int | None) -> GoalForm:
        """Fill in the figures that can be a goal, and the groups that may be shown."""
        self.measure.choices = [
            ("", _("Choose a figure")),
            *((each.name, str(each.label)) for each in catalogue.every() if each.better),
        ]
        self.of.choices = [("", _("Everybody")), *groups]
        self.offer_owners(owner)
        return self

    def about(self) -> goals.About | None:
        """Return what was typed; None, with a complaint, where a number is missing."""
        if self.target.data is None:
            self.target.errors = [*self.target.errors, *([] if self.target.errors else [_("A number, please.")])]
            return None
        kind, _colon, number = (self.of.data or "").partition(":")
        return goals.About(
            title=self.title.data or "",
            why=self.why.data or "",
            measure=self.measure.data or "",
            of=Slice(kind, int(number)) if number.isdigit() else Slice(),
            target=_percent(self.measure.data or "", self.target.data),
            due_on=self.due_on.data or dt.date.min,
            owner_id=self.owner_id.data,
        )

    @classmethod
    def of_goal(cls, goal: Goal) -> GoalForm:
        """Fill in what a goal says now."""
        return cls(
            formdata=None,
            title=goal.title,
            why=goal.why,
            measure=goal.measure,
            of=str(goal.of) if goal.of.kind else "",
            target=typed(goal.measure, goal.target),
            due_on=goal.due_on,
            owner_id=goal.owner_id,
            version=goal.version,
        )


class ReasonForm(Form):
    """Giving something up, with the reason."""

    reason = TextAreaField(_l("Why?"), [Length(max=revisions.WORDS)])


class ReadoutForm(Form):
    """What came of an intervention, for everybody."""

    readout = TextAreaField(
        _l("What came of it, in plain words"),
        [Length(max=interventions.READOUT)],
        description=_l("Two or three sentences: what was tried, what was found, what follows from it."),
    )


class InterventionForm(_OwnedForm):
    """What is done, where and when it starts, and what is expected of it."""

    title = StringField(_l("Name"), [Length(max=interventions.TITLE)])
    sort = SelectField(_l("Kind"), [InputRequired()])
    what = TextAreaField(
        _l("What is done"),
        [Length(max=interventions.WORDS)],
        description=_l("So that somebody else could do it again."),
    )
    flaw = SelectField(_l("What it is to mend"), [Optional()], default="")
    wave = HiddenField(validators=[Optional()])
    measure = SelectField(
        _l("Figure that is to move"),
        [InputRequired()],
        description=_l("Of what people do. Whether their answers moved is told by the next survey."),
    )
    direction = RadioField(_l("Which way"), [Optional()], default=BETTER)
    expected = FloatField(
        _l("By how much, at least"),
        description=_l("Shares in points: 5 for from 60 to 65 per cent. Else in the figure’s unit."),
    )
    how = RadioField(_l("Who starts when"), [Optional()], default=LOT)
    departments = SelectMultipleField(
        _l("Departments that take part"),
        coerce=int,
        description=_l("If days are chosen, all others are what they are compared with."),
    )
    first_on = DateField(_l("First start"), [Optional()], description=_l("Tomorrow at the earliest; a Monday is best."))
    weeks = IntegerField(_l("Weeks between two starts"), [Optional()], default=2)
    n_without = IntegerField(_l("How many of them stay without"), [Optional(), NumberRange(0, 1000)], default=0)
    stop_on = DateField(_l("Stops on"), [InputRequired(message=_l("On which day does it stop?"))])
    cost = FloatField(_l("Cost"), [Optional()], description=_l("All in all, in your currency; hours of work included."))

    def offer(self, units: Iterable[Department], locale: str, *, owner: int | None) -> InterventionForm:
        """Fill in what can be chosen."""
        self.sort.choices = [(sort.value, str(words)) for sort, words in wording.SORTS.items()]
        self.flaw.choices = [
            ("", _("No flaw of a survey")),
            *((each.code, each.name) for each in wordings.rules(locale)),
        ]
        self.measure.choices = [
            ("", _("Choose a figure")),
            *(
                (each.name, str(each.label))
                for each in catalogue.every()
                if "department" in each.kinds and not each.is_for_few
            ),
        ]
        self.direction.choices = [
            (BETTER, _("the better way: fewer searches that find nothing, more people who look here first")),
            *((way.value, str(words)) for way, words in wording.DIRECTIONS.items()),
        ]
        self.how.choices = [
            (
                LOT,
                _("Drawn by lot: one department after the other, in an order nobody chose. The surest way to tell."),
            ),
            (CHOSEN, _("On the days I choose")),
        ]
        self.departments.choices = [(unit.id, unit.name) for unit in units]
        self.offer_owners(owner)
        return self

    def about(self) -> interventions.About | None:
        """Return what was typed; None, with a complaint, where a number is missing."""
        if self.expected.data is None:
            self.expected.errors = [*self.expected.errors, *([] if self.expected.errors else [_("A number, please.")])]
            return None
        way = self.direction.data or catalogue.get(self.measure.data or "").better
        if not way:
            self.direction.errors = [_("Of this figure neither way is better by itself. Say which one you expect.")]
            return None
        wave = self.wave.data or ""
        return interventions.About(
            title=self.title.data or "",
            sort=Sort(self.sort.data or Sort.OTHER),
            what=self.what.data or "",
            flaw=self.flaw.data or "",
            wave_id=int(wave) if wave.isdigit() and len(wave) < 10 else None,
            measure=self.measure.data or "",
            direction=Direction(way),
            expected=_percent(self.measure.data or "", self.expected.data),
            stop_on=self.stop_on.data or dt.date.min,
            cost=self.cost.data,
            owner_id=self.owner_id.data,
        )

    def days(self) -> dict[int, dt.date]:
        """Return the day typed for each department that takes part; where there is none, the first start.

        Refuses (Invalid) a department without either: it would be left out, and nobody would be told.
        """
        found: dict[int, dt.date] = {}
        for number in self.departments.data or ():
            day = _day(request.form.get(day_field(number), "")) or self.first_on.data
            if day is None:
                raise Invalid(_("On which day does the first one start?"), "first_on")
            found[number] = day
        return found

    @classmethod
    def of_intervention(cls, made: Intervention) -> InterventionForm:
        """Fill in what an intervention says now."""
        starts = made.start_days
        return cls(
            formdata=None,
            title=made.title,
            sort=made.sort,
            what=made.what,
            flaw=made.flaw,
            wave=str(made.wave_id or ""),
            measure=made.measure,
            direction=made.direction,
            expected=typed(made.measure, made.expected),
            how=CHOSEN,
            departments=list(starts),
            first_on=made.starts_on,
            stop_on=made.stop_on,
            cost=made.cost,
            owner_id=made.owner_id,
            version=made.version,
        )


def day_field(number: int) -> str:
    """Return the name of the field for a department's own day."""
    return f"start-{number}"


def days_typed(numbers: Iterable[int], known: Mapping[int, dt.date]) -> dict[int, str]:
    """Return what stands in each department's own field: what was typed, else what is known."""
    if request.method == "POST":
        return {number: request.form.get(day_field(number), "") for number in numbers}
    return {number: known[number].isoformat() if number in known else "" for number in numbers}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
