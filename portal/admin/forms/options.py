"""Forms of what an administrator sets."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.admin import wording
from portal.admin.forms.choices import choices, zones
from portal.core import i18n
from portal.core import options as core_options
from portal.core.forms import Form


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
        choices=choices(
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
    imap_host = StringField(wording.OPTIONS["imap_host"], [Length(max=253)])
    imap_port = IntegerField(wording.OPTIONS["imap_port"], [InputRequired(), NumberRange(1, 65_535)])
    imap_tls = BooleanField(wording.OPTIONS["imap_tls"])
    imap_user = StringField(wording.OPTIONS["imap_user"], [Length(max=254)])
    imap_folder = StringField(wording.OPTIONS["imap_folder"], [InputRequired(), Length(max=200)])
    imap_minutes = IntegerField(wording.OPTIONS["imap_minutes"], [InputRequired(), NumberRange(1, 1440)])
    mail_judge = StringField(wording.OPTIONS["mail_judge"], [Length(max=253)])
    mails_per_hour = IntegerField(wording.OPTIONS["mails_per_hour"], [InputRequired(), NumberRange(3, 1000)])
    survey_mails_per_minute = IntegerField(
        wording.OPTIONS["survey_mails_per_minute"], [InputRequired(), NumberRange(0, 60_000)]
    )
    intent_percent = IntegerField(
        _l("Asked “would you have called?”, in per cent"), [InputRequired(), NumberRange(0, 100)]
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.default_locale.choices = choices(i18n.languages())
        self.default_timezone.choices = zones()


class KeepingForm(Form):
    """For how many days things are kept; its fields are the options of the rules."""

    keep_looking_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_sessions_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_leavers_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_mail_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_incoming_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_news_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_survey_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])
    keep_backups_days = IntegerField(_l("Days"), [InputRequired(), NumberRange(0, 3650)])

    @classmethod
    def now(cls) -> KeepingForm:
        """Return the form with what holds at this moment."""
        return cls(formdata=None, obj=core_options.get())

    @property
    def days(self) -> dict[str, int]:
        return {name: field.data for name, field in self._fields.items() if name.startswith("keep_")}


class LookForm(Form):
    """Colours of links and buttons, and what the logo says."""

    brand_light = StringField(wording.OPTIONS["brand_light"], [Length(max=16)])
    brand_dark = StringField(wording.OPTIONS["brand_dark"], [Length(max=16)])
    logo_alt = StringField(wording.OPTIONS["logo_alt"], [Length(max=120)])


class LogoForm(Form):
    """A picture to stand in the header."""

    file = FileField(_l("Picture"))
    alt = StringField(_l("What it says"), [Length(max=120)])
