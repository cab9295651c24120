"""What a wave may be set to, field by field: whatever cannot be is refused in words (Invalid)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.core import addresses, clock, options
from portal.core.database import db
from portal.core.errors import Invalid
from portal.people.models import Department
from portal.pulse import queries, wording
from portal.pulse.models import Breakdown, MailKind, Wave, WaveMailing
from surveys import loading
from surveys.instrument import Instrument
from surveys.privacy.suppression import LEAST, LEAST_TEXTS

MOST_REMINDERS = 2
MOST_DAYS = 60
MOST_THRESHOLD = 100
LEAST_WHY = 30
ADJUSTABLE = frozenset({"closes_on", "reminder_days", "threshold"})
"""What may still be changed while a wave runs."""


def of_draft(wave: Wave, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are kept, with what follows from them."""
    settled = {name: _RULES[name](wave, value) for name, value in values.items()}
    after = {**_plain(wave), **settled}
    if after["second_breakdown"] == after["breakdown"] and after["breakdown"] != Breakdown.NONE:
        raise Invalid(_("The second breakdown has to be another one."), field="second_breakdown")
    if after["breakdown"] == Breakdown.NONE and after["second_breakdown"] != Breakdown.NONE:
        raise Invalid(_("Choose the first breakdown before a second one."), field="second_breakdown")
    _check_days(after)
    return _with_texts(wave, settled, least=LEAST_TEXTS)


