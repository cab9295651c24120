"""Surveys: waves and what was said about them. Never who answered when, never what."""

from analytics.facts import change, number, text

wave_planned = change("A wave was begun as a draft.", about="wave", stage=text("of the project"))

wave_changed = change("Something of a wave was changed.", about="wave", audit=True, field=text("what changed"))

wave_launched = change(
    "A wave was launched; from now on nothing that changes meaning can be edited.",
    about="wave",
    audit=True,
    n_people=number("how many are invited"),
)

wave_closed = change(
    "A wave was closed; what it says is worked out once and frozen.",
    about="wave",
    audit=True,
    n_answers=number("sheets that count"),
)

wave_cancelled = change("A wave was ended unread and its sheets deleted.", about="wave", audit=True)

wave_published = change(
    "What came of a wave was published, or more of it, for everybody.",
    about="wave",
    n_sentences=number("sentences of what was said and done"),
)
