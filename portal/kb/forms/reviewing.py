"""Forms of reviews, of publishing and of what editors do with articles. Times are those of the person who types."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.forms import Form, MomentField
from portal.kb.models import Change
from portal.kb.reviewing.reviews import LIMIT
from portal.kb.writing.drafts import NOTE, TITLE

CHANGES = [
    SelectChoice(Change.TYPO.value, _l("Typo: nobody is told")),
    SelectChoice(Change.MINOR.value, _l("Small: those who follow the article are told")),
    SelectChoice(
        Change.MAJOR.value,
        _l("Large: those who follow it are told, and those whom the former text did not help. Answers start anew."),
    ),
]


class FinishForm(Form):
    """How a text is finished: what kind of change it is, who looks, when it appears."""

    change = RadioField(_l("How much does it change?"), [Optional()], choices=CHANGES)
    note = StringField(_l("What changed, and why"), [Optional(), Length(max=NOTE)])
    publish_at = MomentField(_l("Publish at"), [Optional()])
    reviewer = StringField(_l("Who should look"), [Optional(), Length(max=254)])
    although = BooleanField(_l("Publish all the same"))
    seen = IntegerField(validators=[Optional()], widget=HiddenInput())

    def instant(self, zone: str) -> dt.datetime:
        """Return the time that was typed; refuses none, and one that exists in no calendar (Invalid)."""
        if self.publish_at.data is None:
            raise Invalid(_("Say when it is to be published."), field="publish_at")
        return self.publish_at.at(zone)


def zone_of(actor: Actor) -> str:
    """Return the time zone in which this person types and reads times."""
    return actor.timezone or options.get().default_timezone


def next_morning(zone: str) -> dt.datetime:
    """Return what the field for a time suggests: the next working day at nine."""
    day = clock.now().astimezone(ZoneInfo(zone)).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    day += dt.timedelta(days=1)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day


class RemarkForm(Form):
    """A remark about one paragraph, or about the whole text."""

    words = TextAreaField(_l("Your remark"), [Length(max=LIMIT)])
    paragraph = IntegerField(validators=[Optional()], widget=HiddenInput())


class DecideForm(Form):
    """What a reviewer decides about the save they have seen."""

    is_checked = BooleanField(_l("I also checked that it is right"))
    words = TextAreaField(_l("What is to be changed"), [Length(max=LIMIT)])
    lock = IntegerField(validators=[Optional()], widget=HiddenInput())


class RestoreForm(Form):
    """Bringing a former text back."""

    change = RadioField(_l("How much does it change?"), [Optional()], choices=CHANGES, default=Change.MINOR.value)
    note = StringField(_l("Why"), [Optional(), Length(max=NOTE)])


class RenameForm(Form):
    """Another title, another address."""

    title = StringField(_l("Title"), [Length(max=TITLE)])
    slug = StringField(_l("Address"), [Length(max=120)], description=_l("The old address leads here from then on."))


class MoveForm(Form):
    """Another topic."""

    category_id = SelectField(_l("Topic"), coerce=int)


class MergeForm(Form):
    """The article that stays, and what becomes of this one's text."""

    into = StringField(_l("The article that stays"), [Length(max=300)])
    carry = RadioField(
        _l("And the text of this one"),
        choices=[
            SelectChoice("", _l("stays readable in the history")),
            SelectChoice("draft", _l("is also put below the other one’s, as a draft to be tidied up")),
        ],
        default="",
        validators=[Optional()],
    )


class SplitForm(Form):
    """The parts that become an article of their own."""

    parts = SelectMultipleField(_l("Parts to take out"), coerce=int)
    title = StringField(_l("Title of the new article"), [Length(max=TITLE)])


class RedirectForm(Form):
    """An address, and the article it leads to."""

    slug = StringField(_l("Old address"), [Length(max=120)])
    article = StringField(_l("Article it leads to"), [Length(max=300)])
