"""Forms of planning a wave: one for each step."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form
from surveys.instrument import Instrument


class NewWaveForm(Form):
    """How far the change has come, and how the wave is called."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    stage = RadioField(_l("How far has the change come?"), [InputRequired()])

    def offer(self, instrument: Instrument) -> None:
        self.stage.choices = [(stage.code, stage.name) for stage in instrument.stages]
