"""Who has come how far: stages, how soon, who comes again. Shares are of all who could come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.adoption.activation import Step, days_until
from analytics.adoption.cohorts import Cohort
from analytics.figures import drawing
from analytics.figures.drawing import Figure, Kind, Table
from analytics.proportions import Share, wilson
from analytics.saying import PLAIN, Voice

WEEK = 7
LEAST = 5
"""People of whom something is told."""
AGES = (1, 2, 3, 6, 9, 12)
"""How many stretches later the table tells who came again."""


@dataclass(frozen=True, slots=True)
class Level:
    """A stage: what it is called, and how many have come so far."""

    name: str
    n: int


def stages(levels: Sequence[Level], *, voice: Voice = PLAIN) -> Figure:
    """Draw how many stand at each stage, over the first, which is everybody who could; names come from the caller."""
    _ = voice.gettext
    eligible = levels[0].n if levels else 0
    shares = [wilson(level.n, eligible) for level in levels]
    names = [level.name for level in levels]
    kept = levels[:-1]
    lost = max(range(1, len(kept)), key=lambda place: kept[place - 1].n - kept[place].n, default=0)
    title = _("Not enough data yet: too few people could come")
    if eligible >= LEAST and lost and kept[lost - 1].n > kept[lost].n:
        title = _(
            "Of %(all)s who could come, most are lost on the way to a habit "
            "between “%(before)s” (%(a)s) and “%(after)s” (%(b)s)",
            all=eligible, before=kept[lost - 1].name, after=kept[lost].name, a=kept[lost - 1].n, b=kept[lost].n,
        )  # fmt: skip
    elif eligible >= LEAST:
        title = _("How far the %(all)s who could come have come", all=eligible)
    data = [
        {
            "type": "bar",
            "x": names,
            "y": [share.point if share else None for share in shares],
            "name": _("Share of all who could come"),
            "marker": {"color": drawing.BRAND},
        }
    ]
    rows = tuple(
        (level.name, level.n, share.point if share else None, share.low if share else None,
         share.high if share else None, level.n / before if before else None)
        for level, share, before in zip(levels, shares, [None, *(each.n for each in levels)], strict=False)
    )  # fmt: skip
    return Figure(
        title=title,
        data=data,
        layout=drawing.layout(
            x=_("How far"), y=_("Share of all who could come"), yaxis={"tickformat": ".0%", "range": [0, 1]}
        ),
        table=Table(
            drawing.columns(
                (_("How far"), Kind.TEXT),
                (_("People"), Kind.COUNT),
                (_("Share"), Kind.SHARE),
                (_("Low end"), Kind.SHARE),
                (_("High end"), Kind.SHARE),
                (_("Of the stage before"), Kind.SHARE),
            ),
            rows,
        ),
        note=_(
            "Each stage counts those who have met it and all before it, so that none can be larger than the last. "
            "“Were helped” takes in those who read something and asked nobody, for few say that it solved anything."
        ),
        is_empty=eligible < LEAST,
    )


def waiting(steps: Sequence[Step], n: int, *, voice: Voice = PLAIN) -> Figure:
    """Draw the share that was helped for the first time by each week after they could come; steps are in days."""
    _ = voice.gettext
    weeks = [0.0, *(step.days / WEEK for step in steps)]
    helped = [0.0, *(1 - step.share for step in steps)]
    lows, highs = [0.0, *(1 - step.high for step in steps)], [0.0, *(1 - step.low for step in steps)]
    half = days_until(0.5, steps)
    is_empty = n < LEAST or not steps
    title = _("Not enough data yet: nobody was helped here so far")
    if not is_empty and half is not None:
        title = _("Half of those who could come were helped within %(n)s weeks", n=voice.number(half / WEEK, 0))
    elif not is_empty:
        title = _("%(share)s of those who could come have been helped; half is not reached yet",
                  share=voice.percent(helped[-1]))  # fmt: skip
    return Figure(
        title=title,
        data=[
            *drawing.band(weeks, lows, highs, _("How unsure it is"), drawing.BRAND.faded(0.18)),
            drawing.line(weeks, helped, _("Helped for the first time"), drawing.BRAND, mode="lines"),
        ],
        layout=drawing.layout(
            x=_("Weeks since they could come"),
            y=_("Share that was helped by then"),
            yaxis={"tickformat": ".0%", "range": [0, 1]},
        ),
        table=Table(
            drawing.columns(
                (_("Weeks"), Kind.NUMBER),
                (_("Still watched"), Kind.COUNT),
                (_("Helped in that week"), Kind.COUNT),
                (_("Helped by then"), Kind.SHARE),
                (_("Low end"), Kind.SHARE),
                (_("High end"), Kind.SHARE),
            ),
            tuple(
                (step.days / WEEK, step.at_risk, step.activated, 1 - step.share, 1 - step.high, 1 - step.low)
                for step in steps
            ),
        ),
        note=_(
            "Kaplan and Meier’s estimate: who has not been helped yet, or left before, counts as long as they were "
            "there, instead of as a failure."
        ),
        is_empty=is_empty,
    )


def _told_together(cohorts: Sequence[Cohort]) -> list[Cohort]:
    """Return the cohorts of which something may be told in one figure: small ones only if they are five together."""
    small = sum(cohort.n for cohort in cohorts if cohort.n < LEAST)
    return [cohort for cohort in cohorts if cohort.n >= LEAST or small >= LEAST]


def coming_back(cohorts: Sequence[Cohort], *, weeks: int, first: str, voice: Voice = PLAIN) -> Figure:
    """Draw how many of those who once came first are there again later; `weeks` long is one stretch of the cohorts.

    `first` names the column of the table in which each cohort's beginning stands, as a number of stretches.
    """
    _ = voice.gettext
    n_ages = max((len(cohort.came) for cohort in cohorts), default=0)
    pooled: list[Share | None] = []
    for age in range(n_ages):
        old = _told_together([cohort for cohort in cohorts if len(cohort.came) > age])
        pooled.append(wilson(sum(cohort.came[age] for cohort in old), sum(cohort.n for cohort in old)))
    ages = list(range(1, n_ages))
    later = pooled[1:]
    points, lows, highs = ([getattr(share, end, None) for share in later] for end in ("point", "low", "high"))
    told = next((share for share in reversed(later[:3]) if share), None)
    title = _("Not enough data yet: nobody could come again so far")
    if told:
        title = _("Of those who came once, %(share)s are there again %(n)s weeks later",
                  share=voice.percent(told.point), n=weeks * (later.index(told) + 1))  # fmt: skip
    columns = [(first, Kind.COUNT), (_("Came first"), Kind.COUNT)]
    told_of = [age for age in AGES if age < n_ages]
    columns += [(_("%(n)s weeks later", n=weeks * age), Kind.SHARE) for age in told_of]
    rows = tuple(
        (cohort.week + 1, cohort.n,
         *(cohort.came[age] / cohort.n if age < len(cohort.came) else None for age in told_of))
        for cohort in cohorts
        if cohort.n >= LEAST
    )  # fmt: skip
    return Figure(
        title=title,
        data=[
            *drawing.band(ages, lows, highs, _("How unsure it is"), drawing.BRAND.faded(0.18)),
            drawing.line(ages, points, _("There again"), drawing.BRAND),
        ],
        layout=drawing.layout(
            x=_("Stretches of %(n)s weeks after they first came", n=weeks),
            y=_("Share that is there again"),
            yaxis={"tickformat": ".0%", "range": [0, 1]},
        ),
        table=Table(drawing.columns(*columns), rows),
        note=_(
            "Who is well does not come: that somebody stays away says little by itself. Stretches in which fewer "
            "than five came first are missing in the table."
        ),
        is_empty=told is None,
    )
