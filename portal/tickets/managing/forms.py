"""The forms of setting up the desk. Each works without script."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.core.zones import zones
from portal.tickets.holding import BODY
from portal.tickets.managing.requests import ICONS, Asked
from portal.tickets.models import Priority, Queue
from portal.tickets.requesting.prepared import MOST_FIELDS

NOTHING = 0
SPANS = 2
"""Stretches of work a day that the editor of a week has room for; more where there are more."""
MORE = 2
"""Empty rows for further questions of a request."""
ICON_WORDS = {
    "list": _l("List"),
    "cart": _l("Trolley"),
    "laptop": _l("Laptop"),
    "monitor": _l("Screen"),
    "phone": _l("Phone"),
    "folder": _l("Folder"),
    "key": _l("Key"),
    "mail": _l("Letter"),
    "user": _l("Person"),
    "calendar": _l("Calendar"),
    "door": _l("Door"),
    "building": _l("Building"),
}
"""What the drawings are called."""
_TIME = re.compile(r"(?:(\d{1,4}):([0-5]\d)|(\d{1,4})(?:\s*h)?|(\d{1,5})\s*min)")


def minutes(text: str) -> int | None:
    """Return a length of working time as it is written: 4, 4:30, 4 h, 30 min; nothing for nothing.

    >>> [minutes(text) for text in ("", "4", "4:30", "4 h", "30 min")]
    [None, 240, 270, 240, 30]
    """
    text = text.strip().lower()
    if not text:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    hours, rest, whole, alone = match.groups()
    if alone:
        return int(alone)
    return int(whole) * 60 if whole else int(hours) * 60 + int(rest)


def written(length: int | None) -> str:
    """Return a length of working time as the form shows it.

    >>> [written(n) for n in (None, 240, 270, 30)]
    ['', '4:00', '4:30', '0:30']
    """
    return "" if length is None else f"{length // 60}:{length % 60:02d}"


def _length(form: Any, field: Any) -> None:
    try:
        minutes(field.data or "")
    except ValueError:
        raise ValidationError(_("Write hours and minutes of working time, such as 4:00.")) from None


class QueueForm(Form):
    """A queue, who works it, and what it promises."""

    name = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=120)])
    summary = StringField(_l("What it helps with"), [Optional(), Length(max=300)])
    email = StringField(_l("Its mail address"), [Optional(), Length(max=254)])
    hours_id = SelectField(_l("Working hours"), coerce=int)
    members = SelectMultipleField(_l("Who works it"), coerce=int)
    is_default = BooleanField(_l("Takes what fits nowhere else"))
    is_active = BooleanField(_l("In use"), default=True)

    @property
    def promises(self) -> list[tuple[Priority, Any, Any]]:
        """Return the fields of what is promised, by priority."""
        return [(one, self[f"{one.value}_first"], self[f"{one.value}_resolution"]) for one in Priority]


for _one in Priority:
    for _kind in ("first", "resolution"):
        setattr(QueueForm, f"{_one.value}_{_kind}", StringField(validators=[Optional(), Length(max=12), _length]))


class HoursForm(Form):
    """A week of working hours; the times stand in a table."""

    name = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=120)])
    timezone = SelectField(_l("Time zone"))

    def __init__(self, *args: Any, week: list[Any] | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.timezone.choices = zones()
        kept = kw.get("timezone")
        if kept and kept not in {one.value for one in self.timezone.choices}:
            self.timezone.choices = [SelectChoice(kept), *self.timezone.choices]
        self.week: list[list[list[str]]] = [[list(span) for span in day] for day in week or [[]] * 7]
        self.refused: set[int] = set()

    def read(self, sent: MultiDict[str, str]) -> None:
        """Take the times that were sent; a stretch of which neither end was written is none."""
        n = min(max((int(key.split("_")[2]) for key in sent if re.fullmatch(r"day_[0-6]_\d_from", key)), default=0), 9)
        self.week = []
        for day in range(7):
            pairs = (
                (sent.get(f"day_{day}_{span}_{end}", "").strip() for end in ("from", "to")) for span in range(n + 1)
            )
            self.week.append([[begin, "24:00" if end == "00:00" else end] for begin, end in pairs if begin or end])

    @property
    def n_spans(self) -> int:
        return max(SPANS, *(len(day) for day in self.week))


class HolidaysForm(Form):
    """Days off: one, a list of them, or a calendar file."""

    on = DateField(_l("Day"), [Optional()])
    title = StringField(_l("Its name"), [Optional(), Length(max=120)])
    lines = TextAreaField(_l("Or a list, one a line"), [Optional(), Length(max=100_000)], render_kw={"rows": 4})
    file = FileField(_l("Or a calendar file (.ics)"))


class RequestForm(Form):
    """A prepared request; what it asks stands in a table."""

    title = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=120)])
    summary = StringField(_l("For what"), [Optional(), Length(max=300)])
    icon = SelectField(_l("Drawing"), choices=[SelectChoice(one, ICON_WORDS[one]) for one in ICONS])
    category_id = SelectField(_l("Topic"), coerce=int)
    queue_id = SelectField(_l("Lands in"), coerce=int)
    position = IntegerField(_l("Place in the list"), [Optional(), NumberRange(min=0, max=ROW)])
    is_active = BooleanField(_l("In use"), default=True)

    def __init__(self, *args: Any, asked: list[Asked] | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.asked = asked or []

    def offer(self, topics: list[tuple[int, str]], queues: list[Queue]) -> None:
        """Give the topics and queues to choose from."""
        self.category_id.choices = [SelectChoice(NOTHING, _("None")), *(SelectChoice(*one) for one in topics)]
        default = SelectChoice(NOTHING, _("The default queue"))
        self.queue_id.choices = [default, *(SelectChoice(one.id, one.name) for one in queues)]

    def read(self, sent: MultiDict[str, str]) -> None:
        """Take the rows that were sent, those without a label too, so that they can be filled in."""
        self.asked = []
        for row in range(MOST_FIELDS + MORE):
            if f"asked_{row}_label" in sent:
                place = sent.get(f"asked_{row}_place", "")
                self.asked.append(
                    Asked(
                        name=sent.get(f"asked_{row}_name", "")[:40],
                        label=sent[f"asked_{row}_label"],
                        kind=sent.get(f"asked_{row}_kind", "line"),
                        options=sent.get(f"asked_{row}_options", "")[:4000],
                        hint=sent.get(f"asked_{row}_hint", ""),
                        is_required=f"asked_{row}_required" in sent,
                        place=int(place) if place.isascii() and place.isdigit() and len(place) < 5 else row + 1,
                    )
                )

    @property
    def rows(self) -> list[Asked]:
        """Return the questions with empty rows below them."""
        said = [one for one in self.asked if one.label.strip()]
        n = min(MORE, MOST_FIELDS - len(said))
        return [*said, *(Asked(place=len(said) + 1 + place) for place in range(n))]


class SavedReplyForm(Form):
    """A reply prepared for everybody at the desk."""

    title = StringField(_l("Title"), [InputRequired(_l("Give it a title.")), Length(max=120)])
    body = TextAreaField(
        _l("Words"), [InputRequired(_l("Write the reply first.")), Length(max=BODY)], render_kw={"rows": 8}
    )
