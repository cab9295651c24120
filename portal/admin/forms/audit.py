"""The filters of the audit log."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from portal.admin import wording
from portal.admin.forms.choices import choices
from portal.core.forms import Form


class AuditForm(Form):
    """Filters of the audit log; a GET form, so that its address can be shared."""

    class Meta(Form.Meta):
        csrf = False

    who = StringField(_l("Who"), [Optional(), Length(max=120)])
    name = SelectField(_l("Did what"), default="")
    about = StringField(_l("To whom or what"), [Optional(), Length(max=120)])
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        named = sorted(((name.value, str(word)) for name, word in wording.FACTS.items()), key=lambda pair: pair[1])
        self.name.choices = choices([("", _l("Everything")), *named])
