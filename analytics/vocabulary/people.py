"""People."""

from analytics.facts import change, maybe, number, text, texts

audience_created = change(
    "A named group of people was added, which articles and categories may then require.",
    about="audience",
    audit=True,
    slug=text("the short name that articles use"),
)

person_changed = change(
    "The row of a person changed by their own hand, an administrator's or an import; one fact a save.",
    about="person",
    audit=True,
    fields=texts("names of the fields that differ; never their values"),
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

person_reactivated = change("A deactivated person may enter again.", about="person", audit=True)

roles_changed = change(
    "The roles of a person were set to others than before.",
    about="person",
    audit=True,
    added=texts("roles gained"),
    removed=texts("roles lost"),
)
