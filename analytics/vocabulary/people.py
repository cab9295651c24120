"""People and the structure they work in."""

from analytics.facts import anything, change, maybe, number, text, texts

acting_ended = change(
    "An administrator stopped acting for somebody, by the button or by signing out; where the time ran out, nothing"
    " is written.",
    about="person acted for",
    audit=True,
    minutes=number("how long it had lasted, rounded"),
)

acting_started = change(
    "An administrator began to act for somebody, who was told in the same breath.",
    about="person acted for",
    audit=True,
    why=text("the reason they gave"),
    minutes=number("how long it may last"),
)

audience_created = change(
    "A named group of people was added, which articles and categories may then require.",
    about="audience",
    audit=True,
    slug=text("the short name that articles use"),
    after=anything("name and rules"),
)

audience_changed = change(
    "The name or the rules of a named group were changed; whoever belongs to it sees other things from then on.",
    about="audience",
    audit=True,
    before=anything("name and rules as they were"),
    after=anything("name and rules as they are"),
)

audience_removed = change(
    "A named group that nothing required was taken away.",
    about="audience",
    audit=True,
    before=anything("name and rules as they were"),
)

department_changed = change(
    "A department was added, renamed, moved, given another manager, merged into another or taken away.",
    about="department",
    audit=True,
    how=text("what was done", "added", "changed", "merged", "removed"),
    before=anything("name, the department above, manager; left out for a new one"),
    after=anything("the same afterwards, or the department it was merged into; left out for one that is gone"),
    n_people=maybe(number("people who moved with it")),
)

person_changed = change(
    "The row of a person changed by their own hand, an administrator's or an import; one fact a save.",
    about="person",
    audit=True,
    fields=texts("names of the fields that differ"),
    before=anything("their values before, in that order"),
    after=anything("their values after"),
)

person_created = change(
    "A person was added by set-up, an administrator, an invitation or an import.",
    about="person",
    audit=True,
    by=maybe(text("which door", "setup", "admin", "invitation", "import", "demo")),
)

person_deactivated = change(
    "An administrator or an import said a person has left; sessions and tokens ended in the same breath.",
    about="person",
    audit=True,
    sessions_ended=maybe(number("how many sessions ended with it")),
    tokens_revoked=maybe(number("how many tokens were revoked with it")),
)

person_erased = change(
    "Everything that told who somebody was has been taken out of the portal.",
    about="person",
    audit=True,
    n_places=number("how many rows, facts and files were changed"),
)

person_exported = change(
    "A copy of everything kept about a person was made and given out.",
    about="person",
    audit=True,
    by=text("who asked for it", "self", "admin"),
)

person_merged = change(
    "Two accounts of one person were merged; this one was deactivated and leads to the other.",
    about="person whose account ended",
    audit=True,
    into=number("number of the account that goes on"),
    n_moved=number("how many rows moved"),
)

person_reactivated = change("A deactivated person may enter again.", about="person", audit=True)

roles_changed = change(
    "The roles of a person were set to others than before.",
    about="person",
    audit=True,
    added=texts("roles gained"),
    removed=texts("roles lost"),
)

site_changed = change(
    "A site was added, renamed, given another time zone or taken away.",
    about="site",
    audit=True,
    how=text("what was done", "added", "changed", "removed"),
    before=anything("name and time zone; left out for a new one"),
    after=anything("the same afterwards; left out for one that is gone"),
)
