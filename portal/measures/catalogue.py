"""Every named measure: what it is called, what it counts, from how much on it may be shown, and how to read it.

Pages show them, and so does whatever rests on evidence later: a measure is read by its name for any days and any
slice, from the sums of days. `docs/measures.md` is written from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from analytics.deflection import calibrated
from analytics.findability import Findability
from analytics.proportions import Share, wilson
from analytics.rates import Rate
from portal.core.actor import Actor
from portal.measures import columns, contacts, daily, desk, kept
from portal.measures.reports import ALL, Slice

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Unit(StrEnum):
    """In what a measure is told."""

    SHARE = "share"
    HOURS = "hours"
    RANK = "rank"
    COUNT = "count"
    RATE = "rate"
    SCORE = "score"
    """From 0 to 100, of what people answered."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A measure over some days: the figure, on how much it rests, and its interval where it has one."""

    value: float | None
    n: int
    k: int | None = None
    low: float | None = None
    high: float | None = None


Period = tuple[dt.date, dt.date]
"""From a day on, until another that is not in it."""
Read = Callable[[dt.date, dt.date, Slice], Reading]
ReadMany = Callable[[Sequence[Period], Slice], list[Reading]]
Told = Callable[[dt.date], bool]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure under one definition."""

    name: str
    label: str | LazyString
    unit: Unit
    definition: str | LazyString
    minimum_n: int
    """With less the answer is "not enough data"."""
    better: str
    """`up` or `down`: which way is better; empty: neither by itself."""
    _read: Read
    kinds: tuple[str, ...] = ("department", "site", columns.TOPIC)
    """Of which kinds of slices it can be read, beside all."""
    is_for_few: bool = False
    """What it says of a group is for those who answer for that group, not for whoever reads figures."""
    told_to: Callable[[Actor], Told] | None = None
    """Whether a reader may know already what it said up to a day; None: there is nothing to wait for."""
    _read_many: ReadMany | None = None
    """Reads several periods in one question."""

    def read(self, since: dt.date, until: dt.date, of: Slice = ALL) -> Reading:
        """Read it over some days, `until` not included; without a value where it rests on too little."""
        return self._shown(self._read(since, until, of))

    def read_many(self, periods: Sequence[Period], of: Slice = ALL) -> list[Reading]:
        """Read it over each of several periods; in one question where it can, else one after the other."""
        if self._read_many is None:
            return [self.read(since, until, of) for since, until in periods]
        return [self._shown(found) for found in self._read_many(periods, of)]

    def _shown(self, found: Reading) -> Reading:
        return found if found.n >= self.minimum_n else Reading(value=None, n=found.n)


def _sums(since: dt.date, until: dt.date, of: Slice) -> dict[str, float]:
    return daily.totals(since, until, str(of) if of.kind else "")


def _share(found: Share | None) -> Reading:
    if found is None:
        return Reading(value=None, n=0)
    return Reading(value=found.point, n=found.n, k=found.k, low=found.low, high=found.high)


def _of_searches(name: str) -> Read:
    def read(since: dt.date, until: dt.date, of: Slice) -> Reading:
        return _share(getattr(Findability(tally=daily.tally_of(_sums(since, until, of))), name))

    return read


def _rank(since: dt.date, until: dt.date, of: Slice) -> Reading:
    tally = daily.tally_of(_sums(since, until, of))
    return Reading(value=Findability(tally=tally).mean_rank, n=tally.clicked - tally.unranked)


def _floor(since: dt.date, until: dt.date, of: Slice) -> Reading:
    counts = daily.counts_of(_sums(since, until, of))
    return _share(wilson(counts.confirmed, counts.n))


def _ceiling(since: dt.date, until: dt.date, of: Slice) -> Reading:
    counts = daily.counts_of(_sums(since, until, of))
    return _share(wilson(counts.confirmed + counts.silent, counts.n))


def _estimate(since: dt.date, until: dt.date, of: Slice) -> Reading:
    """Its bounds here are those of the envelope: the interval by resampling people needs their needs, not sums."""
    counts = daily.counts_of(_sums(since, until, of))
    floor, ceiling = wilson(counts.confirmed, counts.n), wilson(counts.confirmed + counts.silent, counts.n)
    if floor is None or ceiling is None:
        return Reading(value=None, n=0)
    return Reading(value=calibrated(counts), n=counts.answered, low=floor.low, high=ceiling.high)


def _answer_rate(since: dt.date, until: dt.date, of: Slice) -> Reading:
    counts = daily.counts_of(_sums(since, until, of))
    return _share(wilson(counts.answered, counts.answered + counts.silent))


def _intent(since: dt.date, until: dt.date, of: Slice) -> Reading:
    sums = _sums(since, until, of)
    return _share(wilson(int(sums.get("needs.intent_yes", 0)), int(sums.get("needs.intent_said", 0))))


def _avoided_at_least(since: dt.date, until: dt.date, of: Slice) -> Reading:
    sums = _sums(since, until, of)
    return Reading(value=sums.get("needs.intent_yes", 0.0), n=int(sums.get("needs.intent_said", 0)))


def _first_here(since: dt.date, until: dt.date, of: Slice) -> Reading:
    sums = _sums(since, until, of)
    n = daily.counts_of(sums).n
    return _share(wilson(n, n + int(sums.get("tickets.unlinked", 0))))


def _contact_rate(since: dt.date, until: dt.date, of: Slice) -> Reading:
    return _contact_rates([(since, until)], of)[0]


def _contact_rates(periods: Sequence[Period], of: Slice) -> list[Reading]:
    return [_per_head(rate) for rate in contacts.rates(periods, of)]


def _per_head(rate: Rate | None) -> Reading:
    if rate is None:
        return Reading(value=None, n=0)
    return Reading(value=100 * rate.point, n=round(rate.exposure), k=rate.k)


def _first_response(since: dt.date, until: dt.date, of: Slice) -> Reading:
    found = kept.speed(since, until, of).answers
    return Reading(value=found.median, n=found.n)


def _first_response_in_time(since: dt.date, until: dt.date, of: Slice) -> Reading:
    return _share(kept.speed(since, until, of).answers.within)


def _resolution(since: dt.date, until: dt.date, of: Slice) -> Reading:
    found = kept.speed(since, until, of).solutions
    return Reading(value=found.median, n=found.n)


def _first_answer(since: dt.date, until: dt.date, of: Slice) -> Reading:
    found = desk.questions(since, until, of)
    return Reading(value=found.median, n=found.answered.k if found.answered else 0)


def _accepted(since: dt.date, until: dt.date, of: Slice) -> Reading:
    return _share(desk.questions(since, until, of).accepted)


def _debt(since: dt.date, until: dt.date, of: Slice) -> Reading:
    found = desk.knowledge(since, until, of)
    return _share(wilson(found.debt, found.eligible))


def _link_rate(since: dt.date, until: dt.date, of: Slice) -> Reading:
    return _share(desk.knowledge(since, until, of).link_rate)


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="floor", label=_l("Solved here, at least (floor)"), unit=Unit.SHARE, minimum_n=5, better="up",
        _read=_floor,
        definition=_l("Needs confirmed as solved, with no related ticket within the window, of all needs whose window "
                      "has passed. A need is one person with one trouble, however often they tried."),
    ),
    Measure(
        name="estimate", label=_l("Solved here, best estimate"), unit=Unit.SHARE, minimum_n=30, better="up",
        _read=_estimate,
        definition=_l("The confirmed needs, and of those who read something and said nothing as large a share as said "
                      "yes among those who answered; of all needs. Below 30 answers it is unstable. If people who "
                      "answer differ from those who do not, it is off; floor and ceiling hold all the same."),
    ),
    Measure(
        name="ceiling", label=_l("Solved here, at most (ceiling)"), unit=Unit.SHARE, minimum_n=5, better="up",
        _read=_ceiling,
        definition=_l("Needs that were confirmed, and those in which something was read and neither a “no” nor a "
                      "related ticket followed, whether it was solved or not; of all needs."),
    ),
    Measure(
        name="answer_rate", label=_l("Who said"), unit=Unit.SHARE, minimum_n=5, better="", _read=_answer_rate,
        definition=_l("Needs in which somebody answered “Did this solve it?”, of those without a ticket in which "
                      "something was read."),
    ),
    Measure(
        name="intent", label=_l("Would have asked the desk"), unit=Unit.SHARE, minimum_n=5, better="", _read=_intent,
        definition=_l("Of the people with a confirmed need who were asked whether they would otherwise have called, "
                      "how many say yes."),
    ),
    Measure(
        name="tickets_avoided", label=_l("Tickets avoided, at least"), unit=Unit.COUNT, minimum_n=1, better="up",
        _read=_avoided_at_least,
        definition=_l("Confirmed needs of people who said that they would otherwise have asked the desk. Only who was "
                      "asked and answered is in it, so the true number is higher."),
    ),
    Measure(
        name="self_service_first", label=_l("Looked here first"), unit=Unit.SHARE, minimum_n=5, better="up",
        _read=_first_here,
        definition=_l("Needs, of needs and tickets that no need came before."),
    ),
    Measure(
        name="contact_rate", label=_l("Tickets for each 100 people and month"), unit=Unit.RATE, minimum_n=5,
        better="down", _read=_contact_rate, _read_many=_contact_rates, kinds=("department", "site"),
        definition=_l("Tickets by whatever way they came, for each hundred people with an account and month of 30.4 "
                      "days. Reports of one incident count once; two that were made one count once."),
    ),
    Measure(
        name="zero_result_rate", label=_l("Searches that found nothing"), unit=Unit.SHARE, minimum_n=5, better="down",
        _read=_of_searches("zero_results"),
        definition=_l("Searches without a result, of all searches. Typing on is one search. Where there were results "
                      "this person may not see, it counts as neither found nor missing."),
    ),
    Measure(
        name="no_click_rate", label=_l("Searches in which nothing was opened"), unit=Unit.SHARE, minimum_n=5,
        better="down", _read=_of_searches("no_click"),
        definition=_l("Searches with results of which none was opened and whose answer box was not read, of those "
                      "with results. Others count searches without results in here too; we do not."),
    ),
    Measure(
        name="refinement_rate", label=_l("Searches tried again in other words"), unit=Unit.SHARE, minimum_n=5,
        better="down", _read=_of_searches("refinement"),
        definition=_l("Searches followed by another in the same attempt, of all searches."),
    ),
    Measure(
        name="first_click_rank", label=_l("Rank of the first click"), unit=Unit.RANK, minimum_n=5, better="down",
        _read=_rank,
        definition=_l("Mean place in the list of what was opened first, over searches from which something was "
                      "opened."),
    ),
    Measure(
        name="first_response_hours", label=_l("Hours to the first answer"), unit=Unit.HOURS, minimum_n=5,
        better="down", _read=_first_response,
        definition=_l("Median working hours from opening a ticket to the first words of a person of the desk, in the "
                      "hours of its queue, without pauses. A receipt is no answer."),
    ),
    Measure(
        name="first_response_in_time", label=_l("Answered as promised"), unit=Unit.SHARE, minimum_n=5, better="up",
        _read=_first_response_in_time,
        definition=_l("First answers given within what the queue promises, of those that are decided: what is overdue "
                      "and unanswered counts as broken."),
    ),
    Measure(
        name="resolution_hours", label=_l("Hours to the solution"), unit=Unit.HOURS, minimum_n=5, better="down",
        _read=_resolution,
        definition=_l("Median working hours from opening a ticket to its last solution, without pauses; what was "
                      "reopened is not solved."),
    ),
    Measure(
        name="first_answer_hours", label=_l("Hours until a colleague answers"), unit=Unit.HOURS, minimum_n=5,
        better="down", _read=_first_answer,
        definition=_l("Median hours by the clock from asking a question to its first answer, over questions that "
                      "have one."),
    ),
    Measure(
        name="accepted_answers", label=_l("Questions with an accepted answer"), unit=Unit.SHARE, minimum_n=5,
        better="up", _read=_accepted,
        definition=_l("Questions asked in the period whose asker said by now that an answer solved it."),
    ),
    Measure(
        name="knowledge_debt", label=_l("Knowledge debt"), unit=Unit.SHARE, minimum_n=5, better="down", _read=_debt,
        definition=_l("Solved tickets of which nobody has said what they leave behind for the next person, of those "
                      "that could leave something."),
    ),
    Measure(
        name="link_rate", label=_l("Solved tickets with an article"), unit=Unit.SHARE, minimum_n=5, better="up",
        _read=_link_rate,
        definition=_l("Solved tickets that point to an article or left the draft of one, of those that could."),
    ),
)  # fmt: skip

_declared: dict[str, Measure] = {measure.name: measure for measure in MEASURES}


def declare(*measures: Measure) -> None:
    """Take up measures of a feature above; goals, evidence and what else rests on a name can then read them.

    Called where the feature is wired. Two measures of one name are a mistake (ValueError).
    """
    for measure in measures:
        if _declared.setdefault(measure.name, measure) is not measure:
            raise ValueError(f"there are two measures called {measure.name!r}")


def every() -> tuple[Measure, ...]:
    """Return all measures, those of features above after our own."""
    return tuple(_declared.values())


def find(name: str) -> Measure | None:
    """Return a measure by its name, for what was kept under one that no feature may offer any more."""
    return _declared.get(name)


def get(name: str) -> Measure:
    """Return a measure by its name; KeyError for none."""
    return _declared[name]
