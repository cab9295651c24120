"""A reckoning told: as one object for programs, unrounded (METRICS 9 and 10), or as lines a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from analytics.deflection import Counts, Deflection, ended
from analytics.exchange import iso
from analytics.needs.linking import METHODS
from analytics.needs.outcomes import Outcome
from analytics.needs.trails import HOUR, MINUTE
from analytics.proportions import Share
from analytics.reckoning import Reckoning, naive_to_floor

NAMES = (
    *("confirmed", "averted", "presumed", "failed", "abandoned", "escalated"),
    *("immature", "after_ticket", "form_only", "orphan_answers"),
)


def share(found: Share | None) -> dict[str, Any] | None:
    """Tell a share with what it is made of; `None` for no data."""
    if found is None:
        return None
    return {"k": found.k, "n": found.n, "value": found.point, "low": found.low, "high": found.high}


def counts(found: Counts) -> dict[str, int]:
    return {name: getattr(found, name) for name in NAMES}


def deflection(found: Deflection) -> dict[str, Any]:
    """Tell the figures of METRICS 1.5."""
    estimate, avoided = found.estimate, found.avoided
    return {
        "n": found.counts.n,
        "counts": counts(found.counts),
        "floor": share(found.floor),
        "estimate": None
        if estimate is None
        else {
            "value": estimate.value,
            "count": estimate.count,
            "low": estimate.low,
            "high": estimate.high,
            "envelope_low": estimate.envelope_low,
            "envelope_high": estimate.envelope_high,
            "stable": estimate.is_stable,
            "rounds_left_out": estimate.n_left_out,
        },
        "ceiling": share(found.ceiling),
        "calibration": share(found.calibration),
        "answer_rate": share(found.answer_rate),
        "intent": share(found.intent),
        "tickets_avoided": {"value": avoided.value, "low": avoided.low, "high": avoided.high},
        "self_service_first": share(found.self_service_first),
        "false_yes": share(found.false_yes),
        "no_ticket_naive": share(found.no_ticket),
    }


def as_object(told: Reckoning, *, with_rows: bool = True) -> dict[str, Any]:
    """Tell everything: counts, then figures with their interval, then rows with their reason."""
    if told.within is not None:
        return _of_a_stretch(told, *told.within, with_rows=with_rows)
    found, foreign = told.deflection, told.foreign
    whole: dict[str, Any] = {
        **deflection(found),
        "window_hours": told.window / HOUR,
        "gap_minutes": told.gap / MINUTE,
        "as_of": iso(told.as_of),
        "contact_rate": _contacts(told),
        "naive_to_floor": naive_to_floor(found),
        "for_comparison": {
            "sessions": foreign.sessions,
            "ticket_users": foreign.ticket_users,
            "sessions_to_ticket_users": foreign.sessions_to_ticket_users,
            "self_service_rate": foreign.self_service_rate,
            "self_service_rate_estimated": foreign.self_service_rate_estimated,
        },
        "without_topic_linking": {"n": told.without_topics.counts.n, "counts": counts(told.without_topics.counts)},
        "windows": {f"{window / HOUR:g}h": deflection(other) for window, other in told.windows.items()},
        "search": _search(told),
        "anonymous": {"n": told.anonymous.n, "counts": counts(told.anonymous), "events": told.left_out.anonymous},
        "excluded": told.left_out.excluded,
        "left_out": {
            "set_aside": told.left_out.set_aside,
            "repeated_events": told.left_out.repeated_events,
            "repeated_tickets": told.left_out.repeated_tickets,
            "later_events": told.left_out.later_events,
            "later_tickets": told.left_out.later_tickets,
        },
    }
    return whole | _rows(told) if with_rows else whole


def _of_a_stretch(told: Reckoning, since: int, until: int, *, with_rows: bool) -> dict[str, Any]:
    """Tell what belongs to the needs of a stretch of time alone."""
    found: dict[str, Any] = {
        **deflection(told.deflection),
        "window_hours": told.window / HOUR,
        "gap_minutes": told.gap / MINUTE,
        "as_of": iso(told.as_of),
        "since": iso(since),
        "until": iso(until),
        "windows": {f"{window / HOUR:g}h": deflection(other) for window, other in told.windows.items()},
    }
    return found | {name: rows for name, rows in _rows(told).items() if name != "tickets"} if with_rows else found


def _contacts(told: Reckoning) -> dict[str, Any]:
    found = told.contacts
    return {
        "k": found.n,
        "with_children": found.n_with_children,
        "eligible": found.eligible,
        "value": found.rate,
        "value_with_children": found.rate_with_children,
        "per_user_month": found.per_user_month,
    }


def _search(told: Reckoning) -> dict[str, Any]:
    found, tally, resolution = told.findability, told.findability.tally, told.resolution
    return {
        "searches": tally.searches,
        "attempts": tally.attempts,
        "zero_results": share(found.zero_results),
        "trimmed": share(found.trimmed),
        "no_click": share(found.no_click),
        "unsuccessful": share(found.unsuccessful),
        "refinement": share(found.refinement),
        "exit": share(found.exit),
        "attempts_unsuccessful": share(found.attempts_unsuccessful),
        "answer_box_read": tally.boxed,
        "mrr": found.mrr,
        "mrr_clicked": found.mrr_clicked,
        "mean_rank": found.mean_rank,
        "unranked_clicks": tally.unranked,
        "seconds_to_click": found.seconds_to_click,
        "hours_to_resolution": {
            "n": resolution.n,
            "median": resolution.median,
            "quarter": resolution.quarter,
            "three_quarters": resolution.three_quarters,
            "not_resolved": resolution.n_open,
        },
    }


def _rows(told: Reckoning) -> dict[str, Any]:
    needs, forms, strangers = [], [], []
    places = _places(told)
    for place, row in zip(places, told.needs.rows(places), strict=True):
        line: dict[str, Any] = {
            "actor": row.actor,
            "topic": row.topic,
            "outcome": row.outcome.value,
            "why": row.why,
            "start": iso(row.start),
            "end": iso(row.end),
            "attempts": row.n_attempts,
            "events": row.n_events,
        }
        if told.needs.chains.is_anon[place]:
            strangers.append(line | {"session": row.session})
        elif row.outcome is Outcome.FORM_ONLY:
            forms.append(line)
        else:
            needs.append(line | {"tickets": [{"id": name, "link_method": tie} for name, tie in row.tickets]})
    return {"needs": needs, "forms": forms, "anonymous_needs": strangers, "tickets": _tickets(told)}


def _places(told: Reckoning) -> list[int]:
    """Return the places of the needs that are told of."""
    if told.within is None:
        return list(range(len(told.needs)))
    return np.flatnonzero(ended(told.needs, *told.within)).tolist()


def _tickets(told: Reckoning) -> list[dict[str, Any]]:
    """Tell of every ticket what it was linked to, or that it was to nothing."""
    needs, lines = told.needs, []
    for place in range(len(needs.tickets)):
        need = int(needs.links.need[place])
        lines.append(
            {
                "id": needs.tickets.id[place],
                "requester": needs.tickets.requester[place],
                "link_method": METHODS[int(needs.links.method[place])] if need >= 0 else None,
                "need_topic": needs.chains.topic[need] if need >= 0 else None,
                "need_start": iso(int(needs.chains.start[need])) if need >= 0 else None,
            }
        )
    return lines


def as_lines(told: Reckoning) -> Iterator[str]:
    """Tell everything as a table: figures first, then each need with its reason."""
    found = told.deflection
    yield f"Needs as of {iso(told.as_of)}; window {told.window / HOUR:g} h, gap {told.gap / MINUTE:g} min"
    if told.within is not None:
        yield f"Those that ended from {iso(told.within[0])} until {iso(told.within[1])}"
    yield ""
    for name in NAMES:
        yield _figure(name.replace("_", " "), str(getattr(found.counts, name)))
    yield _figure("n", str(found.counts.n), "confirmed to escalated")
    yield ""
    yield from _settled(found)
    yield ""
    if told.within is None:
        yield from _others(told)
        yield ""
        yield from _found(told)
        yield ""
    for window, other in told.windows.items():
        yield _figure(f"under {window / HOUR:g} h", _outlook(other), f"n {other.counts.n}")
    bare = told.without_topics.counts
    yield _figure("without topics", f"escalated {bare.escalated}", "any ticket of the same person linked")
    yield ""
    if told.within is None:
        yield from _left_out(told)
        yield ""
    for row in told.needs.rows(_places(told)):
        yield f"{row.actor:<12} {row.topic:<16} {row.outcome.value:<12} {row.why}"


def _figure(name: str, value: str, remark: str = "") -> str:
    return f"{name:<28} {value:<34} {remark}".rstrip()


def percent(found: Share | None) -> str:
    """Write a share with its interval, or that there are no data."""
    if found is None:
        return "no data"
    return f"{found.k}/{found.n} = {found.point:.4f} [{found.low:.4f}, {found.high:.4f}]"


def _settled(found: Deflection) -> Iterator[str]:
    estimate, avoided = found.estimate, found.avoided
    yield _figure("floor", percent(found.floor), "confirmed only")
    if estimate is None:
        yield _figure("estimate", "no data", "nobody answered")
    else:
        value = f"{estimate.value:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"
        unstable = "" if estimate.is_stable else "; unstable, fewer than 30 answers: read floor and ceiling"
        yield _figure("estimate", value, f"{estimate.count:.4f} needs{unstable}")
    yield _figure("ceiling", percent(found.ceiling), "confirmed, averted, presumed")
    yield _figure("calibration", percent(found.calibration), "yes among those who answered")
    yield _figure("answer rate", percent(found.answer_rate))
    yield _figure("intent", percent(found.intent), "would have asked otherwise, of the confirmed")
    value = "no data" if avoided.value is None else f"{avoided.value:.4f}"
    yield _figure("tickets avoided", value, f"at least {avoided.low}, at most {avoided.high}")
    yield _figure("self-service first", percent(found.self_service_first))
    yield _figure("false yes", percent(found.false_yes), "yes, then a ticket")
    yield _figure("no ticket (naive)", percent(found.no_ticket), "for comparison with vendor reports only")


def _others(told: Reckoning) -> Iterator[str]:
    contacts, foreign = told.contacts, told.foreign
    rate = "" if contacts.rate is None else f" / {contacts.eligible} = {contacts.rate:.4f}"
    yield _figure("contacts", f"{contacts.n}{rate}", f"{contacts.n_with_children} with children of incidents")
    if contacts.per_user_month is not None:
        yield _figure("contacts per user-month", f"{contacts.per_user_month:.4f}")
    yield _figure("sessions : ticket users", f"{foreign.sessions} : {foreign.ticket_users}", "as Zendesk counts")
    yield _figure("self-service rate", _number(foreign.self_service_rate), "as MetricNet counts")
    yield _figure("  with the estimate", _number(foreign.self_service_rate_estimated))


def _found(told: Reckoning) -> Iterator[str]:
    found = told.findability
    yield _figure("searches", str(found.tally.searches), f"in {found.tally.attempts} attempts")
    yield _figure("zero results", percent(found.zero_results))
    yield _figure("no click", percent(found.no_click), "of those with results; without zero results")
    yield _figure("unsuccessful", percent(found.unsuccessful))
    yield _figure("trimmed", percent(found.trimmed), "results existed but were hidden")
    yield _figure("refinement", percent(found.refinement))
    yield _figure("exit after search", percent(found.exit))
    yield _figure("attempts unsuccessful", percent(found.attempts_unsuccessful))
    yield _figure("reciprocal rank, all", _number(found.mrr), f"clicked {_number(found.mrr_clicked)}")
    yield _figure("rank of first click", _number(found.mean_rank), f"{found.tally.unranked} without a rank")
    yield _figure("seconds to first click", _number(found.seconds_to_click), "median")
    resolution = told.resolution
    spread = f"quartiles {_number(resolution.quarter)} and {_number(resolution.three_quarters)}"
    yield _figure("hours to resolution", _number(resolution.median), f"median of {resolution.n}; {spread}")


def _outlook(found: Deflection) -> str:
    if found.floor is None or found.ceiling is None:
        return "no data"
    estimate = _number(found.estimate.value if found.estimate else None)
    return f"{found.floor.point:.4f} / {estimate} / {found.ceiling.point:.4f}"


def _left_out(told: Reckoning) -> Iterator[str]:
    left = told.left_out
    excluded = ", ".join(f"{kind} {n}" for kind, n in left.excluded.items())
    yield _figure("events left out", excluded, f"set aside {left.set_aside}")
    yield _figure("anonymous", f"{left.anonymous} events, {told.anonymous.n} needs", "never in n")
    yield _figure("repeated lines", f"events {left.repeated_events}, tickets {left.repeated_tickets}")
    yield _figure("after that moment", f"events {left.later_events}, tickets {left.later_tickets}")


def _number(value: float | None) -> str:
    return "no data" if value is None else f"{value:.4f}"
