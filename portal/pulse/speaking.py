"""How figures of a wave are said: whole numbers, ranges, and words for a change that never say more than it bears."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.measures.presenting import number, percent
from surveys.flaws import Bound, Evidence, Measured, Source
from surveys.groups import INDEX
from surveys.instrument import Band, Instrument, Phase
from surveys.privacy.printing import Printed, Side
from surveys.privacy.released import Mean, Row, Share, Since
from surveys.reliability import Reliability
from surveys.trend import Strength

DASH = "–"
LEAST_G, LEAST_P = 0.05, 0.01
"""What is smaller is written as nought, or as less than this."""
BANDS: dict[Band, LazyString] = {
    Band.BARRIER: _l("a barrier"),
    Band.AT_RISK: _l("at risk"),
    Band.SOUND: _l("sound"),
    Band.STRONG: _l("strong"),
}
LOOKS = {Band.BARRIER: "barrier", Band.AT_RISK: "risk", Band.SOUND: "sound", Band.STRONG: "strong"}
"""The class by which a cell of each band is coloured."""
SHORT: dict[str, LazyString] = {
    "AW": _l("what it is for"),
    "VA": _l("saves time"),
    "EA": _l("few steps"),
    "SK": _l("can do it"),
    "SO": _l("others look here"),
    "SU": _l("help when stuck"),
    "TR": _l("answers are right"),
    "RV": _l("we are heard"),
    "IN": _l("look here first"),
}
"""Under the heads of a table, for who has never seen the questions."""


def whole(value: float) -> str:
    """Write a number without decimals; a minus is a minus."""
    return number(value, 0).replace("-", "−")


def fine(value: float) -> str:
    """Write a number with two decimals."""
    return number(value, 2).replace("-", "−")


def _sided(said: str, side: Side) -> str:
    return {Side.AT: said, Side.MORE: f"≥ {said}", Side.LESS: f"≤ {said}"}[side]


def mean(found: Mean | None) -> str:
    """Write a mean as a cell has it; a dash where there is none."""
    return DASH if found is None else _sided(whole(found.value.value), found.value.side)


def share(found: Share | None) -> str:
    return DASH if found is None else _sided(percent(found.value.value), found.value.side)


def printed(found: Printed, *, is_share: bool) -> str:
    said = percent(found.value) if is_share else whole(found.value)
    return _sided(said, found.side)


def between(low: float | None, high: float | None, *, is_share: bool = False) -> str:
    """Write an interval; empty where there is none."""
    if low is None or high is None:
        return ""
    write = percent if is_share else whole
    return _("between %(low)s and %(high)s", low=write(low), high=write(high))


def group(name: str) -> str:
    """Name a group of people."""
    return name or _("No department stated")


def dimension(instrument: Instrument, code: str) -> str:
    return _("Index") if code == INDEX else instrument.dimension(code).name


def statement(instrument: Instrument, code: str, stage: str) -> str:
    """Return the wording of a statement as this wave asked it."""
    phase = instrument.stage(stage).phase if stage else Phase.AFTER
    return instrument.item(code).wording(phase)


def answered(row: Row) -> str:
    """Say how many of a group answered."""
    if row.n is None:
        return ""
    if row.delivered is None:
        return ngettext("%(num)s answer", "%(num)s answers", row.n)
    return _("%(n)s of %(all)s answered", n=whole(row.n), all=whole(row.delivered))


def change(found: Since, since: str) -> str:
    """Say how a score changed since a wave: a strength, its direction and range; or that nobody can tell."""
    if found.strength is Strength.NOT_DISTINGUISHABLE:
        return _("Not distinguishable from “%(wave)s”: the difference may be chance.", wave=since)
    if found.strength is Strength.NO_NOTABLE_CHANGE:
        return _("No notable change since “%(wave)s”.", wave=since)
    words = {
        (Strength.SMALL, True): _("A small rise since “%(wave)s”", wave=since),
        (Strength.SMALL, False): _("A small fall since “%(wave)s”", wave=since),
        (Strength.CLEAR, True): _("A clear rise since “%(wave)s”", wave=since),
        (Strength.CLEAR, False): _("A clear fall since “%(wave)s”", wave=since),
        (Strength.LARGE, True): _("A large rise since “%(wave)s”", wave=since),
        (Strength.LARGE, False): _("A large fall since “%(wave)s”", wave=since),
    }[found.strength, found.is_rise]
    range_ = difference(found)
    return f"{words}: {range_}." if range_ else f"{words}."


def difference(found: Since) -> str:
    """Write by how much, with its range; empty where one of the two figures is capped.

    A range that ends just short of nought has decimals: “between −10 and 0” would say that there may be no change.
    """
    if found.difference is None or found.low is None or found.high is None:
        return ""
    places = next((n for n in (0, 1) if round(found.low, n) and round(found.high, n)), 2)
    by, low, high = (number(each, places).replace("-", "−") for each in (found.difference, found.low, found.high))
    range_ = _("between %(low)s and %(high)s", low=low, high=high)
    return f"+{by}, {range_}" if found.difference > 0 else f"{by}, {range_}"


def effect(found: Since) -> str:
    """Write size and chance, for the footnote."""
    size = DASH if found.g is None else number(found.g if abs(found.g) >= LEAST_G else 0.0, 1).replace("-", "−")
    if found.p < LEAST_P:
        return _("g = %(g)s, p < %(p)s", g=size, p=number(LEAST_P, 2))
    return _("g = %(g)s, p = %(p)s", g=size, p=number(found.p, 2))


def agreement(found: Reliability | None) -> str:
    """Say how well the statements of a dimension agree: well only where the whole range of alpha says so."""
    if found is None:
        return _("Too few complete answers to say how well its statements agree.")
    if found.is_negative:
        return _("Its statements contradict each other: check which are turned round before reading it.")
    if found.is_low:
        return _("Its statements agree poorly: do not read this dimension alone.")
    if not found.is_sure:
        return _("Its statements may agree too little: read this dimension beside the others.")
    return _("Its statements agree well enough to be read as one.")


MEASURED: dict[str, LazyString] = {
    "zero_result_rate": _l("%(value)s of the searches there found nothing"),
    "first_touch_share": _l("%(value)s of the troubles we know of there were looked for here first"),
    "false_yes_rate": _l("%(value)s of those who said “this solved it” went to the desk all the same"),
    "use_share": _l("%(value)s of the people there looked something up"),
    "assessment_score": _l("The quizzes there were answered at %(value)s of 100"),
}


def evidence(found: Evidence, instrument: Instrument, stage: str) -> str:
    """Say what speaks for a flaw, in a sentence without its full stop."""
    condition, measured = found.condition, found.measured
    is_share, value = _is_share(found), measured_value(found)
    range_ = "" if condition.source is Source.RESPONSE else between(measured.low, measured.high, is_share=is_share)
    match condition.source:
        case Source.SCORE:
            words = _("%(dimension)s is %(value)s", dimension=dimension(instrument, condition.of), value=value)
        case Source.FAVOURABLE:
            said = statement(instrument, condition.of, stage)
            words = (
                _("%(value)s disagree with “%(statement)s”", value=value, statement=said)
                if instrument.item(condition.of).is_reversed
                else _("%(value)s agree with “%(statement)s”", value=value, statement=said)
            )
        case Source.CHANGE:
            words = _("%(dimension)s fell since the wave before", dimension=dimension(instrument, condition.of))
        case Source.MEASURE:
            words = str(MEASURED[condition.of] % {"value": value})
        case Source.RESPONSE:
            words = _("%(value)s answered", value=value)
    return f"{words}, {range_}" if range_ else words


def measured_value(found: Evidence) -> str:
    """Write the figure that a flaw rests on."""
    return printed(Printed(found.measured.value, found.measured.side), is_share=_is_share(found))


def _is_share(found: Evidence) -> bool:
    match found.condition.source:
        case Source.FAVOURABLE | Source.RESPONSE:
            return True
        case Source.MEASURE:
            return found.condition.of != "assessment_score"
        case _:
            return False


def line(found: Evidence) -> str:
    """Name the line that a flaw is held against."""
    condition = found.condition
    threshold = percent(condition.threshold) if _is_share(found) else whole(condition.threshold)
    return _("line at %(value)s", value=threshold)


def on_line(found: Evidence) -> tuple[float, float, float, float] | None:
    """Return low end, value, high end and line, each of 100, of what can be drawn; None for the rest."""
    condition, measured = found.condition, found.measured
    if condition.bound is Bound.FALLS_BY or condition.source is Source.RESPONSE or not _has_ends(measured):
        return None
    times = 100.0 if _is_share(found) else 1.0
    low, high = measured.low or 0.0, measured.high or 0.0
    return (low * times, measured.value * times, high * times, condition.threshold * times)


def _has_ends(found: Measured) -> bool:
    return found.low is not None and found.high is not None
