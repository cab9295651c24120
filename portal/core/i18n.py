"""Languages: which one a reader gets, and how times and numbers are told in it.

There is a pseudo-locale for tests and debugging: every translated string comes back longer and in brackets, so that
a page shown in it betrays every string that bypasses translation, and every place too narrow for other languages.
What is filled in stays outside of the brackets, for it may bypass translation too.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_time,
    get_babel,
    get_locale,
    ngettext,
    to_user_timezone,
)
from flask_babel import gettext as _

from portal.core import actor, clock, options

PSEUDO = "en_150"
LANGUAGES = {"en": "English"}
RTL = frozenset({"ar", "he", "fa", "ur"})
CATALOGUES = Path(__file__).parent.parent / "translations"


def install(app: Flask) -> Babel:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    babel = Babel(app, locale_selector=_locale, timezone_selector=_timezone)
    if app.debug or app.testing:
        with app.app_context():
            domain = get_babel(app).instance.domain_instance
        domain.cache[PSEUDO, "messages"] = Pseudo()
    app.jinja_env.filters.update(day=day, moment=moment, ago=ago, at_time=at_time)
    return babel


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


@cache
def available() -> list[str]:
    """Return the codes of the languages there is a catalogue for."""
    found = (
        [path.name for path in CATALOGUES.iterdir() if (path / "LC_MESSAGES").is_dir()] if CATALOGUES.is_dir() else []
    )
    return sorted({*LANGUAGES, *found})


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
    pattern = "d MMM" if is_this_year else "d MMM yyyy"
    return format_datetime(value, pattern) if isinstance(value, dt.datetime) else format_date(value, pattern)


def moment(value: dt.datetime | None) -> str:
    """Tell an instant with its day and time, in the reader's zone."""
    return format_datetime(value, "d MMM yyyy, HH:mm") if value else ""


def at_time(value: dt.datetime) -> str:
    """Tell the time of day; of another day, with the day."""
    is_today = to_user_timezone(value).date() == to_user_timezone(clock.now()).date()
    return format_time(value, "HH:mm") if is_today else format_datetime(value, "d MMM, HH:mm")


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
    if minutes < 60 * 48:
        return _("yesterday")
    return day(value)
