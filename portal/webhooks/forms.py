"""Forms of webhooks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectMultipleField, StringField, URLField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.core.forms import Form
from portal.webhooks.events import PUBLIC_EVENTS

_REQUIRED = _l("Please fill this in.")


class WebhookForm(Form):
    """Where to, and what of."""

    label = StringField(_l("What is it for?"), [DataRequired(_REQUIRED), Length(max=80)])
    url = URLField(_l("Address"), [DataRequired(_REQUIRED), Length(max=1000)])
    events = SelectMultipleField(
        _l("What should it hear of?"),
        validators=[InputRequired(_l("Choose at least one event."))],
        choices=[SelectChoice(told.key, told.text) for told in PUBLIC_EVENTS.values()],
    )
