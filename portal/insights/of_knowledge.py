"""Answers and knowledge: how soon colleagues answer, and whether what the desk solves becomes articles."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.insights.blocks import Block, Line, figure, named, share
from portal.insights.scene import Scene
from portal.measures import desk
from portal.measures.presenting import number


def knowledge(on: Scene) -> list[Block]:
    """How soon colleagues answer, and whether what the desk solves finds its way into articles."""
    asked, left = desk.questions(*on.span, on.report.slice), desk.knowledge(*on.span, on.report.slice)
    return [
        Block(
            name="questions",
            title=_(
                "Half of the answered questions had an answer within %(hours)s hours", hours=number(asked.median, 1)
            )
            if asked.median is not None
            else _("Not enough data yet: no question has been answered"),
            lines=(
                figure(_("Hours until a colleague answers"), asked.median, 1, _("median of those answered"), n=asked.n),
                share(_("Questions with an answer"), asked.answered),
                share(_("Questions with an accepted answer"), asked.accepted),
            ),
            measures=named("first_answer_hours", "accepted_answers"),
        ),
        Block(
            name="debt",
            title=_(
                "Of %(debt)s of %(n)s solved tickets nobody has said what they leave behind",
                debt=left.debt,
                n=left.eligible,
            )
            if left.eligible
            else _("Not enough data yet: no ticket has been solved"),
            lines=(
                Line(
                    label=_("Knowledge debt"),
                    value=number(left.debt, 0),
                    note=_("solved tickets"),
                    raw=(left.debt, None, None, left.eligible),
                ),
                share(_("Solved tickets with an article"), left.link_rate),
                share(_("Anything at all was done"), left.participation),
                share(_("The article was there already"), left.known),
            ),
            note=_("For teams to look at together. None of this is ever shown for one person."),
            measures=named("knowledge_debt", "link_rate"),
        ),
    ]
