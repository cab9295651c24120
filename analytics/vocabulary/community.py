"""Questions, answers and tips."""

from analytics.facts import change, flag, looking, maybe, number, text
from analytics.vocabulary.shared import SEARCH_KEY

question_asked = change(
    "A question was stored.",
    about="question",
    exchange="ask",
    search=maybe(SEARCH_KEY),
    is_import=maybe(flag("whether it came from elsewhere")),
)

question_viewed = looking(
    "A question was read, with its answers.",
    about="question",
    exchange="view",
    n_results=number("how many answers it had"),
    search=maybe(SEARCH_KEY),
    rank=maybe(number("place in the list, from 1")),
    via=maybe(text("where it was opened from")),
)

question_edited = change("The text, topic or tags of a question changed.", about="question", version=number("now"))

question_marked_duplicate = change(
    "A question was pointed to another that asks the same, or no longer.",
    about="question",
    audit=True,
    of=maybe(text("the other question; none: no longer a duplicate")),
)

question_same_here = change(
    "Somebody said that they have the same problem, or took it back.",
    about="question",
    is_on=flag("said, not taken back"),
)

expert_invited = change(
    "Somebody was asked to answer a question because they know about it.",
    about="question",
    person=number("who was asked"),
)

expert_declined = change(
    "Somebody who was asked to answer a question said that they cannot.",
    about="question",
    has_reason=flag("whether they said why; the words go to who asked them"),
)

answer_given = change(
    "An answer was stored.",
    about="answer",
    exchange="answer",
    question=number("what it answers"),
    hours=maybe(number("whole hours since the question, of its first answer only")),
)

answer_edited = change("The text of an answer changed.", about="answer", version=number("now"))

answer_accepted = change(
    "The asker said that an answer solved it, or took that back.",
    about="question",
    exchange="accept",
    answer=number("which answer"),
    is_on=flag("accepted, not taken back"),
    hours=maybe(number("whole hours since the question")),
)

post_removed = change(
    "A question, answer, tip or comment was taken away by whoever may.",
    about="what was removed",
    audit=True,
    is_own=flag("by its author"),
)

post_restored = change("What was removed came back.", about="what came back", audit=True)

tip_written = change("A tip was stored.", about="tip")

tip_edited = change("The text of a tip changed.", about="tip", version=number("now"))

tip_viewed = looking(
    "A tip was read.",
    about="tip",
    exchange="view",
    search=maybe(SEARCH_KEY),
    rank=maybe(number("place in the list, from 1")),
    via=maybe(text("where it was opened from")),
)

vote_cast = change(
    "Somebody found an answer useful, thanked for a tip or wants an idea too, or took it back.",
    about="the thing voted for",
    exchange="vote",
    voice=text("what the vote says", "useful", "same", "thanks", "wanted"),
    is_on=flag("cast, not taken back"),
)

thing_flagged = change(
    "Somebody said that a thing should be looked at.",
    about="the thing",
    exchange="flag",
    reason=text("why", "wrong", "out_of_date", "rude", "private", "duplicate", "other"),
)

flag_closed = change(
    "Whoever moderates decided about a flag.",
    about="the thing",
    audit=True,
    outcome=text("what was done", "removed", "edited", "kept"),
    hours=maybe(number("whole hours it had waited")),
)
