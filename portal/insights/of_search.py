"""Searching: what is looked for in vain, what is not opened, what people try again."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from analytics import figures
from portal.core.database import db
from portal.insights.blocks import Block, Line, figure, missing, named, share
from portal.insights.scene import Scene
from portal.kb.models import SearchFinding
from portal.measures.presenting import number, picture, voice

ALARM = 0.1
"""Share of searches without a result above which the chart calls it too much."""
GAPS = 12
LEAST = 5


def search(on: Scene) -> list[Block]:
    """What is searched in vain, what is not opened, what people try again."""
    found = on.report.search
    zero = figures.zero_results(on.report.search_series, found, alarm=ALARM, changes=on.pins, voice=voice())
    unclicked = share(_("Nothing was opened"), found.no_click)
    rank = found.mean_rank if found.tally.clicked - found.tally.unranked >= LEAST else None
    return [
        Block(
            name="zero",
            title=zero.title,
            picture=picture("zero", zero),
            measures=named("zero_result_rate"),
            more=(
                _(
                    "%(n)s searches had results that this person may not see: counted apart, never shown.",
                    n=number(found.tally.trimmed, 0),
                ),
            ),
        ),
        Block(
            name="clicks",
            title=_("In %(share)s of the searches with results nothing was opened", share=unclicked.value)
            if not unclicked.is_missing
            else missing(),
            lines=(
                unclicked,
                share(_("Tried again in other words"), found.refinement),
                figure(
                    _("Rank of the first click"),
                    rank,
                    1,
                    _("over %(n)s searches", n=number(found.tally.clicked, 0)),
                    n=found.tally.clicked,
                ),
                figure(_("Seconds to the first click"), found.seconds_to_click, 0, _("median")),
                Line(
                    label=_("Answer read above the results"),
                    value=number(found.tally.boxed, 0),
                    note=_("searches; they count neither as opened nor as not"),
                    raw=(found.tally.boxed, None, None, found.tally.searches),
                ),
            ),
            measures=named("no_click_rate", "refinement_rate", "first_click_rank"),
        ),
        _gaps(),
    ]


def _gaps() -> Block:
    query = select(SearchFinding).where(SearchFinding.article_id.is_(None))
    query = query.order_by(SearchFinding.n_people.desc(), SearchFinding.id).limit(GAPS)
    rows = list(db.session.execute(query).scalars())
    return Block(
        name="gaps",
        title=_("%(n)s things were looked for in vain by three people or more", n=len(rows))
        if rows
        else _("Nothing was looked for in vain by three people or more"),
        words=tuple(
            (", ".join(row.words), _("%(n)s people, %(searches)s searches", n=row.n_people, searches=row.n_searches))
            for row in rows
        ),
        note=_(
            "The last four weeks, whatever period is chosen above. What fewer than three people looked for is never "
            "shown: a search can name a person or an illness."
        ),
    )
