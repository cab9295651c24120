"""Tickets: how many for each person, what that is worth, how fast they are answered and solved."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from analytics import figures
from portal.core.permissions import Permission
from portal.insights import worth
from portal.insights.blocks import Block, figure, named, share
from portal.insights.scene import Scene
from portal.measures import contacts, kept
from portal.measures.presenting import picture, voice


def tickets(on: Scene) -> list[Block]:
    """Tickets for each person against last year, what that is worth, how fast they are answered and solved."""
    blocks, address = [], url_for("insights.handled", **on.asked.args())
    found = contacts.contacts(*on.span, on.report.slice)
    if found is not None:
        rate = figures.contact_rate(found.series, found.told, last_year=found.last_year, changes=on.pins, voice=voice())
        blocks.append(
            Block(
                name="rate",
                title=rate.title,
                picture=picture("rate", rate),
                lines=worth.ratio_lines(found),
                measures=named("contact_rate"),
                more=(worth.caveat(found.told),),
                rows=address,
                rows_text=_("Each ticket, with how long it took"),
            )
        )
        if not on.report.slice.kind:
            blocks.append(worth.block(found, on.report, can_set=on.who.can(Permission.MEASURE_EXPORT)))
    speed = kept.speed(*on.span, on.report.slice)
    first, solved = speed.answers, speed.solutions
    waits = figures.answer_times(first, voice=voice())
    blocks.append(
        Block(
            name="responses",
            title=waits.title,
            picture=picture("responses", waits),
            lines=(
                figure(_("Hours to the first answer"), first.median, 1, _("median of %(n)s", n=first.n), n=first.n),
                share(_("Answered as promised"), first.within),
                figure(_("Hours to the solution"), solved.median, 1, _("median of %(n)s", n=solved.n), n=solved.n),
                share(_("Solved as promised"), solved.within),
            ),
            measures=named("first_response_hours", "first_response_in_time", "resolution_hours"),
            rows=address,
            rows_text=_("Each ticket, with how long it took"),
        )
    )
    return blocks
