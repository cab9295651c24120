"""The forms with which the desk works a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.kb.models import Category
from portal.people.models import Person
from portal.tickets.desk import telling
from portal.tickets.holding import BODY
from portal.tickets.models import Priority, Queue, Ticket
from portal.tickets.requesting.forms import NO_TOPIC, Uploading

NOBODY = 0


class Seen(Form):
    """A form that acts on the ticket as it was seen."""

    lock = IntegerField(validators=[Optional()], widget=HiddenInput())


class AnswerForm(Uploading):
    """What the desk says to the requester."""

    lock = IntegerField(validators=[Optional()], widget=HiddenInput())
    body = TextAreaField(_l("Your reply"), [Optional(), Length(max=BODY)], render_kw={"rows": 6})
    anyway = BooleanField(_l("Send it all the same"))
    put = HiddenField()


class NoteForm(Uploading):
    """What only the desk reads."""

    body = TextAreaField(
        _l("Internal note"), [InputRequired(_l("Write a line first.")), Length(max=BODY)], render_kw={"rows": 3}
    )


class PlaceForm(Form):
    """Whose it is, how pressing, in which queue and topic."""

    lock = IntegerField(validators=[Optional()], widget=HiddenInput())
    assignee = SelectField(_l("Works on it"), [Optional()], coerce=int)
    priority = SelectField(_l("Priority"))
    queue = SelectField(_l("Queue"), coerce=int)
    topic = SelectField(_l("Topic"), [Optional()], coerce=int)

    def offer(
        self, ticket: Ticket, *, people: Sequence[Person], queues: Sequence[Queue], topics: Sequence[Category]
    ) -> None:
        """Give what can be chosen; what stands on the ticket now can always stay."""
        known = {one.id: one.name for one in people}
        if ticket.assignee is not None:
            known.setdefault(ticket.assignee.id, ticket.assignee.name)
        self.assignee.choices = [SelectChoice(NOBODY, _l("Nobody")), *(SelectChoice(*one) for one in known.items())]
        self.priority.choices = [SelectChoice(one.value, telling.priority(one)) for one in Priority]
        piles = {one.id: one.name for one in queues} | {ticket.queue_id: ticket.queue.name}
        self.queue.choices = [SelectChoice(*one) for one in piles.items()]
        shelves = {one.id: one.title for one in topics}
        self.topic.choices = [SelectChoice(NO_TOPIC, _l("None")), *(SelectChoice(*one) for one in shelves.items())]
        if ticket.category_id and ticket.category_id not in shelves:
            self.topic.choices.append(SelectChoice(ticket.category_id, _l("One you do not see")))
