"""Forms of ideas and of the roadmap. Services check again what is chosen here."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FloatField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.community.texts import BODY, TITLE
from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.kb.models import Category
from portal.people.models import Person
from portal.roadmap import items
from portal.roadmap.models import Item
from portal.roadmap.ordering import Standing

UNSAID = 0


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 10 else None


class IdeaForm(Form):
    """Proposing: two lines are enough."""

    title = StringField(_l("What would you like?"), [Length(max=TITLE)])
    body = TextAreaField(_l("What would it change?"), [Length(max=BODY)])
    category_id = SelectField(_l("Topic"), [Optional()], coerce=int, default=UNSAID)
    version = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())

    def offer(self, topics: Sequence[Category]) -> IdeaForm:
        self.category_id.choices = [(UNSAID, _("Choose a topic")), *((topic.id, topic.title) for topic in topics)]
        return self


class CommentForm(Form):
    """A comment on an idea."""

    body = TextAreaField(_l("Your comment"), [Length(max=10_000)])


class VoiceForm(Form):
    """Wanting it too, following: on, or taken back."""

    on = StringField()

    @property
    def is_on(self) -> bool:
        return self.on.data == "yes"


class AnswerForm(Form):
    """What became of an idea."""

    outcome = SelectField(_l("What becomes of it?"), default="")
    item_id = SelectField(_l("Which item?"), [Optional()], coerce=int, default=UNSAID)
    duplicate_of = StringField(_l("Number of the idea that asks for the same"), [Length(max=20)])
    words = TextAreaField(_l("Your answer"), [Length(max=2_000)])

    def offer(self, choosable: Sequence[Item]) -> AnswerForm:
        self.outcome.choices = [
            ("", _("Choose what becomes of it")),
            ("new", _("A new item, which begins in triage")),
            ("item", _("Part of an item that is there already")),
            ("declined", _("Declined, with the reason below")),
            ("duplicate", _("Somebody proposed it before")),
        ]
        self.item_id.choices = [(UNSAID, _("Choose an item")), *((item.id, item.title) for item in choosable)]
        return self

    @property
    def original(self) -> int | None:
        """Return the number that was written, also behind its address."""
        return _number((self.duplicate_of.data or "").strip().rstrip("/").rpartition("/")[2].lstrip("#"))


class ItemForm(Form):
    """What stands on an item."""

    title = StringField(_l("What is to be done?"), [Length(max=TITLE)])
    summary = StringField(_l("Why, in a sentence for everybody"), [Length(max=items.SUMMARY)])
    body = TextAreaField(_l("What belongs to it"), [Length(max=BODY)])
    category_id = SelectField(_l("Topic"), [Optional()], coerce=int, default=UNSAID)
    owner_id = SelectField(_l("Who answers for it?"), [Optional()], coerce=int, default=UNSAID)
    due_on = DateField(_l("By when?"), [Optional()])
    effort = FloatField(_l("Effort, in weeks of one person"), [Optional()])
    version = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())

    def offer(self, topics: Sequence[Category], owners: Sequence[Person]) -> ItemForm:
        self.category_id.choices = [(UNSAID, _("For everybody")), *((topic.id, topic.title) for topic in topics)]
        self.owner_id.choices = [(UNSAID, _("Nobody yet")), *((person.id, person.name) for person in owners)]
        return self

    @property
    def about(self) -> items.About:
        return items.About(
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            category_id=self.category_id.data or None,
            owner_id=self.owner_id.data or None,
            due_on=self.due_on.data,
            effort=self.effort.data,
        )


WRONG_SIDE = ""
"""Whichever side is worse for the figure: a share of people helped has a gap below, one of searches in vain above."""


class EvidenceForm(Form):
    """A question to the portal's own figures."""

    measure = SelectField(_l("Which figure?"), default="")
    slice = SelectField(_l("Of whom, or about what?"), [Optional()], default="")
    comparison = SelectField(_l("It is a gap while the figure is"), default=WRONG_SIDE)
    threshold = FloatField(_l("this number"), [Optional()])
    days = IntegerField(_l("Over how many days?"), [Optional()], default=28)
    minimum_n = IntegerField(_l("From how many on does it say something?"), [Optional()], default=50)
    grade = SelectField(_l("How sure is it?"), [Optional()], default="C")
    note = StringField(_l("What shows that it is surer?"), [Length(max=300)])
    link = StringField(_l("What stands behind it?"), [Length(max=500)])


class ScoreForm(Form):
    """Scores set by hand, against the evidence."""

    reach = FloatField(_l("Reach: people a quarter"), [Optional()])
    impact = SelectField(_l("Impact"), [Optional()], default="")
    confidence = FloatField(_l("Sureness, in per cent"), [Optional()])
    effort = FloatField(_l("Effort, in weeks of one person"), [Optional()])
    foretold_low = FloatField(_l("Tickets avoided a quarter: at least"), [Optional()])
    foretold = FloatField(_l("probably"), [Optional()])
    foretold_high = FloatField(_l("at most"), [Optional()])
    reason = StringField(_l("Why?"), [Length(max=500)])


class PointsForm(Form):
    """What the steering group gives."""

    value_points = SelectField(_l("Value"), [Optional()], default="")
    urgency_points = SelectField(_l("Urgency"), [Optional()], default="")
    risk_points = SelectField(_l("Risk or opportunity"), [Optional()], default="")
    size_points = SelectField(_l("Size"), [Optional()], default="")

    def offer(self) -> PointsForm:
        for name in items.POINTS:
            self[name].choices = [("", "–"), *((str(n), str(n)) for n in items.FIBONACCI)]
        return self

    @property
    def points(self) -> dict[str, int | None]:
        return {name: _number(self[name].data) for name in items.POINTS}


class PlaceForm(Form):
    """Where an item stands in its column, and why; with the order that was looked at."""

    place = SelectField(_l("Which place?"), coerce=int)
    reason = StringField(_l("Why? Everybody can read it."), [Length(max=500)])
    seen = HiddenField()

    def offer(self, column: Sequence[Standing]) -> PlaceForm:
        self.place.choices = [
            (one.place, _("%(n)s, where “%(title)s” stands", n=one.place, title=one.item.title)) for one in column
        ]
        return self


class MoveForm(Form):
    """Where an item goes, and why."""

    to = HiddenField()
    reason = TextAreaField(_l("Why? Everybody can read it."), [Length(max=1_000)])


class ReasonForm(Form):
    """A reason, and nothing else."""

    reason = StringField(_l("Why?"), [Length(max=500)])
