"""Search."""

from analytics.facts import flag, looking, maybe, number, text, texts
from analytics.vocabulary.shared import SEARCH_KEY

SURFACES = ("home", "search", "form", "email", "chat", "article", "api")

search_performed = looking(
    "A search was answered with a page of results, also with none. A further page or a filter writes another"
    " that names the first (`of`). Lists shown while typing write `suggestion.shown`; where a form searches"
    " by itself, prefixes typed within five seconds are one search.",
    about="nothing",
    exchange="search",
    search=text("key of this search"),
    query=text("what was typed, at most 200 characters, mail addresses and long numbers blotted out"),
    n_results=number("how many results this person may see"),
    surface=text("where it was typed", *SURFACES),
    corrected=maybe(text("the query the results are for, where the spelling was changed")),
    is_relaxed=maybe(flag("whether words were dropped to find anything")),
    is_trimmed=maybe(flag("nothing to show, but only because this person may not see it")),
    is_behind=maybe(flag("nothing found while the index had yet to take in things this person may see")),
    top=maybe(texts("the first three results")),
    of=maybe(text("key of the search of which this is a further page or a filter")),
    page=maybe(number("page of results, from 1")),
    filters=maybe(texts("filters that were on, such as tag:phone")),
)

search_result_opened = looking(
    "A result was followed from a page of results; written together with the view it leads to.",
    about="the thing opened",
    exchange="result_click",
    search=SEARCH_KEY,
    rank=maybe(number("place in the list, from 1")),
)

suggestion_opened = looking(
    "A suggestion was followed from the list below a field.",
    about="the thing opened",
    exchange="suggest_click",
    surface=text("where the field stood", *SURFACES),
    search=maybe(SEARCH_KEY),
    rank=maybe(number("place in the list, from 1")),
)

suggestion_shown = looking(
    "A list of suggestions was sent while somebody typed; an empty list too. Prefixes that follow each other"
    " within five seconds are kept once, the last one.",
    about="nothing",
    exchange="suggest_shown",
    query=text("what was typed so far, blotted as in a search"),
    n_results=number("how many were shown"),
    surface=text("where the field stood", *SURFACES),
    search=maybe(text("key by which an opened suggestion names this list")),
    shown=maybe(texts("what was shown")),
)
