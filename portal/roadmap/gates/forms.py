"""Forms of gates. Services check again what is said here."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FloatField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.measures import catalogue
from portal.people.models import Person
from portal.roadmap.gates import decisions, wording
from portal.roadmap.gates.models import Verdict
from portal.roadmap.increments.models import Increment

UNSAID = 0
LINES = 12


class GateForm(Form):
    """A gate to be set up."""

    step = RadioField(_l("Which step?"), [InputRequired()])
    name = StringField(_l("How is it called?"), [Length(max=120)])
    increment_id = SelectField(_l("For which increment?"), [Optional()], coerce=int, default=UNSAID)
    due_on = DateField(_l("When is it to be decided?"), [Optional()])

    def offer(self, increments: Sequence[Increment]) -> GateForm:
        self.step.choices = list(wording.steps().items())
        self.increment_id.choices = [(UNSAID, _("For the whole")), *((one.id, one.name) for one in increments)]
        return self


class BarForm(Form):
    """More or less to be asked for."""

    threshold = FloatField(_l("From where on is it met?"), [Optional()])
    reason = StringField(_l("Why?"), [Length(max=500)])


class AskForm(Form):
    """One thing more to be asked for: a figure, or something somebody looks at."""

    subject = SelectField(_l("Which figure?"), [Optional()], default="")
    comparison = SelectField(_l("It is met while the figure is"), default=">=")
    threshold = FloatField(_l("this number"), [Optional()])
    days = IntegerField(_l("Over how many days?"), [Optional()], default=28)
    words = StringField(_l("Or what is to be looked at?"), [Length(max=decisions.WORDS)])
    reason = StringField(_l("Why?"), [Length(max=500)])

    def offer(self) -> AskForm:
        named = sorted((str(one.label), one.name) for one in catalogue.every())
        self.subject.choices = [("", _("No figure: somebody looks")), *((name, label) for label, name in named)]
        signs = {">=": _("at least"), ">": _("above"), "<=": _("at most"), "<": _("below")}
        self.comparison.choices = list(signs.items())
        return self


class LookForm(Form):
    """What somebody saw where no figure tells."""

    is_met = RadioField(_l("Is it so?"), [InputRequired()])
    seen = StringField(_l("What did you see?"), [Length(max=decisions.SEEN)])

    def offer(self) -> LookForm:
        self.is_met.choices = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not looked at after all"))]
        return self

    @property
    def answer(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.is_met.data or "")


class ReasonForm(Form):
    """A reason, and nothing else."""

    reason = StringField(_l("Why?"), [Length(max=500)])


class DecideForm(Form):
    """What is decided, and why."""

    verdict = RadioField(_l("What is decided?"), [InputRequired()])
    why = TextAreaField(_l("Why?"), [Length(max=decisions.WHY)])
    follow = TextAreaField(_l("What has to follow"), [Length(max=4000)])
    follow_owner = SelectField(_l("Who does it?"), [Optional()], coerce=int, default=UNSAID)
    follow_by = DateField(_l("By when?"), [Optional()])
    seen = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())

    def offer(self, people: Sequence[Person]) -> DecideForm:
        self.verdict.choices = [(value.value, wording.verdict(value.value)[0]) for value in Verdict]
        self.follow_owner.choices = [(UNSAID, _("Nobody yet")), *((person.id, person.name) for person in people)]
        return self

    @property
    def lines(self) -> list[str]:
        """Return the conditions, one a line."""
        lines = [" ".join(line.strip("-*• \t").split()) for line in (self.follow.data or "").splitlines()]
        return [line for line in lines if line][:LINES]
