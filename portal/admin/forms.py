"""Forms of administration. Choices that are rows are filled in by the form itself, so that a view stays short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from portal.admin import wording
from portal.core import i18n
from portal.core.forms import Form
from portal.core.permissions import Role
from portal.people import queries as people

SLUG = r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"
NOWHERE = 0


def _choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def _zones() -> list[SelectChoice]:
    """Return the time zones that are named after places, by part of the world, and UTC before them."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    parts = ((zone, *zone.partition("/")) for zone in named)
    return [
        SelectChoice("UTC"),
        *(SelectChoice(zone, place.replace("_", " "), optgroup=area) for zone, area, _slash, place in parts),
    ]


class PersonForm(Form):
    """What an administrator keeps about somebody."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    email = StringField(_l("Mail address"), [InputRequired(), Length(max=254)])
    department_id = SelectField(_l("Department"), coerce=int)
    site_id = SelectField(_l("Site"), coerce=int)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.department_id.choices = _choices([(NOWHERE, _l("None")), *((d.id, d.name) for d in people.departments())])
        self.site_id.choices = _choices([(NOWHERE, _l("None")), *((s.id, s.name) for s in people.sites())])

    @property
    def place(self) -> dict[str, int | None]:
        """Return the chosen department and site as services want them."""
        return {"department_id": self.department_id.data or None, "site_id": self.site_id.data or None}


class RolesForm(Form):
    """The roles somebody has beyond reading."""

    roles = SelectMultipleField(_l("Roles"), choices=_choices(wording.ROLE_WORDS.items()))

    @property
    def chosen(self) -> set[Role]:
        return {Role(role) for role in self.roles.data or ()}


class NewPersonForm(PersonForm, RolesForm):
    """Somebody new, who gets an invitation."""


class AudienceForm(Form):
    """A named group of people: whoever fits one of the chosen departments, sites, roles or addresses."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    slug = StringField(
        _l("Short name"),
        [
            InputRequired(),
            Length(max=64),
            Regexp(f"^{SLUG}$", message=_l("Small letters, digits and hyphens, please.")),
        ],
    )
    departments = SelectMultipleField(_l("Departments"), coerce=int)
    sites = SelectMultipleField(_l("Sites"), coerce=int)
    roles = SelectMultipleField(_l("Roles"), choices=_choices(wording.ROLES.items()))
    people = TextAreaField(_l("Single people"), [Length(max=20_000)])

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.departments.choices = _choices((d.id, d.name) for d in people.departments())
        self.sites.choices = _choices((s.id, s.name) for s in people.sites())


class OptionsForm(Form):
    """What an administrator changes while the portal runs."""

    portal_name = StringField(wording.OPTIONS["portal_name"], [InputRequired(), Length(max=80)])
    public_reading = BooleanField(wording.OPTIONS["public_reading"])
    default_locale = SelectField(wording.OPTIONS["default_locale"])
    default_timezone = SelectField(wording.OPTIONS["default_timezone"])
    desk_mail = StringField(wording.OPTIONS["desk_mail"], [Length(max=254)])
    desk_phone = StringField(wording.OPTIONS["desk_phone"], [Length(max=64)])
    mail_mode = RadioField(
        wording.OPTIONS["mail_mode"],
        choices=_choices(
            [
                ("smtp", _l("Through a mail server")),
                ("folder", _l("Into a folder, for trying things out")),
                ("console", _l("Onto the console, for trying things out")),
            ]
        ),
    )
    mail_from = StringField(wording.OPTIONS["mail_from"], [InputRequired(), Length(max=254)])
    smtp_host = StringField(wording.OPTIONS["smtp_host"], [Length(max=253)])
    smtp_port = IntegerField(wording.OPTIONS["smtp_port"], [InputRequired(), NumberRange(1, 65_535)])
    smtp_user = StringField(wording.OPTIONS["smtp_user"], [Length(max=254)])
    smtp_password = PasswordField(wording.OPTIONS["smtp_password"], [Length(max=500)])
    forget_password = BooleanField(_l("Forget the password that is stored"))
    smtp_tls = BooleanField(wording.OPTIONS["smtp_tls"])
    intent_percent = IntegerField(
        _l("Asked “would you have called?”, in per cent"), [InputRequired(), NumberRange(0, 100)]
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.default_locale.choices = _choices(i18n.languages())
        self.default_timezone.choices = _zones()


class AuditForm(Form):
    """Filters of the audit log; a GET form, so that its address can be shared."""

    class Meta(Form.Meta):
        csrf = False

    person = StringField(_l("Person"), [Optional(), Length(max=120)])
    name = SelectField(_l("What happened"), default="")
    day = DateField(_l("Day"), [Optional()])

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        named = sorted(((name.value, str(word)) for name, word in wording.FACTS.items()), key=lambda pair: pair[1])
        self.name.choices = _choices([("", _l("Everything")), *named])
