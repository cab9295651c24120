"""What a reading brought, in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from analytics.weblog import lines
from analytics.weblog.formats import Why
from portal.weblogs.intake import Reading
from portal.weblogs.queries import InAll

REASONS = {
    Why.EMPTY: _l("empty"),
    Why.TOO_LONG: _l("longer than a line can be"),
    Why.NO_QUOTE: _l("no closing quote, so the line is cut off"),
    Why.STATUS: _l("the status is not three digits"),
    Why.DATE: _l("no such time"),
    Why.NO_AGENT: _l("ends before referrer and agent"),
    Why.NO_LINE: _l("no line of an access log"),
    Why.JSON: _l("broken JSON"),
    Why.JSON_KEYS: _l("JSON without time, address, request or status"),
}


def reason(why: str) -> str:
    return str(REASONS[Why(why)]) if why in set(Why) else why


def told(reading: Reading) -> list[str]:
    """Say what a reading brought."""
    if not reading.n_read:
        nothing = _("Nothing new: every line of it was counted before.")
        return [*([nothing] if reading.is_known else [_("No whole line in it.")]), *_stopped(reading)]
    words = [
        _(
            "%(read)s lines read: %(parsed)s parsed, %(refused)s refused.",
            read=reading.n_read,
            parsed=reading.n_parsed,
            refused=reading.n_refused,
        )
    ]
    if reading.n_parsed:
        words.append(
            _(
                "%(addresses)s addresses, %(sessions)s sessions, %(views)s page views in %(visits)s visits.",
                addresses=reading.n_addresses,
                sessions=reading.n_sessions,
                views=reading.n_views,
                visits=reading.n_visits,
            )
        )
        names = (
            _("robots"),
            _("bad requests"),
            _("not asked with GET"),
            _("not answered with a page"),
            _("static files"),
        )
        left_out = ", ".join(f"{n} {name}" for n, name in zip(reading.classes, names, strict=False))
        words.append(_("No page views: %(classes)s.", classes=left_out))
    return words + _stopped(reading)


def _stopped(reading: Reading) -> list[str]:
    """Say why it was not read to its end, if so."""
    if reading.is_endless:
        return [endless()]
    return [_("The file breaks off; what it held before is counted.")] if reading.is_broken else []


def endless() -> str:
    return _("One line goes on for more than %(n)s MB, so nothing was read from there on.", n=lines.ENDLESS >> 20)


def in_all(found: InAll) -> str:
    """Say what a log holds after it was read."""
    return _(
        "“%(name)s” in all: %(read)s lines read, %(parsed)s parsed, %(refused)s refused; %(addresses)s addresses, "
        "%(sessions)s sessions, %(views)s page views in %(visits)s visits.",
        name=found.name,
        read=found.n_read,
        parsed=found.n_parsed,
        refused=found.n_read - found.n_parsed,
        addresses=found.n_addresses,
        sessions=found.n_sessions,
        views=found.n_views,
        visits=found.n_visits,
    )


def refusals(reading: Reading) -> list[str]:
    """Name the first refused lines."""
    named = [_("line %(n)s: %(why)s", n=number, why=reason(why)) for number, why in reading.examples]
    more = reading.n_refused - len(named)
    return [*named, ngettext("and %(num)s more", "and %(num)s more", more)] if more > 0 else named
