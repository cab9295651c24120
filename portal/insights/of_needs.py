"""The overview: how needs ended, and how many were settled here."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from analytics import figures
from portal.insights.blocks import Block, Line, between, missing, more_reports, named, range_lines, share
from portal.insights.scene import Scene
from portal.measures import contacts
from portal.measures.presenting import number, percent, picture, voice
from portal.measures.reports import Report


def overview(on: Scene) -> list[Block]:
    """Needs by outcome, the range, the windows beside each other, tickets avoided, who looked here first."""
    found, address = on.report.whole, url_for("insights.needs", **on.asked.args())
    outcomes = figures.outcomes(on.report.series, changes=on.pins, voice=voice())
    settled = figures.settled(on.report.series, found, changes=on.pins, voice=voice())
    blocks = [
        Block(
            name="needs",
            title=outcomes.title,
            picture=picture("needs", outcomes),
            measures=named("floor"),
            more=(_left_out(on.report), _waiting(on.report)),
            rows=address,
            rows_text=_("Each need, with its outcome and why"),
        ),
        Block(
            name="range",
            title=settled.title,
            picture=picture("range", settled),
            lines=range_lines(found),
            measures=named("floor", "estimate", "ceiling"),
            more=(_calibration(on.report), _left_out(on.report), _waiting(on.report)),
            rows=address,
            rows_text=_("Each need, with its outcome and why"),
        ),
        *([_windows(on.report, address)] if len(on.report.windows) > 1 else []),
        _avoided(on.report, address),
    ]
    if not on.report.slice.kind:
        first = share(_("Looked here first"), found.self_service_first)
        blocks.append(
            Block(
                name="first",
                title=_("%(share)s of all troubles we know of were looked for here first", share=first.value)
                if not first.is_missing
                else missing(),
                lines=(first, _tickets_line(on)),
                measures=named("self_service_first"),
                more=(_left_out(on.report),),
                rows=address,
                rows_text=_("Each need, with its outcome and why"),
            )
        )
    return blocks


def _left_out(report: Report) -> str:
    n = {kind: number(count, 0) for kind, count in report.excluded.items()}
    return _(
        "Left out, because they were not looking for help: %(editors)s facts of editors, %(agents)s of the desk, "
        "%(admins)s of administrators, %(bots)s of programs. People who did not sign in are counted apart: %(anon)s "
        "needs of theirs can be tied to no ticket.",
        editors=n.get("editor", 0),
        agents=n.get("agent", 0),
        admins=n.get("admin", 0),
        bots=n.get("bot", 0),
        anon=number(report.anonymous.n, 0),
    )


def _waiting(report: Report) -> str:
    counts = report.whole.counts
    return _(
        "Not counted yet: %(immature)s needs that ended less than %(hours)s hours ago. Not counted at all: "
        "%(after)s that began after a ticket on the same, and %(forms)s forms sent without looking for anything.",
        immature=number(counts.immature, 0),
        hours=report.window,
        after=number(counts.after_ticket, 0),
        forms=number(counts.form_only, 0),
    )


def _calibration(report: Report) -> str:
    found = report.whole
    if found.calibration is None or found.answer_rate is None:
        return _("Nobody has answered “Did this solve it?” yet, so there is no estimate.")
    words = _(
        "Of those who answered, %(yes)s said that it solved it (%(k)s of %(n)s, %(range)s). %(said)s of those who "
        "could say something did. If the others differ from them, the estimate is off, and the truth still lies "
        "between floor and ceiling.",
        yes=percent(found.calibration.point),
        k=found.calibration.k,
        n=found.calibration.n,
        range=between(found.calibration.low, found.calibration.high),
        said=percent(found.answer_rate.point),
    )
    return f"{words} {_voters(report)}".strip()


def _voters(report: Report) -> str:
    """Say so where those who answered differ from the others in what they did next."""
    voters = report.whole.voters
    if voters.answered is None or voters.silent is None or not voters.is_different:
        return ""
    return _(
        "And they do differ: after reading, %(answered)s of those who answered went on to a ticket, and %(silent)s of "
        "those who said nothing. Trust floor and ceiling rather than the estimate.",
        answered=percent(voters.answered.point),
        silent=percent(voters.silent.point),
    )


def _windows(report: Report, address: str) -> Block:
    lines = []
    for hours, found in sorted(report.windows.items()):
        if found.floor is None or found.ceiling is None:
            lines.append(Line(label=_("%(n)s hours", n=hours), value=missing()))
            continue
        best = percent(found.estimate.value) if found.estimate else "–"
        lines.append(
            Line(
                label=_("%(n)s hours", n=hours),
                value=_("%(low)s to %(high)s", low=percent(found.floor.point), high=percent(found.ceiling.point)),
                note=_("best estimate %(best)s, of %(n)s needs", best=best, n=number(found.counts.n, 0)),
                raw=(
                    found.estimate.value if found.estimate else None,
                    found.floor.point,
                    found.ceiling.point,
                    found.counts.n,
                ),
            )
        )
    return Block(
        name="windows",
        title=_("The same, if a ticket may follow within 4, 24 or 72 hours"),
        lines=tuple(lines),
        note=_(
            "A need counts as settled when no ticket on the same follows within so many hours. No choice is right; "
            "where the lines differ much, trust the figures less."
        ),
        measures=named("floor", "ceiling"),
        rows=address,
        rows_text=_("Each need, with its outcome and why"),
    )


def _avoided(report: Report, address: str) -> Block:
    found, avoided = report.whole, report.whole.avoided
    if avoided.value is None:
        title = _("Not enough data yet to say how many tickets were avoided")
        line = Line(
            label=_("Tickets avoided"),
            value=missing(),
            note=_("Nobody was asked yet whether they would otherwise have called."),
        )
    else:
        title = _(
            "At least %(low)s tickets were avoided; %(n)s if the silent are like those who answered",
            low=number(avoided.low, 0),
            n=number(avoided.value, 0),
        )
        line = Line(
            label=_("Tickets avoided"),
            value=number(avoided.value, 0),
            note=_("at least %(low)s, at most %(high)s", low=number(avoided.low, 0), high=number(avoided.high, 0)),
            raw=(avoided.value, avoided.low, avoided.high, found.counts.n),
        )
    return Block(
        name="avoided",
        title=title,
        lines=(
            line,
            share(_("Would have asked the desk"), found.intent),
            share(_("Said yes, and a ticket followed all the same"), found.false_yes),
        ),
        measures=named("tickets_avoided", "intent"),
        more=(
            _(
                "At least those are avoided who confirmed and said that they would have asked. The figure itself takes "
                "their share for all who confirmed, and for as many of the silent as the estimate believes; who had "
                "begun a form and left it after reading counts without that question."
            ),
            _left_out(report),
        ),
        rows=address,
        rows_text=_("Each need, with its outcome and why"),
    )


def _tickets_line(on: Scene) -> Line:
    found = contacts.contacts(*on.span, on.report.slice)
    if found is None or found.whole is None:
        return Line(label=_("Tickets"), value=missing())
    return Line(
        label=_("Tickets"),
        value=number(found.n, 0),
        note=more_reports(found.n_children),
        raw=(found.n, None, None, None),
    )
