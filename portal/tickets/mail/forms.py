"""The forms with which somebody says where a mail belongs."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.core.forms import Form
from portal.tickets.models import Queue
from portal.tickets.opening import SUBJECT


class MakeForm(Form):
    """A ticket from a mail."""

    subject = StringField(_l("What is wrong?"), [InputRequired(), Length(max=SUBJECT)])
    person = StringField(_l("Whose ticket it is"), [Optional(), Length(max=254)])
    queue = SelectField(_l("Queue"), coerce=int)

    def offer(self, queues: Iterable[Queue]) -> None:
        """Give the queues to choose from."""
        self.queue.choices = [(queue.id, queue.name) for queue in queues]


class TieForm(Form):
    """A ticket that is there already."""

    number = IntegerField(_l("Number of the ticket"), [InputRequired(), NumberRange(1, 999_999_999)])
