"""Incidents: known trouble."""

from analytics.facts import change, maybe, number, text

incident_declared = change(
    "An agent or editor put up a notice of known trouble.",
    about="incident",
    audit=True,
    title=text("what the notice says"),
    since=maybe(text("since when it is known, as an ISO time in UTC")),
)

incident_echoed = change("Somebody pressed “Me too” for the first time on this incident.", about="incident")

incident_ended = change(
    "A notice was taken down, or its time was up.",
    about="incident",
    audit=True,
    reason=text("why", "resolved", "expired"),
    minutes=maybe(number("whole minutes it was up")),
)