def of_running(wave: Wave, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are kept for a wave that runs: thresholds only rise, what was sent was sent."""
    settled = {name: _RULES[name](wave, value) for name, value in values.items()}
    if settled.get("threshold", wave.threshold) < wave.threshold:
        raise Invalid(
            _("People were promised %(n)s. It may be raised, never lowered.", n=wave.threshold), field="threshold"
        )
    today = clock.today(options.get().default_timezone)
    closes_on = settled.get("closes_on", wave.closes_on)
    if "closes_on" in settled and (closes_on is None or closes_on < today):
        raise Invalid(_("The last day cannot lie in the past."), field="closes_on")
    if settled.get("reminder_days", wave.reminder_days) != wave.reminder_days:
        _keep_what_went(wave, settled["reminder_days"], today)
    _check_days({**_plain(wave), **settled})
    return _with_texts(wave, settled, least=wave.comment_threshold)


def _keep_what_went(wave: Wave, days: list[int], today: dt.date) -> None:
    begun = select(func.count()).where(WaveMailing.wave_id == wave.id, WaveMailing.began_at.is_not(None))
    n_gone = db.session.execute(begun.where(WaveMailing.kind != MailKind.INVITATION.value)).scalar_one()
    if days[:n_gone] != wave.reminder_days[:n_gone]:
        raise Invalid(_("A reminder that has gone out stays where it is."), field="reminder_days")
    if wave.opens_on and any(wave.opens_on + dt.timedelta(days=day) < today for day in days[n_gone:]):
        raise Invalid(_("A reminder cannot go out on a day that is over."), field="reminder_days")


def _plain(wave: Wave) -> dict[str, Any]:
    return {column.key: getattr(wave, column.key) for column in Wave.__mapper__.column_attrs}


def _check_days(after: Mapping[str, Any]) -> None:
    opens_on, closes_on = after["opens_on"], after["closes_on"]
    if opens_on is None or closes_on is None:
        return
    n_days = (closes_on - opens_on).days
    if n_days < 1:
        raise Invalid(_("People need at least one more day to answer than the day they are asked."), field="closes_on")
    if n_days > MOST_DAYS:
        raise Invalid(
            _("Please close it within %(n)s days: people change, and so does what they answer on.", n=MOST_DAYS),
            field="closes_on",
        )
    if any(day > n_days for day in after["reminder_days"]):
        raise Invalid(_("A reminder has to go out before the survey closes."), field="reminder_days")


def _with_texts(wave: Wave, settled: dict[str, Any], *, least: int) -> dict[str, Any]:
    """Let comments and distributions need at least as many people as scores, and never fewer than `least`."""
    if "threshold" in settled:
        settled["comment_threshold"] = max(least, settled["threshold"])
    return settled


def name(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Invalid(_("Give it a name: what you will look for in a year."), field="name")
    return _within(text, 120, "name")


def stage(code: str, instrument: Instrument) -> str:
    if code not in {each.code for each in instrument.stages}:
        raise Invalid(_("Choose how far the change has come."), field="stage")
    return code


def _name(wave: Wave, value: str) -> str:
    return name(value)


def _stage(wave: Wave, value: str) -> str:
    return stage(value, loading.load(wave.instrument))


def _open_question(wave: Wave, value: str) -> str:
    return _within(" ".join(value.split()), 300, "open_question")


def _before(wave: Wave, value: int | None) -> int | None:
    if not value:
        return None
    if value not in {each.id for each in queries.comparable(wave)}:
        raise Invalid(_("Only a closed survey with the same questions can be compared."), field="before_id")
    return value


def _departments(wave: Wave, value: list[int]) -> list[int]:
    chosen = sorted(set(value))
    known = set(db.session.execute(select(Department.id).where(Department.id.in_(chosen))).scalars())
    if set(chosen) - known:
        raise Invalid(_("There is no such department."), field="departments")
    return chosen


def _breakdown(wave: Wave, value: str) -> str:
    if value not in set(Breakdown):
        raise Invalid(_("Choose by which groups it is read."), field="breakdown")
    return value


def _second(wave: Wave, value: str) -> str:
    if value not in set(Breakdown):
        raise Invalid(_("Choose by which groups it is read."), field="second_breakdown")
    return value


def _threshold(wave: Wave, value: int) -> int:
    if not LEAST <= value <= MOST_THRESHOLD:
        text = _(
            "A group is shown from %(least)s people on, or from more: up to %(most)s.", least=LEAST, most=MOST_THRESHOLD
        )
        raise Invalid(text, field="threshold")
    return value


def _sender(wave: Wave, value: str) -> str:
    if value not in wording.SENDERS:
        raise Invalid(_("HR or communications ask; never IT, whose service is asked about."), field="sender")
    return value


def _sender_name(wave: Wave, value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise Invalid(_("Say who asks: people answer people."), field="sender_name")
    return _within(text, 120, "sender_name")


def _reply_to(wave: Wave, value: str) -> str:
    if not value.strip():
        return ""
    return addresses.mail(value, field="reply_to").lower()[:254]


def _why(wave: Wave, value: str) -> str:
    return _within(value.replace("\r\n", "\n").replace("\r", "\n").strip(), 2000, "why")


def _opens_on(wave: Wave, value: dt.date | None) -> dt.date | None:
    if value is not None and value < clock.today(options.get().default_timezone):
        raise Invalid(_("This day is over."), field="opens_on")
    return value


def _closes_on(wave: Wave, value: dt.date | None) -> dt.date | None:
    return value


def _reminder_days(wave: Wave, value: list[int]) -> list[int]:
    days = sorted(set(value))
    if len(days) > MOST_REMINDERS:
        raise Invalid(
            _("At most two reminders: more are felt as pressure, and answered as such."), field="reminder_days"
        )
    if any(not 1 <= day <= MOST_DAYS for day in days):
        raise Invalid(_("Count the days from the invitation on: 1 is the day after."), field="reminder_days")
    return days


def _within(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise Invalid(_("Please keep this under %(n)s characters.", n=most), field=field)
    return text


_RULES: Mapping[str, Callable[[Wave, Any], Any]] = {
    "name": _name,
    "stage": _stage,
    "open_question": _open_question,
    "before_id": _before,
    "departments": _departments,
    "breakdown": _breakdown,
    "second_breakdown": _second,
    "threshold": _threshold,
    "sender": _sender,
    "sender_name": _sender_name,
    "reply_to": _reply_to,
    "why": _why,
    "opens_on": _opens_on,
    "closes_on": _closes_on,
    "reminder_days": _reminder_days,
}
