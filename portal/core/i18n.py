"""Languages: which one a reader gets, and how times and numbers are told in it.

There is a pseudo-locale for tests and debugging: every translated string comes back longer and in brackets, so that
a page shown in it betrays every string that bypasses translation, and every place too narrow for other languages.
What is filled in stays outside of the brackets, for it may bypass translation too.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property, lru_cache
from typing import Any, Literal

from babel import Locale
from babel.support import Translations
from babel.units import format_unit
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_time,
    get_locale,
    get_timezone,
    ngettext,
    to_user_timezone,
)
from flask_babel import gettext as _
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.core import actor, catalogues, clock, options

PSEUDO = "en_150"
LANGUAGES = {"en": "English"}
SIZES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
RTL = frozenset({"ar", "he", "fa", "ur"})


class _Babel(Babel):
    """Babel with one file a language."""

    @cached_property
    def domain_instance(self) -> catalogues.OneFileEach:
        return catalogues.OneFileEach()


def install(app: Flask) -> Babel:
    babel = _Babel(app, locale_selector=_locale, timezone_selector=_timezone)
    if app.debug or app.testing:
        babel.domain_instance.also[PSEUDO] = Pseudo()
    _install_in_templates(app, babel.domain_instance)
    app.jinja_env.filters.update(day=day, moment=moment, ago=ago, at_time=at_time, size=size)
    return babel


def _install_in_templates(app: Flask, domain: catalogues.OneFileEach) -> None:
    """Give templates `_`, `gettext`, `ngettext`: what Jinja's extension gives, which looks `_` up twice."""

    @pass_eval_context
    def say(context: EvalContext, message: str, /, **variables: Any) -> str:
        return _filled_in(context, domain.get_translations().ugettext(message), variables)

    @pass_eval_context
    def count(context: EvalContext, one: str, many: str, n: int, /, **variables: Any) -> str:
        return _filled_in(context, domain.get_translations().ungettext(one, many, n), {"num": n, **variables})

    app.jinja_env.globals.update(_=say, gettext=say, ngettext=count)


def _filled_in(context: EvalContext, message: str, variables: dict[str, Any]) -> str:
    """Return a sentence with its gaps filled, escaped where the template escapes; `%%` is a percent sign, always."""
    text = Markup(message) if context.autoescape else message  # noqa: S704 - translations are ours, as templates are
    return text % variables if variables or "%" in message else text


class Pseudo(Translations):
    """Gives every string back a third longer and in brackets."""

    _filled_in = re.compile(r"(%\(\w+\)[a-z]|%%|\{\w+\})")

    def ugettext(self, message: str) -> str:
        more = ("~~~~~~~~~ " * len(message))[: len(message) // 3].rstrip()  # in words, as texts are
        pieces = self._filled_in.split(message + more)
        return "".join(f"⟦{piece}⟧" if n % 2 == 0 and piece else piece for n, piece in enumerate(pieces))

    def ungettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.ugettext(msgid1 if n == 1 else msgid2)

    gettext, ngettext = ugettext, ungettext  # the form library asks by these names


def _locale() -> str:
    who = actor.current()
    if who.locale in available() or (who.locale == PSEUDO and (current_app.debug or current_app.testing)):
        return who.locale
    try:
        default = options.get().default_locale
    except Exception:  # an error page must come out even without a database
        default = "en"
    if not has_request_context():  # commands and jobs speak the portal's language
        return default
    return request.accept_languages.best_match(available(), default) or "en"


def available() -> list[str]:
    """Return the codes of the languages the interface speaks."""
    return sorted({*LANGUAGES, *catalogues.codes()})


def languages() -> list[tuple[str, str]]:
    """Return (code, own name) of the languages a person can choose."""
    names = {code: Locale.parse(code).get_display_name() or code for code in available()}
    return [(code, LANGUAGES.get(code) or name.capitalize()) for code, name in names.items()]


def _timezone() -> str:
    return actor.current().timezone or _default_timezone()


def _default_timezone() -> str:
    try:
        return options.get().default_timezone
    except Exception:
        return "UTC"


def text_direction() -> str:
    forced = g.get("text_direction")
    return forced or ("rtl" if get_locale() and get_locale().language in RTL else "ltr")


def day(value: dt.date | dt.datetime | None) -> str:
    """Tell a day: `12 Nov`, with the year when it is another one."""
    if value is None:
        return ""
    is_this_year = value.year == clock.today().year
    pattern = _("d MMM") if is_this_year else _("d MMM yyyy")
    if isinstance(value, dt.datetime):
        return format_datetime(value, pattern)
    return _of_date(value, pattern, str(get_locale() or "en"))


@lru_cache(maxsize=2000)
def _of_date(value: dt.date, pattern: str, locale: str) -> str:
    """Write a date, which is the same in every zone, once: lists tell the same few days again and again."""
    return format_date(value, pattern)


def moment(value: dt.datetime | None) -> str:
    """Tell an instant with its day and time, in the reader's zone."""
    return _formatted(value, _("d MMM yyyy, HH:mm"), str(get_locale()), str(get_timezone())) if value else ""


@lru_cache(maxsize=4096)
def _formatted(value: dt.datetime, pattern: str, locale: str, timezone: str) -> str:
    """Return an instant in words; kept, because the same few stand on a page again and again."""
    return format_datetime(value, pattern)


def at_time(value: dt.datetime) -> str:
    """Tell the time of day; of another day, with the day."""
    is_today = to_user_timezone(value).date() == to_user_timezone(clock.now()).date()
    return format_time(value, "HH:mm") if is_today else format_datetime(value, _("d MMM, HH:mm"))


def ago(value: dt.datetime | None) -> str:
    """Tell how long ago something was: `20 min ago`, `yesterday`, or the day."""
    if value is None:
        return ""
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)s min ago", "%(num)s min ago", minutes)
    if minutes < 60 * 24:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
    if (to_user_timezone(clock.now()).date() - to_user_timezone(value).date()).days == 1:
        return _("yesterday")
    return day(value)


def size(n_bytes: int) -> str:
    """Tell a size in the unit that suits it: `1.4 MB`."""
    value, step = float(n_bytes), 0
    while value >= 1000 and step < len(SIZES) - 1:
        value, step = value / 1000, step + 1
    shown = round(value) if step < 2 or value >= 100 else round(value, 1)
    length: Literal["short", "long"] = "short" if step else "long"
    return format_unit(shown, f"digital-{SIZES[step]}", length=length, locale=get_locale())
