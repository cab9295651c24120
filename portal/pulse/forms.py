"""Forms of planning a wave: one for each step. Every one carries the version it was filled in from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.core.forms import Form
from portal.pulse import wording
from portal.pulse.models import Breakdown, Wave
from surveys.instrument import Instrument


def _choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def _stages(instrument: Instrument) -> list[SelectChoice]:
    return _choices((stage.code, f"{stage.name}: {stage.question}") for stage in instrument.stages)


class NewWaveForm(Form):
    """How far the change has come, and how the wave is called."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    stage = RadioField(_l("How far has the change come?"), [InputRequired()])

    def offer(self, instrument: Instrument) -> None:
        self.stage.choices = _stages(instrument)


DIGITS = 10
"""A version has fewer."""


class StepForm(Form):
    """What every step has: which state of the wave it was made from."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """Return the version that was looked at; what is no number was none."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < DIGITS else 0

    def values(self) -> dict[str, Any]:
        """Return what is to be kept, by the names of the wave's fields."""
        mine = (name for name in self._fields if name not in ("version", "form_token", "csrf_token"))
        return {name: self._fields[name].data for name in mine}


class QuestionsForm(StepForm):
    """What is asked."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    stage = RadioField(_l("How far has the change come?"), [InputRequired()])
    open_question = StringField(_l("The one open question, in your words"), [Length(max=300)])
    before_id = SelectField(_l("Set against"), coerce=int)

    def offer(self, instrument: Instrument, earlier: list[Wave]) -> None:
        self.stage.choices = _stages(instrument)
        self.before_id.choices = _choices([(0, _("No earlier survey")), *((wave.id, wave.name) for wave in earlier)])

    @classmethod
    def of(cls, wave: Wave) -> QuestionsForm:
        return cls(formdata=None, obj=wave, before_id=wave.before_id or 0)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "before_id": self.before_id.data or None}


class PeopleForm(StepForm):
    """Who is asked, and by which groups it is read."""

    departments = SelectMultipleField(_l("Departments"), coerce=int)
    breakdown = RadioField(_l("Read by"), [InputRequired()])
    second_breakdown = RadioField(_l("And by, as far as it gives nobody away"), [InputRequired()])
    threshold = IntegerField(_l("Show a group from so many answers on"), [InputRequired(), NumberRange(5, 100)])

    def offer(self, departments: list[tuple[int, str]]) -> None:
        self.departments.choices = _choices(departments)
        self.breakdown.choices = _choices((one.value, words) for one, words in wording.BREAKDOWNS.items())
        seconds = {**wording.BREAKDOWNS, Breakdown.NONE: _("Nothing else")}
        self.second_breakdown.choices = _choices((one.value, words) for one, words in seconds.items())


class MailForm(StepForm):
    """Who asks, why, and when."""

    sender = RadioField(_l("Who asks?"), [InputRequired()], choices=_choices(wording.SENDERS.items()))
    sender_name = StringField(_l("Signed by"), [InputRequired(), Length(max=120)])
    reply_to = StringField(_l("Answers to the mail go to"), [Length(max=254)])
    why = TextAreaField(_l("What it is for, who reads it, and when people hear what came of it"), [Length(max=2000)])
    opens_on = DateField(_l("First day"), [InputRequired()])
    closes_on = DateField(_l("Last day"), [InputRequired()])
    first_reminder = IntegerField(_l("First reminder, days after the first day"), [Optional(), NumberRange(1, 60)])
    second_reminder = IntegerField(_l("Second reminder, days after the first day"), [Optional(), NumberRange(1, 60)])

    @classmethod
    def of(cls, wave: Wave) -> MailForm:
        return cls(formdata=None, obj=wave, **_reminders(wave))

    def values(self) -> dict[str, Any]:
        return _with_reminders(super().values())


class TryForm(StepForm):
    """Whom a draft is tried on."""

    is_me = BooleanField(_l("Me"))
    first = StringField(_l("A colleague’s mail address"), [Length(max=254)])
    second = StringField(_l("Another colleague’s mail address"), [Length(max=254)])

    def emails(self, own: str) -> list[str]:
        return [own] * bool(self.is_me.data) + [text for text in (self.first.data, self.second.data) if text]


class RunningForm(StepForm):
    """What may still be changed of a wave that runs."""

    closes_on = DateField(_l("Last day"), [InputRequired()])
    first_reminder = IntegerField(_l("First reminder, days after the first day"), [Optional(), NumberRange(1, 60)])
    second_reminder = IntegerField(_l("Second reminder, days after the first day"), [Optional(), NumberRange(1, 60)])
    threshold = IntegerField(_l("Show a group from so many answers on"), [InputRequired(), NumberRange(5, 100)])

    @classmethod
    def of(cls, wave: Wave) -> RunningForm:
        return cls(formdata=None, obj=wave, **_reminders(wave))

    def values(self) -> dict[str, Any]:
        return _with_reminders(super().values())


def _reminders(wave: Wave) -> dict[str, int | None]:
    days = [*wave.reminder_days, None, None]
    return {"first_reminder": days[0], "second_reminder": days[1]}


def _with_reminders(values: dict[str, Any]) -> dict[str, Any]:
    days = [values.pop("first_reminder"), values.pop("second_reminder")]
    return {**values, "reminder_days": [day for day in days if day is not None]}
