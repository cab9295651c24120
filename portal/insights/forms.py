"""Forms of the figures' pages: a date to pin, and what is assumed of money."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FloatField, StringField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from portal.insights.worth import LABELS
from portal.measures.changes import LONGEST


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
