"""The task force at work: its seats, what it ships, decides and promises to do."""

from analytics.facts import change, flag, number, text, texts

member_joined = change("Somebody took a seat in the task force.", about="person", audit=True, seat=text("for whom"))

member_left = change("Somebody left a seat in the task force.", about="person", audit=True, seat=text("for whom"))

minutes_kept = change("What the task force talked about was written down.", about="minutes", audit=True)

minutes_changed = change("Minutes were put otherwise.", about="minutes", audit=True)

action_set = change("Somebody is to do something until a day.", about="action", due_on=text("day, as 2026-06-30"))

action_done = change(
    "Something that was to be done is done, or dropped.", about="action", is_late=flag("after its day")
)

increment_planned = change(
    "An increment was planned.",
    about="increment",
    audit=True,
    starts_on=text("day, as 2026-06-30"),
    ends_on=text("day, as 2026-06-30"),
)

increment_changed = change(
    "Something of an increment was changed; a date with a reason.",
    about="increment",
    audit=True,
    fields=texts("what changed"),
    reason=text("why; empty where none is needed"),
)

increment_moved = change(
    "An increment was started, delivered or stopped.",
    about="increment",
    audit=True,
    before=text("state it was in"),
    after=text("state it is in"),
)

requirement_accepted = change(
    "Somebody accepted that a requirement is met, or took that back.",
    about="increment",
    audit=True,
    is_on=flag("accepted, not taken back"),
)

session_attended = change(
    "Somebody said that they were at a session, or took that back.", about="increment", is_on=flag("was there")
)

gate_opened = change("A gate was set up.", about="gate", audit=True, step=text("which of the five"))

gate_changed = change(
    "What a gate asks for was changed, with a reason.",
    about="gate",
    audit=True,
    reason=text("why"),
)

gate_looked = change(
    "Somebody looked at what a gate asks for and no figure tells.", about="gate", audit=True, is_met=flag("met")
)

gate_signed = change("Somebody signed at a gate, or took it back.", about="gate", audit=True, seat=text("for whom"),
                     is_on=flag("signed, not taken back"))  # fmt: skip

gate_decided = change(
    "It was decided at a gate whether it goes on.",
    about="gate",
    audit=True,
    verdict=text("what was decided", "go", "conditions", "hold"),
    n_met=number("conditions met"),
    n_asked=number("conditions asked"),
)
