"""Forms of increments. Services check again what is said here."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.roadmap.increments import plans, showing, telling, wording
from portal.roadmap.increments.models import Increment, Requirement
from portal.roadmap.increments.showing import Held
from portal.roadmap.models import Item
from portal.roadmap.taskforce import membership

UNSAID = 0


class PlanForm(Form):
    """An increment as it is planned."""

    name = StringField(_l("How is it called?"), [Length(max=plans.NAME)])
    purpose = TextAreaField(_l("What can people do afterwards that they cannot do now?"), [Length(max=plans.PURPOSE)])
    starts_on = DateField(_l("It starts on"), [Optional()])
    ends_on = DateField(_l("It is delivered by"), [Optional()])
    reason = StringField(_l("Why does a date move?"), [Length(max=plans.REASON)])
    owner = StringField(_l("Who answers for it?"), [Length(max=254)])
    budget_planned = IntegerField(_l("Budget"), [Optional()])
    budget_spent = IntegerField(_l("Spent so far"), [Optional()])
    is_public = BooleanField(_l("Show it to everybody"))
    version = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())

    @property
    def plan(self) -> plans.Plan:
        words = (self.owner.data or "").strip()
        return plans.Plan(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            budget_planned=self.budget_planned.data,
            budget_spent=self.budget_spent.data,
            is_public=bool(self.is_public.data),
            owner=membership.named(words, field="owner") if words else None,
        )


def filled(increment: Increment) -> PlanForm:
    """Return the form with the plan as it stands."""
    return PlanForm(
        formdata=None,
        name=increment.name,
        purpose=increment.purpose,
        starts_on=increment.starts_on,
        ends_on=increment.ends_on,
        owner=increment.owner.email if increment.owner else "",
        budget_planned=increment.budget_planned,
        budget_spent=increment.budget_spent,
        is_public=increment.is_public,
        version=increment.version,
    )


class MoveForm(Form):
    """Start, deliver or stop."""

    to = HiddenField()
    reason = StringField(_l("Why? Everybody can read it."), [Length(max=plans.REASON)])


class MilestoneForm(Form):
    """A day by which something is there."""

    title = StringField(_l("What is there by then?"), [Length(max=plans.TITLE)])
    due_on = DateField(_l("By when?"), [Optional()])


class PutOffForm(Form):
    """Another day for a milestone."""

    due_on = DateField(_l("Which day instead?"), [Optional()])
    reason = StringField(_l("Why? Everybody can read it."), [Length(max=plans.REASON)])


class ItemsForm(Form):
    """What the increment ships."""

    items = SelectMultipleField(_l("Items of the roadmap"), [Optional()], coerce=int)

    def offer(self, items: Sequence[Item]) -> ItemsForm:
        self.items.choices = [(item.id, item.title) for item in items]
        return self


class RequirementForm(Form):
    """Something it has to do."""

    title = StringField(_l("What does it have to do?"), [Length(max=showing.TITLE)])
    example = TextAreaField(_l("An example people recognise"), [Length(max=showing.EXAMPLE)])
    item_id = SelectField(_l("Which item does it come from?"), [Optional()], coerce=int, default=UNSAID)
    shown_in_id = SelectField(_l("In which session was it shown?"), [Optional()], coerce=int, default=UNSAID)

    def offer(self, items: Sequence[Item], sessions: Sequence[Held]) -> RequirementForm:
        self.item_id.choices = [(UNSAID, _("None yet")), *((item.id, item.title) for item in items)]
        past = [one.row for one in sessions if one.is_past]
        self.shown_in_id.choices = [(UNSAID, _("Not shown yet")), *((one.id, one.title) for one in past)]
        return self

    @property
    def wanted(self) -> showing.Wanted:
        return showing.Wanted(
            title=self.title.data or "",
            example=self.example.data or "",
            item_id=self.item_id.data or None,
            shown_in_id=self.shown_in_id.data or None,
        )

    @classmethod
    def of(cls, row: Requirement) -> RequirementForm:
        return cls(
            formdata=None,
            title=row.title,
            example=row.example,
            item_id=row.item_id or UNSAID,
            shown_in_id=row.shown_in_id or UNSAID,
        )


class SessionForm(Form):
    """A demo, a workshop, a meeting with stakeholders."""

    kind = SelectField(_l("What is it?"))
    title = StringField(_l("What is it about?"), [Length(max=160)])
    on = DateField(_l("On which day?"), [Optional()])
    invited = StringField(_l("Who is invited?"), [Length(max=200)])
    n_invited = IntegerField(_l("How many were invited?"), [Optional()])
    n_attended = IntegerField(_l("How many came?"), [Optional()])
    learned = TextAreaField(_l("What came of it?"), [Length(max=showing.LEARNED)])

    def offer(self) -> SessionForm:
        self.kind.choices = [(kind, words) for kind, words in wording.session_kinds().items()]
        return self

    @property
    def meeting(self) -> showing.Meeting:
        return showing.Meeting(
            kind=self.kind.data or "",
            title=self.title.data or "",
            on=self.on.data,
            invited=self.invited.data or "",
            n_invited=self.n_invited.data,
            n_attended=self.n_attended.data,
            learned=self.learned.data or "",
        )


class MessageForm(Form):
    """A line of the communication plan."""

    what = StringField(_l("What are people told?"), [Length(max=200)])
    audience = StringField(_l("Who is told?"), [Length(max=120)])
    signed_by = SelectField(_l("In whose name?"))
    channel = StringField(_l("By which way?"), [Length(max=80)])
    due_on = DateField(_l("By when?"), [Optional()])

    def offer(self) -> MessageForm:
        self.signed_by.choices = [(signer, words) for signer, words in wording.signers().items()]
        return self

    @property
    def line(self) -> telling.Line:
        return telling.Line(
            what=self.what.data or "",
            audience=self.audience.data or "",
            signed_by=self.signed_by.data or "",
            channel=self.channel.data or "",
            due_on=self.due_on.data,
        )
