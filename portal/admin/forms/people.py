"""Forms about people: what is kept of somebody, their roles, somebody new."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.admin import wording
from portal.admin.forms.choices import NOWHERE, choices
from portal.core.forms import Form
from portal.core.permissions import Role
from portal.people import queries as people


class PlaceForm(Form):
    """Where somebody works."""

    department_id = SelectField(_l("Department"), coerce=int)
    site_id = SelectField(_l("Site"), coerce=int)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.department_id.choices = choices([(NOWHERE, _l("None")), *((d.id, d.name) for d in people.departments())])
        self.site_id.choices = choices([(NOWHERE, _l("None")), *((s.id, s.name) for s in people.sites())])

    @property
    def place(self) -> dict[str, int | None]:
        """Return the chosen department and site as services want them."""
        return {"department_id": self.department_id.data or None, "site_id": self.site_id.data or None}


class PersonForm(PlaceForm):
    """What an administrator keeps about somebody."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    email = StringField(_l("Mail address"), [InputRequired(), Length(max=254)])


class RolesForm(Form):
    """The roles somebody has beyond reading."""

    roles = SelectMultipleField(_l("Roles"), choices=choices(wording.ROLE_WORDS.items()))

    @property
    def chosen(self) -> set[Role]:
        return {Role(role) for role in self.roles.data or ()}


class NewPersonForm(PersonForm, RolesForm):
    """Somebody new, who gets an invitation."""


class InviteForm(PlaceForm, RolesForm):
    """Several new people at once, one a line."""

    lines = TextAreaField(_l("Who"), [InputRequired(), Length(max=40_000)])


class ActingForm(Form):
    """Why somebody is acted for."""

    why = StringField(_l("Why"), [InputRequired(), Length(min=5, max=300)])


class EraseForm(Form):
    """The name of whoever is to be erased, typed by hand."""

    name = StringField(_l("Their name, as it stands above"), [InputRequired(), Length(max=120)])
