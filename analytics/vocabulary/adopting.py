"""Goals and interventions: what somebody answers for, and what was written down before it started."""

from analytics.facts import change, number, text, texts

goal_set = change(
    "A goal was set.", about="goal", audit=True, measure=text("name of the measure"), due_on=text("day, as 2026-06-30")
)

goal_changed = change(
    "Something of a goal was changed, with a reason.",
    about="goal",
    audit=True,
    fields=texts("what changed"),
    reason=text("why"),
)

goal_dropped = change("A goal was given up, with a reason.", about="goal", audit=True, reason=text("why"))

intervention_registered = change(
    "An intervention was registered, before its start.",
    about="intervention",
    audit=True,
    measure=text("name of the measure it is to move"),
    starts_on=text("the first day, as 2026-06-30"),
    n_departments=number("how many are to start"),
)

intervention_changed = change(
    "Something of an intervention was changed; after its start with a reason.",
    about="intervention",
    audit=True,
    fields=texts("what changed"),
    reason=text("why; empty before its start"),
)

intervention_stopped = change(
    "An intervention was ended before its time, or withdrawn before its start.",
    about="intervention",
    audit=True,
    reason=text("why"),
)

intervention_published = change(
    "What an intervention did was published, with its effect as it stood.",
    about="intervention",
    audit=True,
    verdict=text("what may be said of its effect"),
)
