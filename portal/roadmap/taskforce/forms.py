"""Forms of the task force. Services check again what is said here."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.people.models import Person
from portal.roadmap.gates import wording
from portal.roadmap.taskforce import actions, protocol

UNSAID = 0


class MemberForm(Form):
    """Somebody who takes a seat."""

    person = StringField(_l("Who?"), [Length(max=254)])
    seat = SelectField(_l("For whom?"))

    def offer(self) -> MemberForm:
        self.seat.choices = list(wording.seats().items())
        return self


class MinutesForm(Form):
    """What was talked about."""

    title = StringField(_l("What was it about?"), [Length(max=protocol.TITLE)])
    held_on = DateField(_l("On which day?"), [Optional()])
    present = SelectMultipleField(_l("Who was there?"), [Optional()], coerce=int)
    body = TextAreaField(_l("What was said"), [Length(max=protocol.BODY)], render_kw={"rows": 14})
    version = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())

    def offer(self, people: Sequence[Person]) -> MinutesForm:
        self.present.choices = [(person.id, person.name) for person in people]
        return self

    @property
    def record(self) -> protocol.Record:
        return protocol.Record(
            title=self.title.data or "",
            held_on=self.held_on.data,
            body=self.body.data or "",
            present=self.present.data or (),
        )


class ResolutionForm(Form):
    """What was decided."""

    text = StringField(_l("What was decided?"), [Length(max=protocol.DECISION)])
    why = TextAreaField(_l("Why?"), [Length(max=4000)])


class ActionForm(Form):
    """What somebody is to do."""

    title = StringField(_l("What is to be done?"), [Length(max=actions.TITLE)])
    owner_id = SelectField(_l("Who does it?"), [Optional()], coerce=int, default=UNSAID)
    due_on = DateField(_l("By when?"), [Optional()])

    def offer(self, people: Sequence[Person]) -> ActionForm:
        self.owner_id.choices = [(UNSAID, _("Nobody yet")), *((person.id, person.name) for person in people)]
        return self


class DoneForm(Form):
    """What came of something that was to be done."""

    outcome = StringField(_l("What came of it?"), [Length(max=actions.TITLE)])
