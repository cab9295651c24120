"""What people say of things."""

from analytics.facts import change, flag, maybe, number, text
from analytics.vocabulary.shared import SEARCH_KEY, VERSION

REASONS = ("did_not_work", "not_my_problem", "hard_to_follow", "out_of_date")

comment_added = change(
    "A comment was stored below a thing.",
    about="the thing commented on",
    comment=number("id of the comment"),
)

edit_decided = change(
    "Who looks after an article said what becomes of a reader's suggestion, or archived the article before.",
    about="article",
    suggestion=number("row of the suggestion"),
    outcome=text("what was decided", "accepted", "reworded", "declined", "closed"),
    hours=maybe(number("whole hours it had waited")),
)

edit_published = change(
    "The text that a reader's suggestion went into was published.",
    about="article",
    suggestion=number("row of the suggestion"),
)

edit_suggested = change(
    "A reader reported a mistake in an article or offered another text for it.",
    about="article",
    suggestion=number("row of the suggestion"),
    kind=text("words about a mistake, another text for a passage, or for the whole", "error", "edit", "whole"),
)

feedback_replied = change(
    "An editor answered what somebody said with their answer to “Did this solve it?”.",
    about="the thing the feedback is about",
    solution=number("id of the answer that was replied to"),
    hours=maybe(number("whole hours it had waited")),
)

intent_stated = change(
    "On a sample of those who said solved: they told whether they would otherwise have called the desk.",
    about="the thing that solved it",
    exchange="intent",
    would_have_called=flag("yes, they would have"),
    version=maybe(VERSION),
)

solution_marked = change(
    "Somebody answered “Did this solve it?”, or changed their answer; one answer per person and version stands.",
    about="the thing that did or did not solve it",
    exchange="solved",
    solved=flag("the answer"),
    version=maybe(VERSION),
    reason=maybe(text("what was wrong with it, on a no", *REASONS)),
    via=maybe(text("where they answered", "article", "search", "suggestion", "mail", "form")),
    search=maybe(SEARCH_KEY),
    is_change=maybe(flag("whether it replaces an earlier answer to the same version")),
    has_comment=maybe(flag("whether they wrote something with it")),
)
