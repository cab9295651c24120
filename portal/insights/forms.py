"""Forms of the figures' pages: a date to pin, what is assumed of money, which logs are read."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FloatField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.insights.worth import LABELS
from portal.measures.changes import LONGEST
from portal.weblogs.models import Pace
from portal.weblogs.services import About


class DateForm(Form):
    """A day on which something changed."""

    on = DateField(_l("Day"), validators=[InputRequired(message=_l("Which day?"))])
    text = StringField(
        _l("What changed"),
        description=_l("A few words: “New phones for the workshop”."),
        validators=[InputRequired(message=_l("Say in a few words what changed on that day.")), Length(max=LONGEST)],
    )


class AssumptionsForm(Form):
    """What must be believed before tickets can be money."""

    ticket_cost = FloatField(LABELS["ticket_cost"])
    varying = FloatField(LABELS["varying"])
    self_service_cost = FloatField(LABELS["self_service_cost"])
    editor_hours = FloatField(LABELS["editor_hours"])
    editor_rate = FloatField(LABELS["editor_rate"])
    agent_minutes = FloatField(LABELS["agent_minutes"])
    assisted_minutes = FloatField(LABELS["assisted_minutes"])
    self_minutes = FloatField(LABELS["self_minutes"])
    wage = FloatField(LABELS["wage"])

    def values(self) -> dict[str, float]:
        """Return what was typed; nothing typed is found wanting by `is_whole`."""
        return {name: float(self[name].data) for name in LABELS}

    def is_whole(self) -> bool:
        """Check the form, and that every field holds a number."""
        fine = self.validate_on_submit()
        for name in LABELS:
            field = self[name]
            if field.data is None and not field.errors:
                field.errors = [*field.errors, _("A number, please.")]
                fine = False
        return fine


class LogForm(Form):
    """A log of a web server."""

    name = StringField(
        _l("Name"),
        [InputRequired(message=_l("Give the log a name by which you know it.")), Length(max=80)],
        description=_l("Such as “Intranet” or “Portal behind the proxy”."),
    )
    path = StringField(
        _l("Where it lies"),
        [Length(max=400)],
        description=_l(
            "File, folder or pattern on the machine that runs the portal; copies that were rotated away beside a file "
            "are read too. Empty: bring files by hand."
        ),
    )
    pace = SelectField(
        _l("How often it is looked at"),
        choices=[
            SelectChoice(Pace.NEVER.value, _l("only when somebody asks for it")),
            SelectChoice(Pace.HOURLY.value, _l("every hour")),
            SelectChoice(Pace.NIGHTLY.value, _l("every night")),
        ],
    )
    hosts = TextAreaField(
        _l("Host names of the portal"),
        [Length(max=2000)],
        description=_l("One a line. By them it is told from which pages elsewhere the portal was opened."),
    )
    below = StringField(
        _l("Path below which the portal lies"),
        [Length(max=200)],
        description=_l("Such as /help; empty if at the root."),
    )
    is_common = BooleanField(
        _l("Its lines end before referrer and agent"),
        description=_l("Without agents no robot can be told, and every hit without one is left out."),
    )

    def about(self) -> About:
        return About(
            name=self.name.data or "",
            path=self.path.data or "",
            pace=Pace(self.pace.data),
            hosts=tuple((self.hosts.data or "").split()),
            below=self.below.data or "",
            is_common=bool(self.is_common.data),
        )
