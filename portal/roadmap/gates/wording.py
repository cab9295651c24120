"""What gates ask for and what was found, in words: the same for what stands now and for what was frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.adoption.wording import figure
from portal.core.i18n import day
from portal.measures import catalogue
from portal.measures.presenting import number, percent
from portal.roadmap.gates.models import Kind, Verdict
from portal.roadmap.gates.reading import Found, Met
from portal.roadmap.taskforce.models import Seat
from surveys import wordings

INSTRUMENT = "pulse-1"


def steps() -> dict[str, str]:
    """Return the five gates, in their order."""
    return {
        "idea-design": _("From the idea to the design"),
        "design-build": _("From the design to building it"),
        "build-launch": _("From building it to the launch"),
        "launch-run": _("From the launch to everyday use"),
        "increment": _("After an increment"),
    }


def seats() -> dict[str, str]:
    """Return for whom one can sit in the task force."""
    return {
        Seat.USERS.value: _("Users"),
        Seat.IT.value: _("IT"),
        Seat.HR.value: _("HR"),
        Seat.STEERING.value: _("Steering group"),
    }


def verdict(value: str) -> tuple[str, str, str]:
    """Return the words, look and icon of a decision."""
    return {
        Verdict.GO.value: (_("Go"), "good", "check"),
        Verdict.CONDITIONS.value: (_("Go with conditions"), "warning", "steps"),
        Verdict.HOLD.value: (_("Hold"), "warning", "hand-over"),
    }[value]


def met(value: str) -> tuple[str, str, str]:
    """Return the words, look and icon of what was found."""
    return {
        Met.YES.value: (_("Met"), "good", "check"),
        Met.NO.value: (_("Not met"), "warning", "close"),
        Met.UNKNOWN.value: (_("Not enough data"), "neutral", "question"),
    }[value]


def found(one: Found) -> tuple[str, str, str]:
    """Return how a condition stands; what nobody has looked at is no matter of data."""
    if one.kind == Kind.HAND and one.met == Met.UNKNOWN:
        return _("Nobody has looked yet"), "neutral", "eye"
    return met(one.met)


def by_hand() -> Mapping[str, str]:
    return {
        "topics-known": _("The twenty topics people ask about most are known"),
        "tried-by-five": _("Five people have tried the design, and what stopped them is written down"),
        "fallback-tried": _("The way back was tried: people reach somebody when the portal is down"),
    }


def thawed(kept: Mapping[str, Any]) -> list[Found]:
    """Return the conditions of a decision as they stood."""
    return [Found(**one) for one in kept["conditions"]]


def asked(one: Found) -> str:
    """Say what is asked for."""
    bar = one.threshold if one.threshold is not None else 0.0
    match one.kind:
        case Kind.SCORE:
            return _("%(dimension)s: %(n)s or more of 100, beyond chance", dimension=_dimension(one.subject), n=_n(bar))
        case Kind.RESPONSE:
            return _("%(share)s or more of those asked answered the survey", share=percent(bar))
        case Kind.FALL:
            return _("No core dimension of the survey fell by %(g)s or more (effect size)", g=number(abs(bar), 1))
        case Kind.HISTORY:
            return _("%(measure)s: known for %(n)s weeks in a row", measure=_label(one.subject), n=_n(bar))
        case Kind.TOPICS:
            return _("%(share)s or more of the 20 busiest topics have a checked answer", share=percent(bar))
        case Kind.TRACED:
            return _("%(share)s of the requirements have an item and an example", share=percent(bar))
        case Kind.READOUT:
            return ngettext(
                "What it did is published: %(num)s effect or more",
                "What it did is published: %(num)s effects or more",
                int(bar),
            )
        case Kind.HAND:
            return one.words or str(by_hand().get(one.subject, one.subject))
    return _(
        "%(measure)s: %(how)s, over %(days)s days",
        measure=_label(one.subject),
        how=comparison(one.comparison, _told(one.subject, bar)),
        days=one.days,
    )


def noted(kept: str) -> str:
    """Say what the note of a change keeps of a condition: its kind, what it is about, and where the bar was."""
    kind, _space, rest = kept.partition(" ")
    if kind in (Kind.MEASURE, Kind.HISTORY, Kind.SCORE):
        subject, _space, bar = rest.partition(" ")
        if not bar:
            return _dimension(subject) if kind == Kind.SCORE else _label(subject)
        told = _told(subject, float(bar)) if kind == Kind.MEASURE else _n(float(bar))
        return f"{_dimension(subject) if kind == Kind.SCORE else _label(subject)}: {told}"
    if kind == Kind.HAND:
        return str(by_hand().get(rest.strip(), rest))
    return rest.strip()


def comparison(sign: str, value: str) -> str:
    """Say how a figure is to stand to another."""
    return {
        ">=": _("%(value)s or more", value=value),
        ">": _("more than %(value)s", value=value),
        "<=": _("%(value)s or less", value=value),
        "<": _("less than %(value)s", value=value),
    }[sign]


def said(one: Found) -> str:
    """Say what was found, and on how much it rests."""
    if one.kind == Kind.HAND:
        if one.met == Met.UNKNOWN:
            return _("Somebody of the task force looks, and says what they saw.")
        return _("%(seen)s (%(name)s, %(day)s)", seen=one.seen, name=one.seen_by or _("somebody"), day=_day(one.on))
    if one.value is None:
        return _why_not(one)
    match one.kind:
        case Kind.SCORE:
            return _(
                "%(value)s, between %(low)s and %(high)s, from %(n)s answers (%(wave)s)",
                value=_n(one.value),
                low=_n(one.low),
                high=_n(one.high),
                n=_n(one.n),
                wave=one.source,
            )
        case Kind.RESPONSE:
            return _("%(share)s of %(n)s (%(wave)s)", share=percent(one.value), n=_n(one.n), wave=one.source)
        case Kind.FALL:
            sign = "−" if one.value < 0 else "+"
            return _("The lowest change is %(g)s (%(wave)s)", g=sign + number(abs(one.value), 2), wave=one.source)
        case Kind.HISTORY:
            return ngettext("%(num)s week", "%(num)s weeks", int(one.value))
        case Kind.TOPICS:
            return _("%(share)s of %(n)s", share=percent(one.value), n=_n(one.n))
        case Kind.TRACED:
            return ngettext(
                "%(share)s of %(num)s requirement",
                "%(share)s of %(num)s requirements",
                one.n or 0,
                share=percent(one.value),
            )
        case Kind.READOUT:
            return ngettext("%(num)s effect", "%(num)s effects", int(one.value))
    return _measured(one)


def _measured(one: Found) -> str:
    value = _told(one.subject, one.value)
    if one.low is not None and one.high is not None:
        return _(
            "%(value)s, between %(low)s and %(high)s, up to %(day)s",
            value=value,
            low=_told(one.subject, one.low),
            high=_told(one.subject, one.high),
            day=_day(one.on),
        )
    return _("%(value)s, up to %(day)s", value=value, day=_day(one.on))


def _why_not(one: Found) -> str:
    if one.kind in (Kind.SCORE, Kind.RESPONSE, Kind.FALL):
        if not one.source:
            return _("No survey has been closed yet.")
        if one.kind == Kind.FALL:
            return _("“%(wave)s” has no survey before it with which it can be compared.", wave=one.source)
        return _("“%(wave)s” did not ask this, or too few answered.", wave=one.source)
    if one.kind == Kind.TRACED:
        return _("No requirement is written down yet.")
    if one.kind == Kind.TOPICS:
        return _("Too few topics had any trouble in the last quarter.")
    if one.kind in (Kind.MEASURE, Kind.HISTORY) and catalogue.find(one.subject) is None:
        return _("There is no such measure any more.")
    return _("It rests on too little to be told.")


def _dimension(code: str) -> str:
    try:
        return wordings.wording(INSTRUMENT, str(get_locale() or "en")).dimension(code).name
    except StopIteration:
        return code


def _label(name: str) -> str:
    measure = catalogue.find(name)
    return str(measure.label) if measure else name


def _told(name: str, value: float | None) -> str:
    measure = catalogue.find(name)
    return figure(measure, value) if measure else _n(value)


def _n(value: float | None) -> str:
    return "–" if value is None else number(value, 0)


def _day(text: str) -> str:
    return day(dt.date.fromisoformat(text)) if text else ""
