"""What avoided tickets are worth, only where the season is out of it, with every assumption printed beside it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analytics.money import worth
from analytics.rates import Span
from analytics.seasonality import Comparison, Refused
from portal.insights.blocks import Block, Line, missing, more_reports
from portal.measures import changes
from portal.measures.contacts import Contacts
from portal.measures.presenting import number, percent
from portal.measures.reports import Report

LABELS = {
    "ticket_cost": _l("Cost of one ticket at the first level"),
    "varying": _l("Share of it that is really less when a ticket is less"),
    "self_service_cost": _l("Cost of one need settled without the desk"),
    "editor_hours": _l("Hours spent on writing in the period"),
    "editor_rate": _l("Cost of an hour of writing"),
    "agent_minutes": _l("Minutes of an agent's work on one ticket"),
    "assisted_minutes": _l("Minutes a person waits for the desk"),
    "self_minutes": _l("Minutes a person needs to help themselves"),
    "wage": _l("Cost of an hour of a person"),
}
"""Assumptions, in the order in which they are asked for and printed."""


def ratio_lines(found: Contacts) -> tuple[Line, ...]:
    """Write the rate, and how many times the earlier rate it is."""
    lines = []
    if found.whole is not None:
        lines.append(
            Line(
                label=_("Tickets for each 100 people and month"),
                value=number(100 * found.whole.point, 1),
                note=_("%(n)s tickets, %(more)s", n=number(found.n, 0), more=more_reports(found.n_children)),
                raw=(100 * found.whole.point, None, None, found.n),
            )
        )
    lines.append(_on_last_year(found))
    told = found.told
    if isinstance(told, Refused):
        lines.append(Line(label=_("Against the time before"), value=missing(), note=told.sentence(_)))
        return tuple(lines)
    ratio = told.change
    label = (
        _("Change against the time before, as a multiple of last year's")
        if told.is_controlled
        else _("Times the rate of the time before")
    )
    lines.append(
        Line(
            label=label,
            value=number(ratio.point, 2),
            note=_(
                "between %(low)s and %(high)s; 1 is no change", low=number(ratio.low, 2), high=number(ratio.high, 2)
            ),
            raw=(ratio.point, ratio.low, ratio.high, found.n),
        )
    )
    return tuple(lines)


def _on_last_year(found: Contacts) -> Line:
    label, ratio = _("Against the same weeks of last year"), found.last_year
    if ratio is None:
        return Line(label=label, value=missing(), note=_("These weeks were not counted whole a year ago."))
    by = percent(abs(1 - ratio.point))
    return Line(
        label=label,
        value=_("%(by)s fewer", by=by) if ratio.point < 1 else _("%(by)s more", by=by),
        note=_(
            "rate ratio %(ratio)s, between %(low)s and %(high)s; 1 is no change",
            ratio=number(ratio.point, 2),
            low=number(ratio.low, 2),
            high=number(ratio.high, 2),
        ),
        raw=(ratio.point, ratio.low, ratio.high, found.n),
    )


def caveat(told: Comparison | Refused) -> str:
    """Say whether the season is out of it."""
    if isinstance(told, Refused):
        return told.sentence(_)
    return told.caveat(_) or _("The same weeks of last year are divided out, so the season is not in it.")


def block(found: Contacts, report: Report, *, can_set: bool) -> Block:
    """Write the worth of avoided tickets, or why there is none."""
    assumed = changes.assumptions()
    printed = tuple(
        _("%(what)s: %(value)s", what=str(label), value=f"{getattr(assumed, name):g}") for name, label in LABELS.items()
    )
    if not changes.are_own():
        printed = (_("These are placeholders until somebody sets your own:"), *printed)
    told, avoided = found.told, report.whole.avoided
    if isinstance(told, Refused) or not told.is_controlled or avoided.value is None:
        return Block(
            name="worth",
            title=_("No cost is shown"),
            note=_(
                "Money is told only where the season is out of the change, which takes last year's tickets for the "
                "weeks before this period too, and where people were asked whether they would have called. Otherwise "
                "it would be a guess on a guess."
            ),
            more=printed,
        )
    made = worth(Span(avoided.value, avoided.low, avoided.high), assumed)
    return Block(
        name="worth",
        title=_("About %(n)s could really be saved", n=number(made.cashable.point, 0))
        if made.cashable.point > 0
        else _("It costs more than it saves, under these assumptions"),
        lines=(
            _line(_("Really to be saved"), made.cashable),
            _line(_("Cost of the tickets on paper"), made.gross),
            _line(_("Time of people, at their cost"), made.user_time),
            _line(_("Hours of agents"), made.agent_hours),
        ),
        note=_("Four ways to look at the same tickets: they are never to be added up."),
        more=printed,
        rows_text=_("Set the assumptions") if can_set else "",
    )


def _line(label: str, found: Span) -> Line:
    note = _("between %(low)s and %(high)s", low=number(found.low, 0), high=number(found.high, 0))
    return Line(label=label, value=number(found.point, 0), note=note, raw=(found.point, found.low, found.high, None))
