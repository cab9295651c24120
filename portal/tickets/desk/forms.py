"""The forms with which the desk works a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.kb.models import Category
from portal.people.models import Person
from portal.tickets.desk import telling
from portal.tickets.holding import BODY
from portal.tickets.models import OutOfOffice, Priority, Queue, Source, Ticket
from portal.tickets.opening import SUBJECT
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
    used = HiddenField()


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
        self,
        ticket: Ticket,
        *,
        people: Sequence[Person],
        queues: Sequence[Queue],
        topics: Sequence[Category],
        away: Mapping[int, OutOfOffice],
    ) -> None:
        """Give what can be chosen; what stands on the ticket now can always stay."""
        known = {one.id: telling.named(one, away.get(one.id)) for one in people}
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


class CallForm(Form):
    """Somebody is at the phone or at the desk."""

    person = HiddenField()
    name = StringField(_l("Their name"), [Optional(), Length(max=120)])
    email = StringField(_l("Their mail address"), [Optional(), Length(max=254)])
    source = RadioField(
        _l("How did they reach you?"),
        [InputRequired(_l("Say whether they called or walked in."))],
        choices=[
            SelectChoice(Source.CALL.value, _l("They called")),
            SelectChoice(Source.WALK_IN.value, _l("They walked in")),
        ],
        default=Source.CALL.value,
    )
    subject = StringField(
        _l("What is wrong?"), [InputRequired(_l("Say in a few words what is wrong.")), Length(max=SUBJECT)]
    )
    body = TextAreaField(_l("What they said"), [Optional(), Length(max=BODY)], render_kw={"rows": 4})
    queue = SelectField(_l("Queue"), coerce=int)
    answer = TextAreaField(
        _l("What helped, or what you promised"), [Optional(), Length(max=BODY)], render_kw={"rows": 3}
    )
    is_solved = BooleanField(_l("It is solved already"))


class AwayForm(Form):
    """When one is away, and who stands in."""

    starts_on = DateField(_l("First day away"), [InputRequired(_l("Choose a day."))])
    ends_on = DateField(_l("Last day away"), [InputRequired(_l("Choose a day."))])
    stand_in = SelectField(_l("Who stands in"), [Optional()], coerce=int)


class PreparedForm(Form):
    """A reply of one's own, prepared."""

    title = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=120)])
    body = TextAreaField(
        _l("Words"), [InputRequired(_l("Write a line first.")), Length(max=BODY)], render_kw={"rows": 6}
    )


class NumberForm(Form):
    """Which other ticket."""

    lock = IntegerField(validators=[Optional()], widget=HiddenInput())
    number = StringField(
        _l("Number of the other ticket"), [InputRequired(_l("Write the number of a ticket.")), Length(max=12)]
    )


class SplitForm(Form):
    """What becomes a ticket of its own."""

    lock = IntegerField(validators=[Optional()], widget=HiddenInput())
    subject = StringField(
        _l("What the new ticket is about"),
        [InputRequired(_l("Say in a few words what is wrong.")), Length(max=SUBJECT)],
    )


class ReportsForm(Form):
    """One answer to all who report it."""

    lock = IntegerField(validators=[Optional()], widget=HiddenInput())
    body = TextAreaField(
        _l("Your answer to all of them"),
        [InputRequired(_l("Write a line first.")), Length(max=BODY)],
        render_kw={"rows": 4},
    )
