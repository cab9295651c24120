"""The forms of accounts. They check shape; what may be is for the services to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.accounts import tokens
from portal.accounts.setup import Answers
from portal.core import actor, clock, i18n, scopes
from portal.core.forms import Form
from portal.core.permissions import Role
from portal.core.scopes import Scope

_REQUIRED = _l("Please fill this in.")
_MOST_PASSWORD = 1000


def _needed() -> DataRequired:
    return DataRequired(_REQUIRED)


def _new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(_REQUIRED), Length(max=_MOST_PASSWORD)],
        description=_l("At least 8 characters; a sentence of 15 or more is better. Pasting is fine."),
    )


def timezone_choices(empty: Any = None) -> list[SelectChoice]:
    """Return the zones that are named after places, by continent, with a choice for none when it has a name."""
    no_place = ("Etc/", "posix/", "right/", "SystemV/", "US/")
    zones = sorted(zone for zone in clock.timezones() if "/" in zone and not zone.startswith(no_place))
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, SelectChoice("UTC"), *map(_zone, zones)]


def _zone(zone: str) -> SelectChoice:
    area, _slash, place = zone.partition("/")
    return SelectChoice(zone, place.replace("_", " ").replace("/", ", "), optgroup=area)


def _choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class SignInForm(Form):
    email = EmailField(_l("Mail address"), [_needed(), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_REQUIRED), Length(max=_MOST_PASSWORD)])
    is_remembered = BooleanField(_l("Stay signed in on this device"))


class ResetRequestForm(Form):
    email = EmailField(_l("Mail address"), [_needed(), Length(max=254)])


class NewPasswordForm(Form):
    password = _new_password(_l("New password"))


class InvitationForm(Form):
    name = StringField(_l("Your name"), [_needed(), Length(max=120)])
    password = _new_password(_l("Password"))


class ProfileForm(Form):
    name = StringField(_l("Name"), [_needed(), Length(max=120)])
    locale = SelectField(_l("Language"))
    timezone = SelectField(_l("Time zone"))
    theme = RadioField(
        _l("Light or dark"),
        choices=_choices([("auto", _l("As the device")), ("light", _l("Light")), ("dark", _l("Dark"))]),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.locale.choices = _choices([("", _l("As the portal")), *i18n.languages()])
        self.timezone.choices = timezone_choices(_l("That of my site, else the portal's"))


class ChangePasswordForm(Form):
    current_password = PasswordField(_l("Current password"), [InputRequired(_REQUIRED), Length(max=_MOST_PASSWORD)])
    new_password = _new_password(_l("New password"))


class QuietForm(Form):
    """Quiet hours; the boxes of kinds and channels stand beside it and are read by the view."""

    quiet_from = TimeField(_l("From"), [Optional()])
    quiet_until = TimeField(_l("Until"), [Optional()])


LIVES = {30: _l("30 days"), 90: _l("90 days"), 365: _l("one year"), 0: _l("until it is revoked")}
ROLES = {
    Role.EDITOR: _l("Editor: writes and publishes articles"),
    Role.AGENT: _l("Service desk"),
    Role.SPECIALIST: _l("Specialist"),
    Role.ANALYST: _l("Analyst"),
    Role.MANAGER: _l("Manager"),
    Role.ADMIN: _l("Administrator: may do everything"),
}


class TokenForm(Form):
    label = StringField(_l("What is it for?"), [_needed(), Length(max=80)])
    scopes = SelectMultipleField(
        _l("What may it do?"), default=sorted(scopes.LEAST), validators=[InputRequired(_l("Choose at least one."))]
    )
    days = SelectField(_l("Works for"), coerce=int, default=90)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.scopes.choices = _choices((one.value, scopes.WORDS[one]) for one in tokens.offered_to(actor.current()))
        self.days.choices = _choices((str(days), LIVES[days]) for days in tokens.LIVES_DAYS)

    @property
    def chosen(self) -> set[Scope]:
        return {Scope(one) for one in self.scopes.data or ()}


class ServiceForm(Form):
    """A token for a program that is nobody's."""

    label = StringField(_l("Name of the system"), [_needed(), Length(max=80)])
    scopes = SelectMultipleField(
        _l("What may it do?"),
        choices=_choices((one.value, scopes.WORDS[one]) for one in Scope),
        default=sorted(scopes.LEAST),
        validators=[InputRequired(_l("Choose at least one."))],
    )
    roles = SelectMultipleField(
        _l("Roles it acts with"), choices=_choices((role.value, words) for role, words in ROLES.items())
    )
    days = SelectField(
        _l("Works for"),
        coerce=int,
        default=365,
        choices=_choices((str(days), LIVES[days]) for days in tokens.SERVICE_LIVES_DAYS),
    )

    @property
    def chosen_scopes(self) -> set[Scope]:
        return {Scope(one) for one in self.scopes.data or ()}

    @property
    def chosen_roles(self) -> set[Role]:
        return {Role(one) for one in self.roles.data or ()}


class SetUpForm(Form):
    name = StringField(_l("Your name"), [_needed(), Length(max=120)])
    email = EmailField(_l("Your mail address"), [_needed(), Length(max=254)])
    password = _new_password(_l("Password"))
    portal_name = StringField(_l("Name of your organisation"), [_needed(), Length(max=60)])
    locale = SelectField(_l("Language"))
    timezone = SelectField(_l("Time zone"), default="UTC")
    reading = RadioField(
        _l("Who may read?"),
        choices=_choices(
            [
                ("signed-in", _l("Only people who have signed in")),
                ("public", _l("Everybody may read and search what is marked public")),
            ]
        ),
        default="signed-in",
    )
    desk_mail = EmailField(_l("Its mail address"), [Optional(), Length(max=254)])
    desk_phone = TelField(_l("Its telephone"), [Optional(), Length(max=40)])
    mail_mode = RadioField(
        _l("How does mail leave?"),
        choices=_choices(
            [
                ("smtp", _l("Through a mail server")),
                ("folder", _l("Into a folder, for trying things out")),
                ("console", _l("Onto the console, for trying things out")),
            ]
        ),
        default="smtp",
    )
    mail_from = EmailField(_l("Sender's address"), [Optional(), Length(max=254)])
    smtp_host = StringField(_l("Mail server"), [Optional(), Length(max=253)])
    smtp_port = IntegerField(_l("Port"), [Optional(), NumberRange(1, 65535)], default=587)
    smtp_user = StringField(_l("Account at the mail server"), [Optional(), Length(max=254)])
    smtp_password = PasswordField(_l("Its password"), [Optional(), Length(max=254)])
    smtp_tls = BooleanField(_l("Encrypt the connection"), default=True)
    wants_test_mail = BooleanField(_l("Send me a test mail"), default=True)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.locale.choices = _choices(i18n.languages())
        self.timezone.choices = timezone_choices()

    def answers(self) -> Answers:
        """Return what was filled in, as the service wants it."""
        text = {name: (self[name].data or "").strip() for name in _PLAIN}
        return Answers(
            **text,
            password=self.password.data or "",
            smtp_password=self.smtp_password.data or "",
            mail_from=(self.mail_from.data or "").strip() or "portal@localhost",
            smtp_port=self.smtp_port.data or 587,
            smtp_tls=self.smtp_tls.data,
            is_public=self.reading.data == "public",
            wants_test_mail=self.wants_test_mail.data,
        )


_PLAIN = (
    "name",
    "email",
    "portal_name",
    "locale",
    "timezone",
    "mail_mode",
    "smtp_host",
    "smtp_user",
    "desk_mail",
    "desk_phone",
)
