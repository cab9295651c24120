"""The base of every form: protected, idempotent, and in the reader's language."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import support
from flask import request
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict
from wtforms import DateTimeLocalField, HiddenField
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError

from portal.core import i18n, once
from portal.core.errors import Invalid

MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""What browsers send, and what people type where the browser has no field for times."""


def no_nul(form: Any, field: Any) -> None:
    """Refuse NUL characters, which PostgreSQL cannot store."""
    if isinstance(field.data, str) and "\x00" in field.data:
        raise ValidationError(gettext("Please remove the invisible NUL character."))


@cache
def _library_messages(locale: str) -> Any:
    """Return the form library's own messages in a language, read once a process instead of once a request."""
    if locale == i18n.PSEUDO:
        return i18n.Pseudo()
    return support.Translations.load(messages_path(), [locale], domain="wtforms")


class Form(FlaskForm):
    """A form with CSRF protection and a token that lets it act only once."""

    form_token = HiddenField(default=once.new_token)

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _library_messages(str(get_locale() or "en"))

        def bind_field(self, form: Any, unbound: Any, options: Any) -> Any:
            field = unbound.bind(form=form, **options)
            field.validators = [no_nul, *field.validators]
            return field

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what a form sends, and nothing else: JSON would bring lists and numbers where texts belong."""
            if formdata is not _Auto:
                return formdata
            return CombinedMultiDict((request.files, request.form)) if form.is_submitted() else None

    def add_error(self, refusal: Invalid) -> None:
        """Show a service's refusal beside the field it names, or above the form."""
        if refusal.field and refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)

    @property
    def token(self) -> str:
        return self.form_token.data or ""


class MomentField(DateTimeLocalField):
    """A moment, typed and shown in the time zone of the person who types."""

    def __init__(self, label: Any = None, validators: Any = None, **given: Any) -> None:
        super().__init__(label, validators, format=MINUTES, **given)

    def at(self, zone: str) -> dt.datetime:
        """Return the moment that was typed; refuses one that exists in no calendar (Invalid)."""
        typed: dt.datetime = self.data
        try:
            return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
        except (OverflowError, ValueError):
            raise Invalid(gettext("There is no such time."), field=self.name) from None


def wall(at: dt.datetime, zone: str) -> dt.datetime:
    """Return a moment as the clock on the wall shows it there, for a MomentField."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
