"""Tickets, and what they leave behind."""

from analytics.facts import change, flag, looking, maybe, number, text, texts
from analytics.vocabulary.shared import SEARCH_KEY

_MINUTES = "working minutes by the hours of its queue; clock minutes where it has none"

draft_started = looking(
    "The form for a new ticket was opened.",
    about="nothing",
    exchange="form_start",
    hand_over=maybe(number("row of what was begun")),
    search=maybe(SEARCH_KEY),
)

draft_abandoned = change(
    "Somebody said on the form for a new ticket that they need none any more.",
    about="what solved it, if they said",
    exchange="form_abandon",
    hand_over=maybe(number("row of what was begun")),
    reason=text("why", "solved", "known_incident", "left"),
)

ticket_opened = change(
    "A ticket was stored, by whatever way it came.",
    about="ticket",
    exchange="form_submit",
    source=text("how it came", "portal", "mail", "call", "walk_in", "api", "import"),
    requester=maybe(text("keyed hash of the requester, where an agent logged it for them")),
    hand_over=maybe(number("row of the form it came from")),
    queue=number("where it landed"),
    shown=maybe(texts("suggestions that were shown on the form")),
    trail=maybe(texts("things of the trail that was handed over")),
    incident=maybe(text("known incident it was tied to at once")),
)

ticket_assigned = change(
    "A ticket was given to somebody, or to nobody.",
    about="ticket",
    person=maybe(number("to whom")),
    queue=number("of which queue"),
)

ticket_moved = change("A ticket went to another queue.", about="ticket", before=number("queue"), after=number("queue"))

ticket_changed = change(
    "Priority, topic, subject or people of a ticket changed.",
    about="ticket",
    field=text("what changed", "priority", "topic", "subject", "requester", "people"),
    before=maybe(text("as it was")),
    after=maybe(text("as it is")),
)

ticket_replied = change(
    "A reply was stored on a ticket.",
    about="ticket",
    message=number("row of the reply"),
    is_by_desk=flag("by the desk, not by the requester or a colleague"),
    is_first=maybe(flag("the desk's first")),
    minutes=maybe(number("to the desk's first reply: " + _MINUTES)),
    is_in_time=maybe(flag("whether the promise was kept, where there is one")),
    via=text("how it came", "portal", "mail", "api", "call"),
)

ticket_noted = change("An internal note was stored on a ticket.", about="ticket", message=number("row of the note"))

ticket_paused = change("The desk began to wait for somebody.", about="ticket")

ticket_resumed = change("The desk no longer waits.", about="ticket", minutes=number("how long it waited, by the clock"))

ticket_resolved = change(
    "The desk said that a ticket is solved.",
    about="ticket",
    knowledge=maybe(text("what it leaves behind", "linked", "improved", "drafted", "not_reusable")),
    minutes=maybe(number("from opening to now without pauses: " + _MINUTES)),
    is_in_time=maybe(flag("whether the promise was kept, where there is one")),
    articles=maybe(texts("what it was tied to")),
)

ticket_knowledge_said = change(
    "Somebody said afterwards what a resolved ticket leaves behind.",
    about="ticket",
    knowledge=text("what", "linked", "improved", "drafted", "not_reusable"),
    articles=maybe(texts("what it was tied to")),
)

ticket_reopened = change(
    "A resolved ticket went on.", about="ticket", is_by_desk=flag("by the desk"), n=number("how often now")
)

ticket_closed = change("A resolved ticket was closed because nobody came back to it.", about="ticket")

ticket_withdrawn = change(
    "A requester said that a ticket is not needed any more.",
    about="ticket",
    solved_by=maybe(text("what solved it")),
)

ticket_merged = change("A ticket went into another.", about="ticket", audit=True, into=number("which"))

ticket_split = change("Part of a ticket became one of its own.", about="ticket", audit=True, into=number("which"))

ticket_parented = change(
    "A ticket was tied to an incident that many report, or untied.", about="ticket", parent=maybe(number("which"))
)

ticket_linked = change(
    "An article, question or draft was tied to a ticket.",
    about="ticket",
    exchange="share",
    link=text("the thing"),
    kind=text("how", "sent", "resolved_by", "improved", "drafted"),
)

ticket_rated = change(
    "A requester rated how a ticket went.", about="ticket", rating=number("1 to 5"), has_comment=flag("with words")
)

ticket_reply_bounced = change("A reply by mail came back.", about="ticket", message=number("row of the reply"))

ticket_breached = change(
    "A promised time went by.", about="ticket", promise=text("which", "first_response", "resolution")
)

mail_taken = change(
    "A mail that came in was dealt with.",
    about="ticket, if it led to one",
    outcome=text("what became of it", "ticket", "reply", "bounce", "automatic", "triage", "refused", "failed"),
)

queue_changed = change(
    "Queues, hours, promises, request templates or saved replies of the desk were changed.",
    about="nothing",
    audit=True,
    what=text("kind of thing"),
    title=text("which"),
    before=maybe(text("as it was")),
    after=maybe(text("as it is")),
)

assumption_changed = change(
    "Somebody set what is believed of money where figures are turned into cost.",
    about="nothing",
    audit=True,
    what=text("which assumption"),
    before=text("as it was"),
    after=text("as it is"),
)

change_date_noted = change(
    "A date worth knowing was pinned on the charts, or taken off.",
    about="nothing",
    audit=True,
    on=text("the day"),
    what=text("its words"),
    is_on=flag("pinned, not taken off"),
)
