"""Forms of one row of the desk: put it aside, give it to a colleague."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length

from portal.core.forms import Form
from portal.kb.caring.marks import LONGEST, REASONS, TIMES, times
from portal.kb.forms.desk import choices
from portal.people.models import Person


class AsideForm(Form):
    """Why, and for how long."""

    reason = SelectField(_l("Why"), choices=choices(REASONS.items()))
    words = StringField(_l("In a few words"), validators=[Length(max=LONGEST)])
    weeks = SelectField(_l("For how long"), coerce=int, choices=[])

    def offer(self, key: str) -> None:
        """Offer the times for which this row may be put aside."""
        self.weeks.choices = [(n, TIMES[n]) for n in times(key)]


class AssignForm(Form):
    """Who sees to it."""

    person = SelectField(_l("Who sees to it"), coerce=int, choices=[])

    def offer(self, colleagues: list[Person]) -> None:
        """Offer everybody with a desk, and nobody."""
        self.person.choices = [(0, _l("Nobody in particular")), *((one.id, one.name) for one in colleagues)]
