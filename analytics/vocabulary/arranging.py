"""Arranging: topics, tags, the words of the search, announcements."""

from analytics.facts import anything, change, maybe, number, text, texts

BEFORE = anything("what differs, as it was: names of fields with their old values")
AFTER = anything("the same fields with their new values")

topic_created = change(
    "An editor added a topic. Topics of the content folder write nothing: their articles do.",
    about="category",
    audit=True,
    title=text("its name"),
    audience=texts("slugs of the audiences it is for; none for everybody signed in"),
)

topic_changed = change(
    "An editor changed a topic or its place; one fact a save. Articles below it may have got other readers by it.",
    about="category",
    audit=True,
    before=BEFORE,
    after=AFTER,
    n_articles=maybe(number("how many articles got other readers")),
)

topic_merged = change(
    "Everything of a topic was put into another one, and the topic went. The subject is the one that stayed.",
    about="category",
    audit=True,
    title=text("name of the topic that went"),
    slug=text("its address, which leads to the other from then on"),
    into=text("name of the topic that stayed"),
    n_articles=number("how many articles moved"),
)

topic_deleted = change(
    "An editor deleted an empty topic.",
    about="category",
    audit=True,
    title=text("its name"),
    slug=text("its address"),
)

tag_changed = change(
    "An editor renamed a tag, merged it into another one, gave it up, or let a tag that was given up be used again.",
    about="nothing",
    audit=True,
    before=text("the tag"),
    after=text("what it is called now; empty when it was given up; the tag itself when it may be used again"),
    n_articles=number("how many articles had it"),
)

words_changed = change(
    "An editor changed the words that the search knows: synonyms, or words it leaves out.",
    about="nothing",
    audit=True,
    kind=text("what was changed", "add", "change", "remove", "off", "on", "stop", "unstop"),
    before=text("the words as they were; empty for new ones"),
    after=text("the words as they are; empty for none"),
    n_better=maybe(number("questions whose answer came nearer to the top, as the editor saw before saving")),
    n_worse=maybe(number("questions whose answer went down")),
)

announcement_made = change(
    "Somebody wrote an announcement. It is read from its first day on, and not before its sender agreed.",
    about="announcement",
    audit=True,
    title=text("its heading"),
    sender=text("in whose name it is: person:3 or department:2"),
)

announcement_changed = change(
    "An announcement was changed; one fact a save. After another text or sender the sender has to agree anew.",
    about="announcement",
    audit=True,
    before=BEFORE,
    after=AFTER,
)

announcement_agreed = change(
    "The person in whose name an announcement is to appear said yes or no to it.",
    about="announcement",
    audit=True,
    answer=text("what they said", "yes", "no"),
)

announcement_ended = change(
    "An announcement was taken down before its last day. One that merely ends writes nothing.",
    about="announcement",
    audit=True,
    title=text("its heading"),
)
