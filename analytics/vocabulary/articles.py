"""Articles."""

from analytics.facts import change, flag, looking, maybe, number, text
from analytics.vocabulary.shared import SEARCH_KEY, VERSION

article_archived = change(
    "An article left the shelves: its file or an editor says archived, or its file is gone.",
    about="article",
    audit=True,
    version=maybe(VERSION),
)

article_changed = change(
    "A draft took the place of the published text of an article.",
    about="article",
    audit=True,
    version=VERSION,
    change=text("how much it matters, as its author said", "typo", "minor", "major"),
    revision=number("number of the revision that is published now"),
)

article_drafted = change(
    "Somebody began to write: a new article, or the next text of a published one. Saving it again writes nothing.",
    about="article",
    draft=number("row of the draft"),
    is_new=flag("whether the article was never published"),
)

article_draft_discarded = change(
    "A draft was put away without being published.",
    about="article",
    draft=number("row of the draft"),
)

article_owner_changed = change(
    "Somebody else looks after an article from now on, or nobody: one fact an article, also where all of a person's"
    " articles are handed over at once.",
    about="article",
    audit=True,
    before=maybe(number("id of the person who looked after it")),
    after=maybe(number("id of the person who does now")),
)

article_published = change(
    "An article that was not published became published. A new text of a published article writes"
    " `article.synced` alone.",
    about="article",
    audit=True,
    version=maybe(VERSION),
)

article_read = looking(
    "The page of an article was left and its script could tell how long it had been on the screen; without"
    " script there is none. One fact a view, the last word counts.",
    about="article",
    exchange="dwell",
    seconds=number("seconds on the screen, at most 3600"),
    ticked=maybe(number("steps that were ticked when it was left; left out where there was none to tick")),
    n_steps=maybe(number("steps that could be ticked, those of the device that was shown")),
    version=maybe(VERSION),
    place=maybe(text("the whole page, or the answer box among the results", "page", "answer")),
    search=maybe(SEARCH_KEY),
)

article_review_planned = change(
    "Somebody changed how much harm a mistake in the article does, or the day it is to be checked again.",
    about="article",
    risk=text("how much harm", "low", "normal", "high"),
    review_by=maybe(text("next day it must be looked at, as YYYY-MM-DD")),
)

article_synced = change(
    "A sync of the content folder created or changed the row of an article; a file that is unchanged writes nothing.",
    about="article",
    slug=text("the slug after the sync"),
    version=VERSION,
    is_new=flag("whether the row was created"),
)

article_verified = change(
    "Somebody said the article is right as it stands, by a button or by a new date in its file. An edit alone"
    " is no verification.",
    about="article",
    audit=True,
    verified_on=text("the day, as YYYY-MM-DD"),
    version=maybe(VERSION),
    review_by=maybe(text("next day it must be looked at, as YYYY-MM-DD")),
)

article_viewed = looking(
    "The page of an article was sent to somebody who may see it. A reload within the same visit counts again;"
    " measures fold it.",
    about="article",
    exchange="view",
    version=maybe(VERSION),
    via=maybe(
        text(
            "where the link stood",
            "search",
            "suggestion",
            "form",
            "home",
            "category",
            "article",
            "mail",
            "print",
            "incident",
        )
    ),
    search=maybe(SEARCH_KEY),
)
