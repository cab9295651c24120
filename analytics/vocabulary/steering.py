"""The roadmap: ideas with what became of them, items with their evidence."""

from analytics.facts import change, flag, number, text, texts

idea_proposed = change("An idea was proposed.", about="idea")

idea_edited = change("The text or topic of an idea changed.", about="idea", version=number("now"))

idea_withdrawn = change("An idea was taken back, or taken away.", about="idea", is_own=flag("by who proposed it"))

idea_restored = change("An idea was brought back.", about="idea")

idea_answered = change(
    "An idea was answered, with a reason.",
    about="idea",
    audit=True,
    outcome=text("what became of it", "triaged", "declined", "duplicate"),
    is_first=flag("whether it had no answer before"),
)

item_made = change("An item of the roadmap was begun in triage.", about="item", audit=True)

item_changed = change(
    "Something of an item was changed; a score that was set by hand with a reason.",
    about="item",
    audit=True,
    fields=texts("what changed"),
    reason=text("why; empty where none is needed"),
)

item_moved = change(
    "An item went to another place on the roadmap, or to another state, with a reason.",
    about="item",
    audit=True,
    before=text("column or state it was in"),
    after=text("column or state it is in"),
)

item_checked = change(
    "Some days after delivery it was read whether the gap has closed.",
    about="item",
    days=number("after delivery"),
    is_proven=flag("every gap has closed"),
)

evidence_tied = change(
    "A question to the product's own figures was tied to an item.",
    about="item",
    audit=True,
    measure=text("name of the measure"),
)

evidence_untied = change(
    "Evidence was taken off an item, with a reason.",
    about="item",
    audit=True,
    measure=text("name of the measure"),
    reason=text("why"),
)
