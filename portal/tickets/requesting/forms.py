"""The forms of the requester's half."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.core.forms import Form
from portal.kb.models import Category
from portal.tickets.holding import BODY
from portal.tickets.models import RequestTemplate
from portal.tickets.opening import SUBJECT
from portal.tickets.requesting import prepared
from portal.tickets.requesting.begun import Upload

COMMENT = 2000
PEOPLE = 1000
NO_TOPIC = 0
RATINGS = {"5": _l("Very well"), "4": _l("Well"), "3": _l("So so"), "2": _l("Badly"), "1": _l("Very badly")}


class Uploading(Form):
    """A form with files."""

    files = MultipleFileField(_l("Files"))

    def uploads(self) -> list[Upload]:
        """Return the files that were chosen; browsers send an empty one where none was."""
        chosen = (one for one in self.files.data or () if getattr(one, "filename", ""))
        return [Upload(one.stream, one.filename) for one in chosen]


class HandOverForm(Uploading):
    """What is wrong, what happened, and what may help."""

    subject = StringField(
        _l("What is wrong?"), [InputRequired(_l("Say in a few words what is wrong.")), Length(max=SUBJECT)]
    )
    body = TextAreaField(_l("Tell us more"), [Optional(), Length(max=BODY)])
    category_id = SelectField(_l("Topic"), [Optional()], coerce=int, validate_choice=True)
    people = StringField(_l("Colleagues who should see it, too"), [Optional(), Length(max=PEOPLE)])
    search = HiddenField()
    hand_over = HiddenField()
    template = HiddenField()

    def offer(self, topics: Sequence[Category]) -> None:
        """Give the topics to choose from."""
        none = SelectChoice(NO_TOPIC, _l("The desk sorts it"))
        self.category_id.choices = [none, *(SelectChoice(topic.id, topic.title) for topic in topics)]


def hand_over_form(template: RequestTemplate | None) -> type[HandOverForm]:
    """Return the form with the fields of a prepared request."""
    own = prepared.fields(template)
    return type("PreparedForm", (HandOverForm,), own) if own else HandOverForm


class ReplyForm(Uploading):
    """An answer on a ticket."""

    body = TextAreaField(
        _l("Your answer"), [InputRequired(_l("Write a line first.")), Length(max=BODY)], render_kw={"rows": 4}
    )


class ReopenForm(Form):
    """It is not solved after all."""

    body = TextAreaField(_l("What is still wrong?"), [Optional(), Length(max=BODY)], render_kw={"rows": 3})


class WithdrawForm(Form):
    """No help is needed any more."""

    solved_by = RadioField(_l("What solved it?"), [Optional()], choices=[], validate_choice=True)
    body = StringField(_l("In a few words"), [Optional(), Length(max=COMMENT)])


class RatingForm(Form):
    """How it went, from 1 to 5."""

    rating = RadioField(
        _l("How did it go?"),
        [InputRequired(_l("Choose one of the five."))],
        choices=[SelectChoice(value, label) for value, label in RATINGS.items()],
    )
    comment = TextAreaField(_l("Why?"), [Optional(), Length(max=COMMENT)], render_kw={"rows": 3})


class PeopleForm(Form):
    """Whom to add."""

    people = StringField(
        _l("Name or e-mail address"), [InputRequired(_l("Write a name or an address.")), Length(max=PEOPLE)]
    )
