"""Files and machinery."""

from analytics.facts import change, flag, maybe, number, text, texts

backup_made = change(
    "A backup was written, closed and read back.",
    about="nothing",
    audit=True,
    file=text("name of the file, without its folder"),
    bytes=number("its size"),
    seconds=maybe(number("how long it took, rounded")),
)

export_made = change(
    "Somebody took things out of the portal as files, from the pages of administration.",
    about="nothing",
    audit=True,
    kind=text("what was taken, such as people or everything"),
)

file_stored = change(
    "An uploaded file passed its checks and was stored.",
    about="file",
    media_type=text("what it turned out to be"),
    bytes=number("its size as stored"),
    on=maybe(text("the thing it hangs on")),
)

import_finished = change(
    "An import is through: every line of what was brought is settled.",
    about="import",
    audit=True,
    kind=text("what was imported, such as people"),
    lines=number("how many lines or files it had"),
)

import_undone = change(
    "What an import did was taken back, except what was changed since.",
    about="import",
    audit=True,
    kind=text("what had been imported"),
    lines=number("how many lines or files it had"),
)

job_retried = change(
    "An administrator gave work or mail that had failed for good another try.",
    about="nothing",
    audit=True,
    kind=text("what kind of work"),
)

mail_bounced = change(
    "A mail server refused a message for good, or a message came back; it stands on the person.",
    about="person",
    audit=True,
    code=maybe(text("what the server answered, such as 550 5.1.1")),
    is_permanent=maybe(flag("whether sending again is useless")),
)

weblog_added = change(
    "An administrator added a log of a web server.",
    about="weblog",
    audit=True,
)

weblog_changed = change(
    "An administrator changed what is known of a log, such as its path.",
    about="weblog",
    audit=True,
    fields=texts("what differs; never the values"),
)

weblog_read = change(
    "Lines of a web server's log were counted; nothing of who wrote them is kept.",
    about="weblog",
    lines=number("how many were read"),
    refused=number("how many of them could not be"),
)

weblog_removed = change(
    "An administrator removed a log with everything that was counted of it.",
    about="weblog",
    audit=True,
    title=text("what it was called"),
)

webhook_added = change(
    "An administrator let another system be told of what happens.",
    about="webhook",
    audit=True,
    url=text("the host it is told at; the rest of the address may hold a secret"),
    events=texts("what it is told of"),
)

webhook_changed = change(
    "An administrator changed a webhook, its secret included, or switched it on or off.",
    about="webhook",
    audit=True,
    fields=texts("what differs; never the values"),
)

webhook_removed = change(
    "An administrator removed a webhook and the log of what was sent to it.",
    about="webhook",
    audit=True,
    url=text("the host it was told at"),
)

webhook_switched_off = change(
    "The portal switched a webhook off, because nothing was taken for a week.",
    about="webhook",
    audit=True,
)
