"""Forms about departments, sites and audiences."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from portal.admin import wording
from portal.admin.forms.choices import NOWHERE, choices, nested, zones
from portal.core.forms import Form
from portal.people import queries as people

SLUG = r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"


class DepartmentForm(Form):
    """A unit of the organisation."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    parent_id = SelectField(_l("Belongs to"), coerce=int)
    manager = StringField(_l("Led by"), [Length(max=254)])
    manager_id = RadioField(_l("Which of them?"), [Optional()], coerce=int)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.parent_id.choices = choices([(NOWHERE, _l("Nothing above it")), *nested(people.departments())])
        self.manager_id.choices = []
        self.manager_id.validate_choice = False


class MergeDepartmentForm(Form):
    """Into which other unit this one goes."""

    into_id = SelectField(_l("Into"), coerce=int)

    def __init__(self, *args: Any, leave_out: int, **kw: Any) -> None:
        super().__init__(*args, **kw)
        rest = [pair for pair in nested(people.departments()) if pair[0] != leave_out]
        self.into_id.choices = choices([(NOWHERE, _l("Choose…")), *rest])


class SiteForm(Form):
    """A place where people work."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    timezone = SelectField(_l("Time zone"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.timezone.choices = zones()


class RulesForm(Form):
    """Who belongs to an audience: whoever fits one of the chosen departments, sites, roles or addresses."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    departments = SelectMultipleField(_l("Departments"), coerce=int)
    sites = SelectMultipleField(_l("Sites"), coerce=int)
    roles = SelectMultipleField(_l("Roles"), choices=choices(wording.ROLES.items()))
    people = TextAreaField(_l("Single people"), [Length(max=20_000)])

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.departments.choices = choices((d.id, d.name) for d in people.departments())
        self.sites.choices = choices((s.id, s.name) for s in people.sites())


class AudienceForm(RulesForm):
    """A new audience."""

    slug = StringField(
        _l("Short name"),
        [
            InputRequired(),
            Length(max=64),
            Regexp(f"^{SLUG}$", message=_l("Small letters, digits and hyphens, please.")),
        ],
    )
